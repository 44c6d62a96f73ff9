"""Words of negation beside a predicate or a noun, by the lists of the language pack."""

from kg.cues import Cues
from kg.syntax import Tree


def has_own_negation(tree: Tree, cues: Cues, token: int) -> bool:
    """Is a predicate denied by a word of its own: "not", "neither", "without"?"""
    words = cues.pack.words
    for kid in tree.children[token]:
        role = tree.role[kid]
        if role in (
            "negation",
            "adverb",
            "auxiliary",
            "copula",
            "determiner",
            "other",
            "passive_auxiliary",
        ):
            if tree.lower[kid] in words.negation:
                return True
            if role != "adverb" and any(
                tree.lower[below] in words.negation
                for below in tree.kids(kid, "negation", "adverb")
            ):
                return True
        elif role == "coordinator" and kid < token:  # "had neither created nor managed it"
            if tree.lower[kid] in words.negation:
                return True
        elif role in ("marker", "case"):
            if tree.lower[kid] in words.negative_markers or (
                kid + 1 < len(tree)
                and f"{tree.lower[kid]} {tree.lower[kid + 1]}" in words.negative_markers
            ):
                return True
    first = tree.bounds[tree.sentence[token]][0]
    left = token - 1
    if left >= first and tree.pos[left] == "ADJ" and tree.lower[left] in words.negation:
        if left != tree.head[token]:
            return True  # "lalai melindungi", the adjective beside the verb
    while left >= first and tree.pos[left] in ("ADV", "AUX", "PART") and token - left <= 4:
        if tree.lower[left] in words.negation and left != tree.head[token]:
            return True  # a word above, "failed to prevent", denies as a governor
        left -= 1
    return False


def has_negative_determiner(tree: Tree, cues: Cues, noun: int) -> bool:
    """Is the noun denied by its determiner ("no evidence") or a negative preposition?"""
    words = cues.pack.words
    first = tree.bounds[tree.sentence[noun]][0]
    return tree.case[noun] in words.negative_markers or any(
        tree.lower[kid] in words.negative_determiners
        for kid in tree.kids(noun, "determiner")
        if kid == first or tree.word[kid].islower()  # not in a name: "the NO FAKES Act"
    )
