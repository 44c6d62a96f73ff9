"""Arguments that a clause does not name and that its neighbours let understand.

"fined the firm for violations of the law": who violates is who is fined; "trained a model without
payment to the writers": who does not pay is who trains. The roles of nominal acts after NomBank
(Meyers et al. 2004), read from the clause that the noun stands in.
"""

from dataclasses import dataclass

from kg.attribution import find_source, spoken_by
from kg.clauses import Clauses, Source, Status
from kg.status import read_status
from kg.syntax import NOMINAL, VERBAL, Tree

_DEEPEST = 4  # nouns between an act and its verb: "on suspicion of a series of violations"


@dataclass(frozen=True, slots=True)
class Understood:
    """Who is understood to do a nominal act, how the act is meant, and who says so. ``said_of``
    where the act is what something is called, which need be nobody."""

    agents: tuple[int, ...]
    status: Status
    source: Source | None
    said_of: bool = False


def act_in_clause(clauses: Clauses, noun: int, *, own: bool = False) -> Understood | None:
    """What the clause around a nominal act tells of it, None where it tells nothing.

    An act that is the reason of what is done to somebody ("fined X for") is theirs. With ``own``,
    an act led by a negative preposition is one that who acts in the clause leaves undone.
    """
    tree, cues = clauses.tree, clauses.cues
    top, modality = noun, "asserted"
    for _ in range(_DEEPEST):
        above = tree.head[top]
        inner = not tree.case[top] or tree.role[top] == "conjunct"
        if above == top or not inner or tree.pos[above] not in NOMINAL:
            break
        top = above
        for effect in cues.effects("noun", tree, top):
            modality = effect.modality or modality
    case, verb = tree.case[top], _verb_above(tree, top)
    if verb is None:
        return None
    upper = read_status(clauses, verb)
    if case in cues.pack.words.negative_markers:
        if not own:
            return None
        status = Status(not upper.negated, upper.modality, upper.unsaid)
        return Understood(clauses.subjects(verb), status, find_source(clauses, verb))
    definite = any(tree.lower[kid] in cues.pack.words.definite for kid in tree.children[top])
    called_so = case in cues.pack.words.role_prepositions or (
        not case and tree.role[top] in ("complement", "open_complement", "predicative", "oblique")
    )
    if called_so and tree.lemma[verb] in cues.naming:
        called = tuple(one for one in clauses.objects(verb) if one < noun)
        if called and not upper.negated:  # "sees it as a violation of the law"
            return Understood(called, Status(), spoken_by(clauses, verb), said_of=True)
    elif case in cues.pack.words.accompanying and not definite:  # "in protest against the plan"
        return Understood(clauses.subjects(verb), upper, find_source(clauses, verb))
    binding = case in cues.pack.words.binding_prepositions and clauses.obliques(noun)
    if binding and not definite:  # "under a deal with X, Y may …"
        return Understood(clauses.surface_subjects(verb), Status(), find_source(clauses, verb))
    found = tuple(one for one in clauses.objects(verb) if tree.pos[one] not in VERBAL)
    for effect in cues.effects("verb", tree, verb):
        reason = case in effect.through and effect.modality in (None, "alleged")
        if reason and found and not upper.negated:
            if modality == "asserted":
                modality = effect.modality or upper.modality
            source = spoken_by(clauses, verb) if effect.attributed else find_source(clauses, verb)
            return Understood(found, Status(False, modality, upper.unsaid), source)
    return None


def _verb_above(tree: Tree, noun: int) -> int | None:
    """The verb whose clause a noun stands in, where only nouns lie between."""
    for _ in range(_DEEPEST):
        above = tree.head[noun]
        if above == noun:
            return None
        if tree.pos[above] in VERBAL:
            return above
        noun = above
    return None
