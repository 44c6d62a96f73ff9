"""The words that tell what somebody is to an organization: "former chief scientist", "direktur
utama"."""

from collections.abc import Collection

from kg.cues import Cues
from kg.linking import Linker
from kg.syntax import Tree
from kg.vocabulary import is_a

_MODIFIERS = ("ADJ", "NOUN", "PROPN", "X")
_LONGEST = 7  # words to each side of the noun


def role_words(
    linker: Linker, cues: Cues, first: int, last: int, heads: Collection[str], *, apart: set[int]
) -> str:
    """The role of which the tokens from ``first`` to ``last``, both included, are the core.

    Its modifiers and the roles that it is coordinated with belong to it, names of organizations,
    determiners and the tokens ``apart`` (who has the role, what it is a role in) do not. ``heads``
    are the lemmas that roles go by.
    """
    tree, words = linker.tree, cues.pack.words
    inside = set(range(first, last + 1))
    head_first = words.noun_head == "first"
    if head_first:
        _add_behind(linker, inside, last, apart)
        _add_before(tree, inside, first, words.before_roles)
    else:
        _add_modifiers(linker, inside, first, apart)
    begin, end = min(inside), max(inside)
    fellow = _fellow(tree, end, heads, words.before_roles)
    if fellow is not None and fellow not in apart:
        inside |= set(range(end + 1, fellow + 1))
        if head_first:
            _add_behind(linker, inside, fellow, apart)
    fellow = _fellow_before(tree, begin, heads)
    if fellow is not None and fellow not in apart:
        inside |= set(range(fellow, begin))
        if head_first:
            _add_before(tree, inside, fellow, words.before_roles)
        else:
            _add_modifiers(linker, inside, fellow, apart)
    return _text(linker, sorted(inside))


def _add_modifiers(linker: Linker, inside: set[int], first: int, apart: set[int]) -> None:
    """Words before a role, beyond the name of its organization too: "former OpenAI researcher"."""
    tree = linker.tree
    for token in range(first - 1, max(-1, first - 1 - _LONGEST), -1):
        if tree.sentence[token] != tree.sentence[first]:
            return
        name = linker.name_at(token)
        if name is not None or token in apart:
            if name is not None and is_a(name.entity.type, "Person"):
                return
            continue
        hyphen = tree.word[token] == "-" and token + 1 in inside
        if not hyphen and (tree.pos[token] not in _MODIFIERS or _is_dated(linker, token)):
            return
        if not tree.word[token][:1].isalpha() and not hyphen:
            return
        inside.add(token)


def _add_behind(linker: Linker, inside: set[int], last: int, apart: set[int]) -> None:
    """Words behind a role whose noun comes first: "kepala kebijakan publik"."""
    tree, definite = linker.tree, linker.names.pack.words.definite
    for token in range(last + 1, min(len(tree), last + 1 + _LONGEST)):
        if (
            tree.sentence[token] != tree.sentence[last]
            or token in apart
            or linker.name_at(token) is not None
            or tree.pos[token] not in _MODIFIERS
            or tree.lower[token] in definite
            or tree.kids(token, "case")
            or _is_dated(linker, token)
        ):
            return
        inside.add(token)


def _add_before(tree: Tree, inside: set[int], first: int, before_roles: frozenset[str]) -> None:
    token = first - 1
    while token >= 0 and tree.lower[token] in before_roles:
        inside.add(token)
        token -= 1


def _fellow(
    tree: Tree, last: int, heads: Collection[str], before_roles: frozenset[str]
) -> int | None:
    """The role that is coordinated with one, right behind it: "co-founder and former chief"."""
    token = last + 1
    if token >= len(tree) or not _joins(tree, token):
        return None
    token += 1
    while token < len(tree) and (tree.lower[token] in before_roles or tree.pos[token] == "ADJ"):
        token += 1
    while token < len(tree) and tree.pos[token] in ("NOUN", "PROPN"):
        if tree.lemma[token] in heads:
            return token
        token += 1
    return None


def _fellow_before(tree: Tree, first: int, heads: Collection[str]) -> int | None:
    """The role right before a coordinator before one: "chief scientist and co-founder"."""
    token = first - 2
    joined = token >= 0 and _joins(tree, first - 1)
    return token if joined and tree.lemma[token] in heads else None


def _joins(tree: Tree, token: int) -> bool:
    return tree.pos[token] == "CCONJ" or tree.role[token] == "coordinator"  # "sekaligus"


def _is_dated(linker: Linker, token: int) -> bool:
    tree, pack = linker.tree, linker.names.pack
    timed = bool(tree.entity[token]) and tree.entity[token] in pack.pipeline.times
    return timed or tree.lower[token] in pack.words.times


def _text(linker: Linker, tokens: list[int]) -> str:
    """The words of tokens, a blank wherever the article has one or words are left out; without the
    capital of a sentence's beginning and the clitic of whose role it is ("pendirinya")."""
    tree = linker.tree
    parts: list[str] = []
    for before, token in zip([-1, *tokens], tokens, strict=False):
        word = tree.word[token]
        if tree.clitic[token] in ("Poss", "Det"):
            word = word[: len(word) - len(_clitic(linker, token))]
        begins = token == tree.bounds[tree.sentence[token]][0]
        further = any(tree.word[i][:1].isupper() for i in tokens if i > token)
        if begins and word.istitle() and tree.pos[token] != "PROPN" and not further:
            word = word.lower()
        apart = before >= 0 and (before != token - 1 or tree.end[before] != tree.start[token])
        parts += [" "] * apart + [word]
    return "".join(parts)


def _clitic(linker: Linker, token: int) -> str:
    lower = linker.tree.lower[token]
    pronouns = linker.names.pronouns.items()
    forms = [form for form, one in pronouns if one.number == "any" and lower.endswith(form)]
    return min(forms, key=len, default="")
