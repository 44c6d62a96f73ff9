"""A trained pipeline as a folder that plain spaCy loads, with licence, sources and scores."""

from __future__ import annotations

import hashlib
import json
import shutil
import string
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import spacy
from spacy.language import Language

from kg.scores import Scores, format_goals, format_scores
from kg.training_settings import Corpora, ModelSettings, training_dir


def package(
    nlp: Language,
    output: Path,
    *,
    code: str,
    corpora: Corpora,
    scores: Scores,
    command: str,
    seeds: Sequence[int],
    files: Sequence[Path],
    earlier: Mapping[str, object] | None = None,
) -> None:
    """Write a pipeline with what belongs to it into ``output``, which is replaced as a whole.

    ``files`` are the data it was made from: their SHA-256 sums go into ``meta.json``, and so do
    ``seeds``, one for each training whose weights it has the mean of, and ``earlier``, what is told
    there of the pipeline that this one goes on from.
    """
    model = corpora.model
    nlp.meta["name"] = model.name.removeprefix(f"{code}_")
    nlp.meta["version"] = model.version
    nlp.meta["description"] = model.description
    nlp.meta["license"] = model.licence
    nlp.meta["sources"] = [asdict(source) for source in corpora.source]
    nlp.meta["performance"] = asdict(scores)
    nlp.meta["training"] = {
        "command": command,
        "seeds": list(seeds),
        "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }
    if earlier:
        nlp.meta["training"]["from"] = dict(earlier)
    # What only training needs stays out: folders of this machine, callbacks that look for them.
    for section in ("paths", "corpora", "training", "initialize"):
        nlp.config[section] = {}
    nlp.config["system"] = {"gpu_allocator": None, "seed": seeds[0]}
    part = output.with_name(output.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.parent.mkdir(parents=True, exist_ok=True)
    # No words of the training data, which need a third of the space; spaCy adds the strings of a
    # text as it reads it.
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
        goals="\n".join(format_goals(scores, corpora)),
        command=command,
        files=", ".join(f"`{path.name}`" for path in files),
    )


def _text(template: Path, model: ModelSettings, **values: str) -> str:
    text = string.Template(template.read_text(encoding="utf-8"))
    return text.substitute({**asdict(model), **values})
