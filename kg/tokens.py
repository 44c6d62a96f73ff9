"""The tokens of a parsed text as plain columns, read from spaCy in one go.

Asked token by token, spaCy makes an object for each and a string for each answer; a whole column of
numbers costs no more than one of them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from spacy.attrs import (  # type: ignore[import-not-found]
    DEP,
    ENT_TYPE,
    HEAD,
    IDX,
    IS_SPACE,
    LEMMA,
    MORPH,
    ORTH,
    POS,
    SENT_START,
    SPACY,
    TAG,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc

_HYPHENS = frozenset("-‐‑")
_TEXTS = (ORTH, POS, DEP, TAG, ENT_TYPE, LEMMA, MORPH)
_NUMBERS = (HEAD, IDX, SENT_START, SPACY, IS_SPACE)


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The tokens of a text, as parallel lists indexed by token.

    ``head`` of a root is the token itself; ``start`` is a character offset into the text; ``opens``
    tells the first tokens of sentences, ``blank`` those with a blank behind them, ``white`` those
    that are white space.
    """

    text: str
    word: list[str]
    pos: list[str]
    dep: list[str]
    tag: list[str]
    entity: list[str]
    lemma: list[str]
    morph: list[str]
    head: list[int]
    start: list[int]
    opens: list[bool]
    blank: list[bool]
    white: list[bool]

    def end(self, token: int) -> int:
        """The character offset behind a token."""
        return self.start[token] + len(self.word[token])


def read_tokens(doc: "Doc") -> Tokens:
    """The tokens of a text, parsed or not.

    >>> import spacy
    >>> tokens = read_tokens(spacy.blank("en")("Artists sued."))
    >>> tokens.word, tokens.start, tokens.head
    (['Artists', 'sued', '.'], [0, 8, 12], [0, 1, 2])
    """
    strings = doc.vocab.strings
    keys = doc.to_array(list(_TEXTS))
    texts = {key: strings[key] for key in np.unique(keys).tolist()}
    word, pos, dep, tag, entity, lemma, morph = (
        [texts[key] for key in column] for column in keys.T.tolist()
    )
    heads, start, opens, blanks, white = doc.to_array(list(_NUMBERS)).astype(np.int64).T.tolist()
    blank = [bool(mark) for mark in blanks]
    return Tokens(
        text="".join(one + " " if apart else one for one, apart in zip(word, blank, strict=True)),
        word=word,
        pos=pos,
        dep=dep,
        tag=tag,
        entity=entity,
        lemma=lemma,
        morph=morph,
        head=[token + step for token, step in enumerate(heads)],
        start=start,
        opens=[mark == 1 for mark in opens],
        blank=blank,
        white=[bool(mark) for mark in white],
    )


def join_tokens(tokens: Tokens) -> list[list[int]]:
    """Tokens without white space ones; what hyphens join ("start-up") stays together."""
    joints = {
        token
        for token, word in enumerate(tokens.word)
        if word in _HYPHENS and _joins(tokens, token)
    }
    groups: list[list[int]] = []
    for token, white in enumerate(tokens.white):
        if token in joints or token - 1 in joints:
            groups[-1].append(token)
        elif not white:
            groups.append([token])
    return groups


def _joins(tokens: Tokens, hyphen: int) -> bool:
    """Does a hyphen stand in the midst of a word?"""
    word = tokens.word
    if hyphen == 0 or hyphen + 1 == len(word) or tokens.opens[hyphen]:
        return False
    apart = tokens.blank[hyphen - 1] or tokens.blank[hyphen] or tokens.white[hyphen - 1]
    return not apart and word[hyphen - 1][-1].isalnum() and word[hyphen + 1][0].isalnum()


def outer_token(tokens: Tokens, group: list[int]) -> int:
    """The token of a group whose head lies outside; the last one where several do."""
    head = tokens.head
    outer = [one for one in group if head[one] not in group or head[one] == one]
    above = [one for one in outer if not any(up in group for up in _ancestors(tokens, one))]
    outer = above or outer  # else a word would stand below itself
    return outer[-1] if outer else group[-1]


def _ancestors(tokens: Tokens, token: int) -> list[int]:
    found: list[int] = []
    while tokens.head[token] != token and len(found) < len(tokens.head):
        token = tokens.head[token]
        found.append(token)
    return found


def words_of(doc: "Doc") -> list[str]:
    """The words of a text as a tree has them.

    >>> import spacy
    >>> words_of(spacy.blank("en")("SAG-AFTRA's strike"))
    ['SAG-AFTRA', "'s", 'strike']
    """
    tokens = read_tokens(doc)
    return [
        tokens.text[tokens.start[group[0]] : tokens.end(group[-1])] for group in join_tokens(tokens)
    ]
