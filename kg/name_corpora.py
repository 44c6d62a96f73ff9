"""Corpora of names in BIO columns: read, varied with other names, split by their use."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import TrainingError
from kg.training_settings import Corpora, find_file

NamedSentence = tuple[tuple[str, ...], tuple[str, ...]]
"""Words and their BIO labels."""


def read_names(path: Path, labels: Mapping[str, str]) -> list[NamedSentence]:
    """Read a file of names in BIO columns; ``labels`` says what each label becomes.

    Lines are a word, optional further columns and the label, parted by white space; an empty line
    ends a sentence. Raises ``TrainingError`` with the line for a missing label or one that
    ``labels`` lacks.
    """
    sentences: list[NamedSentence] = []
    words: list[str] = []
    tags: list[str] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path}: {error}; expected names in BIO columns, UTF-8") from error
    for number, line in enumerate([*lines, ""], start=1):
        columns = line.split()
        if not columns:
            if words:
                sentences.append((tuple(words), tuple(tags)))
            words, tags = [], []
            continue
        position, _, label = columns[-1].partition("-")
        if len(columns) < 2 or position not in {"B", "I", "O"} or (label and label not in labels):
            raise TrainingError(
                f"{path}:{number}: {line.strip()!r}: expected a word and O, B-LABEL or I-LABEL "
                f"with one of {', '.join(sorted(labels))}"
            )
        words.append(columns[0])
        tags.append(f"{position}-{labels[label]}" if label else "O")
    if not sentences:
        raise TrainingError(f"{path}: no sentence in it; expected names in BIO columns")
    return sentences


@dataclass(frozen=True, slots=True)
class Names:
    """Sentences with names for training, for choosing the best step, for testing, by corpus."""

    train: dict[str, tuple[NamedSentence, ...]]
    stop: dict[str, tuple[NamedSentence, ...]]
    test: dict[str, tuple[NamedSentence, ...]]
    files: tuple[Path, ...]
    dropped: int


def load_names(folder: Path, corpora: Corpora) -> Names:
    """Read all corpora of names; training sentences that a test set has too are dropped."""
    files: list[Path] = []

    def read(names: Sequence[str]) -> list[NamedSentence]:
        paths = [find_file(folder, [name]) for name in names]
        files.extend(paths)
        return [s for path in paths for s in read_names(path, corpora.name_labels)]

    test = {settings.name: tuple(read(settings.test)) for settings in corpora.names}
    tested = {words for sentences in test.values() for words, _ in sentences}
    train = {settings.name: read(settings.train) for settings in corpora.names}
    stop = {settings.name: tuple(read(settings.stop)) for settings in corpora.names}
    fresh = {name: tuple(s for s in part if s[0] not in tested) for name, part in train.items()}
    dropped = sum(len(train[name]) - len(part) for name, part in fresh.items())
    return Names(fresh, stop, test, tuple(files), dropped)


def kinds_of(sentences: Iterable[NamedSentence]) -> tuple[str, ...]:
    """The kinds of names in sentences, sorted."""
    return tuple(sorted({tag[2:] for _, tags in sentences for tag in tags} - {""}))


def vary_names(
    sentences: Sequence[NamedSentence],
    names: Mapping[str, Sequence[tuple[str, ...]]],
    share: float,
    chance: random.Random,
) -> list[NamedSentence]:
    """Add copies of sentences with other names of the same labels, drawn from ``names``.

    ``share`` of the sentences that have a name with such a label are copied; the corpora are older
    than the organisations and people of AI disputes, and this shows the recogniser how such names
    look. Names are tuples of words.
    """
    varied = list(sentences)
    for words, tags in sentences:
        if not any(names.get(tag[2:]) for tag in tags) or chance.random() >= share:
            continue
        new_words: list[str] = []
        new_tags: list[str] = []
        replaced = False
        for word, tag in zip(words, tags, strict=True):
            label = tag[2:]
            if tag.startswith("B-") and names.get(label):
                name = chance.choice(names[label])
                new_words.extend(name)
                new_tags.extend([tag, *[f"I-{label}"] * (len(name) - 1)])
                replaced = True
            elif not (replaced and tag.startswith("I-")):
                replaced = False
                new_words.append(word)
                new_tags.append(tag)
        varied.append((tuple(new_words), tuple(new_tags)))
    return varied
