"""The README keeps what it promises: every command runs, every number was measured."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib

import kg.cli
from kg.evaluate import evaluate, read_gold
from kg.iris import prefixes
from kg.records import Article
from kg.statements import extract

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def commands(name: str) -> list[str]:
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.strip()]
    return [line for line in lines if line.split()[0] == name]


def test_every_line_is_a_command_that_is_checked_here() -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.strip()]
    assert len(commands("kg")) >= 10
    assert sorted(lines) == sorted(commands("kg") + commands("make"))


def test_every_command_of_the_program_is_described() -> None:
    for name in kg.cli._kg.commands:
        assert re.search(rf"^\| .*`kg {name}\b.* \| ", README, re.MULTILINE), name


def test_the_commands_run(tmp_path: Path) -> None:
    """In the order of the README, in a folder with its data and nothing else."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for line in commands("kg"):
        arguments = shlex.split(line)[1:]
        done = subprocess.run(
            [sys.executable, "-m", "kg", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), line
        if "-o" in arguments:
            assert (tmp_path / arguments[arguments.index("-o") + 1]).exists(), line
        else:
            assert len(done.stdout.splitlines()) >= 3, line


def test_make_has_the_targets_that_are_named() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {line.split()[1] for line in commands("make")} | set(
        re.findall(r"`make (\w+)`", README)
    )
    assert {"demo", "test", "bench"} <= named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_sentence_becomes_the_turtle() -> None:
    sentence, printed = blocks("text")
    [(article, statements)] = extract([Article("readme", sentence.strip(), "en")])
    graph = kg.build_graph(statements, articles=[article])
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes().items())
    [turtle] = blocks("turtle")
    shown = rdflib.Graph().parse(data=head + turtle, format="turtle")
    assert len(shown) >= 8
    missing = [triple for triple in shown if triple not in graph]
    assert missing == []
    assert printed


def test_the_python_prints_what_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    [code] = blocks("python")
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out == blocks("text")[1]


def test_the_scores_are_those_that_are_measured() -> None:
    [command] = [line for line in commands("kg") if line.startswith("kg eval")]
    result = evaluate(read_gold(ROOT / command.split()[2]))
    rows = re.findall(r"^\| (\w\w) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", README, re.MULTILINE)
    assert {row[0] for row in rows} == set(result.by_language)
    for lang, *shown in rows:
        score = result.by_language[lang]
        measured = (score.f1, score.precision, score.recall)
        assert [float(one) for one in shown] == pytest.approx(measured, abs=0.015), lang
