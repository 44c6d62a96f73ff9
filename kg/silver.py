"""Silver data: raw text and half-annotated sentences with the trees and names that teachers give.

What teachers are sure of is kept and teaches the small pipeline together with the treebanks
(distillation through annotated text: Hinton et al. 2015; tri-training for parsers: Weiss et al.
2015). Annotation conventions are applied to it as to the treebanks.
"""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]

from kg.constructions import MarkedPairs, other_words, word_pairs
from kg.corpora import plain_text
from kg.encoder import WordPieces
from kg.name_corpora import NamedSentence
from kg.teachers import Hints, NameTeacher, Parse, ParserTeacher, find_names, parse
from kg.training_settings import Corpora, SilverSettings
from kg.treebanks import TreebankSentence, as_written, label_agents, label_complements


@dataclass(frozen=True, slots=True)
class RawSentence:
    """Words of raw text and whether a blank follows each."""

    words: tuple[str, ...]
    spaces: tuple[bool, ...]

    @property
    def text(self) -> str:
        """The sentence as it is written."""
        return as_written(self.words, self.spaces)


def split_text(
    lines: Iterable[str], nlp: Language, settings: SilverSettings, tested: frozenset[str]
) -> Iterator[tuple[RawSentence, ...]]:
    """Yield the sentences of each line, as ``nlp`` splits it.

    Left out are sentences that were there before, those of ``tested`` (in the form of
    ``plain_text``, which must not be trained on), those with a blank word, which no name may end in
    when spaCy learns it, and lines with a sentence too short or too long.
    """
    seen: set[str] = set()
    for doc in nlp.pipe(lines):
        sentences = []
        for span in doc.sents:
            raw = RawSentence(
                tuple(token.text for token in span), tuple(bool(t.whitespace_) for t in span)
            )
            if any(word.isspace() for word in raw.words):
                continue
            if raw.text not in seen and plain_text(raw.text) not in tested:
                seen.add(raw.text)
                sentences.append(raw)
        lengths = [len(raw.words) for raw in sentences]
        if sentences and settings.shortest <= min(lengths) and max(lengths) <= settings.longest:
            yield tuple(sentences)


def write_paragraphs(paragraphs: Iterable[Sequence[RawSentence]], path: Path) -> None:
    """Write paragraphs as JSON lines, each a list of sentences: words, and 1 or 0 for a blank."""
    with path.open("w", encoding="utf-8") as lines:
        for paragraph in paragraphs:
            rows = [(raw.words, [int(space) for space in raw.spaces]) for raw in paragraph]
            lines.write(json.dumps(rows, ensure_ascii=False) + "\n")


def read_paragraphs(path: Path) -> list[tuple[RawSentence, ...]]:
    """Read what ``write_paragraphs`` wrote."""
    with path.open(encoding="utf-8") as lines:
        return [
            tuple(
                RawSentence(tuple(words), tuple(bool(space) for space in spaces))
                for words, spaces in json.loads(line)
            )
            for line in lines
        ]


def draw(
    paragraphs: Iterable[tuple[RawSentence, ...]], words: int, chance: random.Random
) -> list[tuple[RawSentence, ...]]:
    """About so many words of paragraphs in random order."""
    shuffled = list(paragraphs)
    chance.shuffle(shuffled)
    total, drawn = 0, []
    for paragraph in shuffled:
        if total >= words:
            break
        total += sum(len(raw.words) for raw in paragraph)
        drawn.append(paragraph)
    return drawn


def parse_paragraphs(
    paragraphs: Sequence[tuple[RawSentence, ...]],
    teachers: Sequence[ParserTeacher],
    pieces: WordPieces,
    corpora: Corpora,
) -> Iterator[tuple[TreebankSentence, ...]]:
    """Yield those paragraphs, as trees, of whose edges the teachers are sure enough on average."""
    flat = [raw for paragraph in paragraphs for raw in paragraph]
    trees = dict(parse(teachers, [raw.words for raw in flat], pieces))
    number = 0
    for paragraph in paragraphs:
        group = [(raw, trees[number + i]) for i, raw in enumerate(paragraph)]
        number += len(paragraph)
        words = sum(len(raw.words) for raw in paragraph)
        sure = sum(tree.confidence * len(raw.words) for raw, tree in group) / words
        if sure >= corpora.silver.least_confidence:
            yield tuple(_conventional(_as_sentence(raw, tree), corpora) for raw, tree in group)


def _conventional(sentence: TreebankSentence, corpora: Corpora) -> TreebankSentence:
    return label_complements(label_agents(sentence, corpora.agent), corpora.complement)


def parse_marked(
    agents: Sequence[MarkedPairs],
    reports: Sequence[MarkedPairs],
    tokenizer: Tokenizer,
    teachers: Sequence[ParserTeacher],
    pieces: WordPieces,
    corpora: Corpora,
) -> list[TreebankSentence]:
    """Full trees of sentences in which only one construction is annotated, which they obey.

    A verb without a bare agent may still have one with a marker: that one is labelled by rule.
    """
    sentences: list[RawSentence] = []
    hints: dict[int, Hints] = {}
    label, complement = corpora.agent.label, corpora.complement
    for marked, kind in [*((s, "agents") for s in agents), *((s, "reports") for s in reports)]:
        doc = tokenizer(marked.text)
        pairs = word_pairs(marked, doc)
        hints[len(sentences)] = (
            Hints(
                {head: (cue, label) for cue, head in pairs},
                never=tuple((verb, label) for verb in other_words(marked, doc)),
            )
            if kind == "agents"
            else Hints(
                {},
                either=tuple(
                    (cue, head, complement.label, complement.above) for cue, head in pairs
                ),
            )
        )
        sentences.append(
            RawSentence(tuple(token.text for token in doc), tuple(bool(t.whitespace_) for t in doc))
        )
    trees = dict(parse(teachers, [raw.words for raw in sentences], pieces, hints=hints))
    only_marked = replace(corpora.agent, bare=frozenset())
    return [
        label_agents(_as_sentence(raw, trees[i]), only_marked) for i, raw in enumerate(sentences)
    ]


def _as_sentence(raw: RawSentence, tree: Parse) -> TreebankSentence:
    return TreebankSentence(
        sent_id="",
        words=raw.words,
        spaces=raw.spaces,
        lemmas=("",) * len(raw.words),
        tags=tree.tags,
        features=tree.features,
        heads=tree.heads,
        relations=tree.relations,
    )


def name_sentences(
    sentences: Sequence[Sequence[str]],
    teachers: Sequence[NameTeacher],
    pieces: WordPieces,
    *,
    main: str,
    more: str,
    least: float,
) -> list[NamedSentence]:
    """Names of raw sentences: those of the corpus ``main``, and of ``more`` the kinds it lacks.

    A name of ``more`` that touches one of ``main`` is left out, a sentence with a word of which
    the teachers are less sure than ``least`` too.
    """
    known = teachers[0].kinds[main]
    first = find_names(teachers, sentences, pieces, corpus=main)
    second = find_names(teachers, sentences, pieces, corpus=more)
    return [
        (tuple(words), add_names(tags, other, but=known))
        for words, (tags, sure), (other, also) in zip(sentences, first, second, strict=True)
        if min(sure, also) >= least
    ]


def complete_names(
    sentences: Sequence[NamedSentence],
    teachers: Sequence[NameTeacher],
    pieces: WordPieces,
    *,
    main: str,
    more: str,
    keep: bool,
) -> list[NamedSentence]:
    """Annotated sentences with the kinds of names that only the corpus ``more`` has.

    Their own names are kept with ``keep``, else replaced by those that the conventions of the
    corpus ``main`` ask for.
    """
    words = [words for words, _ in sentences]
    known = teachers[0].kinds[main]
    second = find_names(teachers, words, pieces, corpus=more)
    first = [tags for _, tags in sentences]
    if not keep:
        first = [tags for tags, _ in find_names(teachers, words, pieces, corpus=main)]
    return [
        (sentence, add_names(tags, other, but=known))
        for sentence, tags, (other, _) in zip(words, first, second, strict=True)
    ]


def add_names(tags: Sequence[str], more: Sequence[str], *, but: Collection[str]) -> tuple[str, ...]:
    """BIO labels with the names of ``more`` that touch none of ``tags``, but for some kinds.

    >>> add_names(["B-PER", "O", "O"], ["B-SYS", "O", "B-GRP"], but=["PER", "ORG"])
    ('B-PER', 'O', 'B-GRP')
    """
    merged = list(tags)
    for begin, end, kind in spans(more):
        if kind not in but and all(tag == "O" for tag in tags[begin:end]):
            merged[begin:end] = more[begin:end]
    return tuple(merged)


def spans(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Begin, end (not included) and kind of the names in BIO labels, in order.

    >>> spans(["B-PER", "I-PER", "B-ORG", "O"])
    [(0, 2, 'PER'), (2, 3, 'ORG')]
    """
    found: list[tuple[int, int, str]] = []
    for i, tag in enumerate(tags):
        if tag.startswith("B-"):
            found.append((i, i + 1, tag[2:]))
        elif tag.startswith("I-") and found and found[-1][1] == i:
            found[-1] = (found[-1][0], i + 1, found[-1][2])
    return found
