"""Sentences written for this project, annotated for one construction, and scores on them.

``data/languages/<code>/training/sentences`` holds JSON lines. ``names-*``: a text, its date and the
spans of names in it. ``agents-*``: passive verbs with a bare agent (``pairs`` of ``cue``, the verb,
and ``head``, the head word of the agent) and passive verbs that have none (``none``).
``reports-*``: reporting words and the head word of what they report. ``splits-*``: a text, what is
hard in it, and its sentences. All offsets count characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import pydantic
from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc, Token

from kg.errors import TrainingError, first_problem
from kg.name_corpora import NamedSentence
from kg.training_settings import STRICT, AgentSettings, ComplementSettings

_T = TypeVar("_T")


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class Span:
    """A stretch of characters with a label."""

    start: int
    end: int
    label: str


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class MarkedNames:
    """A sentence with its names; ``date`` is year and month, ``topic`` the dispute or theme."""

    text: str
    date: str
    topic: str
    spans: tuple[Span, ...]

    def __post_init__(self) -> None:
        stretches = sorted((span.start, span.end) for span in self.spans)
        _check_inside(self.text, stretches)
        for (_, end), (start, _) in pairwise(stretches):
            if start < end:
                raise ValueError(f"two names at {start}; expected names that do not overlap")


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class Pair:
    """A verb or reporting word and the head word that belongs to it."""

    cue: tuple[int, int]
    head: tuple[int, int]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class MarkedPairs:
    """A sentence with pairs of words and the words that make no pair."""

    text: str
    pairs: tuple[Pair, ...]
    none: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        _check_inside(self.text, [s for pair in self.pairs for s in (pair.cue, pair.head)])
        _check_inside(self.text, self.none)


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class SplitText:
    """A text with its sentences, in order, without white space between; ``kind`` is the trap."""

    kind: str
    text: str
    sentences: tuple[str, ...]

    def __post_init__(self) -> None:
        if "".join("".join(self.sentences).split()) != "".join(self.text.split()):
            raise ValueError("expected sentences that make up the text, in order")


def _check_inside(text: str, stretches: Iterable[tuple[int, int]]) -> None:
    for start, end in stretches:
        if not 0 <= start < end <= len(text):
            raise ValueError(
                f"{start} to {end}: no characters of the text; expected offsets in it, from 0 to "
                f"{len(text)}, the end not included"
            )


def read_splits(path: Path) -> list[SplitText]:
    """Read ``splits-*.jsonl``; errors as in ``read_names``."""
    return _read(path, SplitText)


def read_names(path: Path) -> list[MarkedNames]:
    """Read ``names-*.jsonl``, in order; ``TrainingError`` with file and line if it is malformed."""
    return _read(path, MarkedNames)


def read_pairs(path: Path) -> list[MarkedPairs]:
    """Read ``agents-*.jsonl`` or ``reports-*.jsonl``; errors as in ``read_names``."""
    return _read(path, MarkedPairs)


def _read(path: Path, kind: type[_T]) -> list[_T]:
    adapter = pydantic.TypeAdapter(kind)
    sentences: list[_T] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path}: {error}; expected JSON lines") from error
    for number, line in enumerate(lines, start=1):
        try:
            sentences.append(adapter.validate_json(line))
        except pydantic.ValidationError as error:
            raise TrainingError(f"{path}:{number}: {first_problem(error)}") from error
    return sentences


def _first(doc: Doc, begin: int, end: int) -> int:
    span = doc.char_span(begin, end, alignment_mode="expand")
    if span is None:
        raise TrainingError(f"{doc.text!r}: no word at {begin} to {end}")
    return int(span[0].i)


def to_bio(sentences: Iterable[MarkedNames], tokenizer: Tokenizer) -> list[NamedSentence]:
    """Words and BIO labels of marked sentences; a name that cuts a word takes the whole word."""
    labelled: list[NamedSentence] = []
    for sentence in sentences:
        doc = tokenizer(sentence.text)
        tags = ["O"] * len(doc)
        for span in sentence.spans:
            words = doc.char_span(span.start, span.end, alignment_mode="expand")
            for place, word in enumerate(words or ()):
                tags[word.i] = f"{'I' if place else 'B'}-{span.label}"
        labelled.append((tuple(word.text for word in doc), tuple(tags)))
    return labelled


def word_pairs(sentence: MarkedPairs, doc: Doc) -> list[tuple[int, int]]:
    """The pairs of a sentence as indices of tokens: cue and head."""
    return [(_first(doc, *pair.cue), _first(doc, *pair.head)) for pair in sentence.pairs]


def other_words(sentence: MarkedPairs, doc: Doc) -> list[int]:
    """The words without a partner, as indices of tokens."""
    return [_first(doc, *span) for span in sentence.none]


def score_agents(
    nlp: Language, sentences: Sequence[MarkedPairs], settings: AgentSettings
) -> dict[str, float]:
    """Precision, recall and F, in percent, of pairs of passive verb and bare agent.

    Found are the edges with the label of agents that have no marker such as *oleh*.
    """

    def found(doc: Doc) -> set[tuple[int, int]]:
        return {
            (token.head.i, token.i)
            for token in doc
            if token.dep_ == settings.label
            and not any(child.lower_ in settings.markers for child in token.children)
        }

    return _score((set(word_pairs(s, doc)), found(doc)) for s, doc in _parsed(nlp, sentences))


def score_reports(
    nlp: Language, sentences: Sequence[MarkedPairs], settings: ComplementSettings
) -> dict[str, float]:
    """Precision, recall and F, in percent, of pairs of reporting word and reported clause.

    Found are complements, clauses with a complementizer whatever their label, and parataxis, for
    which treebanks put the reporting word above the quote or below it: pairs have no direction.
    """

    def reports(token: Token) -> bool:
        marked = any(child.lower_ in settings.markers for child in token.children)
        return token.dep_ in settings.reports or (marked and token.dep_ != "ROOT")

    def found(doc: Doc) -> set[tuple[int, int]]:
        return {_unordered(token.head.i, token.i) for token in doc if reports(token)}

    return _score(
        ({_unordered(*pair) for pair in word_pairs(s, doc)}, found(doc))
        for s, doc in _parsed(nlp, sentences)
    )


def score_splits(nlp: Language, texts: Sequence[SplitText]) -> dict[str, float]:
    """F of sentences, in percent, over all texts and for each kind; both ends must be right."""
    pairs: dict[str, list[tuple[set[tuple[int, int]], set[tuple[int, int]]]]] = {}
    for text, doc in zip(texts, nlp.pipe([text.text for text in texts]), strict=True):
        wanted, begin = set(), 0
        for sentence in text.sentences:
            begin = text.text.index(sentence, begin)
            wanted.add((begin, begin + len(sentence)))
            begin += len(sentence)
        found = {
            (span.start_char + len(span.text) - len(span.text.lstrip()), at)
            for span in doc.sents
            if (at := span.start_char + len(span.text.rstrip())) > span.start_char
        }
        for kind in ("all", text.kind):
            pairs.setdefault(kind, []).append((wanted, found))
    return {kind: _score(part)["F"] for kind, part in pairs.items()}


def _parsed(nlp: Language, sentences: Sequence[MarkedPairs]) -> Iterable[tuple[MarkedPairs, Doc]]:
    return zip(sentences, nlp.pipe([s.text for s in sentences]), strict=True)


def _unordered(first: int, second: int) -> tuple[int, int]:
    return min(first, second), max(first, second)


def _score(pairs: Iterable[tuple[set[tuple[int, int]], set[tuple[int, int]]]]) -> dict[str, float]:
    right = wanted = found = 0
    for gold, predicted in pairs:
        right += len(gold & predicted)
        wanted += len(gold)
        found += len(predicted)
    return {
        "precision": 100 * right / found if found else 0.0,
        "recall": 100 * right / wanted if wanted else 0.0,
        "F": 200 * right / (found + wanted) if right else 0.0,
    }
