"""Bad input: one line that says what is wrong, where, and what to do, and no half results.

The command is run as its users run it; a traceback in what it says fails every test here.
"""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.articles import read_articles
from kg.resources import data_dir

ENGLISH = "The artists criticized OpenAI on Monday."


def kg(
    *arguments: object, file_size: int | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs the command; ``file_size`` is the number of bytes at which the disk counts as full."""

    def limit() -> None:
        assert file_size is not None
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

    done = subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        preexec_fn=limit if file_size is not None else None,
    )
    assert "Traceback" not in done.stderr
    return done


def refused(done: subprocess.CompletedProcess[str], *words: str, code: int = 1) -> None:
    """One line of the command's own, with these words, nothing printed, the right exit code."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert re.fullmatch(r"kg: .+\n", done.stderr), done.stderr
    for word in words:
        assert word in done.stderr


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.txt", None, ("missing.txt: no such file or folder", "check the name")),
        ("empty.txt", b"", ("empty.txt: the file is empty", "expected an article")),
        (
            "binary.txt",
            bytes(range(256)) * 10,
            ("binary.txt: binary data", "expected text in UTF-8"),
        ),
        (
            "latin.txt",
            "Café owners sued.".encode("latin-1"),
            ("latin.txt: byte 0xE9 at offset 3 (line 1)", "save it as UTF-8"),
        ),
        (
            "french.txt",
            "Les artistes ont critiqué OpenAI devant le tribunal.".encode(),
            ("french.txt: in French (fr)", "English (en), Indonesian (id)", "--lang"),
        ),
        ("short.txt", b"OpenAI", ("short.txt: too short to tell its language", "--lang")),
    ],
)
@pytest.mark.parametrize("command", ["extract", "build"])
def test_articles_that_cannot_be_read(
    tmp_path: Path,
    out: Path,
    command: str,
    name: str,
    content: bytes | None,
    words: tuple[str, ...],
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    refused(kg(command, file, "-o", out), *words)
    assert not out.exists()


def test_a_language_that_there_is_not(tmp_path: Path, out: Path) -> None:
    (tmp_path / "a.txt").write_text(ENGLISH, encoding="utf-8")
    done = kg("build", tmp_path / "a.txt", "--lang", "xx", "-o", out)
    refused(done, "no language pack for 'xx'", "English (en), Indonesian (id)")
    assert "--lang" not in done.stderr


def test_a_broken_pdf_is_one_line(tmp_path: Path, out: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\nrubbish")
    refused(kg("build", tmp_path / "a.pdf", "-o", out), "a.pdf: not a PDF that can be read")


def test_an_article_without_a_statement_is_no_error(tmp_path: Path, out: Path) -> None:
    (tmp_path / "a.txt").write_text("?! … 123 — £$%&\n\n)(", encoding="utf-8")
    done = kg("extract", tmp_path / "a.txt", "--lang", "id")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = kg("build", tmp_path / "a.txt", "--lang", "id", "-o", out, "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert (out / "graph.html").stat().st_size > 1000


def test_an_article_of_a_megabyte(tmp_path: Path) -> None:
    """Long articles are read whole: the articles of the project one after another, many times."""
    texts = [one.text for one in read_articles([data_dir() / "articles"]) if one.lang == "en"]
    round_of_texts = "\n\n".join(texts) + "\n\n"
    text = round_of_texts * (1_000_000 // len(round_of_texts.encode()) + 1)
    assert len(text.encode()) >= 1_000_000
    file = tmp_path / "long.txt"
    file.write_text(text, encoding="utf-8")
    result = tmp_path / "long.jsonl"
    done = kg("extract", file, "-o", result)
    assert (done.returncode, done.stderr) == (0, "")
    last = 0
    with result.open(encoding="utf-8") as lines:
        for line in lines:
            trigger = json.loads(line)["trigger"]
            assert text[trigger["start"] : trigger["end"]] == trigger["text"]
            assert trigger["start"] >= last
            last = trigger["start"]
    assert last > len(text) - len(round_of_texts)


def test_ten_thousand_articles_of_one_line(tmp_path: Path, out: Path) -> None:
    actors = ("The artists", "The writers", "Getty Images", "The union", "Actors")
    targets = ("OpenAI", "Meta", "Stability AI", "Midjourney", "Google")
    file = tmp_path / "many.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for number in range(10_000):
            actor, target = actors[number % 5], targets[number // 5 % 5]
            row = {"id": f"a{number}", "lang": "en", "text": f"{actor} sued {target}."}
            lines.write(json.dumps(row) + "\n")
    done = kg("build", file, "-o", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"articles given +10000 +10000 new", done.stdout)
    found = kg(
        "query",
        "SELECT (COUNT(?e) AS ?n) { ?s dkg:relation dkg:sues ; dkg:evidence ?e }",
        *("--store", out / "store", "--format", "csv"),
    )
    assert found.stdout.split() == ["n", "10000"]


HOLD = """
import sys
from pathlib import Path
from kg.store import open_store
with open_store(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def held(out: Path) -> Iterator[int]:
    """A store at ``out/store`` that another process writes to; gives the number of the process."""
    command = [sys.executable, "-c", HOLD, str(out / "store")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        yield other.pid
        other.communicate()


def test_a_store_that_another_process_holds(tmp_path: Path, out: Path, held: int) -> None:
    (tmp_path / "a.txt").write_text(ENGLISH, encoding="utf-8")
    done = kg("build", tmp_path / "a.txt", "-o", out)
    refused(done, str(out / "store"), f"process {held} is writing to this store", "wait until")
    assert [path.name for path in out.iterdir()] == ["store"]


@pytest.mark.parametrize("command", ["query", "export", "view"])
def test_a_store_that_is_none(tmp_path: Path, command: str) -> None:
    arguments = ["ASK {}"] if command == "query" else []
    for store in (tmp_path / "missing", tmp_path):
        refused(kg(command, *arguments, "--store", store), "no store here", "kg build")


def test_a_folder_with_other_things_is_not_made_a_store(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ENGLISH, encoding="utf-8")
    done = kg("build", tmp_path / "a.txt", "--store", tmp_path, "-o", tmp_path / "out")
    refused(done, "a folder with other things in it")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    (folder / "a.txt").write_text(ENGLISH, encoding="utf-8")
    assert kg("build", folder / "a.txt", "-o", folder / "out").returncode == 0
    return folder / "out"


@pytest.mark.parametrize(
    "arguments",
    [("extract", data_dir() / "articles" / "sora-leak.en.md"), ("export",), ("view",)],
    ids=["extract", "export", "view"],
)
def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, built: Path, arguments: tuple[object, ...]
) -> None:
    """The disk is full after 2,000 bytes of a file: the system refuses what goes beyond."""
    target = tmp_path / "result"
    target.write_text("what was there", encoding="utf-8")
    store = () if arguments[0] == "extract" else ("--store", built / "store")
    refused(kg(*arguments, *store, "-o", target, file_size=2_000), f"{target}: cannot be written")
    assert target.read_text(encoding="utf-8") == "what was there"
    assert [path.name for path in tmp_path.iterdir()] == ["result"]


@pytest.mark.parametrize("room", [2_000, 100_000, 500_000])
def test_a_disk_that_fills_up_during_a_build(tmp_path: Path, built: Path, room: int) -> None:
    """Wherever the room ends, in the store or in a result: the results of before are untouched."""
    out = tmp_path / "out"
    shutil.copytree(built, out)
    before = {name: (out / name).read_bytes() for name in ("graph.ttl", "graph.html")}
    articles = sorted((data_dir() / "articles").glob("s*.md"))
    assert len(articles) > 3
    done = kg("build", *articles, "-o", out, file_size=room)
    refused(done, "cannot")
    for name, content in before.items():
        assert (out / name).read_bytes() == content or name == "graph.ttl"
    assert {path.name for path in out.iterdir()} == {"store", *before}
    again = kg("build", *articles, "-o", out)
    assert again.returncode == 0, again.stderr
    whole = kg("build", *articles, built.parent / "a.txt", "-o", tmp_path / "fresh")
    assert whole.returncode == 0
    for name in before:
        assert (out / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ENGLISH, encoding="utf-8")
    tmp_path.chmod(0o500)
    try:
        done = kg("build", tmp_path / "a.txt", "-o", tmp_path / "out")
    finally:
        tmp_path.chmod(0o700)
    refused(done, "cannot be written")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?who WHERE { ?who dkg:sues }", ("does not parse",)),
        ("SELEC ?who { }", ("does not parse",)),
        ("SELECT ?x { ?x nope:sues ?y }", ("does not parse",)),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", ("queries only read",)),
    ],
)
def test_broken_queries(built: Path, query: str, words: tuple[str, ...]) -> None:
    refused(kg("query", query, "--store", built / "store"), *words)


def test_queries_that_there_are_not(built: Path) -> None:
    store = ("--store", built / "store")
    refused(kg("query", "--name", "lawsiuts", *store), "did you mean lawsuits", code=2)
    done = kg("query", "--name", "lawsuits", "-p", "colour=red", *store)
    refused(done, "no parameter 'colour'", code=2)


def test_a_graph_file_that_is_none(tmp_path: Path) -> None:
    file = tmp_path / "graph.ttl"
    file.write_text("this is no Turtle", encoding="utf-8")
    refused(kg("query", "ASK {}", file), "graph.ttl", "Turtle")
