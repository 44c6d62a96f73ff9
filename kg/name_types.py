"""Of what type a name is, by its own words and by what the article says beside it.

What a pipeline takes a name for is a guess from one sentence; "Pengadilan Negeri X" is a court in
every one.
"""

from collections.abc import Iterable, Sequence

from kg.languages import EXACTLY
from kg.names import Names
from kg.syntax import Tree
from kg.vocabulary import is_a

_BROAD = "Organization"
_TOLD = ("Company", "AISystem", "Platform")
_NEAR = 3  # words between the comma behind a name and the role: "X, the general manager of Y"


def type_by_words(tree: Tree, names: Names, first: int, end: int) -> str:
    """The type of an organization that a word of its name tells, "" where none does: "X Ventures",
    "Asosiasi X", "Court of X"."""
    words = names.pack.words
    lower = [tree.lower[i].strip(".,") for i in range(first, end)]
    ends = lower[-1:] if words.noun_head == "last" else [lower[-1], lower[0]]  # "PT X", "X Tbk"
    for kind, told in words.name_types.items():
        if len(lower) > 1 and any(word in told for word in ends):
            return str(kind)
    if words.noun_head == "first":
        head = first
    else:
        cased = [i for i in range(first + 1, end) if tree.pos[i] == "ADP"]
        head = (cased[0] if cased else end) - 1
    kinds = [
        kind.removeprefix(EXACTLY)
        for description in names.descriptions.get(tree.lower[head], ())
        for kind in description.types[:1]
    ]
    apt = [kind for kind in kinds if kind != _BROAD and is_a(kind, _BROAD)]
    return apt[0] if apt and end - first > 1 else ""


def type_told(tree: Tree, names: Names, first: int, end: int) -> str:
    """The type that a title before a name tells or a noun beyond its commas, "" where none does:
    "Judge X", "its chief executive, X", "X, the general manager of Y", "X, an app that …"."""
    before = first - 1
    if before >= 0 and tree.sentence[before] == tree.sentence[first]:
        title = tree.lemma[before] in names.titles or tree.lower[before] in names.titles
        if title or tree.lower[before] in names.pack.words.honorifics:
            return "Person"
        if tree.word[before] == "," and end - first > 1 and _renames_role(tree, names, first, end):
            return "Person"
    if end >= len(tree) or tree.word[end] != ",":
        return ""
    for token in range(end + 1, min(end + 1 + _NEAR, len(tree))):
        if tree.word[token] == "," or tree.sentence[token] != tree.sentence[first]:
            return ""
        if tree.pos[token] == "NOUN" and not tree.plural[token]:
            if tree.lemma[token] in names.role_nouns:
                return "Person" if end - first > 1 else ""
            kinds = [d.types[0] for d in names.descriptions.get(tree.lemma[token], ())]
            thing = kinds[0] if len(kinds) == 1 else ""
            if thing and any(is_a(thing, one) for one in _TOLD):
                return thing
        if tree.pos[token] not in ("DET", "ADJ", "NOUN", "PRON"):
            return ""
    return ""


def _renames_role(tree: Tree, names: Names, first: int, end: int) -> bool:
    """Is a name an apposition to what one person is: "its chief executive, X"?"""
    heads = [i for i in range(first, end) if tree.role[i] == "apposition"]
    role = tree.head[heads[0]] if heads else first
    lemma = tree.lemma[role]
    personal = lemma in names.role_nouns and lemma not in names.maker_nouns
    described = [kind for d in names.descriptions.get(lemma, ()) for kind in d.types]
    return (
        role < first
        and personal
        and not tree.plural[role]
        and all(is_a(kind, "Person") for kind in described)
    )


def types_by_naming(tree: Tree, names: Names) -> dict[str, str]:
    """The types of names, by their first word, that nouns tell which a clause names: "the program,
    which the company called Frank"."""
    found: dict[str, str] = {}
    for first, word in enumerate(tree.word):
        kind = _type_by_naming(tree, names, first) if word[:1].isupper() else ""
        if kind:
            found.setdefault(word, kind)
    return found


def _type_by_naming(tree: Tree, names: Names, first: int) -> str:
    naming = names.pack.words.naming
    lead = tree.lower[max(0, first - 2) : first]
    if not naming or not lead or not (" ".join(lead) in naming or lead[-1] in naming):
        return ""
    verb = first - 1
    for _ in range(_NEAR):
        if tree.role[verb] in ("relative_clause", "noun_clause"):
            told = names.descriptions.get(tree.lemma[tree.head[verb]], ())
            kinds = [kind.removeprefix(EXACTLY) for d in told for kind in d.types[:1]]
            return kinds[0] if kinds else ""
        verb = tree.head[verb]
    return ""


def types_of_examples(tree: Tree, names: Names, named: Sequence[tuple[int, int]]) -> dict[int, str]:
    """The types of names, by their first token, that a noun before them gives as examples of what
    it describes: "labels such as T-Series and Saregama"."""
    ends = dict(named)
    found: dict[int, str] = {}
    for last in range(1, len(tree)):
        pair = f"{tree.lower[last - 1]} {tree.lower[last]}"
        marker = last - 1 if pair in names.pack.words.examples else last
        if marker == last and tree.lower[last] not in names.pack.words.examples:
            continue
        noun = marker - 1
        while noun >= 0 and (tree.word[noun] == "," or tree.pos[noun] in ("ADJ", "ADV", "DET")):
            noun -= 1
        told = names.descriptions.get(tree.lemma[noun], ()) if noun >= 0 else ()
        kinds = [kind.removeprefix(EXACTLY) for d in told for kind in d.types[:1]]
        at = last + 1
        while kinds and at < len(tree) and tree.sentence[at] == tree.sentence[last]:
            if at in ends:
                found[at] = kinds[0]
                at = ends[at]
            elif tree.word[at] == "," or tree.pos[at] in ("CCONJ", "DET"):
                at += 1
            else:
                break
    return found


def called_by_surname(tree: Tree, named: Iterable[tuple[int, int]]) -> set[tuple[str, ...]]:
    """Of names, given by first token and end, those of two or three words whose last word the
    article uses alone as well, as it does with those of persons: "Arijit Singh … Singh"."""
    words = [tuple(tree.word[first:end]) for first, end in named]
    alone = {one[0] for one in words if len(one) == 1}
    return {
        one
        for one in words
        if 2 <= len(one) <= 3
        and one[-1] in alone
        and one[0] not in alone
        and all(word[:1].isupper() for word in one)
    }
