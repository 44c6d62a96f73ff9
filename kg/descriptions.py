"""What the definite descriptions of an article mean: "the company", "both plaintiffs"."""

from collections import Counter

from kg.attribution import find_source
from kg.bodies import body_of, is_short_for
from kg.coreference import Coreference, Mention
from kg.languages import EXACTLY, Description, type_fits
from kg.methods import linked
from kg.records import Argument, Entity
from kg.vocabulary import is_a

_ANYBODY = ("Person", "Organization")
_SEVERAL_MEMORY = 8  # sentences back in which the members of "both companies" are looked for
_JOINT_MEMORY = 3  # sentences back to the subject that "both" are
_DESCRIPTION_MEMORY = 12
_SAYS_SO = 2.0  # a description that is part of the name: "the commission"
_MODIFIED_MEMORY = 2
_UNKNOWN_KIND = 1.5
_SYSTEMS = ("AISystem", "Platform")
_NAMELESS = 0.5  # what has no name is meant less often
_LOOSE = 2.0  # what was itself only described


def described(reference: Coreference, token: int, content: list[int]) -> Entity | None:
    """The last thing that a definite description fits, None where nothing does."""
    tree, names = reference.tree, reference.names
    definite = names.pack.words.definite
    short = _short_name(reference, token, content)
    if short is not None:
        return short
    phrase = " ".join(tree.lower[i] for i in content if tree.lower[i] not in definite)
    descriptions = names.compounds.get(phrase)
    if descriptions is None:
        descriptions = names.descriptions.get(tree.lemma[token])
        if descriptions is None:
            return _only_person(reference, token, phrase)
        if not _is_anaphoric(reference, token, content):
            return _only_one(reference, token, content, descriptions)
    elif not reference.phrases.is_defined(token) and names.pack.pipeline.article:
        return None
    avoid = _others(reference, token)
    counts: Counter[str] = Counter()
    candidates: list[tuple[float, Entity]] = []
    for mention in reference.before(token):
        position, entity = mention.token, mention.entity
        distance = tree.sentence[token] - tree.sentence[position]
        if distance > _DESCRIPTION_MEMORY:
            break
        counts[entity.slug] += 1
        loose = _is_loose(reference, mention)
        if loose and not _same_kind(reference, tree.lemma[position], tree.lemma[token]):
            continue  # "the studio" is no other "company" that was only described
        if entity.slug in avoid or not _answers(reference, entity, token, descriptions):
            continue
        if bool(entity.labels) and not entity.known and tree.plural[position]:
            continue  # "the court" is not "Indian courts"
        score = -0.6 * distance + (0.6 if mention.subject else 0.0) - (_LOOSE if loose else 0.0)
        if reference.phrases.says(entity, token) or (
            not is_a(entity.type, "Person")
            and (
                reference.phrases.is_told(entity, tree.lemma[token])
                or reference.phrases.is_called(entity, tree.lemma[token])
            )  # "the airline X … the airline"
        ):
            score += _SAYS_SO
        elif not entity.known and entity.type == "Organization":
            score -= _UNKNOWN_KIND
        elif entity.type in _SYSTEMS and entity.labels and not entity.known:
            score -= _NAMELESS
        if entity.slug in names.headed.get(tree.lemma[token], ()):
            score += _SAYS_SO
        candidates.append((score, entity))
    best = max(
        candidates,
        key=lambda found: found[0] + 0.3 * min(counts[found[1].slug], 5),
        default=None,
    )
    if best is None and all(d.types == ("Person",) for d in descriptions):
        return _only_person(reference, token, phrase)
    return best[1] if best else None


def _short_name(reference: Coreference, token: int, content: list[int]) -> Entity | None:
    """The institution that a phrase names with a part of its name: "the publishers' federation"
    after "the Federation of Indian Publishers", the last one where there are several."""
    tree = reference.tree
    if len(content) < 2 or tree.plural[token]:
        return None
    code = reference.names.pack.code
    first, last = content[0], content[-1]
    led = (
        tree.lower[first - 1] in reference.names.pack.words.definite
    )  # "the publishers' federation"
    if not led and not reference.phrases.is_defined(token):
        return None
    body = body_of(tree.text(first, last), code)
    if body is None or not body.rest:
        return None
    for mention in reference.before(token):
        entity = mention.entity
        if not is_a(entity.type, "Organization"):
            continue
        for label in (entity.label, *(label for _, label in entity.labels)):
            full = body_of(label, code)
            if full is not None and is_short_for(body, full):
                return entity
    return None


def several(reference: Coreference, token: int) -> list[Argument]:
    """The things that a plural description or a number stands for, in text order: "both
    companies", "the plaintiffs"; none where fewer than two are found."""
    party = _party(reference, token)
    if party:
        return party
    types, number = _wanted(reference, token)
    if not types:
        return []
    span = reference.tree.span(*reference.phrases.edges(token))
    joint = _joint_subject(reference, token, number) if types == _ANYBODY else []
    members = joint or _members(reference, token, types, number)
    return [linked(one, span, "byDescription") for one in members]


def _party(reference: Coreference, token: int) -> list[Argument]:
    """Who "the plaintiffs" are, where the article has told."""
    tree = reference.tree
    side = reference.names.parties.get(tree.lemma[token])
    if side is None or side not in reference.parties:
        return []
    first, last = reference.phrases.short(token)
    if reference.phrases.content(first, last) != [token]:
        return []
    span = tree.span(first, last)
    return [linked(entity, span, "byParty") for entity in reference.parties[side]]


def _wanted(reference: Coreference, token: int) -> tuple[tuple[str, ...], int]:
    """The types of what a plural stands for, none where it stands for nothing told before, and how
    many they are, 0 where that is not said."""
    tree, names = reference.tree, reference.names
    words = names.pack.words
    number = words.numbers.get(tree.lower[token], 0)
    types: tuple[str, ...] = _ANYBODY if number else ()
    counted = tree.kids(token, "nominal", "compound", "flat") if number else []
    for noun in counted:  # "kedua perusahaan", where the parser hangs the noun on the number
        told = [d for d in names.descriptions.get(tree.lemma[noun], ()) if d.number != "singular"]
        if told and not tree.case[noun]:
            return tuple(kind for d in told for kind in d.types), number
    if number or reference.phrases.name_at(token):
        return types, number
    compound = _compound(reference, token)
    descriptions = [
        d
        for d in compound or names.descriptions.get(tree.lemma[token], ())
        if compound or d.number != "singular"
    ]
    if not descriptions:
        return types, number
    counts = [words.numbers.get(tree.lower[kid], 0) for kid in tree.children[token]]
    number = max(counts, default=0)
    if number or (tree.plural[token] and reference.phrases.is_defined(token)):
        first, last = reference.phrases.short(token)
        extra = [
            i
            for i in range(first, last + 1)
            if i != token
            and tree.lower[i] not in words.definite
            and tree.lower[i] not in words.numbers
            and tree.lower[i] not in words.determiners
            and not (compound and i > token)
        ]
        types = () if extra else tuple(t for d in descriptions for t in d.types)
    return types, number


def _compound(reference: Coreference, token: int) -> tuple[Description, ...]:
    """What a phrase of several words from a noun on describes: "kantor berita"."""
    tree, names = reference.tree, reference.names
    if tree.lower[token] not in names.compound_firsts:
        return ()
    phrase = tree.lower[token : reference.phrases.edges(token)[1] + 1]
    while phrase and phrase[-1] in names.pack.words.definite:
        phrase.pop()
    return names.compounds.get(" ".join(phrase), ())


def _members(
    reference: Coreference, token: int, types: tuple[str, ...], number: int
) -> list[Entity]:
    """The last things of some types, so many or three, in text order; none where too few."""
    tree = reference.tree
    found: dict[str, Entity] = {}
    for mention in reference.before(token):
        if tree.sentence[token] - tree.sentence[mention.token] > _SEVERAL_MEMORY:
            break
        entity = mention.entity
        if any(type_fits(entity.type, kind) for kind in types):
            if number and types == _ANYBODY and not found:  # two of a kind
                types = tuple(kind for kind in types if type_fits(entity.type, kind))
            found.setdefault(entity.slug, entity)
        if len(found) == (number or 3):
            break
    if len(found) < 2 or (number and len(found) < number):
        return []
    return list(reversed(found.values()))


def _joint_subject(reference: Coreference, token: int, number: int) -> list[Entity]:
    """The actors that were so many together as a subject in the last sentences: of "A and B
    sued C. Both …", A and B."""
    tree = reference.tree
    for mention in reference.before(token):
        position = mention.token
        if tree.sentence[token] - tree.sentence[position] > _JOINT_MEMORY:
            break
        if tree.role[position] not in ("subject", "agent") or tree.pos[position] == "PRON":
            continue
        members = [a for one in tree.conjuncts(position) for a in reference.link_all(one)]
        slugs = {a.entity.slug for a in members}
        if len(slugs) == number and all(is_a(a.entity.type, "Actor") for a in members):
            return [a.entity for a in members]
    return []


def _only_one(
    reference: Coreference, token: int, content: list[int], descriptions: tuple[Description, ...]
) -> Entity | None:
    """What "the design start-up" stands for: the one thing close by that the noun describes."""
    tree, names = reference.tree, reference.names
    kinds = [kind.removeprefix(EXACTLY) for d in descriptions for kind in d.types]
    if not names.pack.pipeline.article or content[-1] != token or tree.plural[token]:
        return None
    if not reference.phrases.is_defined(token) or tree.kids(
        token, "relative_clause", "noun_clause"
    ):
        return None
    if not all(is_a(kind, "Organization") for kind in kinds):
        return None
    if any(reference.phrases.name_at(i) for i in content):
        return None
    avoid = _others(reference, token)
    found: dict[str, Entity] = {}
    for mention in reference.before(token):
        if tree.sentence[token] - tree.sentence[mention.token] > _MODIFIED_MEMORY:
            break
        entity = mention.entity
        if not _is_loose(reference, mention) and _answers(reference, entity, token, descriptions):
            found[entity.slug] = entity
    return next(iter(found.values())) if len(found) == 1 and not avoid & found.keys() else None


def _only_person(reference: Coreference, token: int, phrase: str) -> Entity | None:
    """Who "pengisi suara itu" is: the one person of the last sentences, where the noun is for
    persons and no plural, and the article has not said that they are something else."""
    tree, names = reference.tree, reference.names
    known = names.registry.entities.get(names.terms.get(phrase, tree.lemma[token]))
    lemma = tree.lemma[token]
    personal = lemma in names.role_nouns or (known and known.type == "Group")
    if (
        not personal
        or lemma in names.pack.words.impersonal
        or phrase in names.pack.words.impersonal
    ):
        return None
    if not reference.phrases.is_defined(token):
        return None
    if tree.plural[token] or len(tree.kids(token, "determiner")) > 1:
        return None
    if names.pack.pipeline.article and phrase != tree.lower[token]:
        return None  # "the deputy chief" may be another one
    found: dict[str, Entity] = {}
    nearest = -1
    for mention in reference.before(token):
        sentence = tree.sentence[mention.token]
        if tree.sentence[token] - sentence > _MODIFIED_MEMORY or nearest > sentence:
            break
        if is_a(mention.entity.type, "Person") and not _is_loose(reference, mention):
            found[mention.entity.slug] = mention.entity
            nearest = sentence
    avoid = _others(reference, token)
    if len(found) != 1 or avoid & found.keys():
        return None
    person = next(iter(found.values()))
    return person if _may_be_called(reference, person, lemma) else None


def _may_be_called(reference: Coreference, person: Entity, noun: str) -> bool:
    """Can a noun for persons mean somebody? Not where they are said to be another thing, nor "the
    judge" where nobody has called them one."""
    names = reference.names
    told = reference.phrases.titles_of(person)
    if not names.pack.pipeline.article:
        return True
    if noun in names.titles:
        return any(names.titles.get(one) == names.titles[noun] for one in told)
    others = {one for one in told if one in names.role_nouns or one in names.titles}
    same = names.terms.get(noun)
    return not others or any(same and names.terms.get(one) == same for one in told)


def _same_kind(reference: Coreference, noun: str, other: str) -> bool:
    """Do two nouns describe one thing, of which an article seldom has two: "a court … the
    tribunal"?"""
    if noun == other:
        return True
    told = reference.names.descriptions
    return any(d.types == ("Court",) and d in told.get(other, ()) for d in told.get(noun, ()))


def _is_loose(reference: Coreference, mention: Mention) -> bool:
    """Is it itself only described, and nothing that the description was resolved to?"""
    entity = mention.entity
    if entity.type in _SYSTEMS and not reference.phrases.is_defined(mention.token):
        return False  # "an algorithm" brings one in
    return bool(entity.labels) and not entity.known and _is_described(reference, mention.token)


def _is_described(reference: Coreference, token: int) -> bool:
    return reference.tree.lemma[token] in reference.names.descriptions


def _answers(
    reference: Coreference, entity: Entity, token: int, descriptions: tuple[Description, ...]
) -> bool:
    """Is an entity what a noun can describe?"""
    tree = reference.tree
    noun = tree.lemma[token]
    if not is_a(entity.type, "Person") and reference.phrases.is_told(entity, noun):
        return not tree.plural[token]
    if entity.slug in reference.names.headed.get(noun, ()):
        return not tree.plural[token]  # "facial recognition technology … the technology"
    for description in descriptions:
        if description.number == ("singular" if tree.plural[token] else "plural"):
            continue
        if description.so_named and not reference.phrases.says(entity, token):
            continue
        if not any(type_fits(entity.type, kind) for kind in description.types):
            if not _may_be(reference, entity, token, description):
                continue
        if not is_a(entity.type, "Person") or reference.phrases.is_called(
            entity, tree.lemma[token]
        ):
            return True
    return False


def _may_be(reference: Coreference, entity: Entity, token: int, description: Description) -> bool:
    """Can an organization of unknown kind be what a noun describes: "the department" is the
    Department of Justice, "the company" any that nothing is known of?"""
    if entity.known or entity.type != "Organization":
        return False
    return description.unknown_too or reference.phrases.says(entity, token)


def _others(reference: Coreference, token: int) -> set[str]:
    """Whom a description does not mean: the subject of its own clause and who accuses in it."""
    verb = reference.clause_head(token)
    tokens = (
        []
        if reference.phrases.is_subject(token)
        else list(reference.clauses.surface_subjects(verb))
    )
    source = find_source(reference.clauses, verb)
    if source is not None and source.speaker is not None and _accuses(reference, source.cue):
        tokens.append(source.speaker)
    tokens += [  # "X, founder of Y, accused the company": not Y
        below
        for one in tokens
        for kid in reference.tree.kids(one, "apposition")
        for below in reference.tree.subtree(kid)
        if below < token and reference.phrases.name_at(below)
    ]
    return {a.entity.slug for one in tokens if one != token for a in reference.link_all(one)}


def _accuses(reference: Coreference, cue: int) -> bool:
    effects = reference.clauses.cues.effects("verb", reference.tree, cue)
    return any(effect.modality == "alleged" for effect in effects)


def _is_employer(reference: Coreference, token: int) -> bool:
    """Is it somebody's company, union or the like: "his company"?"""
    tree, names = reference.tree, reference.names
    kinds = [kind for d in names.descriptions.get(tree.lemma[token], ()) for kind in d.types]
    return any(
        (pronoun := names.pronouns.get(tree.lower[kid])) is not None
        and pronoun.types == ("Person",)
        for kid in tree.kids(token, "possessive")
    ) and any(is_a(kind.removeprefix(EXACTLY), "Organization") for kind in kinds)


def _is_anaphoric(reference: Coreference, token: int, content: list[int]) -> bool:
    """Is a description definite, with nothing that tells it from others?"""
    definite = reference.names.pack.words.definite
    for clause in reference.tree.kids(token, "relative_clause"):
        apart = reference.tree.role[min(reference.tree.subtree(clause)) - 1] == "punctuation"
        if not apart and (
            reference.names.pack.pipeline.article or not reference.phrases.is_defined(token)
        ):
            return False
    demonstrated = not reference.names.pack.pipeline.article and reference.phrases.is_defined(token)
    for i in content:
        name = reference.phrases.name_at(i)
        national = name is not None and name.entity.type in ("Place", "Group")
        owner = (
            name is not None and reference.tree.lower[name.first - 1] in reference.names.possessing
        )
        if demonstrated and (
            name is None or national or owner or reference.phrases.is_personal(token)
        ):
            continue  # "perusahaan konsultan itu", "senator Partai Hijau itu"
        generic = reference.tree.lower[i] in reference.names.pack.words.generic_modifiers
        if i != token and reference.tree.lower[i] not in definite and not (national or generic):
            return False
    if reference.names.pack.pipeline.article:
        return reference.phrases.is_defined(token) or _is_employer(reference, token)
    if reference.tree.plural[token] and not demonstrated:
        return False  # "perusahaan-perusahaan teknologi" in general
    quantified = reference.tree.kids(token, "numeral", *(() if demonstrated else ("adjective",)))
    determined = [
        kid
        for kid in reference.tree.kids(token, "determiner")
        if reference.tree.lower[kid] not in reference.names.pack.words.definite
    ]
    return not quantified and not determined
