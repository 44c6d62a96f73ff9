"""How a clause is meant: denied, promised, only possible, and so on.

Negation and modality are composed along the chain of governing words ("did not refuse to sign"),
as in the implicative signatures of Karttunen (1971).
"""

from kg.clauses import Clauses, Status
from kg.cues import Cues
from kg.governors import find_governor
from kg.negation import has_own_negation
from kg.syntax import MAX_CLIMB, Tree

_QUESTION = "?"


def read_status(clauses: Clauses, token: int) -> Status:
    """Negation and modality of a predicate or nominal act, with all that governs it."""
    if token in clauses.statuses:
        return clauses.statuses[token]
    clauses.statuses[token] = Status()
    found = _find_status(clauses, token)
    clauses.statuses[token] = found
    return found


def _find_status(clauses: Clauses, token: int) -> Status:
    tree, cues = clauses.tree, clauses.cues
    negated = has_own_negation(tree, cues, token)
    modality = _own_modality(tree, cues, token)
    unsaid = False
    here = token
    if tree.role[token] == "conjunct":
        first = tree.head[token]
        shared = not tree.kids(token, "subject", "auxiliary")
        joiners = {tree.lower[kid] for kid in tree.kids(token, "coordinator")}
        joiners |= {tree.lower[kid] for kid in tree.kids(first, "coordinator")}
        if shared and joiners & cues.pack.words.negation_spreads:
            negated = negated or has_own_negation(tree, cues, first)
        if shared and modality == "asserted":
            modality = _own_modality(tree, cues, first)
        for _ in range(MAX_CLIMB):
            if tree.role[here] != "conjunct":
                break
            here = tree.head[here]
    governor = find_governor(tree, cues, here)
    if governor is not None:
        head, effect = governor
        upper = read_status(clauses, head)
        unsaid = upper.unsaid
        raises = (
            effect.negated or effect.modality is not None or tree.lemma[head] in cues.neg_raising
        )
        negated = negated != effect.negated
        if upper.negated:
            if raises:
                negated = not negated
            elif effect.attributed:
                unsaid = True
        if modality == "asserted":
            modality = effect.modality or (
                upper.modality if not effect.attributed and not effect.negated else "asserted"
            )
            if modality == "asserted" and effect.negated:
                modality = upper.modality
    if modality == "asserted" and _is_question(tree, token):
        modality = "possible"
    return Status(negated, modality, unsaid)


def _own_modality(tree: Tree, cues: Cues, token: int) -> str:
    words = cues.pack.modality
    for kid in tree.children[token]:
        role = tree.role[kid]
        if role in ("auxiliary", "copula", "passive_auxiliary"):
            found = words.auxiliaries.get(tree.lower[kid]) or words.auxiliaries.get(tree.lemma[kid])
        elif role in ("adverb", "negation"):
            found = words.adverbs.get(tree.lower[kid])
        elif role == "marker":
            found = words.markers.get(tree.lower[kid])
        else:
            continue
        if found:
            return found
    if tree.role[token] == "predicative":
        return _own_modality(tree, cues, tree.head[token])
    return "asserted"


def _is_question(tree: Tree, token: int) -> bool:
    first, last = tree.bounds[tree.sentence[token]]
    return any(tree.word[i] == _QUESTION for i in range(max(first, last - 3), last))
