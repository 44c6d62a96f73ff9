"""Treebanks and names together: what is tested on in one is trained on in none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kg.name_corpora import NamedSentence, Names
from kg.treebanks import Treebanks, TreebankSentence


def leave_out_tests(banks: Treebanks, names: Names) -> tuple[Treebanks, Names]:
    """Leave out what is trained on here and tested on there: texts are compared by ``plain_text``.

    A sentence of a treebank may be in the test set of names and the other way round. What is left
    out of the parts for training is added to ``dropped``.
    """
    tested = {plain_text(s.text) for part in banks.test.values() for s in part}
    tested |= {plain_text(" ".join(words)) for part in names.test.values() for words, _ in part}

    def fresh_trees(part: Iterable[TreebankSentence]) -> tuple[TreebankSentence, ...]:
        return tuple(s for s in part if plain_text(s.text) not in tested)

    def fresh_names(
        corpora: Mapping[str, Iterable[NamedSentence]],
    ) -> dict[str, tuple[NamedSentence, ...]]:
        return {
            name: tuple(s for s in part if plain_text(" ".join(s[0])) not in tested)
            for name, part in corpora.items()
        }

    trees = tuple(fresh_trees(part) for part in banks.train)
    named = fresh_names(names.train)
    fewer_trees = sum(map(len, banks.train)) - sum(map(len, trees))
    fewer_names = sum(map(len, names.train.values())) - sum(map(len, named.values()))
    return (
        replace(
            banks,
            train=trees,
            stop=fresh_trees(banks.stop),
            dropped=banks.dropped + fewer_trees,
        ),
        replace(
            names,
            train=named,
            stop=fresh_names(names.stop),
            dropped=names.dropped + fewer_names,
        ),
    )


def plain_text(text: str) -> str:
    """A text as sentences are compared: lower case, no white space.

    >>> plain_text("Sora, kata OpenAI.") == plain_text("Sora , kata OpenAI .")
    True
    """
    return "".join(text.casefold().split())
