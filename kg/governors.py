"""Words that govern a clause: what they make of it, by the governors of the language pack.

"Refused to sign", "the claim that …", "able to pay": negation and modality pass through such words
as in the implicative signatures of Karttunen (1971), and a word that reports tells who says it.
"""

from kg.cues import Cues
from kg.languages import Governor
from kg.syntax import VERBAL, Tree

_LINKS = frozenset(
    {
        "complement",
        "open_complement",
        "adverbial_clause",
        "noun_clause",
        "parataxis",
        "clausal_subject",
        "object",
        "predicative",
    }
)


def find_governor(tree: Tree, cues: Cues, token: int) -> tuple[int, Governor] | None:
    """The word that a clause hangs on, where the pack says what such a word makes of it."""
    role, head = tree.role[token], tree.head[token]
    if head == token or role not in _LINKS:
        return None
    if role in ("object", "predicative") and tree.pos[token] not in VERBAL:
        return None
    if tree.pos[head] in ("NOUN", "PROPN"):
        kinds = ("noun", "verb")
    elif tree.pos[head] == "ADJ":
        kinds = ("adjective", "verb")
    else:
        kinds = ("verb", "adjective")
    markers = {tree.lower[kid] for kid in tree.kids(token, "marker", "case")}
    for kind in kinds:
        for effect in cues.effects(kind, tree, head):
            if role in ("complement", "open_complement", "object", "predicative"):
                return head, effect
            if role == "noun_clause" and kind == "noun":
                return head, effect
            if markers & (effect.through | cues.pack.words.complementizers):
                return head, effect
            if role == "adverbial_clause" and not markers and steers(tree, cues, head, token):
                return head, effect
            if role == "parataxis" and effect.attributed and not effect.negated:
                if not _only_reports(tree, cues, token):  # "we promise …, said X"
                    return head, effect
    return None


def reports(tree: Tree, cues: Cues, kind: str, token: int) -> bool:
    """Is it a word that reports what somebody says or believes?"""
    return any(effect.attributed for effect in cues.effects(kind, tree, token))


def steers(tree: Tree, cues: Cues, verb: int, lower: int) -> bool:
    """Does it bar, oblige or ask whoever stands right before the lower verb to do it ("melarang
    aplikasi itu mengolah data"), or say that they do ("berdalih aturan itu menghambat usaha")?"""
    effects = cues.effects("verb", tree, verb)
    before = [kid for kid in tree.kids(verb, "object") if kid < lower]
    bare = cues.pack.words.noun_head == "first"  # elsewhere it is a participle
    bars = any(effect.negated or effect.modality for effect in effects)
    says = bare and any(effect.attributed for effect in effects)
    if not before or not (bars or says):
        return False
    last = tree.phrase(before[-1])[1]
    if says and not bars:  # the noun with all that belongs to it
        last = max(i for i in tree.subtree(before[-1]) if i < lower)
    between = range(last + 1, lower)
    roles = ("auxiliary", "negation", "determiner", *(("adverb",) if says and not bars else ()))
    return all(tree.role[i] in roles for i in between)


def _only_reports(tree: Tree, cues: Cues, verb: int) -> bool:
    """Is it a reporting verb without content below it?"""
    below = ("complement", "open_complement", "object", "parataxis")
    return reports(tree, cues, "verb", verb) and not tree.kids(verb, *below)
