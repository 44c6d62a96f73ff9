"""Names in a text: the registry's, the pipeline's named entities, and short forms of both."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from kg.languages import Description, LanguagePack, Pronoun
from kg.records import Entity
from kg.registry import Registry
from kg.syntax import Tree
from kg.vocabulary import is_a

_AMBIGUOUS = 0.9  # a name that is an ordinary word too, where nothing speaks against it


@dataclass(frozen=True, slots=True)
class Names:
    """What the registry and a pack know of names, indexed for one pipeline.

    ``by_first`` maps the first word of a name to the rest and the slug, the longest first;
    ``terms`` a phrase in lemmas to a slug; ``head_types`` the lemma of a one-word term to its type.
    """

    pack: LanguagePack
    registry: Registry
    by_first: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    terms: dict[str, str]
    head_types: dict[str, str]
    pronouns: dict[str, Pronoun]
    descriptions: dict[str, tuple[Description, ...]]
    compounds: dict[str, tuple[Description, ...]]
    role_nouns: frozenset[str]
    titles: dict[str, str]
    parties: dict[str, tuple[str, str]]
    documents: dict[str, tuple[str, str]]
    maker_nouns: frozenset[str]


def compile_names(
    pack: LanguagePack,
    registry: Registry,
    *,
    words_of: Callable[[str], list[str]],
    lemma_of: Callable[[str, str], str],
) -> Names:
    """Indexes the registry for a pipeline: ``words_of`` cuts a name as its tokenizer does,
    ``lemma_of`` gives the lemma of a word."""
    by_first: dict[str, dict[tuple[str, ...], str]] = {}
    for name, slug in registry.names_in(pack.code):
        first, *rest = words_of(name)
        by_first.setdefault(first, {}).setdefault(tuple(rest), slug)
    terms: dict[str, str] = {}
    head_types: dict[str, str] = {}
    for phrase, slug in registry.terms_in(pack.code):
        words = phrase.split()
        terms.setdefault(" ".join(words), slug)
        terms.setdefault(" ".join(lemma_of(word, "NOUN") for word in words), slug)
        if len(words) == 1:
            head_types.setdefault(lemma_of(phrase, "NOUN"), registry.entities[slug].type)
    descriptions: dict[str, tuple[Description, ...]] = {}
    compounds: dict[str, tuple[Description, ...]] = {}
    for description in pack.description:
        for noun in description.nouns:
            first, *rest = noun.split()
            into = compounds if rest else descriptions
            key = noun if rest else lemma_of(first, "NOUN")
            into[key] = (*into.get(key, ()), description)
    return Names(
        pack=pack,
        registry=registry,
        by_first={
            first: tuple(sorted(rests.items(), key=lambda item: (-len(item[0]), item)))
            for first, rests in by_first.items()
        },
        terms=terms,
        head_types=head_types,
        pronouns={form: pronoun for pronoun in pack.pronoun for form in pronoun.forms},
        descriptions=descriptions,
        compounds=compounds,
        role_nouns=frozenset(
            lemma
            for role in pack.role
            for noun in role.nouns
            if (
                lemma := lemma_of(noun.split()[-1 if pack.words.noun_head == "last" else 0], "NOUN")
            )
            and (" " not in noun or lemma not in descriptions)  # a parent company is no person
        ),
        documents={
            lemma_of(noun, "NOUN"): (party.relation, party.side)
            for party in pack.party
            for noun in party.documents
        },
        parties={
            lemma_of(noun, "NOUN"): (party.relation, party.side)
            for party in pack.party
            for noun in party.nouns
        },
        titles={lemma_of(noun, "NOUN"): t.type for t in pack.title for noun in t.nouns},
        maker_nouns=frozenset(
            lemma_of(noun, "NOUN")
            for role in pack.role
            if role.resolves_to_developer
            for noun in role.nouns
        ),
    )


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the text: its tokens (end not included), the entity it stands for, how it was
    taken for it and what makes that less sure than the method is, in [0, 1]."""

    first: int
    end: int
    entity: Entity
    method: str
    factor: float = 1.0


def find_names(tree: Tree, names: Names) -> list[Name]:
    """Names in text order, without overlaps: those of the registry first, then the pipeline's
    named entities, of the type that the pipeline gives them most often in the article; a surname or
    an acronym that the article has introduced counts as the name."""
    taken = [False] * len(tree)
    found: list[Name] = []
    doubtful: list[Name] = []
    for first, word in enumerate(tree.word):
        rests = names.by_first.get(word)
        if rests is None or taken[first]:
            continue
        for rest, slug in rests:
            end = first + 1 + len(rest)
            if end <= len(tree) and tuple(tree.word[first + 1 : end]) == rest:
                known = names.registry.entities[slug]
                canonical = _text(tree, first, end) in dict(known.labels).values()
                name = Name(first, end, known, "byLabel" if canonical else "byAlias")
                if end - first == 1 and slug in names.registry.ambiguous:
                    doubtful.append(replace(name, factor=_AMBIGUOUS))
                    break
                found.append(name)
                taken[first:end] = [True] * (end - first)
                break
    for name in doubtful:
        if not taken[name.first] and _stands_alone(tree, name.first):
            found.append(name)
            taken[name.first] = True
    _add_short_names(tree, found, taken, names.terms)
    minted: dict[tuple[str, ...], Entity] = {}
    surnames = {
        name.entity.label.split()[-1]: name.entity
        for name in reversed(found)
        if is_a(name.entity.type, "Person") and " " in name.entity.label
    }
    named = list(_named(tree, names))
    votes: dict[tuple[str, ...], Counter[str]] = {}
    for first, end, kind in named:
        votes.setdefault(tuple(tree.word[first:end]), Counter())[kind] += 1
    for first, end, _ in named:
        if any(taken[first:end]):
            continue
        words = tuple(tree.word[first:end])
        if len(words) == 1 and _is_word(words[0].lower(), tree.lemma[first], names):
            continue
        if not words[0][:1].isupper() or tree.pos[end - 1] not in ("PROPN", "NOUN", "X", "ADJ"):
            continue
        entity: Entity | None = minted.get(words)
        method = "byRecognition"
        if entity is None and len(words) == 1 and words[0] in surnames:
            entity, method = surnames[words[0]], "byShortName"
        if entity is None:
            kind = votes[words].most_common(1)[0][0]
            entity = mint(kind, _text(tree, first, end), names.pack.code, name=True)
        minted[words] = entity
        if len(words) > 1 and is_a(entity.type, "Person"):
            surnames.setdefault(words[-1], entity)
        found.append(Name(first, end, entity, method))
        taken[first:end] = [True] * (end - first)
    sure = {words: e for words, e in minted.items() if len(words) > 1 or votes[words].total() > 1}
    _add_repeated(tree, found, taken, sure)
    _add_short_names(tree, found, taken, names.terms)
    found.sort(key=lambda name: name.first)
    return found


def _text(tree: Tree, first: int, end: int) -> str:
    return " ".join(tree.article[tree.start[first] : tree.end[end - 1]].split())


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
    for begin, stop, label in tree.names:
        first, end = begin, stop
        while first < end and (
            tree.pos[first] in ("DET", "PUNCT") or tree.lower[first] in names.pack.words.honorifics
        ):
            first += 1
        while end > first and (tree.word[end - 1] in ("'s", "’s") or tree.pos[end - 1] == "PUNCT"):
            end -= 1
        if label in kinds and first < end:
            yield first, end, kinds[label]


def _is_word(lower: str, lemma: str, names: Names) -> bool:
    """Is it an ordinary word of the field, whatever the pipeline takes it for?"""
    return lower in names.terms or lemma in names.descriptions or lemma in names.role_nouns


def _stands_alone(tree: Tree, token: int) -> bool:
    """Is a one-word name used as a name, and not a part of a longer one?"""
    if tree.pos[token] not in ("PROPN", "NOUN", "X") or not tree.word[token][:1].isupper():
        return False
    for beside in (token - 1, token + 1):
        if 0 <= beside < len(tree) and tree.sentence[beside] == tree.sentence[token]:
            joined = tree.role[beside] in ("compound", "flat") or tree.role[token] in (
                "compound",
                "flat",
            )
            linked = tree.head[beside] == token or tree.head[token] == beside
            person = "PER" in tree.entity[beside][:3] and "PER" in tree.entity[token][:3]
            if joined and linked and person and tree.word[beside][:1].isupper():
                return False
    return True


def _add_short_names(
    tree: Tree, found: list[Name], taken: list[bool], common: Mapping[str, str]
) -> None:
    """Surnames after full names, the first word of a company of two words and acronyms in
    brackets, where nothing else has the words and they are no common term."""
    short: dict[str, tuple[int, Entity, str]] = {}
    for name in sorted(found, key=lambda name: name.first):
        entity = name.entity
        words = tree.word[name.first : name.end]
        if (is_a(entity.type, "Person") and len(words) > 1) or (
            entity.type == "NewsOutlet" and len(words) > 2
        ):
            short.setdefault(words[-1], (name.end, entity, "byShortName"))
        elif entity.type == "Company" and len(words) == 2 and words[0].lower() not in common:
            short.setdefault(words[0], (name.end, entity, "byShortName"))
        if name.end + 1 < len(tree) and tree.word[name.end] == "(":
            acronym = tree.word[name.end + 1]
            if acronym.isupper() and len(acronym) > 1 and name.end + 2 < len(tree):
                short.setdefault(acronym, (name.end, entity, "byAcronym"))
    if not short:
        return
    for token, word in enumerate(tree.word):
        if (
            word in short
            and not taken[token]
            and short[word][0] <= token
            and tree.pos[token] != "ADJ"
        ):
            found.append(Name(token, token + 1, short[word][1], short[word][2]))
            taken[token] = True


_NOT_WORD = re.compile(r"[^a-z0-9]+")


def mint(kind: str, label: str, lang: str, *, name: bool = False) -> Entity:
    """A new entity for words that no known entity goes by; the same words give the same one.

    Names keep their form in both languages, phrases belong to the language of the text. The slug
    starts with the type, so that a person called Sora and the system Sora stay apart.

    >>> mint("Person", "Jane Doe", "en", name=True).slug
    'person-jane-doe'
    """
    normal = unicodedata.normalize("NFKD", label.lower()).encode("ascii", "ignore").decode()
    slug = _NOT_WORD.sub("-", normal).strip("-")
    if not slug or len(slug) > 80:
        digest = hashlib.sha256(label.lower().encode()).hexdigest()[:10]
        slug = f"{slug[:60].rstrip('-')}-{digest}".strip("-")
    return Entity(f"{kind.lower()}-{slug}", kind, label, () if name else ((lang, label),))
