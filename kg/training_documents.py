"""Annotated sentences as the documents that components are trained on, laid out like articles."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.name_corpora import NamedSentence
from kg.training_settings import LayoutSettings
from kg.treebanks import TreebankSentence

_T = TypeVar("_T")


def vary_layout(
    sentences: Sequence[TreebankSentence], settings: LayoutSettings, chance: random.Random
) -> list[TreebankSentence]:
    """Sentences of a document as articles lay them out, so that a parser learns their borders.

    Between two sentences there may be a line break, a full stop may be missing before it (as after
    a headline), the blank after a full stop may be missing, whole sentences may stand in quotes,
    and a document may be a list, the first sentence of which may lead in.
    """
    listed = len(sentences) > 1 and chance.random() < settings.lists
    led = listed and chance.random() < settings.led
    bullet = chance.choice(settings.bullets)
    if not listed and chance.random() < settings.quotes:
        sentences = _with_quotes(sentences, settings, chance)
    varied = []
    for number, plain in enumerate(sentences):
        sentence = _with_bullet(plain, bullet, number + 1 - led) if listed else plain
        if led and number == 0:
            sentence = _leading_in(plain)
        last = number == len(sentences) - 1
        if not last and (listed or chance.random() < settings.breaks):
            whole = _without_stop(sentence) if chance.random() < settings.headlines else sentence
            varied.append(_with_break(whole, chance.choice(settings.line_breaks)))
            continue
        joined = (
            not last
            and _ends_in_a_word(sentence, settings)
            and sentences[number + 1].words[0][:1].isupper()
            and chance.random() < settings.blanks_missing
        )
        varied.append(replace(sentence, spaces=(*sentence.spaces[:-1], not joined)))
    return varied


def _ends_in_a_word(sentence: TreebankSentence, settings: LayoutSettings) -> bool:
    # Only there the tokenizer parts the full stop from a capital that follows without a blank.
    closed = sentence.words[-1] in {end for _, end in settings.quote_marks}
    *_, last, stop = ("", "", *sentence.words[: -1 if closed else None])
    return stop == "." and last[-1:].isalnum()


def _with_quotes(
    sentences: Sequence[TreebankSentence], settings: LayoutSettings, chance: random.Random
) -> Sequence[TreebankSentence]:
    """One or two of the sentences, if they are whole and have no quotes, put in quotes together."""
    marks = {mark for pair in settings.quote_marks for mark in pair}
    first = chance.randrange(len(sentences))
    quoted = sentences[first : first + chance.choice((1, 2))]
    begin, end = chance.choice(settings.quote_marks)
    if any(s.words[-1] != "." or marks.intersection(s.words) for s in quoted):
        return sentences
    quoted = [_with_front(quoted[0], (begin,), joined=True), *quoted[1:]]
    quoted[-1] = _with_end(quoted[-1], end)
    return [*sentences[:first], *quoted, *sentences[first + len(quoted) :]]


def _with_end(sentence: TreebankSentence, mark: str) -> TreebankSentence:
    return replace(
        sentence,
        words=(*sentence.words, mark),
        spaces=(*sentence.spaces[:-1], False, True),
        lemmas=(*sentence.lemmas, mark),
        tags=(*sentence.tags, "PUNCT"),
        features=(*sentence.features, ""),
        heads=(*sentence.heads, sentence.relations.index("ROOT")),
        relations=(*sentence.relations, "punct"),
    )


def _leading_in(sentence: TreebankSentence) -> TreebankSentence:
    if sentence.words[-1] != ".":
        return sentence
    return replace(sentence, words=(*sentence.words[:-1], ":"))


def _with_bullet(sentence: TreebankSentence, bullet: str, number: int) -> TreebankSentence:
    letter = chr(ord("A") + (number - 1) % 26)
    marks = tuple(bullet.format(number, letter=letter).split())
    return _with_front(sentence, marks, joined=False)


def _with_front(
    sentence: TreebankSentence, marks: Sequence[str], *, joined: bool
) -> TreebankSentence:
    count = len(marks)
    root = sentence.relations.index("ROOT") + count
    return TreebankSentence(
        sent_id=sentence.sent_id,
        words=(*marks, *sentence.words),
        spaces=(*[False] * (count - 1), not joined, *sentence.spaces),
        lemmas=(*marks, *sentence.lemmas),
        tags=(*("NUM" if mark.isdecimal() else "PUNCT" for mark in marks), *sentence.tags),
        features=(*[""] * count, *sentence.features),
        heads=(*[root] * count, *(head + count for head in sentence.heads)),
        relations=(*("dep" if m.isdecimal() else "punct" for m in marks), *sentence.relations),
    )


def _without_stop(sentence: TreebankSentence) -> TreebankSentence:
    last = len(sentence.words) - 1
    if last < 1 or sentence.words[last] != "." or last in sentence.heads:
        return sentence
    return TreebankSentence(
        sent_id=sentence.sent_id,
        words=sentence.words[:-1],
        spaces=sentence.spaces[:-1],
        lemmas=sentence.lemmas[:-1],
        tags=sentence.tags[:-1],
        features=sentence.features[:-1],
        heads=sentence.heads[:-1],
        relations=sentence.relations[:-1],
    )


def _with_break(sentence: TreebankSentence, line_break: str) -> TreebankSentence:
    # As spaCy has it: white space is a token, its head is the token before it.
    return TreebankSentence(
        sent_id=sentence.sent_id,
        words=(*sentence.words, line_break),
        spaces=(*sentence.spaces[:-1], False, False),
        lemmas=(*sentence.lemmas, line_break),
        tags=(*sentence.tags, "SPACE"),
        features=(*sentence.features, ""),
        heads=(*sentence.heads, len(sentence.words) - 1),
        relations=(*sentence.relations, "dep"),
    )


def _in_groups(
    sentences: Sequence[_T], chance: random.Random, shortest: int, longest: int
) -> Iterator[Sequence[_T]]:
    start = 0
    while start < len(sentences):
        end = start + chance.randint(shortest, longest)
        yield sentences[start:end]
        start = end


def make_documents(
    sentences: Sequence[TreebankSentence],
    vocab: Vocab,
    *,
    chance: random.Random,
    shortest: int = 1,
    longest: int = 1,
    layout: LayoutSettings | None = None,
) -> Iterator[Doc]:
    """Yield docs of ``shortest`` to ``longest`` sentences, in order; ``chance`` draws how many.

    Sentences are parted by a blank, or as ``layout`` says (see ``vary_layout``).
    """
    for plain in _in_groups(sentences, chance, shortest, longest):
        group = (
            vary_layout(plain, layout, chance)
            if layout
            else [replace(s, spaces=(*s.spaces[:-1], True)) for s in plain]
        )
        offsets = [sum(len(s.words) for s in group[:k]) for k in range(len(group))]
        yield Doc(
            vocab,
            words=[word for s in group for word in s.words],
            spaces=[space for s in group for space in s.spaces],
            pos=[tag for s in group for tag in s.tags],
            morphs=[features for s in group for features in s.features],
            heads=[
                head + offset for s, offset in zip(group, offsets, strict=True) for head in s.heads
            ],
            deps=[relation for s in group for relation in s.relations],
        )


def make_name_documents(
    sentences: Sequence[NamedSentence],
    vocab: Vocab,
    *,
    chance: random.Random,
    shortest: int = 1,
    longest: int = 1,
) -> Iterator[Doc]:
    """Yield docs of ``shortest`` to ``longest`` sentences with their names, in order."""
    for group in _in_groups(sentences, chance, shortest, longest):
        yield Doc(
            vocab,
            words=[word for words, _ in group for word in words],
            ents=[tag for _, tags in group for tag in tags],
        )
