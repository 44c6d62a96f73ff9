"""Training of a spaCy pipeline from treebanks, name lists and raw text, all driven by data files.

``data/languages/<code>/training/`` holds the two spaCy configurations (``syntax.cfg``, ``names.cfg``),
the corpora and annotation conventions (``corpora.toml``), the token rules (``tokenizer.toml``) and the
lemma rules (``lemmas.toml``). The finished model loads with plain ``spacy.load``: it contains no code of
this project.

**Lemmas.** The lexicon of frames is built on this convention:

* a verb's lemma is its stem without the voice prefix (meN- or di-), with the sound that meN- swallowed
  restored, and without clitics: *menggugat, digugat, menggugatnya* -> ``gugat``; *menolak, ditolak* -> ``tolak``;
* the suffixes -kan and -i and the prefix per- stay, because they make other verbs: *mengajukan, diajukan* ->
  ``ajukan``; *memenuhi, dipenuhi* -> ``penuhi``; *memperlakukan, diperlakukan* -> ``perlakukan``;
* verbs in ber-, ter- and ke-an stay whole (*berjanji, terjadi, kehilangan*), but for the ter- verbs that the
  data file lists (*tergugat* -> ``gugat``);
* nouns lose reduplication and clitics and keep their derivation: *hak-hak, hak-haknya* -> ``hak``; *gugatannya*
  -> ``gugatan``;
* proper nouns stay as written; every other word is its lower-case form.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import random
import shutil
import sys
import time
import tomllib
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO, TypeVar

import pydantic
import spacy
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.scorer import Scorer
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.util import compile_infix_regex, compile_suffix_regex

from kg.errors import KgError, TrainingError
from kg.resources import data_dir

# ---- settings -------------------------------------------------------------------------------------

_T = TypeVar("_T")
_STRICT = pydantic.ConfigDict(extra="forbid")


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class ModelSettings:
    """Name, version, licence and component order of the model that is made."""

    name: str
    version: str
    description: str
    licence: str
    licence_url: str
    components: tuple[str, ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class Split:
    """Documents kept for testing: crc32 of the first ``key`` characters of the id, modulo ``of``, under ``below``."""

    key: int
    of: int
    below: int


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class TreebankSettings:
    """One treebank: the file (first of ``files`` that is there), its use, how often, what is kept out."""

    name: str
    files: tuple[str, ...]
    role: str
    copies: int = 1
    stop: int = 0
    split: Split | None = None


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class DocumentSettings:
    """Least and greatest number of sentences in a training document."""

    shortest: int
    longest: int


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class FeatureSettings:
    """Features that are learnt, and the letters by which missing ones are guessed."""

    keep: tuple[str, ...]
    prefix: int
    suffix: int


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class AgentSettings:
    """How the agent of a passive verb is found in the treebanks; see ``corpora.toml``."""

    label: str
    markers: frozenset[str]
    marked: frozenset[str]
    bare: frozenset[str]
    tags: frozenset[str]
    subjects: frozenset[str]
    verb_prefix: str
    other_verbs: frozenset[str]
    other_nouns: frozenset[str]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class NameCorpusSettings:
    """One corpus of names: files for training, for choosing the best step and for testing."""

    name: str
    train: tuple[str, ...]
    stop: tuple[str, ...]
    test: tuple[str, ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class NameVariation:
    """Share of sentences that are copied with other names, and those names by label."""

    share: float
    names: dict[str, tuple[str, ...]]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class TextSettings:
    """Files of raw text, one sentence or paragraph a line."""

    files: tuple[str, ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class VectorSettings:
    """Parameters of floret (Boyd and Warmerdam 2022: hashed subword vectors)."""

    rows: int
    dimensions: int
    method: str
    epochs: int
    shortest_subword: int
    longest_subword: int
    hashes: int
    least_count: int


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class ScoreSettings:
    """Relations counted in core F, and the labels that cLAS makes one."""

    core: frozenset[str]
    merge: dict[str, str]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class Source:
    """A source that the licence of the model must name."""

    name: str
    licence: str
    url: str
    note: str = ""


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class Corpora:
    """``corpora.toml``, checked."""

    model: ModelSettings
    treebank: tuple[TreebankSettings, ...]
    documents: DocumentSettings
    features: FeatureSettings
    clitics: dict[str, str]
    agent: AgentSettings
    names: tuple[NameCorpusSettings, ...]
    name_labels: dict[str, str]
    name_variation: NameVariation
    text: TextSettings
    vectors: VectorSettings
    scores: ScoreSettings
    source: tuple[Source, ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class HyphenSettings:
    """Words that stay whole, and the dashes that still split."""

    whole: tuple[str, ...]
    dashes: str


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class AbbreviationSettings:
    """Words that keep their full stop."""

    words: tuple[str, ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class TokenRules:
    """``tokenizer.toml``, checked."""

    hyphen: HyphenSettings
    abbreviations: AbbreviationSettings


def _settings_dir(code: str) -> Path:
    folder = data_dir() / "languages" / code / "training"
    if not folder.is_dir():
        known = sorted(p.parent.name for p in (data_dir() / "languages").glob("*/training"))
        raise TrainingError(
            f"language {code!r}: no training configuration; expected one of {', '.join(known)}; "
            f"to add a language, make data/languages/{code}/training"
        )
    return folder


def _load_settings(path: Path, kind: type[_T]) -> _T:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return pydantic.TypeAdapter(kind).validate_python(raw)
    except FileNotFoundError as error:
        raise TrainingError(f"{path}: no such file; it belongs to the training settings") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path}: not TOML: {error}") from error
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise TrainingError(f"{path}: {where}: {first['msg']}") from error


def load_corpora(code: str) -> Corpora:
    """Read ``corpora.toml`` of a language; raises ``TrainingError`` with the key that is wrong.

    >>> load_corpora("id").model.name
    'id_dispute_news'
    """
    return _load_settings(_settings_dir(code) / "corpora.toml", Corpora)


# ---- treebanks ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TreebankSentence:
    """One annotated sentence, one entry a token, clitics already merged.

    ``heads`` are indices into the sentence; the root is its own head. ``features`` are in the notation of
    CoNLL-U, sorted, "" for none.
    """

    sent_id: str
    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    tags: tuple[str, ...]
    features: tuple[str, ...]
    heads: tuple[int, ...]
    relations: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sentence as it is written."""
        pairs = zip(self.words, self.spaces, strict=True)
        return "".join(word + " " * space for word, space in pairs).strip()


def _find_file(folder: Path, names: Sequence[str]) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise TrainingError(
        f"{folder}: no file {' or '.join(names)}; give the folder that holds it (see `kg train --help`)"
    )


def read_treebank(path: Path, clitics: Mapping[str, str]) -> list[TreebankSentence]:
    """Read a CoNLL-U file; multiword tokens become one token, as spaCy has no others.

    A merged token takes tag, features, head and relation of the part whose head lies outside it (the first
    such part), and the feature ``Clitic`` if ``clitics`` knows the relation of another part. The children
    of all parts become its children. Empty nodes are left out. Order is that of the file.

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
    tags, features, heads, relations = [], [], [], []
    for i, (_, inside) in enumerate(surfaces):
        host = next((n for n in inside if parts[n]["head"] not in inside), inside[0])
        feats = dict(parts[host]["feats"] or {})
        for part in inside:
            if part != host and parts[part]["deprel"] in clitics and len(parts[part]["form"]) < 4:
                feats["Clitic"] = clitics[parts[part]["deprel"]]
        head = parts[host]["head"]
        if head != 0 and head not in index:
            raise ValueError(f"word {host} has the head {head}, which is not in the sentence")
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

    Two forms of agent: a phrase with *oleh* under a verb with the passive prefix, and a bare noun phrase
    right after such a verb, if the verb has a subject and is none that takes a second object or predicate.
    """
    children: dict[int, list[int]] = defaultdict(list)
    for i, head in enumerate(sentence.heads):
        if head != i:
            children[head].append(i)
    words = [word.lower() for word in sentence.words]
    relations = list(sentence.relations)
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
        numbered = any(sentence.relations[j] == "nummod" for j in children[i])
        if (
            relation in settings.bare
            and i == head + 1
            and not cases
            and not numbered
            and sentence.tags[i] in settings.tags
            and words[head].startswith(settings.verb_prefix)
            and words[head] not in settings.other_verbs
            and words[i] not in settings.other_nouns
            and any(sentence.relations[j] in settings.subjects for j in children[head])
        ):
            relations[i] = settings.label
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

    A word takes the features that its form and tag have most often; else those of its tag with the same
    first letters, last letters and reduplication; else those of its tag with the same first letters; else
    those of its tag.
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


def make_documents(
    sentences: Sequence[TreebankSentence],
    vocab: spacy.vocab.Vocab,
    *,
    chance: random.Random,
    shortest: int = 1,
    longest: int = 1,
) -> Iterator[Doc]:
    """Yield docs of ``shortest`` to ``longest`` sentences, in order; ``chance`` draws the lengths."""
    start = 0
    while start < len(sentences):
        end = start + chance.randint(shortest, longest)
        group = sentences[start:end]
        start = end
        offsets = [sum(len(s.words) for s in group[:k]) for k in range(len(group))]
        spaces = [[*s.spaces[:-1], True] for s in group]
        yield Doc(
            vocab,
            words=[word for s in group for word in s.words],
            spaces=[space for line in spaces for space in line],
            pos=[tag for s in group for tag in s.tags],
            morphs=[features for s in group for features in s.features],
            heads=[
                head + offset for s, offset in zip(group, offsets, strict=True) for head in s.heads
            ],
            deps=[relation for s in group for relation in s.relations],
        )


@dataclass(frozen=True, slots=True)
class Treebanks:
    """What the treebanks give: sentences with copies for training, for choosing the best step, for testing."""

    train: tuple[tuple[TreebankSentence, ...], ...]
    stop: tuple[TreebankSentence, ...]
    test: dict[str, tuple[TreebankSentence, ...]]
    files: tuple[Path, ...]
    dropped: int


def load_treebanks(folder: Path, corpora: Corpora) -> Treebanks:
    """Read all treebanks of ``corpora``, make their conventions one and split them.

    A training sentence whose text is also in a test set is dropped and counted in ``dropped``.
    """
    files = [_find_file(folder, settings.files) for settings in corpora.treebank]
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
        cut = len(fresh) - settings.stop
        stop.extend(fresh[cut:])
        train.extend([tuple(fresh[:cut])] * settings.copies if cut > 0 else [])
    return Treebanks(tuple(train), tuple(stop), test, tuple(files), dropped)


# ---- names ----------------------------------------------------------------------------------------


NamedSentence = tuple[tuple[str, ...], tuple[str, ...]]
"""Words and their BIO labels."""


def read_names(path: Path, labels: Mapping[str, str]) -> list[NamedSentence]:
    """Read a file of names in BIO columns: per sentence the words and their labels, made one by ``labels``.

    Lines are a word, optional further columns and the label, parted by white space; an empty line ends a
    sentence. Raises ``TrainingError`` with the line for a missing label or one that ``labels`` lacks.
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


def make_name_documents(
    sentences: Sequence[NamedSentence],
    vocab: spacy.vocab.Vocab,
    *,
    chance: random.Random,
    shortest: int = 1,
    longest: int = 1,
) -> Iterator[Doc]:
    """Yield docs of ``shortest`` to ``longest`` sentences with their names, in order."""
    start = 0
    while start < len(sentences):
        end = start + chance.randint(shortest, longest)
        group = sentences[start:end]
        start = end
        yield Doc(
            vocab,
            words=[word for words, _ in group for word in words],
            ents=[tag for _, tags in group for tag in tags],
        )


@dataclass(frozen=True, slots=True)
class Names:
    """What the corpora of names give: sentences for training, for choosing the best step, for testing."""

    train: tuple[NamedSentence, ...]
    stop: tuple[NamedSentence, ...]
    test: dict[str, tuple[NamedSentence, ...]]
    files: tuple[Path, ...]
    dropped: int


def load_names(folder: Path, corpora: Corpora) -> Names:
    """Read all corpora of names; training sentences that are also in a test set are dropped and counted."""
    files: list[Path] = []

    def read(names: Sequence[str]) -> list[NamedSentence]:
        paths = [_find_file(folder, [name]) for name in names]
        files.extend(paths)
        return [s for path in paths for s in read_names(path, corpora.name_labels)]

    test = {settings.name: tuple(read(settings.test)) for settings in corpora.names}
    tested = {words for sentences in test.values() for words, _ in sentences}
    train = [s for settings in corpora.names for s in read(settings.train)]
    stop = [s for settings in corpora.names for s in read(settings.stop)]
    fresh = tuple(s for s in train if s[0] not in tested)
    return Names(fresh, tuple(stop), test, tuple(files), len(train) - len(fresh))


def vary_names(
    sentences: Sequence[NamedSentence], settings: NameVariation, chance: random.Random
) -> list[NamedSentence]:
    """Add copies of sentences in which names are exchanged for names of the same label from the settings.

    A share of the sentences that have a name with such a label is copied; the corpora are older than the
    organisations and people of AI disputes, and this shows the recogniser how such names look.
    """
    varied = list(sentences)
    for words, tags in sentences:
        if not any(t[2:] in settings.names for t in tags) or chance.random() >= settings.share:
            continue
        new_words: list[str] = []
        new_tags: list[str] = []
        replaced = False
        for word, tag in zip(words, tags, strict=True):
            label = tag[2:]
            if tag.startswith("B-") and label in settings.names:
                name = chance.choice(settings.names[label]).split()
                new_words.extend(name)
                new_tags.extend([tag, *[f"I-{label}"] * (len(name) - 1)])
                replaced = True
            elif not (replaced and tag.startswith("I-")):
                replaced = False
                new_words.append(word)
                new_tags.append(tag)
        varied.append((tuple(new_words), tuple(new_tags)))
    return varied


# ---- tokens and vectors ---------------------------------------------------------------------------


def make_blank(code: str) -> Language:
    """A blank spaCy pipeline with the token rules of ``tokenizer.toml``.

    >>> [token.text for token in make_blank("id")("Anak-anak membuat video dari teks-ke-video.")]
    ['Anak-anak', 'membuat', 'video', 'dari', 'teks-ke-video', '.']
    """
    rules = _load_settings(_settings_dir(code) / "tokenizer.toml", TokenRules)
    nlp = spacy.blank(code)
    infixes = [
        rule
        for rule in nlp.Defaults.infixes or []
        if not any(compile_infix_regex([rule]).search(word) for word in rules.hyphen.whole)
    ]
    suffixes = [
        rule
        for rule in nlp.Defaults.suffixes or []
        if not any(compile_suffix_regex([rule]).search(word) for word in rules.hyphen.whole)
    ]
    nlp.tokenizer.infix_finditer = compile_infix_regex([*infixes, rules.hyphen.dashes]).finditer
    nlp.tokenizer.suffix_search = compile_suffix_regex([*suffixes, rules.hyphen.dashes]).search
    for word in rules.abbreviations.words:
        nlp.tokenizer.add_special_case(word, [{"ORTH": word}])
    return nlp


def _find_text(folder: Path, name: str) -> Path:
    return _find_file(folder, [name, name.removesuffix(".xz")])


def read_lines(paths: Iterable[Path]) -> Iterator[str]:
    """Yield the non-empty lines of raw texts in UTF-8, plain or ``.xz``, in order."""
    for path in paths:
        opened = lzma.open if path.suffix == ".xz" else open
        try:
            with opened(path, "rt", encoding="utf-8") as lines:
                yield from (line.strip() for line in lines if line.strip())
        except (lzma.LZMAError, UnicodeDecodeError, EOFError) as error:
            raise TrainingError(f"{path}: {error}; expected text in UTF-8") from error


def train_vectors(
    nlp: Language, lines: Iterable[str], settings: VectorSettings, work: Path
) -> None:
    """Train floret vectors on tokenized lines (one thread, so that they come out the same) into ``nlp``."""
    import floret  # noqa: PLC0415 - needed for training only
    from spacy.training.initialize import convert_vectors  # noqa: PLC0415

    words = work / "words.txt"
    with words.open("w", encoding="utf-8") as out:
        for doc in nlp.tokenizer.pipe(lines):
            out.write(" ".join(token.text for token in doc if not token.is_space) + "\n")
    model = floret.train_unsupervised(
        str(words),
        model=settings.method,
        mode="floret",
        bucket=settings.rows,
        dim=settings.dimensions,
        epoch=settings.epochs,
        minn=settings.shortest_subword,
        maxn=settings.longest_subword,
        hashCount=settings.hashes,
        minCount=settings.least_count,
        thread=1,
        verbose=0,
    )
    table = work / "vectors.floret"
    model.save_floret_vectors(str(table))
    convert_vectors(nlp, table, truncate=0, prune=-1, mode="floret")
    words.unlink()
    table.unlink()


# ---- lemmas ---------------------------------------------------------------------------------------


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class VerbRules:
    """Voice prefixes, clitics, known stems and exceptions of verbs; see ``lemmas.toml``."""

    tag: str
    passive: tuple[str, ...]
    proclitics: tuple[str, ...]
    clitics: tuple[str, ...]
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    shortest_stem: int
    common: int
    stems: tuple[str, ...]
    exceptions: dict[str, str]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class ActiveRule:
    """One way in which the active prefix joins a stem."""

    prefix: str
    before: tuple[str, ...]
    restore: tuple[str, ...]
    longest_root: int = 99


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class HyphenatedRules:
    """Voice prefixes that are written with a hyphen before loan words."""

    prefixes: tuple[str, ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class NounRules:
    """Clitics, words that look reduplicated and exceptions of nouns."""

    tag: str
    clitics: tuple[str, ...]
    whole: frozenset[str]
    exceptions: dict[str, str]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=_STRICT)
class LemmaRules:
    """``lemmas.toml``, checked."""

    verbs: VerbRules
    active: tuple[ActiveRule, ...]
    hyphenated: HyphenatedRules
    nouns: NounRules
    particles: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is known of the words of a language: frequencies in text, tags in treebanks, dictionary roots.

    ``words`` counts lower-case forms; ``tags`` counts (form, tag); ``roots`` maps a form to its root.
    """

    words: Counter[str]
    tags: Counter[tuple[str, str]]
    roots: Mapping[str, str] = field(default_factory=dict)


def _bare(stem: str, rules: VerbRules) -> list[str]:
    """The stem, and the stem without the prefixes and suffixes that make verbs."""
    found = [stem, *(stem.removeprefix(prefix) for prefix in rules.prefixes)]
    found += [form.removesuffix(suffix) for form in found for suffix in rules.suffixes]
    return [
        form for form in dict.fromkeys(found) if len(form) >= rules.shortest_stem or form == stem
    ]


def _candidates(form: str, rules: LemmaRules) -> list[str]:
    """All stems that ``form`` may have, given its voice prefix; [] for a form without one."""
    verbs = rules.verbs
    found = [form.removeprefix(prefix) for prefix in verbs.passive if form.startswith(prefix)]
    for rule in rules.active:
        rest = form.removeprefix(rule.prefix)
        if rest == form or not rest.startswith(rule.before):
            continue
        root = min(_bare(rest, verbs), key=len)
        if len(root) <= rule.longest_root:
            found.extend(letter + rest for letter in rule.restore)
    return [stem for stem in dict.fromkeys(found) if len(stem) >= verbs.shortest_stem]


def _weigh(stem: str, form: str, rules: LemmaRules, vocabulary: Vocabulary) -> tuple[int, ...]:
    """Evidence for a stem, the strongest first; all zero if nothing speaks for it."""
    words, roots = vocabulary.words, vocabulary.roots
    root = roots.get(form, "")
    bare = _bare(stem, rules.verbs)
    passive = sum(words[prefix + stem] for prefix in rules.verbs.passive if prefix + stem != form)
    return (
        int(stem in rules.verbs.stems),
        int(passive > 1),
        int(root != form and root in bare),
        passive,
        max(words[b] for b in bare) if len(stem) > 3 or passive else 0,
        int(any(b in roots for b in bare)),
    )


def indonesian_lemma(form: str, tag: str, rules: LemmaRules, vocabulary: Vocabulary) -> str:
    """The lemma of a lower-case word by the convention at the top of this module.

    ``tag`` is the universal tag; for tags other than verb and noun only ``particles`` are looked up. Of the
    stems that a voice prefix allows, the one with the best evidence wins: a stem of the data file, one with
    an attested passive, one that the dictionary gives, one attested by itself. A prefix is taken off
    only if something speaks for the stem, so that *mencla* stays *mencla*.
    """
    if tag == rules.verbs.tag:
        return _verb_lemma(form, rules, vocabulary)
    if tag == rules.nouns.tag:
        return _noun_lemma(form, rules.nouns, vocabulary)
    return rules.particles.get(tag, {}).get(form, form)


def _verb_lemma(form: str, rules: LemmaRules, vocabulary: Vocabulary) -> str:
    verbs = rules.verbs
    if form in verbs.exceptions:
        return verbs.exceptions[form]
    for prefix in sorted(rules.hyphenated.prefixes, key=len, reverse=True):
        if form.startswith(prefix):
            return form.removeprefix(prefix)
    first, hyphen, second = form.partition("-")
    if hyphen and first and second:
        stem = _verb_lemma(first, rules, vocabulary)
        if stem == first:
            return form
        return f"{stem}-{second if second.startswith(stem) else stem}"
    for clitic in sorted(verbs.clitics, key=len, reverse=True):
        host = form.removesuffix(clitic)
        if host == form or len(host) < verbs.shortest_stem + 1:
            continue
        lemma = _verb_lemma(host, rules, vocabulary)
        usual = vocabulary.words[host] * 20 >= vocabulary.words[form]
        if usual and (lemma != host or vocabulary.tags[host, verbs.tag]):
            return lemma
    weighed = [(_weigh(s, form, rules, vocabulary), s) for s in _candidates(form, rules)]
    if weighed:
        weight, stem = max(weighed, key=lambda pair: pair[0])
        if any(weight):
            return stem
    for proclitic in verbs.proclitics:
        rest = form.removeprefix(proclitic)
        if rest != form and (
            rest in verbs.stems or vocabulary.words[f"{verbs.passive[0]}{rest}"] > 1
        ):
            return rest
    return form


def _noun_lemma(form: str, rules: NounRules, vocabulary: Vocabulary) -> str:
    if form in rules.exceptions:
        return rules.exceptions[form]
    for clitic in rules.clitics:
        host = form.removesuffix(clitic)
        if host != form and len(host) > 2:
            form = host
            break
    first, hyphen, second = form.partition("-")
    if hyphen and first == second and form not in rules.whole:
        return first
    return form


def _voice_forms(stem: str, rules: LemmaRules) -> list[str]:
    """The passive and all active forms that the rules allow for a stem."""
    forms = [prefix + stem for prefix in rules.verbs.passive]
    root = min(_bare(stem, rules.verbs), key=len)
    for rule in rules.active:
        if len(root) > rule.longest_root:
            continue
        for letter in rule.restore:
            rest = stem.removeprefix(letter)
            if stem.startswith(letter) and rest.startswith(rule.before):
                forms.append(rule.prefix + rest)
    return forms


def make_lemma_tables(rules: LemmaRules, vocabulary: Vocabulary) -> dict[str, dict[str, Any]]:
    """Tables ``lemma_rules`` and ``lemma_exc`` for spaCy's lemmatizer in the mode ``rule``.

    ``lemma_exc`` holds, per tag, every form whose lemma is another one: the verb forms of the vocabulary, the
    voice forms (with -nya) of all stems found there, reduplicated nouns. Forms that are verbs beyond doubt
    (both voices attested, and no other tag more frequent in the treebanks) stand under the tags noun, adjective
    and proper noun as well, because headlines mislead the tagger. ``lemma_rules`` takes -nya off other words.
    """
    verbs, nouns = rules.verbs, rules.nouns
    passive = verbs.passive[0]
    lemmas: dict[str, str] = {}
    stems: Counter[str] = Counter(dict.fromkeys(verbs.stems, 2))
    for form in sorted(vocabulary.words):
        lemma = _verb_lemma(form, rules, vocabulary)
        if lemma == form:
            continue
        lemmas[form] = lemma
        if lemma in _candidates(form, rules):
            stems[lemma] += 1
    wider = Vocabulary(
        vocabulary.words + Counter({passive + s: 2 for s, n in stems.items() if n > 1}),
        vocabulary.tags,
        vocabulary.roots,
    )
    for stem in sorted(stems):
        for form in _voice_forms(stem, rules):
            for whole in (form, form + verbs.clitics[0]):
                lemmas.setdefault(whole, _verb_lemma(whole, rules, wider))
    roots = {root for root, count in vocabulary.words.items() if count >= verbs.common}
    for root in sorted(roots | set(vocabulary.roots.values())):
        if root.isalpha() and len(root) > verbs.shortest_stem:
            for suffix in ("", *verbs.suffixes):
                for form in _voice_forms(root + suffix, rules):
                    if form not in vocabulary.words:
                        lemmas.setdefault(form, _verb_lemma(form, rules, wider))
    lemmas = {form: lemma for form, lemma in lemmas.items() if form != lemma}
    lemmas.update(verbs.exceptions)
    other_tags: Counter[str] = Counter()
    for (form, tag), count in vocabulary.tags.items():
        if tag != verbs.tag:
            other_tags[form] += count
    certain = {
        form: lemma
        for form, lemma in lemmas.items()
        if lemma in _candidates(form, rules)
        and (stems[lemma] > 1 or vocabulary.tags[form, verbs.tag] > 1)
        and (vocabulary.words[form] or lemma in verbs.stems)
        and other_tags[form] <= vocabulary.tags[form, verbs.tag]
        and vocabulary.words[form] >= vocabulary.words[lemma] // 50
    }
    noun_lemmas = {
        form: lemma
        for form in vocabulary.words
        if "-" in form
        and (lemma := _noun_lemma(form, nouns, vocabulary)) not in (form, form.removesuffix("nya"))
    }
    for form, tag in vocabulary.tags:
        if tag == nouns.tag and form.isalpha() and vocabulary.words[form] > 4:
            noun_lemmas.setdefault(
                f"{form}-{form}", _noun_lemma(f"{form}-{form}", nouns, vocabulary)
            )
    noun_lemmas |= nouns.exceptions
    exceptions = {
        verbs.tag: {form: lemma for form, lemma in lemmas.items()},
        nouns.tag: {**certain, **noun_lemmas},
        "ADJ": certain,
        "PROPN": certain,
    }
    for tag, words in rules.particles.items():
        exceptions[tag] = {**exceptions.get(tag, {}), **words}
    lower = ["", ""]
    suffixes = [[clitic, ""] for clitic in nouns.clitics]
    return {
        "lemma_rules": {
            verbs.tag.lower(): [lower],
            nouns.tag.lower(): [*suffixes, lower],
            "adj": [lower],
        },
        "lemma_exc": {
            tag.lower(): {form: [words[form]] for form in sorted(words)}
            for tag, words in exceptions.items()
        },
        "lemma_index": {},
    }


def gather_vocabulary(
    nlp: Language, lines: Iterable[str], sentences: Iterable[TreebankSentence]
) -> Vocabulary:
    """Count the words of raw text and treebanks and take the roots of simplemma's dictionary."""
    from simplemma.strategies.dictionaries.dictionary_factory import (  # noqa: PLC0415
        DefaultDictionaryFactory,
    )

    words: Counter[str] = Counter()
    tags: Counter[tuple[str, str]] = Counter()
    for doc in nlp.tokenizer.pipe(lines):
        words.update(token.lower_ for token in doc)
    for sentence in sentences:
        for word, tag in zip(sentence.words, sentence.tags, strict=True):
            words[word.lower()] += 1
            tags[word.lower(), tag] += 1
    words = Counter({w: n for w, n in words.items() if w.replace("-", "").isalpha()})
    dictionary = DefaultDictionaryFactory().get_dictionary(nlp.lang)
    roots = {form.lower(): dictionary[form].lower() for form in dictionary}
    return Vocabulary(words, tags, roots)


# ---- stages ---------------------------------------------------------------------------------------


def _fingerprint(*parts: object) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else repr(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()


def _stage(
    target: Path, fingerprint: str, make: Callable[[Path], None], say: Callable[[str], None]
) -> Path:
    """Make the folder ``target`` unless it is there, complete and made from the same inputs."""
    marker = target / "complete"
    if marker.is_file() and marker.read_text(encoding="utf-8") == fingerprint:
        say(f"{target.name}: done before, kept")
        return target
    say(f"{target.name}: started")
    began = time.monotonic()
    part = target.with_name(target.name + ".part")
    for folder in (part, target):
        shutil.rmtree(folder, ignore_errors=True)
    part.mkdir(parents=True)
    make(part)
    (part / "complete").write_text(fingerprint, encoding="utf-8")
    part.rename(target)
    say(f"{target.name}: done in {(time.monotonic() - began) / 60:.1f} minutes")
    return target


def _write_docs(path: Path, docs: Iterable[Doc]) -> None:
    DocBin(docs=docs, store_user_data=False).to_disk(path)


def _train_component(
    config_path: Path,
    output: Path,
    *,
    base: Path,
    train_docs: Path,
    stop_docs: Path,
    steps: int | None,
    seed: int,
    progress: TextIO,
) -> None:
    from spacy.training.initialize import init_nlp  # noqa: PLC0415 - slow to import
    from spacy.training.loop import train as run_loop  # noqa: PLC0415

    overrides: dict[str, object] = {
        "paths.base": str(base),
        "paths.train": str(train_docs),
        "paths.dev": str(stop_docs),
        "training.seed": seed,
    }
    if steps is not None:
        overrides["training.max_steps"] = steps
    nlp = init_nlp(spacy.util.load_config(config_path, overrides=overrides))
    run_loop(nlp, output, stdout=progress, stderr=progress)


def train(
    code: str,
    *,
    treebanks: Path,
    ner: Path,
    text: Path,
    output: Path | None = None,
    work: Path | None = None,
    steps: int | None = None,
    seed: int = 1,
    progress: TextIO | None = None,
) -> Path:
    """Train, evaluate and package the spaCy pipeline of a language; returns the folder of the model.

    ``treebanks``, ``ner`` and ``text`` are the folders with the files that ``corpora.toml`` names. ``output`` is
    replaced as a whole at the very end (default: ``data/models/<name>``). ``work`` keeps the stages (default:
    ``training-<code>`` in the current folder): one that is complete and was made from the same inputs is
    not made again. ``steps`` limits the training of the parser and of the names (default: as in their
    configurations). Lines on progress go to ``progress`` (default: standard error). The same inputs and
    seed on the same machine give the same weights.

    Raises ``TrainingError`` for missing or malformed inputs.
    """
    stream = sys.stderr if progress is None else progress

    def say(message: str) -> None:
        stream.write(f"[{time.strftime('%H:%M:%S')}] {message}\n")
        stream.flush()

    settings = _settings_dir(code)
    corpora = load_corpora(code)
    rules = _load_settings(settings / "lemmas.toml", LemmaRules)
    output = output or data_dir() / "models" / corpora.model.name
    work = work or Path(f"training-{code}")
    texts = [_find_text(text, name) for name in corpora.text.files]
    names = load_names(ner, corpora)
    banks = load_treebanks(treebanks, corpora)
    say(
        f"read {sum(map(len, banks.train))} training sentences with copies, {sum(map(len, banks.test.values()))} "
        f"for testing; left out {banks.dropped} that are in a test set, and {names.dropped} of the names"
    )
    work.mkdir(parents=True, exist_ok=True)

    def make_base(folder: Path) -> None:
        nlp = make_blank(code)
        train_vectors(nlp, read_lines(texts), corpora.vectors, folder)
        nlp.to_disk(folder)

    base_print = _fingerprint(corpora.vectors, settings / "tokenizer.toml", *texts)
    base = _stage(work / "vectors", base_print, make_base, say)

    def make_corpora(folder: Path) -> None:
        chance = random.Random(seed)
        vocab = spacy.blank(code).vocab
        lengths = asdict(corpora.documents)
        docs = [d for p in banks.train for d in make_documents(p, vocab, chance=chance, **lengths)]
        chance.shuffle(docs)
        _write_docs(folder / "syntax.spacy", docs)
        stop = make_documents(banks.stop, vocab, chance=chance, shortest=1, longest=4)
        _write_docs(folder / "syntax-stop.spacy", stop)
        varied = vary_names(names.train, corpora.name_variation, chance)
        docs = list(make_name_documents(varied, vocab, chance=chance, shortest=1, longest=4))
        chance.shuffle(docs)
        _write_docs(folder / "names.spacy", docs)
        _write_docs(
            folder / "names-stop.spacy", make_name_documents(names.stop, vocab, chance=chance)
        )

    corpora_print = _fingerprint(settings / "corpora.toml", seed, *banks.files, *names.files)
    docs = _stage(work / "corpora", corpora_print, make_corpora, say)

    trained: dict[str, Path] = {}
    for part in ("syntax", "names"):
        config = settings / f"{part}.cfg"

        def make_component(folder: Path, part: str = part, config: Path = config) -> None:
            _train_component(
                config,
                folder,
                base=base,
                train_docs=docs / f"{part}.spacy",
                stop_docs=docs / f"{part}-stop.spacy",
                steps=steps,
                seed=seed,
                progress=stream,
            )

        part_print = _fingerprint(base_print, corpora_print, config, steps)
        trained[part] = _stage(work / part, part_print, make_component, say) / "model-best"

    say("lemma tables: started")
    sentences = [s for part in banks.train for s in part]
    vocabulary = gather_vocabulary(make_blank(code), read_lines(texts), sentences)
    tables = make_lemma_tables(rules, vocabulary)
    nlp = assemble(trained["syntax"], trained["names"], tables, corpora.model)
    say("evaluation: started")
    scores = evaluate(nlp, banks, names, corpora.scores)
    command = (
        f"python -m kg.training {code} --treebanks TREEBANKS --ner NER --text TEXT --seed {seed}"
    )
    _package(
        nlp,
        output,
        corpora=corpora,
        scores=scores,
        command=command + (f" --steps {steps}" if steps else ""),
        seed=seed,
        files=[*banks.files, *names.files, *texts],
    )
    say(f"model: {output}")
    for line in format_scores(scores):
        say(line)
    return output


def assemble(
    syntax: Path, names: Path, tables: Mapping[str, Mapping[str, Any]], settings: ModelSettings
) -> Language:
    """Join the trained parts and the lemma tables to one pipeline that needs no code of this project."""
    nlp = spacy.load(syntax)
    lookups = Lookups()
    for name, table in tables.items():
        lookups.add_table(name, table)
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule", "overwrite": True})
    lemmatizer.initialize(lookups=lookups)  # type: ignore[attr-defined]
    nlp.add_pipe("ner", source=spacy.load(names))
    if tuple(nlp.pipe_names) != settings.components:
        raise TrainingError(
            f"pipeline is {', '.join(nlp.pipe_names)}, expected {', '.join(settings.components)}; "
            "make syntax.cfg and corpora.toml agree"
        )
    return nlp


# ---- evaluation -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of a pipeline, all in percent but ``words_per_second``.

    ``syntax`` maps a test set to UAS, LAS, UPOS and features (all tokens, gold tokens, one sentence a document),
    cLAS (without punctuation, labels made one as ``corpora.toml`` says), core F (edges of subject, passive subject,
    object and agent, with their labels), and tokens and sentences F on raw text, ten sentences a
    document. ``names`` maps a test set to F of all names and of each label, on gold tokens.
    """

    syntax: dict[str, dict[str, float]]
    names: dict[str, dict[str, float]]
    words_per_second: float


def _f_score(right: int, predicted: int, gold: int) -> float:
    """F1 in percent; 0 if nothing was right."""
    return 200 * right / (predicted + gold) if right else 0.0


def score_syntax(
    nlp: Language, sentences: Sequence[TreebankSentence], settings: ScoreSettings
) -> dict[str, float]:
    """UAS, LAS, UPOS, features, cLAS and core F on gold tokens; tokens and sentences F on raw text."""
    blank = [Doc(nlp.vocab, words=list(s.words), spaces=list(s.spaces)) for s in sentences]
    right: Counter[str] = Counter()
    merge = settings.merge
    for sentence, doc in zip(sentences, nlp.pipe(blank), strict=True):
        for i, token in enumerate(doc):
            head, relation = sentence.heads[i], sentence.relations[i]
            attached = token.head.i == head
            right["words"] += 1
            right["UAS"] += attached
            right["LAS"] += attached and token.dep_ == relation
            right["UPOS"] += token.pos_ == sentence.tags[i]
            right["features"] += str(token.morph) == sentence.features[i]
            if sentence.tags[i] != "PUNCT":
                right["content"] += 1
                same = merge.get(token.dep_, token.dep_) == merge.get(relation, relation)
                right["cLAS"] += attached and same
            right["gold core"] += relation in settings.core
            right["found core"] += token.dep_ in settings.core
            right["core"] += attached and token.dep_ == relation and relation in settings.core
    chance = random.Random(0)
    references = make_documents(sentences, nlp.vocab, chance=chance, shortest=10, longest=10)
    golden = list(references)
    predicted = nlp.pipe([doc.text for doc in golden])
    examples = [Example(p, g) for p, g in zip(predicted, golden, strict=True)]
    raw = Scorer.score_tokenization(examples)
    raw |= Scorer.score_spans(
        examples, "sents", getter=lambda doc, _: doc.sents, has_annotation=None
    )
    return {
        **{k: 100 * right[k] / right["words"] for k in ("UAS", "LAS", "UPOS", "features")},
        "cLAS": 100 * right["cLAS"] / right["content"],
        "core F": _f_score(right["core"], right["found core"], right["gold core"]),
        "tokens F": 100 * raw["token_f"],
        "sentences F": 100 * raw["sents_f"],
    }


def score_names(nlp: Language, sentences: Sequence[NamedSentence]) -> dict[str, float]:
    """F of names, all and per label, on gold tokens; a name is right if both ends and the label are."""
    golden = list(make_name_documents(sentences, nlp.vocab, chance=random.Random(0)))
    blank = [Doc(nlp.vocab, words=list(words)) for words, _ in sentences]
    counts: Counter[tuple[str, str]] = Counter()
    for gold, doc in zip(golden, nlp.pipe(blank), strict=True):
        wanted = {(e.start, e.end, e.label_) for e in gold.ents}
        found = {(e.start, e.end, e.label_) for e in doc.ents}
        for kind, names in (("gold", wanted), ("found", found), ("right", wanted & found)):
            counts.update((kind, label) for _, _, label in names)
            counts[kind, "all"] += len(names)
    labels = sorted({label for _, label in counts} - {"all"})
    return {
        label: _f_score(counts["right", label], counts["found", label], counts["gold", label])
        for label in ("all", *labels)
    }


def evaluate(nlp: Language, banks: Treebanks, names: Names, settings: ScoreSettings) -> Scores:
    """Score a pipeline on the test sets of treebanks and names and measure its speed on their text."""
    texts = [s.text for sentences in banks.test.values() for s in sentences]
    began = time.perf_counter()
    words = sum(len(doc) for doc in nlp.pipe(texts))
    seconds = time.perf_counter() - began
    return Scores(
        {name: score_syntax(nlp, part, settings) for name, part in banks.test.items()},
        {name: score_names(nlp, part) for name, part in names.test.items()},
        words / seconds,
    )


def format_scores(scores: Scores) -> list[str]:
    """The scores as lines of two Markdown tables."""
    lines = []
    for table in (scores.syntax, scores.names):
        columns = list(dict.fromkeys(key for row in table.values() for key in row))
        lines += [f"| test set | {' | '.join(columns)} |", "| --- " * (len(columns) + 1) + "|"]
        for name, row in table.items():
            cells = [f"{row[key]:.1f}" if key in row else "" for key in columns]
            lines.append(f"| {name} | {' | '.join(cells)} |")
        lines.append("")
    return [*lines, f"{scores.words_per_second:.0f} words a second on one core, all components."]


# ---- packaging ------------------------------------------------------------------------------------


def _package(
    nlp: Language,
    output: Path,
    *,
    corpora: Corpora,
    scores: Scores,
    command: str,
    seed: int,
    files: Sequence[Path],
) -> None:
    model = corpora.model
    nlp.meta["name"] = model.name.removeprefix(f"{nlp.lang}_")
    nlp.meta["version"] = model.version
    nlp.meta["description"] = model.description
    nlp.meta["license"] = model.licence
    nlp.meta["sources"] = [asdict(source) for source in corpora.source]
    nlp.meta["performance"] = asdict(scores)
    nlp.meta["training"] = {
        "command": command,
        "seed": seed,
        "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }
    for section in ("paths", "corpora"):
        nlp.config[section] = {}
    for section in ("training", "initialize"):
        nlp.config[section] = spacy.blank(nlp.lang).config[section]
    part = output.with_name(output.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.parent.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(part)
    (part / "LICENSE").write_text(_licence_text(corpora), encoding="utf-8")
    readme = _readme_text(corpora, scores, command, files)
    (part / "README.md").write_text(readme, encoding="utf-8")
    shutil.rmtree(output, ignore_errors=True)
    part.rename(output)


def _licence_text(corpora: Corpora) -> str:
    model = corpora.model
    sources = "\n".join(
        f"- {s.name}: {s.licence}. {s.url}" + (f"\n  {s.note}" if s.note else "")
        for s in corpora.source
    )
    return (
        f"The model {model.name} (all files of this folder) is licensed under {model.licence}\n"
        f"({model.licence_url}). Whoever passes it on, changed or not, names the sources below\n"
        "and keeps the licence. It was trained by the dispute-kg project, with changes to the annotation\n"
        "that the README of this folder describes, on:\n\n"
        f"{sources}\n"
    )


def _readme_text(corpora: Corpora, scores: Scores, command: str, files: Sequence[Path]) -> str:
    model = corpora.model
    sources = "\n".join(f"- [{s.name}]({s.url}), {s.licence}" for s in corpora.source)
    table = "\n".join(format_scores(scores))
    names = ", ".join(f"`{path.name}`" for path in files)
    return (
        f"# {model.name} {model.version}\n\n{model.description}\n\n"
        f"Load it with `spacy.load`; components: {', '.join(model.components)}. Labels are those of Universal "
        "Dependencies; words with a clitic are one token with the feature `Clitic`; the agent of a passive "
        "verb is `obl:agent`. How lemmas are made is said at the top of `kg/training.py`.\n\n"
        f"## Scores\n\n{table}\n\n"
        "UAS, LAS, UPOS, features: all words, gold tokens. cLAS: without punctuation, labels inside noun phrases, "
        "`obl:*` and `acl:*` made one. core F: edges `nsubj`, `nsubj:pass`, `obj`, `obl:agent`. Tokens F, sentences F: "
        "raw text, ten sentences a document. Names: F, gold tokens. PUD: the documents that training never saw.\n\n"
        f"## Made by\n\n```\n{command}\n```\n\nfrom {names}; their SHA-256 sums are in `meta.json`.\n\n"
        f"## Sources\n\n{sources}\n\nLicence of the model: {model.licence}, see LICENSE.\n"
    )


# ---- command line ---------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m kg.training",
        description="Train the spaCy pipeline of a language, or score one: evaluate CODE.",
    )
    parser.add_argument("code", nargs="+", metavar="[evaluate] CODE", help="code of the language")
    parser.add_argument(
        "--treebanks", type=Path, required=True, metavar="DIR", help="CoNLL-U files"
    )
    parser.add_argument(
        "--ner", type=Path, required=True, metavar="DIR", help="names in BIO columns"
    )
    parser.add_argument("--text", type=Path, metavar="DIR", help="raw text (needed for training)")
    parser.add_argument("--output", type=Path, metavar="DIR", help="where the model goes")
    parser.add_argument("--work", type=Path, metavar="DIR", help="stages, kept to go on later")
    parser.add_argument("--steps", type=int, metavar="N", help="training steps of each part")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument(
        "--model", metavar="DIR", help="model to evaluate (default: the shipped one)"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``python -m kg.training``; returns the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    action, code = ("train", *options.code) if len(options.code) == 1 else options.code[:2]
    try:
        if action == "evaluate":
            corpora = load_corpora(code)
            nlp = spacy.load(options.model or data_dir() / "models" / corpora.model.name)
            banks = load_treebanks(options.treebanks, corpora)
            scores = evaluate(nlp, banks, load_names(options.ner, corpora), corpora.scores)
            sys.stdout.write("\n".join(format_scores(scores)) + "\n")
        elif action == "train" and options.text is not None:
            train(
                code,
                treebanks=options.treebanks,
                ner=options.ner,
                text=options.text,
                output=options.output,
                work=options.work,
                steps=options.steps,
                seed=options.seed,
            )
        else:
            parser.error("expected CODE with --text, or evaluate CODE")
    except KgError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
