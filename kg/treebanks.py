"""Treebanks in CoNLL-U: read, their annotation conventions made one, split by their use."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.errors import TrainingError
from kg.training_settings import (
    AgentSettings,
    ComplementSettings,
    Corpora,
    FeatureSettings,
    Split,
    find_file,
)


def as_written(words: Iterable[str], spaces: Iterable[bool]) -> str:
    """Words with a blank behind those that have one, none at the ends.

    >>> as_written(["Sora", "ditunda", "."], [True, False, True])
    'Sora ditunda.'
    """
    pairs = zip(words, spaces, strict=True)
    return "".join(word + " " * space for word, space in pairs).strip()


@dataclass(frozen=True, slots=True)
class TreebankSentence:
    """One annotated sentence, one entry a token, clitics already merged.

    ``heads`` are indices into the sentence; the root is its own head. ``features`` are in the
    notation of CoNLL-U, sorted, "" for none; a lemma is "" where the treebank gives none.
    """

    sent_id: str
    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    lemmas: tuple[str, ...]
    tags: tuple[str, ...]
    features: tuple[str, ...]
    heads: tuple[int, ...]
    relations: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sentence as it is written."""
        return as_written(self.words, self.spaces)


def read_treebank(path: Path, clitics: Mapping[str, str]) -> list[TreebankSentence]:
    """Read a CoNLL-U file; multiword tokens become one token, as spaCy has no others.

    A merged token takes lemma, tag, features, head and relation of the part whose head lies
    outside it (the first such part), and the feature ``Clitic`` if ``clitics`` knows the relation
    of another part. The children of all parts become its children. Empty nodes are left out. Order
    is that of the file.

    Raises ``TrainingError`` for a missing file, text that is not CoNLL-U and trees that are none.
    """
    import conllu  # noqa: PLC0415 - needed for training only
    from conllu.exceptions import ParseException  # noqa: PLC0415

    sentences: list[TreebankSentence] = []
    last = "the beginning"
    try:
        with path.open(encoding="utf-8") as lines:
            for tokens in conllu.parse_incr(lines):
                last = tokens.metadata.get("sent_id") or f"sentence {len(sentences) + 1}"
                sentences.append(_merge_clitics(tokens, last, clitics))
    except FileNotFoundError as error:
        raise TrainingError(f"{path}: no such file; expected a treebank in CoNLL-U") from error
    except (
        ParseException,
        UnicodeDecodeError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
    ) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise TrainingError(
            f"{path}: at or after {last}: {reason}; expected CoNLL-U with ten tab-separated columns"
        ) from error
    if not sentences:
        raise TrainingError(f"{path}: no sentence in it; expected a treebank in CoNLL-U")
    return sentences


def _merge_clitics(
    tokens: Sequence[Mapping[str, Any]], sent_id: str, clitics: Mapping[str, str]
) -> TreebankSentence:
    parts = {token["id"]: token for token in tokens if isinstance(token["id"], int)}
    surfaces: list[tuple[Mapping[str, Any], tuple[int, ...]]] = []
    covered: set[int] = set()
    for token in tokens:
        number = token["id"]
        if isinstance(number, int):
            if number not in covered:
                surfaces.append((token, (number,)))
        elif number[1] == "-":
            inside = tuple(range(number[0], number[2] + 1))
            covered.update(inside)
            surfaces.append((token, inside))
    index = {part: i for i, (_, inside) in enumerate(surfaces) for part in inside}
    lemmas, tags, features, heads, relations = [], [], [], [], []
    for i, (_, inside) in enumerate(surfaces):
        host = next((n for n in inside if parts[n]["head"] not in inside), inside[0])
        feats = dict(parts[host]["feats"] or {})
        for part in inside:
            if part != host and parts[part]["deprel"] in clitics and len(parts[part]["form"]) < 4:
                feats["Clitic"] = clitics[parts[part]["deprel"]]
        head = parts[host]["head"]
        if head != 0 and head not in index:
            raise ValueError(f"word {host} has the head {head}, which is not in the sentence")
        lemmas.append("" if parts[host]["lemma"] == "_" else parts[host]["lemma"])
        tags.append(parts[host]["upos"])
        features.append(_join_features(feats))
        heads.append(i if head == 0 else index[head])
        relations.append("ROOT" if head == 0 else parts[host]["deprel"])
    if relations.count("ROOT") != 1:
        raise ValueError(f"{sent_id} has {relations.count('ROOT')} roots, expected one")
    return TreebankSentence(
        sent_id=sent_id,
        words=tuple(token["form"] for token, _ in surfaces),
        spaces=tuple((token["misc"] or {}).get("SpaceAfter") != "No" for token, _ in surfaces),
        lemmas=tuple(lemmas),
        tags=tuple(tags),
        features=tuple(features),
        heads=tuple(heads),
        relations=tuple(relations),
    )


def _join_features(features: Mapping[str, str]) -> str:
    return "|".join(f"{key}={features[key]}" for key in sorted(features, key=str.lower))


def keep_features(sentence: TreebankSentence, keep: Iterable[str]) -> TreebankSentence:
    """Leave out all features but those of ``keep`` and ``Clitic``."""
    wanted = {*keep, "Clitic"}

    def kept(features: str) -> str:
        return "|".join(pair for pair in features.split("|") if pair.partition("=")[0] in wanted)

    return replace(sentence, features=tuple(kept(features) for features in sentence.features))


def label_agents(sentence: TreebankSentence, settings: AgentSettings) -> TreebankSentence:
    """Give the agent of a passive verb the relation ``obl:agent``, whatever the treebank calls it.

    Two forms of agent: a phrase with *oleh* under a verb with the passive prefix, and a bare noun
    phrase right after such a verb, with nothing but its own quantifiers and numerals between. What
    the treebank takes for an object is an agent only if the verb has its patient elsewhere: as
    subject, as subject of the verb it is joined to, or as the noun that it modifies.
    """
    children: dict[int, list[int]] = defaultdict(list)
    for i, head in enumerate(sentence.heads):
        if head != i:
            children[head].append(i)
    words = [word.lower() for word in sentence.words]
    relations = list(sentence.relations)

    def has_patient(verb: int) -> bool:
        if any(sentence.relations[j] in settings.subjects for j in children[verb]):
            return True
        if sentence.relations[verb] in settings.modifiers:
            return True
        return sentence.relations[verb] == settings.joined and has_patient(sentence.heads[verb])

    for i, relation in enumerate(sentence.relations):
        head = sentence.heads[i]
        passive = sentence.tags[head] == "VERB" and (
            words[head].startswith(settings.verb_prefix) or "Voice=Pass" in sentence.features[head]
        )
        if not passive or relation == "ROOT":
            continue
        cases = [words[j] for j in children[i] if sentence.relations[j] == "case"]
        if any(case in settings.markers for case in cases):
            if relation in settings.marked:
                relations[i] = settings.label
            continue
        between = range(head + 1, i)
        if (
            relation in settings.bare
            and i > head
            and not cases
            and all(
                sentence.heads[j] == i and sentence.relations[j] in settings.quantifiers
                for j in between
            )
            and sentence.tags[i] in settings.tags
            and words[head].startswith(settings.verb_prefix)
            and words[head] not in settings.other_verbs
            and not {words[i], *(words[j] for j in between)} & settings.other_nouns
            and "Clitic=" not in sentence.features[i]
            and has_patient(head)
        ):
            relations[i] = settings.label
    return replace(sentence, relations=tuple(relations))


def label_complements(sentence: TreebankSentence, settings: ComplementSettings) -> TreebankSentence:
    """Give a clause with a complementizer under a verb one relation in all treebanks.

    The treebanks call *bahwa* clauses complements here and adverbial clauses there.
    """
    relations = list(sentence.relations)
    for i, word in enumerate(sentence.words):
        clause = sentence.heads[i]
        if (
            word.lower() in settings.markers
            and sentence.relations[i] == "mark"
            and relations[clause] in settings.others
            and sentence.tags[sentence.heads[clause]] in settings.heads
        ):
            relations[clause] = settings.label
    return replace(sentence, relations=tuple(relations))


def is_held_out(sent_id: str, split: Split) -> bool:
    """Whether a sentence belongs to a document that is kept for testing.

    >>> is_held_out("n01001011", Split(key=6, of=10, below=3)), zlib.crc32(b"n01001") % 10
    (False, 8)
    """
    return zlib.crc32(sent_id[: split.key].encode()) % split.of < split.below


def _word_shape(word: str, tag: str, settings: FeatureSettings) -> tuple[str, ...]:
    lower = word.lower()
    halves = lower.split("-")
    doubled = "doubled" if len(halves) > 1 and halves[1].startswith(halves[0]) else ""
    return (tag, lower[: settings.prefix], lower[-settings.suffix :], doubled)


def fill_features(
    sentences: Sequence[TreebankSentence],
    examples: Sequence[TreebankSentence],
    settings: FeatureSettings,
) -> list[TreebankSentence]:
    """Guess the features of sentences that have none from ``examples`` that have them.

    A word takes the features that its form and tag have most often; else those of its tag with the
    same first letters, last letters and reduplication; else those of its tag with the same first
    letters; else those of its tag.
    """
    counts: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)

    def keys(word: str, tag: str) -> list[tuple[str, ...]]:
        shape = _word_shape(word, tag, settings)
        return [("form", tag, word.lower()), shape, (shape[0], shape[1], shape[3]), (tag,)]

    for sentence in examples:
        for word, tag, features in zip(
            sentence.words, sentence.tags, sentence.features, strict=True
        ):
            for key in keys(word, tag):
                counts[key][features] += 1

    def guess(word: str, tag: str) -> str:
        for key in keys(word, tag):
            if counts.get(key):
                best = counts[key].most_common()
                return min(f for f, n in best if n == best[0][1])
        return ""

    return [
        replace(s, features=tuple(guess(w, t) for w, t in zip(s.words, s.tags, strict=True)))
        for s in sentences
    ]


@dataclass(frozen=True, slots=True)
class Treebanks:
    """Sentences for training (with copies), for choosing the best step, for testing."""

    train: tuple[tuple[TreebankSentence, ...], ...]
    stop: tuple[TreebankSentence, ...]
    test: dict[str, tuple[TreebankSentence, ...]]
    files: tuple[Path, ...]
    dropped: int


def load_treebanks(folder: Path, corpora: Corpora) -> Treebanks:
    """Read all treebanks of ``corpora``, make their conventions one and split them.

    A training sentence whose text is also in a test set is dropped and counted in ``dropped``.
    """
    files = [find_file(folder, settings.files) for settings in corpora.treebank]
    read = [
        [
            label_agents(keep_features(s, corpora.features.keep), corpora.agent)
            for s in read_treebank(path, corpora.clitics)
        ]
        for path in files
    ]
    test: dict[str, tuple[TreebankSentence, ...]] = {}
    train_parts: list[list[TreebankSentence]] = []
    for settings, sentences in zip(corpora.treebank, read, strict=True):
        part = sentences
        if settings.role == "test":
            test[settings.name] = tuple(sentences)
            part = []
        elif settings.split is not None:
            split = settings.split
            test[settings.name] = tuple(s for s in sentences if is_held_out(s.sent_id, split))
            part = [s for s in sentences if not is_held_out(s.sent_id, split)]
        train_parts.append(part)
    tested = {s.text.casefold() for sentences in test.values() for s in sentences}
    train: list[tuple[TreebankSentence, ...]] = []
    stop: list[TreebankSentence] = []
    dropped = 0
    annotated = [
        s
        for part in train_parts
        for s in part
        if any(s.features) and s.text.casefold() not in tested
    ]
    for settings, part in zip(corpora.treebank, train_parts, strict=True):
        fresh = [s for s in part if s.text.casefold() not in tested]
        dropped += len(part) - len(fresh)
        if fresh and not any(any(s.features) for s in fresh):
            fresh = fill_features(fresh, annotated, corpora.features)
            fresh = [label_agents(s, corpora.agent) for s in fresh]
        fresh = [label_complements(s, corpora.complement) for s in fresh]
        cut = len(fresh) - settings.stop
        stop.extend(fresh[cut:])
        train.extend([tuple(fresh[:cut])] * settings.copies if cut > 0 else [])
    return Treebanks(tuple(train), tuple(stop), test, tuple(files), dropped)
