"""Backups come back as they were, and a broken one is seen; articles are removed by command."""

import gzip
import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from claims import GUILD, GUILD_CLAIMS, SORA, SORA_CLAIMS

import kg.backup
from kg.backup import back_up, restore
from kg.cli import main
from kg.errors import DataError, OutputError, StoreError
from kg.store import open_store


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with open_store(tmp_path / "store") as opened:
        opened.replace_articles(
            [(SORA, SORA_CLAIMS, "s"), (GUILD, GUILD_CLAIMS, "g")], extractor="kg test"
        )
    return tmp_path / "store"


def content(path: Path) -> set[ox.Quad]:
    return set(ox.Store.read_only(str(path)))


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_backup_comes_back_as_it_was(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, copy = tmp_path / "b.nq.gz", tmp_path / "new" / "copy"
    code, out, err = run(capsys, "backup", file, "--store", store)
    assert (code, out) == (0, "")
    assert f"{len(content(store))} quads of {store} in {file}" in err
    assert run(capsys, "restore", file, "--store", copy, "--quiet") == (0, "", "")
    assert content(copy) == content(store)
    with open_store(copy) as opened:
        assert opened.fingerprints() == {"sora": "s", "guild": "g"}
    assert back_up(copy, tmp_path / "again").sha256 == back_up(store, file).sha256
    assert sorted(one.name for one in copy.parent.iterdir()) == ["copy"]


def test_another_program_reads_a_backup(store: Path, tmp_path: Path) -> None:
    back_up(store, tmp_path / "b.nq.gz")
    data = gzip.decompress((tmp_path / "b.nq.gz").read_bytes())
    assert set(ox.parse(data, format=ox.RdfFormat.N_QUADS)) == content(store)


def test_a_backup_can_be_made_while_someone_writes(store: Path, tmp_path: Path) -> None:
    with open_store(store) as writer:
        writer.remove_articles(["sora"])
        back_up(store, tmp_path / "b")
    restore(tmp_path / "b", tmp_path / "copy")
    with open_store(tmp_path / "copy", read_only=True) as copy:
        assert [one.id for one in copy.articles()] == ["guild"]


def cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def without_end(data: bytes) -> bytes:
    return gzip.compress(b"".join(gzip.decompress(data).splitlines(keepends=True)[:-1]))


def other_claim(data: bytes) -> bytes:
    return gzip.compress(gzip.decompress(data).replace(b"criticizes", b"supports", 1))


def another_end(data: bytes) -> bytes:
    return gzip.compress(gzip.decompress(data).rpartition(b"# end ")[0] + b"# end {}\n")


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (cut, "cut off"),
        (without_end, "cut off"),
        (other_claim, "altered"),
        (another_end, "altered"),
        (lambda data: b"", "cut off"),
        (lambda data: b"PK\x03\x04 a zip", "gzip"),
        (lambda data: gzip.compress(b"<x:a> <x:b> <x:c> .\n"), "not a backup"),
    ],
)
def test_a_broken_backup_leaves_nothing(
    store: Path, tmp_path: Path, broken: Callable[[bytes], bytes], complaint: str
) -> None:
    file = tmp_path / "b"
    back_up(store, file)
    file.write_bytes(broken(file.read_bytes()))
    before = sorted(tmp_path.iterdir())
    with pytest.raises(DataError, match=complaint):
        restore(file, tmp_path / "copy")
    assert sorted(tmp_path.iterdir()) == before


def test_what_is_there_is_not_written_over(store: Path, tmp_path: Path) -> None:
    back_up(store, tmp_path / "b")
    before = content(store)
    for place in (store, tmp_path):
        with pytest.raises(StoreError, match="there already"):
            restore(tmp_path / "b", place)
    assert content(store) == before
    (tmp_path / "empty").mkdir()
    restore(tmp_path / "b", tmp_path / "empty")
    assert content(tmp_path / "empty") == before
    with pytest.raises(DataError, match="no such file"):
        restore(tmp_path / "no", tmp_path / "copy")
    with pytest.raises(StoreError, match="no store here"):
        back_up(tmp_path / "no", tmp_path / "c")
    with pytest.raises(OutputError, match="cannot be written"):
        back_up(store, tmp_path / "no" / "c")


def test_a_restore_that_fails_leaves_nothing(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(store, tmp_path / "b")
    before = sorted(tmp_path.iterdir())

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(kg.backup, "_load", fail)
    with pytest.raises(OutputError, match="full"):
        restore(tmp_path / "b", tmp_path / "copy")
    assert sorted(tmp_path.iterdir()) == before


def test_the_checksum_is_that_of_the_lines() -> None:
    out = io.BytesIO()
    counted = kg.backup._Counted(out)
    counted.write(b"a\nb")
    counted.write(b"c\n")
    assert (counted.lines, out.getvalue()) == (2, b"a\nbc\n")


# ---- remove and update


def test_articles_are_removed_all_or_none(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = content(store)
    code, _, err = run(capsys, "remove", "sora", "nothing", "--store", store)
    assert (code, err.strip()) == (2, f"kg: {store} has no article 'nothing'")
    assert content(store) == before
    assert run(capsys, "remove", "sora", "sora", "--store", store)[0] == 0
    with open_store(store) as opened:
        assert [one.id for one in opened.articles()] == ["guild"]
        opened.replace_article(SORA, SORA_CLAIMS, extractor="kg test", fingerprint="s")
    assert content(store) == before


def test_updates_are_only_for_those_who_ask(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    update = "INSERT DATA { entity:meta rdfs:seeAlso <https://example.org/meta> }"
    code, _, err = run(capsys, "query", update, "--store", store)
    assert code == 1
    assert "kg update" in err
    assert run(capsys, "update", update, "--store", store, "-q") == (0, "", "")
    ask = "ASK { entity:meta rdfs:seeAlso <https://example.org/meta> }"
    assert "yes" in run(capsys, "query", ask, "--store", store)[1]
    file = tmp_path / "x.ru"
    file.write_text("DELETE WHERE { entity:meta rdfs:seeAlso ?x }")
    assert run(capsys, "update", "-f", file, "--store", store, "-q") == (0, "", "")
    assert "no" in run(capsys, "query", ask, "--store", store)[1]


def test_wrong_updates_are_told(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, code, complaint in (
        (["ASK {}"], 1, "this is no update"),
        (["INSERT DATA { x }"], 1, "does not parse: line 1"),
        ([], 2, "one of the two"),
        (["-f", tmp_path / "no.ru"], 1, "no such file"),
    ):
        told = run(capsys, "update", *arguments, "--store", store)
        assert told[0] == code
        assert complaint in told[2]
    for command in (["remove", "x"], ["update", "DROP ALL"], ["migrate"]):
        told = run(capsys, *command, "--store", tmp_path / "no")
        assert told[0] == 1
        assert "no store here" in told[2]
    assert not (tmp_path / "no").exists()


def test_a_removed_article_of_two_that_say_the_same_stays_said(store: Path) -> None:
    with open_store(store) as opened:
        claims = [replace(one, article="twin") for one in SORA_CLAIMS]
        twin = replace(SORA, id="twin")
        opened.replace_article(twin, claims, extractor="kg test", fingerprint="t")
        opened.remove_articles(["sora"])
        assert bool(opened.query("ASK { entity:artists dkg:protests entity:openai }"))


def test_a_query_loads_only_what_it_needs(store: Path) -> None:
    """Starting is most of the time of a query: what reads language or the web stays out."""
    code = (
        "import sys; from kg.cli import main;"
        f" main(['query', '--name', 'lawsuits', '--store', {str(store)!r}]);"
        " slow = {'numpy', 'pydantic', 'spacy', 'rdflib', 'httpx', 'starlette', 'networkx'};"
        " sys.exit(', '.join(sorted(slow & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "sues" in done.stdout
