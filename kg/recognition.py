"""The names in an article: the registry's, the pipeline's named entities, short forms of both."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from kg.bodies import body_of, registered_body
from kg.introduced_names import add_introduced
from kg.languages import EXACTLY
from kg.name_types import (
    called_by_surname,
    type_by_words,
    type_told,
    types_by_naming,
    types_of_examples,
)
from kg.names import Name, Names, mint
from kg.records import Entity
from kg.short_names import (
    add_short_names,
    defined_names,
    has_first_name,
    introduced_acronyms,
)
from kg.syntax import Tree
from kg.vocabulary import is_a

_LONGEST_NAME = 4  # words
_ROLE_NEAR = 2  # words between a role and the name of its organization: "Ketua Umum AJI"
_WORD_OF_THE_ARTICLE = 3  # votes of "the airline X" against those of the pipeline
_Named = tuple[int, int, str]
"""A name that the pipeline sees: its first token, the one behind it, the type of entity."""
_AMBIGUOUS = 0.9  # a name that is an ordinary word too, where nothing speaks against it


def find_names(tree: Tree, names: Names) -> list[Name]:
    """Names in text order, without overlaps: those of the registry first, then the pipeline's
    named entities, of the type that the pipeline gives them most often in the article; a surname or
    an acronym that the article has introduced counts as the name."""
    taken = [False] * len(tree)
    named = list(_named(tree, names))
    found = _registered(tree, names, named, taken)
    add_short_names(tree, found, taken, names)
    _add_recognized(tree, names, named, found, taken)
    add_short_names(tree, found, taken, names)
    found.sort(key=lambda name: name.first)
    return found


def _registered(tree: Tree, names: Names, named: list[_Named], taken: list[bool]) -> list[Name]:
    """Names of the registry, the longest first; a doubtful word only where nothing has it."""
    found: list[Name] = []
    doubtful: list[Name] = []
    own = _own_acronyms(tree, names, named)
    bodies = [
        (first, end)
        for first, end, kind in named
        if is_a(kind, "Organization") and tree.word[first][:1].isupper()
    ]
    for first, word in enumerate(tree.word):
        rests = names.by_first.get(word)
        if rests is None or taken[first]:
            continue
        for rest, slug in rests:
            if not rest and own.get(word, slug) != slug:
                continue  # "(CNA)" is what the article says that it is
            end = first + 1 + len(rest)
            if end <= len(tree) and tuple(tree.word[first + 1 : end]) == rest:
                known = names.registry.entities[slug]
                if any(_is_part(tree, names, known, first, end, *body) for body in bodies):
                    break
                canonical = tree.text(first, end - 1) in dict(known.labels).values()
                name = Name(first, end, known, "byLabel" if canonical else "byAlias")
                if end - first == 1 and slug in names.registry.ambiguous:
                    doubtful.append(replace(name, factor=_AMBIGUOUS))
                    break
                place = place_behind(tree, names, end, known)
                if place:
                    other = mint(
                        known.type, tree.text(first, place - 1), names.pack.code, name=True
                    )
                    found.append(Name(first, place, other, "byRecognition"))
                    taken[first:place] = [True] * (place - first)
                    break
                if (
                    known.type == "Person"
                    and end - first == 1
                    and has_first_name(tree, names, first)
                ):
                    break  # another of that surname
                if is_a(known.type, "Company") or is_a(known.type, "Association"):
                    end = _branch(tree, names, end)
                    name = replace(name, end=end)
                found.append(name)
                taken[first:end] = [True] * (end - first)
                break
    for name in doubtful:
        begin, stop = tree.bounds[tree.sentence[name.first]]
        against = names.pack.words.against_names.intersection(tree.lower[begin:stop])
        if not taken[name.first] and not against and _stands_alone(tree, names, name.first):
            found.append(name)
            taken[name.first] = True
    return found


def _own_acronyms(tree: Tree, names: Names, named: list[_Named]) -> dict[str, str]:
    """The acronyms that the article brings in with their long forms, and the entity of the registry
    that each stands for, "" where it is none that the registry has by this acronym."""
    initials = {end: first for first, end in defined_names(tree)}
    organizations = {end: first for first, end, kind in named if is_a(kind, "Organization")}
    told = introduced_acronyms(tree, dict.fromkeys(organizations, "Organization"))
    found: dict[str, str] = {}
    for end, first in (organizations | initials).items():
        acronym = tree.word[end + 1] if end + 1 < len(tree) else ""
        if end in initials or acronym in told:
            found[acronym] = _of_acronym(tree, names, first, end, spelled=end in initials)
    return found


def _of_acronym(tree: Tree, names: Names, first: int, end: int, *, spelled: bool) -> str:
    """What an acronym stands for in the registry, given the long form that the article has for it.

    A long form whose initials it is (``spelled``) must be the name of the entity; another may be a
    translation, and only what it says of its type counts.
    """
    long = tuple(tree.word[first + 1 : end])
    for rest, slug in names.by_first.get(tree.word[first], ()):
        if rest == long:
            return slug
    pairs = names.by_first.get(tree.word[end + 1], ())
    known = next((names.registry.entities[slug] for rest, slug in pairs if not rest), None)
    if known is None:
        return ""
    if spelled:
        text = tree.text(first, end - 1)
        same = any(text in label for label in (known.label, *dict(known.labels).values()))
    else:
        kind = type_by_words(tree, names, first, end)
        same = not kind or is_a(known.type, kind) or is_a(kind, known.type)
    return known.slug if same else ""


def _branch(tree: Tree, names: Names, end: int) -> int:
    """Where the name of a company or an association ends that has a country's behind it:
    "Deliveroo Italy"."""
    if end >= len(tree) or tree.sentence[end] != tree.sentence[end - 1]:
        return end
    for rest, slug in names.by_first.get(tree.word[end], ()):
        stop = end + 1 + len(rest)
        if tuple(tree.word[end + 1 : stop]) == rest:
            return stop if names.registry.entities[slug].type == "Place" else end
    return end


def _is_part(
    tree: Tree, names: Names, known: Entity, first: int, end: int, begin: int, stop: int
) -> bool:
    """Is a name of the registry only a part of the name of another body, ``begin`` to ``stop``?

    A place is ("Asosiasi Ilustrator Indonesia"), and a body whose name ends that of another one
    ("Digital News Publishers Association").
    """
    if not (begin <= first and end <= stop and end - first < stop - begin):
        return False
    if known.type == "Place":
        return True
    longer = tree.word[begin:first]
    told = type_by_words(tree, names, begin, stop) if begin == first else ""
    if told and not (is_a(told, known.type) or is_a(known.type, told)):
        return is_a(known.type, "Organization")  # "Sports Illustrated Union" is no magazine
    return (
        end == stop
        and is_a(known.type, "Organization")
        and bool(longer)
        and all(word[:1].isupper() and word.isalpha() for word in longer)
    )


def place_behind(tree: Tree, names: Names, end: int, body: Entity) -> int:
    """Where a country ends that stands behind the name of a public body and says that it is another
    one, 0 where none does: "Kementerian Luar Negeri Tiongkok"."""
    if end >= len(tree) or names.pack.words.noun_head != "first":
        return 0
    if not (is_a(body.type, "PublicBody") or is_a(body.type, "Court")):
        return 0
    for rest, slug in names.by_first.get(tree.word[end], ()):
        place, stop = names.registry.entities[slug], end + 1 + len(rest)
        if place.type == "Place" and tuple(tree.word[end + 1 : stop]) == rest:
            told = " ".join((body.label, *(label for _, label in body.labels)))
            return 0 if any(label in told for _, label in place.labels) else stop
    return 0


def _add_recognized(
    tree: Tree, names: Names, named: list[_Named], found: list[Name], taken: list[bool]
) -> None:
    """The pipeline's named entities where nothing of the registry stands."""
    minted: dict[tuple[str, ...], Entity] = {}
    same: dict[str, Entity] = {}
    surnames = {
        name.entity.label.split()[-1]: name.entity
        for name in reversed(found)
        if is_a(name.entity.type, "Person") and " " in name.entity.label
    }
    named = [*named, *_defined(tree, names, named)]
    named += _holders(tree, names, found, named)
    ends = {name.end: name.entity.type for name in found} | {end: kind for _, end, kind in named}
    acronyms = introduced_acronyms(tree, ends)
    shortened = False
    persons: dict[tuple[str, ...], Entity] = {}
    votes = _votes(tree, names, named)
    for first, end, _ in sorted(named, key=lambda one: (one[1] - one[0] == 1, one[0])):
        if end - first == 1 and not shortened:
            add_short_names(tree, found, taken, names)
            shortened = True
        if any(taken[first:end]):
            continue
        words = tuple(tree.word[first:end])
        if len(words) == 1 and words[0] in acronyms:
            continue  # its long form decides
        if len(words) == 1 and _is_word(words[0].lower(), tree.lemma[first], names):
            continue
        if not words[0][:1].isupper() or tree.pos[end - 1] not in ("PROPN", "NOUN", "X", "ADJ"):
            continue
        entity: Entity | None = minted.get(words)
        method = "byRecognition"
        surname = len(words) == 1 and not has_first_name(tree, names, first)
        if entity is None and surname and words[0] in surnames:
            entity, method = surnames[words[0]], "byShortName"
        if entity is None and words in persons:
            entity, method = persons[words], "byShortName"
        if entity is None:
            kind = votes[words].most_common(1)[0][0]
            entity, method = _new(kind, tree.text(first, end - 1), names)
            entity = same.setdefault(entity.slug, entity)  # "PT X" told its type, "X" does not
        minted[words] = entity
        if len(words) > 1 and is_a(entity.type, "Person"):
            surnames.setdefault(words[-1], entity)
            for begin in range(1, len(words) - 1):  # "Gutierrez Vo" of "Michelle Gutierrez Vo"
                persons.setdefault(words[begin:], entity)
        found.append(Name(first, end, entity, method))
        taken[first:end] = [True] * (end - first)
    sure = {words: e for words, e in minted.items() if len(words) > 1 or votes[words].total() > 1}
    sure |= add_introduced(tree, names, found, taken)
    _add_repeated(tree, found, taken, sure)


def _new(kind: str, label: str, names: Names) -> tuple[Entity, str]:
    """What a name stands for that the registry has not in these words, and how it was taken for it:
    the institution that it translates the name of, or one of its own."""
    body = body_of(label, names.pack.code)
    if body is None or is_a(kind, "Person"):
        return mint(kind, label, names.pack.code, name=True), "byRecognition"
    known = registered_body(body)
    if known:
        return names.registry.entities[known], "byTranslation"
    kind = kind if is_a(kind, "Organization") else body.type
    return mint(kind, label, names.pack.code, name=True), "byRecognition"


def _votes(
    tree: Tree, names: Names, named: list[tuple[int, int, str]]
) -> dict[tuple[str, ...], Counter[str]]:
    """The types that the pipeline gives names and those that the article tells."""
    surnamed = called_by_surname(tree, [(first, end) for first, end, _ in named])
    naming = types_by_naming(tree, names)
    examples = types_of_examples(tree, names, [(first, end) for first, end, _ in named])
    votes: dict[tuple[str, ...], Counter[str]] = {}
    for first, end, kind in named:
        words = tuple(tree.word[first:end])
        ballot = votes.setdefault(words, Counter())
        ballot[kind] += 1
        told = _introduced_as(tree, names, first)
        surname = is_a(kind, "Place") and words in surnamed
        said = type_told(tree, names, first, end)
        if said and (not is_a(kind, "Organization") or is_a(said, "Actor")):
            told = said  # a site may be an organization as well
        if surname:
            told = "Person"
        if not told and (is_a(kind, "Organization") or is_a(kind, "Person")):
            told = type_by_words(tree, names, first, end)
        told = naming.get(tree.word[first], "") or told or examples.get(first, "")
        if told:
            ballot[told] += _WORD_OF_THE_ARTICLE
    return votes


def _is_title(word: str, names: Names) -> bool:
    """Is it what somebody is, and no part of the name: "Producer Nils Ek"?"""
    known = word in names.role_nouns or word in names.pack.words.people
    return known or word in names.descriptions or names.head_types.get(word) == "Group"


def _introduced_as(tree: Tree, names: Names, first: int) -> str:
    """The type that the noun right before a name says, "" where it says none or several: "the
    airline Aurora", whatever the pipeline takes Aurora for."""
    before = first - 1
    if before < 0 or tree.pos[before] != "NOUN" or tree.sentence[before] != tree.sentence[first]:
        return ""
    if before > 0 and tree.lemma[before - 1] in names.role_nouns:
        return ""  # "kepala polisi James Craig"
    kinds = {kind for d in names.descriptions.get(tree.lemma[before], ()) for kind in d.types}
    kind = kinds.pop() if len(kinds) == 1 else ""
    kind = kind.removeprefix(EXACTLY)
    return kind if kind and is_a(kind, "Organization") else ""


def _add_repeated(
    tree: Tree, found: list[Name], taken: list[bool], known: Mapping[tuple[str, ...], Entity]
) -> None:
    """Names of the article where the pipeline does not see them again, or takes them for a date."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for words in sorted(known, key=len, reverse=True):
        by_first.setdefault(words[0], []).append(words)
    for first, word in enumerate(tree.word):
        for words in by_first.get(word, ()):
            end = first + len(words)
            if tuple(tree.word[first:end]) == words and not any(taken[first:end]):
                if tree.pos[end - 1] in ("PROPN", "X"):
                    found.append(Name(first, end, known[words], "byRecognition"))
                    taken[first:end] = [True] * (end - first)
                    break


def _named(tree: Tree, names: Names) -> Iterator[tuple[int, int, str]]:
    """The pipeline's names without articles, titles and clitics: tokens and the type of entity."""
    kinds = names.pack.pipeline.entities
    persons = {label for label, kind in kinds.items() if kind == "Person"}
    for begin, stop, label in tree.names:
        first, end = begin, stop
        while first < end and (
            tree.pos[first] in ("DET", "PUNCT")
            or tree.lower[first] in names.pack.words.honorifics
            or (end - first > 2 and label in persons and _is_title(tree.lower[first], names))
        ):
            first += 1
        while end > first and (tree.word[end - 1] in ("'s", "’s") or tree.pos[end - 1] == "PUNCT"):
            end -= 1
        if end - first == 1:
            first = _begin_of_name(tree, names, first)
        while label in persons and first > 0 and _is_initial(tree, first - 1):
            first -= 1
        if label in kinds and first < end:
            body = _kind_of_body(tree, names, first, end)
            yield first, _joint_end(tree, names, end) if body else end, body or kinds[label]


def _joint_end(tree: Tree, names: Names, end: int) -> int:
    """The end of the name of a body that goes on behind a preposition: "Dewan Gabungan untuk
    Kesejahteraan Imigran"."""
    if end + 1 >= len(tree) or tree.lower[end] not in names.pack.words.name_joints:
        return end
    stop = end + 1
    while (
        stop < len(tree)
        and tree.sentence[stop] == tree.sentence[end]
        and tree.word[stop][:1].isupper()
        and not tree.entity[stop].startswith("PER")
    ):
        stop += 1
    return stop if stop > end + 1 else end


def _kind_of_body(tree: Tree, names: Names, first: int, end: int) -> str:
    """The type that the first word of a longer name says, where nouns lead, "" where it says none:
    "Universitas Leiden" is no place."""
    if names.pack.words.noun_head != "first" or end - first == 1:
        return ""
    kinds = [k for d in names.descriptions.get(tree.lower[first], ()) for k in d.types]
    if tree.lower[first] in names.pack.words.bodies:
        kinds.append("Organization")
    kind = kinds[0].removeprefix(EXACTLY) if kinds else ""
    return kind if kind and is_a(kind, "Organization") else ""


def _is_no_other_name(tree: Tree, names: Names, first: int, last: int) -> bool:
    """Is a word no name of its own to the pipeline, or a place right before a person, as first
    names may be: "Matteo"?"""
    kinds = names.pack.pipeline.entities
    before, after = kinds.get(tree.entity[first], ""), kinds.get(tree.entity[last], "")
    return not tree.entity[first] or (before == "Place" and after == "Person")


def _is_initial(tree: Tree, token: int) -> bool:
    """Is it the initial of a first name: "R." of "R. I. Chagla"?"""
    word = tree.word[token]
    joined = tree.sentence[token] == tree.sentence[token + 1]
    stop = word == "." and token > 0 and len(tree.word[token - 1]) == 1
    return joined and (stop or (len(word.rstrip(".")) == 1 and word[0].isupper()))


def _begin_of_name(tree: Tree, names: Names, last: int) -> int:
    """The first word of a name of which the pipeline sees the last one only: "Arijit Singh"."""
    first = last - 1
    one = (
        first >= tree.bounds[tree.sentence[last]][0]
        and tree.role[first] in ("compound", "flat")
        and tree.head[first] == last
        and tree.pos[first] == "PROPN"
        and tree.word[first].istitle()
        and _is_no_other_name(tree, names, first, last)
        and not _is_title(tree.lower[first], names)
        and not any(not rest for rest, _ in names.by_first.get(tree.word[first], ()))
    )
    return first if one else last


def _holders(
    tree: Tree, names: Names, found: list[Name], named: list[tuple[int, int, str]]
) -> Iterator[tuple[int, int, str]]:
    """Persons that the pipeline takes for the end of their organization's name: "Ketua Dewan Pers
    Agung Dharmajaya", with a role before the name of the registry."""
    ends = {name.end: name for name in found if is_a(name.entity.type, "Organization")}
    for first, end, kind in named:
        for at in range(first + 1, end - 1) if is_a(kind, "Organization") else ():
            body = ends.get(at)
            if body is None or not 2 <= end - at <= _LONGEST_NAME:
                continue
            before = range(max(0, body.first - _ROLE_NEAR), body.first)
            if any(tree.lemma[i] in names.role_nouns for i in before):
                yield at, end, "Person"


def _defined(
    tree: Tree, names: Names, named: list[tuple[int, int, str]]
) -> Iterator[tuple[int, int, str]]:
    """Long forms of acronyms that the pipeline does not take for names; their type is that of what
    their head noun describes."""
    ends = {end for _, end, _ in named}
    for first, end in defined_names(tree):
        if end not in ends:
            head = first if names.pack.words.noun_head == "first" else end - 1
            described = [
                d for at in (head, first) for d in names.descriptions.get(tree.lower[at], ())
            ]
            kinds = [kind for d in described for kind in d.types]
            yield first, end, kinds[0].removeprefix(EXACTLY) if kinds else "Organization"


def _is_word(lower: str, lemma: str, names: Names) -> bool:
    """Is it an ordinary word of the field, whatever the pipeline takes it for?"""
    return lower in names.terms or lemma in names.descriptions or lemma in names.role_nouns


def _stands_alone(tree: Tree, names: Names, token: int) -> bool:
    """Is a one-word name used as a name, and not a part of a longer one?"""
    if tree.pos[token] not in ("PROPN", "NOUN", "X") or not tree.word[token][:1].isupper():
        return False
    if _begins_a_person(tree, names, token):
        return False
    kinds = names.pack.pipeline.entities
    for beside in (token - 1, token + 1):
        if 0 <= beside < len(tree) and tree.sentence[beside] == tree.sentence[token]:
            joined = tree.role[beside] in ("compound", "flat") or tree.role[token] in (
                "compound",
                "flat",
            )
            linked = tree.head[beside] == token or tree.head[token] == beside
            same = {kinds.get(tree.entity[i], "") for i in (beside, token)}
            longer = same in ({"Person"}, {"Place"})  # "Claude Dubois", "Sungai Amazon"
            if joined and linked and longer and tree.word[beside][:1].isupper():
                return False
    return True


def _begins_a_person(tree: Tree, names: Names, token: int) -> bool:
    """Is a word a first name, between what somebody is and a surname: "pelukis Claude Monet"?"""
    before, behind = token - 1, token + 1
    if before < 0 or behind >= len(tree) or tree.sentence[before] != tree.sentence[behind]:
        return False
    lemma = tree.lemma[before]
    personal = _is_title(lemma, names) and lemma not in names.role_nouns  # "CEO Meta Mark X"
    personal = personal and lemma not in names.pack.words.impersonal
    described = [kind for d in names.descriptions.get(lemma, ()) for kind in d.types]
    personal = personal and all(is_a(kind, "Person") for kind in described)
    surname = tree.pos[behind] == "PROPN" and tree.word[behind].istitle()
    return personal and surname and not tree.plural[before] and not tree.case[behind]
