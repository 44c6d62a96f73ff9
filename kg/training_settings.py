"""Settings of a training: ``data/languages/<code>/training/*.toml``, read and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import pydantic

from kg.errors import TrainingError, first_problem
from kg.resources import data_dir

_T = TypeVar("_T")
STRICT = pydantic.ConfigDict(extra="forbid")


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class ModelSettings:
    """Name, version, licence and component order of the model that is made."""

    name: str
    version: str
    description: str
    licence: str
    licence_url: str
    components: tuple[str, ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class Split:
    """Documents kept for testing: crc32(first ``key`` letters of the id) % ``of`` < ``below``."""

    key: int
    of: int
    below: int


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class TreebankSettings:
    """One treebank: its file (the first that is there), its use, what is kept out."""

    name: str
    files: tuple[str, ...]
    role: str
    copies: int = 1
    stop: int = 0
    split: Split | None = None


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class DocumentSettings:
    """Least and greatest number of sentences in a training document."""

    shortest: int
    longest: int


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class LayoutSettings:
    """How often training documents have line breaks between sentences and so on, in [0, 1].

    ``headlines`` is the share of the sentences before a break that lose their full stop. In
    ``bullets``, blanks part words that are written together, and ``{}`` is the number of the item,
    ``{letter}`` its letter. ``led`` is the share of the lists of which the first sentence leads in.
    ``quotes`` is the share of the documents in which one or two sentences stand in ``quote_marks``
    (pairs).
    """

    breaks: float
    headlines: float
    blanks_missing: float
    lists: float
    led: float
    quotes: float
    line_breaks: tuple[str, ...]
    bullets: tuple[str, ...]
    quote_marks: tuple[tuple[str, str], ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class FeatureSettings:
    """Features that are learnt, and the letters by which missing ones are guessed."""

    keep: tuple[str, ...]
    prefix: int
    suffix: int


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class FixedFeature:
    """A feature that some lower-case words always have, in the notation of CoNLL-U."""

    feature: str
    words: tuple[str, ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class AgentSettings:
    """How the agent of a passive verb is found in the treebanks; see ``corpora.toml``."""

    label: str
    markers: frozenset[str]
    marked: frozenset[str]
    bare: frozenset[str]
    tags: frozenset[str]
    quantifiers: frozenset[str]
    subjects: frozenset[str]
    modifiers: frozenset[str]
    joined: str
    verb_prefix: str
    other_verbs: frozenset[str]
    other_nouns: frozenset[str]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class ComplementSettings:
    """Clauses with one of ``markers`` under a word tagged ``heads``: ``others`` become ``label``.

    ``above`` is the relation of a reporting word under what it reports; ``reports`` are the
    relations that join the two.
    """

    label: str
    above: str
    markers: frozenset[str]
    others: frozenset[str]
    heads: frozenset[str]
    reports: frozenset[str]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class NameCorpusSettings:
    """One corpus of names: files for training, for choosing the best step and for testing."""

    name: str
    train: tuple[str, ...]
    stop: tuple[str, ...]
    test: tuple[str, ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class NameVariation:
    """Share of sentences copied with other names: label -> entity types of the registry."""

    share: float
    types: dict[str, frozenset[str]]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class TextSettings:
    """Files of raw text, one sentence or paragraph a line."""

    files: tuple[str, ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
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


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class TeacherSettings:
    """The pretrained encoder (a file inside a package), and how teachers are fine-tuned on it.

    ``seeds`` is the number of parsers and of recognisers that vote; ``names`` is the corpus whose
    conventions raw text is annotated by; rates are those of AdamW.
    """

    package: str
    weights: str
    names: str
    seeds: int
    parser_epochs: int
    name_epochs: int
    batch_words: int
    encoder_rate: float
    head_rate: float
    hidden_share: float


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class SilverSettings:
    """How much raw text teachers annotate, and what of it is kept.

    ``first_steps`` trains the parser that splits the text into sentences; ``words`` and
    ``name_words`` are drawn for trees and for names; lengths are in words; ``gold_copies`` is how
    often the treebanks, ``marked_copies`` how often the sentences with one construction, and
    ``name_copies`` how often the names of this field are used beside the silver data.
    """

    first_steps: int
    words: int
    name_words: int
    shortest: int
    longest: int
    least_confidence: float
    least_name_confidence: float
    gold_copies: int
    marked_copies: int
    name_copies: int


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class RefinementSettings:
    """How an earlier pipeline goes on learning: see ``kg.refinement``.

    The learning rate rises to ``rate`` in ``warmup_steps`` and falls to nothing at ``steps``; the
    first batches have ``first_batch`` words. ``gold_copies`` and ``marked_copies`` are how often
    the treebanks and the sentences with one construction are used.
    """

    steps: int
    rate: float
    warmup_steps: int
    first_batch: int
    gold_copies: int
    marked_copies: int


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class ScoreSettings:
    """Relations counted in core F, and the labels that cLAS makes one."""

    core: frozenset[str]
    merge: dict[str, str]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class Goal:
    """The least that a measure shall reach on a test set."""

    test: str
    measure: str
    least: float


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class Published:
    """A figure that others published, for comparison; ``note`` says what differs."""

    system: str
    test: str
    measure: str
    value: float
    note: str


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class Source:
    """A source that the licence of the model must name."""

    name: str
    licence: str
    url: str
    note: str = ""


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class Corpora:
    """``corpora.toml``, checked."""

    model: ModelSettings
    treebank: tuple[TreebankSettings, ...]
    documents: DocumentSettings
    layout: LayoutSettings
    features: FeatureSettings
    fixed_features: tuple[FixedFeature, ...]
    clitics: dict[str, str]
    agent: AgentSettings
    complement: ComplementSettings
    names: tuple[NameCorpusSettings, ...]
    field: str
    name_labels: dict[str, str]
    name_variation: NameVariation
    ruler: dict[str, frozenset[str]]
    text: TextSettings
    vectors: VectorSettings
    teacher: TeacherSettings
    silver: SilverSettings
    refinement: RefinementSettings
    scores: ScoreSettings
    goal: tuple[Goal, ...]
    published: tuple[Published, ...]
    source: tuple[Source, ...]


def training_dir(code: str) -> Path:
    """Folder with the training settings of a language; ``TrainingError`` if there is none."""
    folder = data_dir() / "languages" / code / "training"
    if not folder.is_dir():
        known = sorted(p.parent.name for p in (data_dir() / "languages").glob("*/training"))
        raise TrainingError(
            f"language {code!r}: no training configuration; expected one of {', '.join(known)}; "
            f"to add a language, make data/languages/{code}/training"
        )
    return folder


def load_settings(path: Path, kind: type[_T]) -> _T:
    """Read a TOML file as ``kind``; ``TrainingError`` with the key that is wrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return pydantic.TypeAdapter(kind).validate_python(raw)
    except FileNotFoundError as error:
        raise TrainingError(f"{path}: no such file; it belongs to the training settings") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TrainingError(f"{path}: not TOML: {error}") from error
    except pydantic.ValidationError as error:
        raise TrainingError(f"{path}: {first_problem(error)}") from error


def load_corpora(code: str) -> Corpora:
    """Read ``corpora.toml`` of a language; raises ``TrainingError`` with the key that is wrong.

    >>> load_corpora("id").model.name
    'id_dispute_news'
    """
    return load_settings(training_dir(code) / "corpora.toml", Corpora)


def find_file(folder: Path, names: Sequence[str]) -> Path:
    """The first of ``names`` that is in ``folder``; ``TrainingError`` if none is."""
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise TrainingError(f"{folder}: no file {' or '.join(names)}; give the folder that holds it")
