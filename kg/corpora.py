"""What a pipeline is trained and tested on: treebanks and names, read, made alike and split.

``data/languages/<code>/training/corpora.toml`` says which files these are, how annotation
conventions are made one, and what is kept out of training. Nothing here knows a language.
"""

from __future__ import annotations

import random
import tomllib
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pydantic
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.errors import TrainingError
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
    ``bullets``, blanks part words that are written together, and ``{}`` is the number of the item.
    """

    breaks: float
    headlines: float
    blanks_missing: float
    lists: float
    line_breaks: tuple[str, ...]
    bullets: tuple[str, ...]


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
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise TrainingError(f"{path}: {where}: {first['msg']}") from error


def load_corpora(code: str) -> Corpora:
    """Read ``corpora.toml`` of a language; raises ``TrainingError`` with the key that is wrong.

    >>> load_corpora("id").model.name
    'id_dispute_news'
    """
    return load_settings(training_dir(code) / "corpora.toml", Corpora)


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


def find_file(folder: Path, names: Sequence[str]) -> Path:
    """The first of ``names`` that is in ``folder``; ``TrainingError`` if none is."""
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise TrainingError(f"{folder}: no file {' or '.join(names)}; give the folder that holds it")


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


def vary_layout(
    sentences: Sequence[TreebankSentence], settings: LayoutSettings, chance: random.Random
) -> list[TreebankSentence]:
    """Sentences of a document as articles lay them out, so that a parser learns their borders.

    Between two sentences there may be a line break, a full stop may be missing before it (as after
    a headline), the blank after a full stop may be missing, and a document may be a list.
    """
    listed = len(sentences) > 1 and chance.random() < settings.lists
    bullet = chance.choice(settings.bullets)
    varied = []
    for number, plain in enumerate(sentences):
        sentence = _with_bullet(plain, bullet, number + 1) if listed else plain
        last = number == len(sentences) - 1
        if not last and (listed or chance.random() < settings.breaks):
            whole = _without_stop(sentence) if chance.random() < settings.headlines else sentence
            varied.append(_with_break(whole, chance.choice(settings.line_breaks)))
            continue
        joined = (
            not last
            and _ends_in_a_word(sentence)
            and sentences[number + 1].words[0][:1].isupper()
            and chance.random() < settings.blanks_missing
        )
        varied.append(replace(sentence, spaces=(*sentence.spaces[:-1], not joined)))
    return varied


def _ends_in_a_word(sentence: TreebankSentence) -> bool:
    # Only there the tokenizer parts the full stop from a capital that follows without a blank.
    *_, last, stop = ("", *sentence.words)
    return stop == "." and last[-1:].isalnum()


def _with_bullet(sentence: TreebankSentence, bullet: str, number: int) -> TreebankSentence:
    marks = tuple(bullet.format(number).split())
    count = len(marks)
    root = sentence.relations.index("ROOT") + count
    return TreebankSentence(
        sent_id=sentence.sent_id,
        words=(*marks, *sentence.words),
        spaces=(*[False] * (count - 1), True, *sentence.spaces),
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


def kinds_of(sentences: Iterable[NamedSentence]) -> tuple[str, ...]:
    """The kinds of names in sentences, sorted."""
    return tuple(sorted({tag[2:] for _, tags in sentences for tag in tags} - {""}))


def plain_text(text: str) -> str:
    """A text as sentences are compared: lower case, no white space.

    >>> plain_text("Sora, kata OpenAI.") == plain_text("Sora , kata OpenAI .")
    True
    """
    return "".join(text.casefold().split())


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
