"""Training of a spaCy pipeline from treebanks, name lists and raw text, all driven by data files.

``data/languages/<code>/training/`` holds the two spaCy configurations (``syntax.cfg``,
``names.cfg``), the corpora and annotation conventions (``corpora.toml``), the token rules
(``tokenizer.toml``), the lemma rules (``lemmas.toml``) and the texts that go with the model. The
finished model loads with plain ``spacy.load``: it contains no code of this project.
"""

from __future__ import annotations

import hashlib
import lzma
import random
import re
import shutil
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

import pydantic
import spacy
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc, DocBin
from spacy.util import compile_infix_regex, compile_suffix_regex
from tqdm import tqdm

from kg.averaging import average_pipelines
from kg.constructions import MarkedPairs, read_names, read_pairs, read_splits, to_bio
from kg.corpora import leave_out_tests
from kg.errors import TrainingError
from kg.lemmas import LemmaRules, gather_vocabulary, make_lemma_tables
from kg.name_corpora import NamedSentence, Names, kinds_of, load_names, vary_names
from kg.packaging import package
from kg.refinement import complete_marked, earlier_training, going_on
from kg.registry import registry
from kg.resources import data_dir
from kg.scores import HeldOut, evaluate, format_goals, format_scores
from kg.training_documents import make_documents, make_name_documents
from kg.training_settings import (
    STRICT,
    Corpora,
    VectorSettings,
    find_file,
    load_corpora,
    load_settings,
    training_dir,
)
from kg.treebanks import Treebanks, TreebankSentence, load_treebanks


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class HyphenSettings:
    """Words that stay whole, and the dashes that still split."""

    whole: tuple[str, ...]
    dashes: str


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class AbbreviationSettings:
    """Words that keep their full stop."""

    words: tuple[str, ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class NameSettings:
    """Regular expressions of names that stay whole though they have a full stop inside."""

    patterns: tuple[str, ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class BorderSettings:
    """Regular expressions of what splits between two sentences that no blank parts."""

    patterns: tuple[str, ...]


@pydantic.dataclasses.dataclass(frozen=True, slots=True, config=STRICT)
class TokenRules:
    """``tokenizer.toml``, checked."""

    hyphen: HyphenSettings
    abbreviations: AbbreviationSettings
    names: NameSettings
    borders: BorderSettings


def make_tokenizer(code: str, nlp: Language | None = None) -> Tokenizer:
    """spaCy's tokenizer of a language with the rules of ``tokenizer.toml``.

    It uses the vocabulary of ``nlp``, or one of its own.

    >>> [token.text for token in make_tokenizer("id")("Anak-anak membuat teks-ke-video.")]
    ['Anak-anak', 'membuat', 'teks-ke-video', '.']
    """
    rules = load_settings(training_dir(code) / "tokenizer.toml", TokenRules)
    nlp = nlp or spacy.blank(code)
    tokenizer = nlp.tokenizer
    if not isinstance(tokenizer, Tokenizer):
        raise TrainingError(
            f"language {code!r}: its spaCy tokenizer has no rules that could be changed"
        )

    def splits_none(compiled: re.Pattern[str]) -> bool:
        return not any(compiled.search(word) for word in rules.hyphen.whole)

    defaults = nlp.Defaults
    infixes = [r for r in defaults.infixes or [] if splits_none(compile_infix_regex([r]))]
    suffixes = [r for r in defaults.suffixes or [] if splits_none(compile_suffix_regex([r]))]
    tokenizer.infix_finditer = compile_infix_regex(
        [*infixes, rules.hyphen.dashes, *rules.borders.patterns]
    ).finditer
    tokenizer.suffix_search = compile_suffix_regex([*suffixes, rules.hyphen.dashes]).search
    tokenizer.token_match = re.compile(rf"(?:{'|'.join(rules.names.patterns)})$").match
    # spaCy lists thousands of hyphenated words that must not split; now none does.
    exceptions = tokenizer.rules or {}
    tokenizer.rules = {w: t for w, t in exceptions.items() if "-" not in w or len(t) > 1}
    for word in rules.abbreviations.words:
        tokenizer.add_special_case(word, [{"ORTH": word}])
    return tokenizer


def make_blank(code: str) -> Language:
    """A pipeline without components, with the tokenizer of ``make_tokenizer``."""
    nlp = spacy.blank(code)
    nlp.tokenizer = make_tokenizer(code, nlp)
    return nlp


def _find_text(folder: Path, name: str) -> Path:
    return find_file(folder, [name, name.removesuffix(".xz")])


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
    nlp: Language,
    lines: Iterable[str],
    settings: VectorSettings,
    *,
    tokenizer: Tokenizer,
    work: Path,
) -> None:
    """Train floret vectors on lines of raw text into ``nlp``; ``work`` takes files in between.

    ``tokenizer`` has a vocabulary of its own, so that the words of the text stay out of the model.
    One thread, so that the same lines give the same vectors.
    """
    import floret  # noqa: PLC0415 - needed for training only
    from spacy.training.initialize import convert_vectors  # noqa: PLC0415

    words = work / "words.txt"
    with words.open("w", encoding="utf-8") as out:
        for doc in tokenizer.pipe(lines):
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
    more: Mapping[str, object],
    start: Path | None,
) -> None:
    from spacy.training.initialize import init_nlp  # noqa: PLC0415 - slow to import
    from spacy.training.loop import train as run_loop  # noqa: PLC0415

    overrides: dict[str, object] = {
        "paths.base": str(base),
        "paths.train": str(train_docs),
        "paths.dev": str(stop_docs),
        "training.seed": seed,
        **more,
    }
    if steps is not None:
        overrides["training.max_steps"] = steps
    config = spacy.util.load_config(config_path, overrides=overrides)
    if start:
        for name in config["nlp"]["pipeline"]:
            config["components"][name] = {"source": str(start)}
    nlp = init_nlp(config)
    run_loop(nlp, output, stdout=progress, stderr=progress)


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a pipeline is trained on, read and checked.

    ``field`` are the project's sentences with names, by part; ``agents`` and ``reports`` its
    sentences for training with one construction; ``tests`` all that must not be trained on; ``raw``
    the files of raw text, ``own`` those of the project's sentences.
    """

    code: str
    corpora: Corpora
    banks: Treebanks
    names: Names
    field: dict[str, list[NamedSentence]]
    agents: list[MarkedPairs]
    reports: list[MarkedPairs]
    tests: HeldOut
    raw: tuple[Path, ...]
    own: tuple[Path, ...]


def read_inputs(code: str, *, treebanks: Path, ner: Path, text: Path | None = None) -> Inputs:
    """Read the folders that the user gives and the project's own sentences.

    Raises ``TrainingError`` for a file that is missing or malformed.
    """
    corpora = load_corpora(code)
    banks, names = leave_out_tests(load_treebanks(treebanks, corpora), load_names(ner, corpora))
    folder, tokenizer = training_dir(code) / "sentences", make_tokenizer(code)
    field = {
        part: to_bio(read_names(folder / f"names-{part}.jsonl"), tokenizer)
        for part in ("train", "dev", "test")
    }
    return Inputs(
        code=code,
        corpora=corpora,
        banks=banks,
        names=names,
        field=field,
        agents=read_pairs(folder / "agents-train.jsonl"),
        reports=read_pairs(folder / "reports-train.jsonl"),
        tests=HeldOut(
            treebanks=banks.test,
            names={**names.test, corpora.field: tuple(field["test"])},
            agents=read_pairs(folder / "agents-test.jsonl"),
            reports=read_pairs(folder / "reports-test.jsonl"),
            splits=read_splits(folder / "splits-test.jsonl"),
        ),
        raw=tuple(_find_text(text, name) for name in corpora.text.files) if text else (),
        own=tuple(sorted(folder.glob("*.jsonl"))),
    )


def _names_by_label(
    types: Mapping[str, Collection[str]], code: str
) -> dict[str, list[tuple[str, ...]]]:
    """Unambiguous names of the registry, cut into words, by the label for their entity's type."""
    known, tokenizer = registry(), make_tokenizer(code)
    named = [
        (tuple(token.text for token in tokenizer(name)), known.entities[slug].type)
        for name, slug in known.names_in(code)
        if slug not in known.ambiguous
    ]
    return {
        label: [words for words, kind in named if kind in wanted] for label, wanted in types.items()
    }


class _Run:
    """One training with its stages: where they are kept, what they are made from, who is told."""

    def __init__(
        self, inputs: Inputs, work: Path, *, steps: int | None, seed: int, stream: TextIO
    ) -> None:
        self.inputs = inputs
        self.corpora = inputs.corpora
        self.settings = training_dir(inputs.code)
        self.work = work
        self.steps = steps
        self.seed = seed
        self.stream = stream
        self.vocab = spacy.blank(inputs.code).vocab
        work.mkdir(parents=True, exist_ok=True)

    def say(self, message: str) -> None:
        """One line on progress."""
        self.stream.write(f"[{time.strftime('%H:%M:%S')}] {message}\n")
        self.stream.flush()

    def stage(self, name: str, make: Callable[[Path], None], *parts: object) -> Path:
        """A folder of results, made unless it was made from the same ``parts`` before."""
        return _stage(self.work / name, _fingerprint(name, *parts), make, self.say)

    def vectors(self) -> Path:
        """Word vectors of the raw text in an empty pipeline."""

        def make(folder: Path) -> None:
            code = self.inputs.code
            nlp, tokenizer = make_blank(code), make_tokenizer(code)
            lines = read_lines(self.inputs.raw)
            train_vectors(nlp, lines, self.corpora.vectors, tokenizer=tokenizer, work=folder)
            nlp.to_disk(folder)

        tokens = self.settings / "tokenizer.toml"
        return self.stage("vectors", make, self.corpora.vectors, tokens, *self.inputs.raw)

    def gold(self) -> Path:
        """Documents of the treebanks and of the corpora of names."""

        def make(folder: Path) -> None:
            chance = random.Random(self.seed)
            banks, names = self.inputs.banks, self.inputs.names
            self._write_syntax(folder, [list(part) for part in banks.train], chance)
            stop = make_documents(banks.stop, self.vocab, chance=chance, shortest=1, longest=4)
            _write_docs(folder / "syntax-stop.spacy", stop)
            train = [s for part in names.train.values() for s in part]
            self._write_names(folder, [*train, *self._field_names(chance)], chance)
            stop_names = [s for part in names.stop.values() for s in part]
            stop_names += self.inputs.field["dev"]
            docs = make_name_documents(stop_names, self.vocab, chance=chance)
            _write_docs(folder / "names-stop.spacy", docs)

        return self.stage("corpora", make, *self._sources())

    def _sources(self) -> tuple[object, ...]:
        inputs = self.inputs
        files = (*inputs.banks.files, *inputs.names.files, *inputs.own)
        return (self.settings / "corpora.toml", self.seed, *files)

    def _write_syntax(
        self,
        folder: Path,
        parts: Iterable[Sequence[TreebankSentence]],
        chance: random.Random,
    ) -> None:
        lengths = asdict(self.corpora.documents)
        docs = [
            doc
            for part in parts
            for doc in make_documents(
                part, self.vocab, chance=chance, layout=self.corpora.layout, **lengths
            )
        ]
        chance.shuffle(docs)
        _write_docs(folder / "syntax.spacy", docs)

    def _write_names(
        self, folder: Path, sentences: Sequence[NamedSentence], chance: random.Random
    ) -> None:
        docs = list(
            make_name_documents(sentences, self.vocab, chance=chance, shortest=1, longest=4)
        )
        chance.shuffle(docs)
        _write_docs(folder / "names.spacy", docs)

    def _field_names(self, chance: random.Random) -> list[NamedSentence]:
        """The project's sentences, some of them a second time with other names."""
        train, share = self.inputs.field["train"], self.corpora.name_variation.share
        names = _names_by_label(self.corpora.name_variation.types, self.inputs.code)
        copies = range(self.corpora.silver.name_copies)
        return [s for _ in copies for s in vary_names(train, names, share, chance)]

    def component(
        self,
        part: str,
        name: str,
        docs: Path,
        base: Path,
        steps: int | None,
        more: Mapping[str, object] | None = None,
        start: Path | None = None,
    ) -> Path:
        """A trained ``syntax`` or ``names`` pipeline: the best by the kept-out sentences.

        ``more`` overrides the configuration; with ``start`` that pipeline's components go on.
        """
        config = self.settings / f"{part}.cfg"
        gold = self.gold()

        def make(folder: Path) -> None:
            _train_component(
                config,
                folder,
                base=base,
                train_docs=docs / f"{part}.spacy",
                stop_docs=gold / f"{part}-stop.spacy",
                steps=steps,
                seed=self.seed,
                progress=self.stream,
                more=more or {},
                start=start,
            )

        made = [(inputs / "complete").read_text(encoding="utf-8") for inputs in (base, docs)]
        parts = (*made, config, steps, self.seed, *((more,) if more else ()))
        return self.stage(name, make, *parts) / "model-best"

    def refined(self, start: Path) -> Path:
        """The parser of the pipeline ``start`` after a second round; see ``kg.refinement``."""
        corpora, inputs = self.corpora, self.inputs
        settings = corpora.refinement
        earlier = (start / "meta.json", start / "parser" / "model", start / "tok2vec" / "model")

        def make_base(folder: Path) -> None:
            nlp = make_blank(inputs.code)
            nlp.vocab.vectors = spacy.load(start).vocab.vectors
            nlp.to_disk(folder)

        def make_docs(folder: Path) -> None:
            chance = random.Random(self.seed)
            nlp = spacy.load(start, exclude=["lemmatizer", "entity_ruler", "ner"])
            nlp.tokenizer = make_tokenizer(inputs.code, nlp)
            marked = complete_marked(inputs.agents, inputs.reports, nlp, corpora)
            copies = range(settings.marked_copies)
            gold = [list(part) for part in inputs.banks.train] * settings.gold_copies
            again = [chance.sample(marked, len(marked)) for _ in copies]
            self._write_syntax(folder, [*gold, *again], chance)

        tokens = self.settings / "tokenizer.toml"
        base = self.stage("earlier", make_base, tokens, *earlier)
        docs = self.stage("second-round", make_docs, tokens, *self._sources(), *earlier)
        steps = self.steps or settings.steps
        more = going_on(settings, steps)
        return self.component("syntax", "refined", docs, base, steps, more, start)

    def averaged(self, start: Path, seeds: Sequence[int]) -> Path:
        """The mean of what ``refined`` gives with each of ``seeds``; with one, that itself.

        Each seed's stages have a folder of their own, so that more seeds can be added later.
        """
        made = []
        for seed in seeds:
            work = self.work / f"seed-{seed}"
            self.say(f"{work.name}: its stages are in {work}")
            run = _Run(self.inputs, work, steps=self.steps, seed=seed, stream=self.stream)
            made.append(run.refined(start))
        if len(made) == 1:
            return made[0]

        def make(folder: Path) -> None:
            average_pipelines(made, spacy.load(made[0]).pipe_names).to_disk(folder / "model")

        parts = [(model.parent / "complete").read_text(encoding="utf-8") for model in made]
        return self.stage("averaged", make, *parts) / "model"

    def silver(self, base: Path) -> Path:
        """Documents of the treebanks and names together with raw text that teachers annotated."""
        from kg import silver, teachers  # noqa: PLC0415 - needs the extra `teacher`
        from kg.encoder import WordPieces  # noqa: PLC0415

        corpora, inputs = self.corpora, self.inputs
        settings, tokenizer = corpora.silver, make_tokenizer(inputs.code)
        first_steps = min(settings.first_steps, self.steps or settings.first_steps)
        first = self.component("syntax", "first", self.gold(), base, first_steps)

        def make_raw(folder: Path) -> None:
            lines = dict.fromkeys(read_lines(inputs.raw))
            splitter = spacy.load(first, exclude=["morphologizer"])
            split = silver.split_text(
                tqdm(lines, "sentences", file=self.stream), splitter, settings, inputs.tests.texts()
            )
            silver.write_paragraphs(split, folder / "raw.jsonl")

        made = (first.parent / "complete").read_text(encoding="utf-8")
        raw = self.stage("raw", make_raw, made, settings, *inputs.raw) / "raw.jsonl"
        pretrained = teachers.load_pretrained(corpora.teacher)
        paragraphs = silver.read_paragraphs(raw)
        treebank = [s for part in inputs.banks.train for s in part]
        named = {**inputs.names.train, corpora.field: inputs.field["train"]}
        pieces = WordPieces(
            pretrained,
            sorted(
                {word for paragraph in paragraphs for s in paragraph for word in s.words}
                | {word for s in treebank for word in s.words}
                | {word for part in named.values() for words, _ in part for word in words}
            ),
        )
        kinds = {name: kinds_of(part) for name, part in named.items()}
        copies = {corpora.field: settings.name_copies}
        parsers: list[teachers.ParserTeacher] = []
        recognisers: list[teachers.NameTeacher] = []
        for seed in range(self.seed, self.seed + corpora.teacher.seeds):

            def make_parser(folder: Path, seed: int = seed) -> None:
                model = teachers.train_parser(
                    treebank, pretrained, pieces, corpora.teacher, seed=seed, say=self.say
                )
                teachers.save(model, folder / "weights.pt")

            def make_recogniser(folder: Path, seed: int = seed) -> None:
                model = teachers.train_names(
                    named, kinds, copies, pretrained, pieces, corpora.teacher,
                    seed=seed, say=self.say,
                )  # fmt: skip
                teachers.save(model, folder / "weights.pt")

            parts = (*self._sources(), made, seed)
            weights = self.stage(f"parser-teacher-{seed}", make_parser, *parts) / "weights.pt"
            parsers.append(
                teachers.restore_parser(weights, treebank, pretrained, pieces, corpora.teacher)
            )
            weights = self.stage(f"names-teacher-{seed}", make_recogniser, *parts) / "weights.pt"
            recognisers.append(
                teachers.restore_names(weights, kinds, pretrained, pieces, corpora.teacher)
            )

        def make(folder: Path) -> None:
            chance = random.Random(self.seed)
            drawn = silver.draw(paragraphs, settings.words, chance)
            parsed = silver.parse_paragraphs(drawn, parsers, pieces, corpora)
            marked = silver.parse_marked(
                inputs.agents, inputs.reports, tokenizer,
                parsers, pieces, corpora,
            )  # fmt: skip
            chance.shuffle(marked)
            gold = [list(part) for part in inputs.banks.train] * settings.gold_copies
            trees = [sentence for paragraph in parsed for sentence in paragraph]
            self._write_syntax(folder, [*gold, *([marked] * settings.marked_copies), trees], chance)
            sentences = [
                s.words for p in silver.draw(paragraphs, settings.name_words, chance) for s in p
            ]
            names = silver.name_sentences(
                sentences, recognisers, pieces, main=corpora.teacher.names, more=corpora.field,
                least=settings.least_name_confidence,
            )  # fmt: skip
            for corpus, part in inputs.names.train.items():
                names += silver.complete_names(
                    part, recognisers, pieces, main=corpora.teacher.names, more=corpora.field,
                    keep=corpus == corpora.teacher.names,
                )  # fmt: skip
            self._write_names(folder, [*names, *self._field_names(chance)], chance)

        return self.stage("silver", make, *self._sources(), made)


def train(
    code: str,
    *,
    treebanks: Path,
    ner: Path,
    text: Path,
    output: Path | None = None,
    work: Path | None = None,
    steps: int | None = None,
    seeds: Sequence[int] = (1,),
    teachers: bool = True,
    start: Path | None = None,
    progress: TextIO | None = None,
) -> Path:
    """Train, evaluate and package the pipeline of a language; returns the model's folder.

    ``treebanks``, ``ner`` and ``text`` are the folders with the files that ``corpora.toml`` names.
    ``output`` is replaced as a whole at the very end (default: ``data/models/<name>``). ``work``
    keeps the stages (default: ``training-<code>`` in the current folder): one that is complete and
    was made from the same inputs is not made again. ``steps`` limits the training of the parser
    and of the names (default: as in their configurations). Without ``teachers``, whose packages
    are the extra ``teacher``, the pipeline is trained on the treebanks and names alone. With
    ``start``, the folder of an earlier pipeline, that one's parser goes on learning from the
    treebanks and the project's own sentences; its word vectors and its recogniser of names are
    kept, the lemma tables made anew (``steps``: default as in ``corpora.toml``). With ``start``
    there may be several ``seeds``: the parser goes on once with each, and the pipeline has the mean
    of their weights (see ``kg.averaging``). Lines on progress go to ``progress`` (default: standard
    error). The same inputs and seeds on the same machine give the same weights.

    Raises ``TrainingError`` for missing or malformed inputs, and for several seeds without
    ``start``.
    """
    if not seeds or len(set(seeds)) != len(seeds):
        raise TrainingError(f"seeds {list(seeds)}: expected one or more, no two the same")
    if len(seeds) > 1 and not start:
        raise TrainingError(
            f"seeds {', '.join(map(str, seeds))}: only pipelines that go on from the same one can"
            " be averaged; give the earlier pipeline, or one seed"
        )
    inputs = read_inputs(code, treebanks=treebanks, ner=ner, text=text)
    corpora = inputs.corpora
    earlier = earlier_training(start, corpora.model) if start else None
    rules = load_settings(training_dir(code) / "lemmas.toml", LemmaRules)
    output = output or data_dir() / "models" / corpora.model.name
    stream = sys.stderr if progress is None else progress
    work = work or Path(f"training-{code}")
    run = _Run(inputs, work, steps=steps, seed=seeds[0], stream=stream)
    run.say(
        f"read {sum(map(len, inputs.banks.train))} training sentences with copies and "
        f"{sum(map(len, inputs.banks.test.values()))} for testing; left out "
        f"{inputs.banks.dropped} that are in a test set, and {inputs.names.dropped} of the names"
    )
    if start:
        syntax, names = run.averaged(start, seeds), start
    else:
        base = run.vectors()
        docs = run.silver(base) if teachers else run.gold()
        syntax, names = (
            run.component(part, part, docs, base, steps) for part in ("syntax", "names")
        )
    run.say("lemma tables: started")
    lines = read_lines(inputs.raw)
    vocabulary = gather_vocabulary(make_tokenizer(code), lines, inputs.banks.train, code=code)
    nlp = assemble(syntax, names, make_lemma_tables(rules, vocabulary), corpora)
    run.say("evaluation: started")
    scores = evaluate(nlp, inputs.tests, corpora)
    options = "".join(f" --seed {seed}" for seed in seeds) + (f" --steps {steps}" if steps else "")
    options += "" if teachers else " --without-teachers"
    options += f" --from {start.name}" if start else ""
    package(
        nlp,
        output,
        code=code,
        corpora=corpora,
        scores=scores,
        command=f"kg train {code} --treebanks TREEBANKS --ner NER --text TEXT{options}",
        seeds=seeds,
        files=[*inputs.banks.files, *inputs.names.files, *inputs.raw],
        earlier=earlier,
    )
    run.say(f"model: {output}")
    return output


def score(code: str, *, treebanks: Path, ner: Path, model: Path | None = None) -> list[str]:
    """Score a pipeline (default: the shipped one); the tables of its scores and of its goals."""
    inputs = read_inputs(code, treebanks=treebanks, ner=ner)
    folder = model or data_dir() / "models" / inputs.corpora.model.name
    try:
        nlp = spacy.load(folder)
    except OSError as error:
        raise TrainingError(
            f"{folder}: no spaCy pipeline there; expected a folder or a package; train one first"
        ) from error
    scores = evaluate(nlp, inputs.tests, inputs.corpora)
    return [*format_scores(scores), "", *format_goals(scores, inputs.corpora)]


def assemble(
    syntax: Path, names: Path, tables: Mapping[str, Mapping[str, Any]], corpora: Corpora
) -> Language:
    """Join the trained parts, the lemma tables and today's token rules to one pipeline."""
    nlp = spacy.load(syntax)
    nlp.tokenizer = make_tokenizer(nlp.lang or "", nlp)
    ruler = nlp.add_pipe("attribute_ruler")
    for rule in corpora.fixed_features:
        patterns = [[{"LOWER": {"IN": list(rule.words)}}]]
        ruler.add(patterns, {"MORPH": rule.feature})  # type: ignore[attr-defined]
    lookups = Lookups()
    for name, table in tables.items():
        lookups.add_table(name, dict(table))
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule", "overwrite": True})
    lemmatizer.initialize(lookups=lookups)  # type: ignore[attr-defined]
    known = nlp.add_pipe("entity_ruler")
    labelled = _names_by_label(corpora.ruler, nlp.lang or "")
    known.add_patterns(  # type: ignore[attr-defined]
        [
            {"label": label, "pattern": [{"ORTH": word} for word in name]}
            for label, known_names in sorted(labelled.items())
            for name in sorted(set(known_names))
        ]
    )
    nlp.add_pipe("ner", source=spacy.load(names))
    expected = corpora.model.components
    if tuple(nlp.pipe_names) != expected:
        raise TrainingError(
            f"pipeline is {', '.join(nlp.pipe_names)}, expected {', '.join(expected)}; "
            "make syntax.cfg and corpora.toml agree"
        )
    return nlp
