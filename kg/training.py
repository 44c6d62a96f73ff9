"""Training of a spaCy pipeline from treebanks, name lists and raw text, all driven by data files.

``data/languages/<code>/training/`` holds the two spaCy configurations (``syntax.cfg``,
``names.cfg``), the corpora and annotation conventions (``corpora.toml``), the token rules
(``tokenizer.toml``), the lemma rules (``lemmas.toml``) and the texts that go with the model. The
finished model loads with plain ``spacy.load``: it contains no code of this project.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import random
import re
import shutil
import string
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

import pydantic
import spacy
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.scorer import Scorer
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.util import compile_infix_regex, compile_suffix_regex
from spacy.vocab import Vocab

from kg.corpora import (
    STRICT,
    Corpora,
    ModelSettings,
    NamedSentence,
    Names,
    ScoreSettings,
    Treebanks,
    TreebankSentence,
    VectorSettings,
    find_file,
    load_corpora,
    load_names,
    load_settings,
    load_treebanks,
    make_documents,
    make_name_documents,
    training_dir,
    vary_names,
)
from kg.errors import KgError, TrainingError
from kg.lemmas import LemmaRules, gather_vocabulary, make_lemma_tables
from kg.resources import data_dir


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
class TokenRules:
    """``tokenizer.toml``, checked."""

    hyphen: HyphenSettings
    abbreviations: AbbreviationSettings


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
    tokenizer.infix_finditer = compile_infix_regex([*infixes, rules.hyphen.dashes]).finditer
    tokenizer.suffix_search = compile_suffix_regex([*suffixes, rules.hyphen.dashes]).search
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


def _write_corpora(
    folder: Path, banks: Treebanks, names: Names, corpora: Corpora, *, vocab: Vocab, seed: int
) -> None:
    chance = random.Random(seed)
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
    _write_docs(folder / "names-stop.spacy", make_name_documents(names.stop, vocab, chance=chance))


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
    """Train, evaluate and package the pipeline of a language; returns the model's folder.

    ``treebanks``, ``ner`` and ``text`` are the folders with the files that ``corpora.toml`` names.
    ``output`` is replaced as a whole at the very end (default: ``data/models/<name>``). ``work``
    keeps the stages (default: ``training-<code>`` in the current folder): one that is complete and
    was made from the same inputs is not made again. ``steps`` limits the training of the parser
    and of the names (default: as in their configurations). Lines on progress go to ``progress``
    (default: standard error). The same inputs and seed on the same machine give the same weights.

    Raises ``TrainingError`` for missing or malformed inputs.
    """
    stream = sys.stderr if progress is None else progress

    def say(message: str) -> None:
        stream.write(f"[{time.strftime('%H:%M:%S')}] {message}\n")
        stream.flush()

    settings = training_dir(code)
    corpora = load_corpora(code)
    rules = load_settings(settings / "lemmas.toml", LemmaRules)
    output = output or data_dir() / "models" / corpora.model.name
    work = work or Path(f"training-{code}")
    texts = [_find_text(text, name) for name in corpora.text.files]
    names = load_names(ner, corpora)
    banks = load_treebanks(treebanks, corpora)
    say(
        f"read {sum(map(len, banks.train))} training sentences with copies and "
        f"{sum(map(len, banks.test.values()))} for testing; left out {banks.dropped} that are in a "
        f"test set, and {names.dropped} of the names"
    )
    work.mkdir(parents=True, exist_ok=True)

    def make_base(folder: Path) -> None:
        nlp, tokenizer = make_blank(code), make_tokenizer(code)
        lines = read_lines(texts)
        train_vectors(nlp, lines, corpora.vectors, tokenizer=tokenizer, work=folder)
        nlp.to_disk(folder)

    base_print = _fingerprint(corpora.vectors, settings / "tokenizer.toml", *texts)
    base = _stage(work / "vectors", base_print, make_base, say)

    def make_corpora(folder: Path) -> None:
        _write_corpora(folder, banks, names, corpora, vocab=spacy.blank(code).vocab, seed=seed)

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
    vocabulary = gather_vocabulary(make_tokenizer(code), read_lines(texts), banks.train, code=code)
    tables = make_lemma_tables(rules, vocabulary)
    nlp = assemble(trained["syntax"], trained["names"], tables, corpora)
    say("evaluation: started")
    scores = evaluate(nlp, banks, names, corpora.scores)
    command = (
        f"python -m kg.training {code} --treebanks TREEBANKS --ner NER --text TEXT --seed {seed}"
    )
    _package(
        nlp,
        output,
        code=code,
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
    syntax: Path, names: Path, tables: Mapping[str, Mapping[str, Any]], corpora: Corpora
) -> Language:
    """Join the trained parts and the lemma tables to one pipeline."""
    nlp = spacy.load(syntax)
    ruler = nlp.add_pipe("attribute_ruler")
    for rule in corpora.fixed_features:
        patterns = [[{"LOWER": {"IN": list(rule.words)}}]]
        ruler.add(patterns, {"MORPH": rule.feature})  # type: ignore[attr-defined]
    lookups = Lookups()
    for name, table in tables.items():
        lookups.add_table(name, dict(table))
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule", "overwrite": True})
    lemmatizer.initialize(lookups=lookups)  # type: ignore[attr-defined]
    nlp.add_pipe("ner", source=spacy.load(names))
    expected = corpora.model.components
    if tuple(nlp.pipe_names) != expected:
        raise TrainingError(
            f"pipeline is {', '.join(nlp.pipe_names)}, expected {', '.join(expected)}; "
            "make syntax.cfg and corpora.toml agree"
        )
    return nlp


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of a pipeline, all in percent but ``words_per_second``.

    ``syntax`` maps a test set to UAS, LAS, UPOS and features (all tokens, gold tokens, one
    sentence a document), lemma (the tokens whose lemma the treebank gives, capitals ignored), verb
    lemma (those of them that the treebank calls verbs), cLAS (without punctuation, labels made one
    as ``corpora.toml`` says), core F (edges of subject, passive subject, object and agent, with
    their labels), and tokens and sentences F on raw text, ten sentences a document. ``names`` maps
    a test set to F of all names and of each label, on gold tokens.
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
    """The scores of ``Scores.syntax`` for one test set."""
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
            if sentence.lemmas[i]:
                same = token.lemma_.casefold() == sentence.lemmas[i].casefold()
                kinds = ("lemma", "verb lemma") if sentence.tags[i] == "VERB" else ("lemma",)
                for kind in kinds:
                    right[f"gold {kind}"] += 1
                    right[kind] += same
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
        **{k: 100 * right[k] / n for k in ("lemma", "verb lemma") if (n := right[f"gold {k}"])},
        "cLAS": 100 * right["cLAS"] / right["content"],
        "core F": _f_score(right["core"], right["found core"], right["gold core"]),
        "tokens F": 100 * raw["token_f"],
        "sentences F": 100 * raw["sents_f"],
    }


def score_names(nlp: Language, sentences: Sequence[NamedSentence]) -> dict[str, float]:
    """F of names, all and per label; a name is right if both ends and the label are."""
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
    """Score a pipeline on all test sets and measure its speed on their text."""
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


def _package(
    nlp: Language,
    output: Path,
    *,
    code: str,
    corpora: Corpora,
    scores: Scores,
    command: str,
    seed: int,
    files: Sequence[Path],
) -> None:
    model = corpora.model
    nlp.meta["name"] = model.name.removeprefix(f"{code}_")
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
    # What only training needs stays out: folders of this machine, callbacks that look for them.
    for section in ("paths", "corpora", "training", "initialize"):
        nlp.config[section] = {}
    nlp.config["system"] = {"gpu_allocator": None, "seed": seed}
    part = output.with_name(output.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.parent.mkdir(parents=True, exist_ok=True)
    # The tokenizer with fewer exceptions, and no words of the training data, which need a third
    # of the space; spaCy adds the strings of a text as it reads it.
    nlp.tokenizer = make_tokenizer(code, nlp)
    nlp.to_disk(part)
    kept = {*spacy.blank(code).vocab.strings, *(x for v in nlp.pipe_labels.values() for x in v)}
    strings = sorted(text for text in kept if "-" not in text)
    (part / "vocab" / "strings.json").write_text(json.dumps(strings), encoding="utf-8")
    folder = training_dir(code)
    (part / "LICENSE").write_text(_licence_text(folder, corpora), encoding="utf-8")
    readme = _readme_text(folder, corpora, scores, command, files)
    (part / "README.md").write_text(readme, encoding="utf-8")
    shutil.rmtree(output, ignore_errors=True)
    part.rename(output)


def _licence_text(folder: Path, corpora: Corpora) -> str:
    sources = "\n".join(
        f"- {s.name}: {s.licence}. {s.url}" + (f"\n  {s.note}" if s.note else "")
        for s in corpora.source
    )
    return _text(folder / "model-licence.txt", corpora.model, sources=sources)


def _readme_text(
    folder: Path, corpora: Corpora, scores: Scores, command: str, files: Sequence[Path]
) -> str:
    return _text(
        folder / "model-readme.md",
        corpora.model,
        sources="\n".join(f"- [{s.name}]({s.url}), {s.licence}" for s in corpora.source),
        components=", ".join(corpora.model.components),
        scores="\n".join(format_scores(scores)),
        command=command,
        files=", ".join(f"`{path.name}`" for path in files),
    )


def _text(template: Path, model: ModelSettings, **values: str) -> str:
    text = string.Template(template.read_text(encoding="utf-8"))
    return text.substitute({**asdict(model), **values})


def _load_model(name: str | Path) -> Language:
    try:
        return spacy.load(name)
    except OSError as error:
        raise TrainingError(
            f"{name}: no spaCy model there; expected a folder or a package; train one first"
        ) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m kg.training",
        description="Train the spaCy pipeline of a language, or score one: evaluate CODE.",
    )
    parser.add_argument("code", nargs="+", metavar="[evaluate] CODE", help="language, such as id")
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
            nlp = _load_model(options.model or data_dir() / "models" / corpora.model.name)
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
