"""Whom the pronouns of an article mean, and the clitics of its verbs and nouns."""

from collections.abc import Set

from kg.attribution import find_source
from kg.coreference import Coreference, Mention
from kg.governors import reports
from kg.languages import Pronoun
from kg.records import Entity
from kg.syntax import NOMINAL
from kg.vocabulary import is_a

_MEMORY = 4  # sentences back in which the antecedent of a pronoun is looked for
_NAMELESS = 1.2  # "her lawyer": a pronoun rather means who has a name
_SPEAKER = 0.8  # "X said that it would"
_MUTE = ("Concept", "Practice", "Event", "Work")  # "it said": none of these
_UNKNOWN_THING = 0.7  # a phrase of no known type: "the line of defense", not "the firm"


def antecedent(
    reference: Coreference,
    token: int,
    pronoun: Pronoun,
    avoid: Set[str] = frozenset(),
    kind: str = "",
) -> Entity | None:
    """Whom a pronoun means: of the things before it that fit, the nearest and most prominent.

    ``avoid`` are slugs that it does not mean; ``kind`` narrows the types that it can mean.
    """
    tree = reference.tree
    if pronoun.number in ("speaker", "speakers"):
        return _who_says(reference, token, pronoun)
    partners = _co_arguments(reference, token) | _hosts(reference, token)
    partner_slugs = {a.entity.slug for one in partners for a in reference.link_all(one)}
    kinds = _owners_of_role(reference, token, pronoun)
    speaker = _speaker(reference, token) if pronoun.number == "singular" else ""
    best: tuple[float, Mention] | None = None
    for mention in reference.before(token):
        position, entity = mention.token, mention.entity
        distance = tree.sentence[token] - tree.sentence[position]
        if distance > _MEMORY:
            break
        if entity.slug in avoid or position in partners or entity.slug in partner_slugs:
            continue
        if not any(is_a(entity.type, one) for one in ((kind,) if kind else kinds)):
            continue
        cited = is_a(entity.type, "NewsOutlet") and not mention.plural and distance > 1
        if is_a(entity.type, "Place") or cited:
            continue
        score = _fitness(reference, token, pronoun, mention)
        if entity.slug == speaker and is_a(entity.type, "Organization"):
            score += _SPEAKER
        if best is None or score > best[0]:
            best = score, mention
    if best is None:
        return None
    if pronoun.number == "plural" and best[1].plural:
        reference.antecedents[token] = best[1].token
    return best[1].entity


def _who_says(reference: Coreference, token: int, pronoun: Pronoun) -> Entity | None:
    """Whom "I" and "we" in what is quoted mean."""
    source = find_source(reference.clauses, reference.clause_head(token))
    if source is None or source.speaker is None or source.speaker == token:
        return None
    spoken = reference.link(source.speaker)
    if spoken is not None and pronoun.number == "speakers":
        return _spoken_for(reference, source.speaker, spoken.entity) or spoken.entity
    return spoken.entity if spoken else None


def _fitness(reference: Coreference, token: int, pronoun: Pronoun, mention: Mention) -> float:
    """How well a mention fits a pronoun of its type: by distance, place, number and type."""
    tree, entity = reference.tree, mention.entity
    score = -1.0 * (tree.sentence[token] - tree.sentence[mention.token])
    score += 0.9 if mention.subject else 0.0
    if entity.type == "Concept":
        score -= _UNKNOWN_THING
    elif entity.type == "Person" and entity.labels and not entity.known:
        score -= _NAMELESS
    elif entity.type in ("AISystem", "Platform") and entity.labels and not entity.known:
        score -= _UNKNOWN_THING
    if pronoun.number == "any" and is_a(entity.type, "Person"):
        score += 0.5
    if tree.role[token] == "possessive" and is_a(entity.type, "Organization"):
        score += 1.0
    if pronoun.number == "plural":
        collective = is_a(entity.type, "Association")
        score += 1.5 if mention.plural else (0.0 if collective else -0.8)
    if pronoun.number == "singular" and mention.plural:
        score -= 0.5
    return score


def coordinated(reference: Coreference, token: int) -> list[Entity]:
    """The antecedent of a plural pronoun with what it is coordinated with, nothing for other
    words: "they" are all of them."""
    tree = reference.tree
    position = reference.antecedents.get(token)
    if position is None:
        return []
    while tree.role[position] == "conjunct" and tree.head[position] != position:
        position = tree.head[position]
    found: dict[str, Entity] = {}
    for member in tree.conjuncts(position):
        for argument in reference.link_all(member):
            if not found or _is_alike(argument.entity, next(iter(found.values()))):
                found[argument.entity.slug] = argument.entity
    return list(found.values())


def _is_alike(one: Entity, other: Entity) -> bool:
    """Can one pronoun stand for both: two of a type, two organizations, people of any number?"""
    if one.type == other.type:
        return True
    kinds = (("Organization",), ("Person", "Group"))
    return any(all(any(is_a(e.type, k) for k in kind) for e in (one, other)) for kind in kinds)


def clitic_antecedent(reference: Coreference, verb: int, kind: str = "") -> Entity | None:
    """Whom the clitic of a verb or a noun means: "menuduhnya", "pendirinya"; ``kind`` narrows
    the types."""
    for form, pronoun in reference.names.pronouns.items():
        if pronoun.number == "any" and reference.tree.lower[verb].endswith(form):
            thing = _shared_object(reference, verb)
            if thing is not None:
                return thing
            owner = _own_subject(reference, verb)
            if owner is not None:
                return owner if is_a(owner.type, kind or "Actor") else None
            subjects = _subject_slugs(reference, verb)
            return antecedent(reference, verb, pronoun, avoid=subjects, kind=kind)
    return None


def _subject_slugs(reference: Coreference, verb: int) -> set[str]:
    """The subjects of a verb and, where its clitic is an object, whoever these are of."""
    tokens = reference.clauses.surface_subjects(verb)
    subjects = {
        argument.entity.slug for one in tokens if (argument := reference.link(one)) is not None
    }
    if reference.tree.clitic[verb] in ("Obj", "Agt"):
        last = max((verb, *tokens))
        subjects |= {
            mention.entity.slug
            for one in tokens
            for mention in reference.mentions()
            if one < mention.token <= max(i for i in reference.tree.subtree(one) if i <= last)
        }
    return subjects


def _speaker(reference: Coreference, token: int) -> str:
    """Who says what the pronoun is part of, "" where nobody does: "X said that it …"."""
    if reference.tree.role[token] != "subject":
        return ""
    source = find_source(reference.clauses, reference.clause_head(token))
    if source is None or source.speaker is None or source.speaker > token:
        return ""
    spoken = reference.link(source.speaker)
    return spoken.entity.slug if spoken else ""


def _owners_of_role(reference: Coreference, token: int, pronoun: Pronoun) -> tuple[str, ...]:
    """What a pronoun may stand for: "its chief executive" is that of an organization."""
    tree = reference.tree
    possessed = tree.role[token] == "possessive"
    if possessed and pronoun.number == "singular" and "Organization" in pronoun.types:
        if tree.lemma[tree.head[token]] in reference.names.role_nouns:
            return ("Organization", "Platform")
    cues = reference.clauses.cues
    if tree.role[token] == "subject" and reports(tree, cues, "verb", tree.head[token]):
        speaking = tuple(kind for kind in pronoun.types if kind not in _MUTE)
        return speaking or pronoun.types
    return pronoun.types


def _spoken_for(reference: Coreference, speaker: int, person: Entity) -> Entity | None:
    """Whose officer somebody has been said to be, where they speak as "we"."""
    tree, names = reference.tree, reference.names
    if not is_a(person.type, "Person"):
        return None
    told = [name for name in reference.phrases.found if name.entity.slug == person.slug]
    heads = [speaker, *(reference.phrases.head_of(name) for name in reversed(told))]
    for head in heads:
        for role in (head, tree.head[head], *tree.kids(head, "apposition")):
            if tree.lemma[role] not in names.role_nouns:
                continue
            first, last = tree.phrase(role)
            owners = [reference.link(one) for one in reference.clauses.owners(role)]
            found = [one.entity for one in owners if one is not None]
            found += [name.entity for name in reference.phrases.names_in(first, last)]
            for entity in found:
                if is_a(entity.type, "Organization"):
                    return entity
    return None


def _shared_object(reference: Coreference, verb: int) -> Entity | None:
    """What a first verb does something to, and a second one without a subject too: "copied the
    book and sold it"."""
    tree = reference.tree
    first = tree.head[verb]
    if tree.clitic[verb] != "Obj" or tree.role[verb] != "conjunct" or tree.passive[first]:
        return None
    things = [kid for kid in tree.kids(first, "object") if kid < verb]
    if tree.kids(verb, "subject") or not things or tree.pos[things[-1]] not in NOMINAL:
        return None
    argument = reference.link(things[-1])
    if argument is None or not (
        argument.entity.known or is_a(argument.entity.type, "Work")
    ):  # no act or matter of this text alone
        return None
    return argument.entity


def _own_subject(reference: Coreference, noun: int) -> Entity | None:
    """The subject of the clause that a possessed noun is an object in: who "fires its staff"
    fires their own."""
    tree = reference.tree
    if tree.clitic[noun] not in ("Poss", "Det") or tree.pos[noun] not in NOMINAL:
        return None
    verb = tree.head[noun]
    if tree.role[noun] != "object" or tree.passive[verb]:
        return None
    for one in reference.clauses.surface_subjects(verb):
        argument = reference.link(one) if one != noun else None
        if argument is not None:
            return argument.entity
    return None


def _hosts(reference: Coreference, token: int) -> set[int]:
    """The names that a possessive is in an apposition of: "X, his lawyer" is not X's lawyer."""
    tree = reference.tree
    if tree.role[token] != "possessive":
        return set()
    noun = tree.head[token]
    return {tree.head[noun]} if tree.role[noun] == "apposition" else set()


def _co_arguments(reference: Coreference, token: int) -> set[int]:
    """Subjects of the clause that a non-subject pronoun stands in: it is none of them."""
    tree = reference.tree
    if tree.clitic[token] in ("Obj", "Agt"):
        return set(reference.clauses.surface_subjects(token))
    if tree.role[token] in ("subject", "possessive"):
        return set()
    return set(reference.clauses.surface_subjects(reference.clause_head(token)))
