"""Queries that are too much: by time, by size of the answer, by what they ask for."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import load
import pyoxigraph as ox
import pytest

from kg.cli import main
from kg.errors import QueryError
from kg.results import limited, result_rows, result_text
from kg.sparql import asks_others, has_dataset, is_update, names_graphs, words
from kg.store import open_store
from kg.workers import Answer, Question, Workers

NEVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?c = ?f || ?f != ?i) }"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("limits") / "store"
    load.fill(path, 2)
    return path


def test_a_query_that_never_ends_is_stopped(store: Path, tmp_path: Path) -> None:
    begin = time.monotonic()
    out = tmp_path / "out.csv"
    command = [sys.executable, "-m", "kg", "query", NEVER, "--store", str(store)]
    done = subprocess.run(
        [*command, "--timeout", "0.5", "-o", str(out), "--format", "csv"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "kg: stopped after 0.5 seconds; ask for less, or allow more time\n"
    assert time.monotonic() - begin < 60
    assert list(tmp_path.iterdir()) == []


def test_a_query_in_time_is_answered(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "ASK {}", "--store", str(store), "--timeout", "100"]) == 0
    assert "yes" in capsys.readouterr().out


@pytest.mark.parametrize("format", ["table", "csv", "tsv", "json", "xml"])
def test_no_more_rows_than_wanted(
    store: Path, capsys: pytest.CaptureFixture[str], format: str
) -> None:
    query = "SELECT ?s { ?s a dkg:Statement } ORDER BY ?s"
    sizes = []
    for limit in ("0", "1", "3", "1000"):
        assert main(["query", query, "--store", str(store), "--format", format,
                     "--limit", limit]) == 0  # fmt: skip
        sizes.append(len(capsys.readouterr().out))
    assert sizes == sorted(set(sizes))
    assert main(["query", query, "--store", str(store), "--format", format]) == 0
    assert len(capsys.readouterr().out) == sizes[-1]


def test_of_a_named_query_a_table_shows_what_can_be_read(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = ["query", "--name", "timeline", "--store", str(store)]

    def asked(*more: str) -> tuple[int, str]:
        assert main([*ask, *more]) == 0
        out, err = capsys.readouterr()
        return len(out.splitlines()), err

    whole, told = asked()
    assert told == ""
    monkeypatch.setattr("kg.queries.MOST_TO_READ", 3)
    some, told = asked()
    assert some < whole
    assert "only some of the answer" in told
    assert "--format csv" in told
    assert asked("--limit", "1000") == (whole, "")
    rows, told = asked("--format", "csv")
    assert (rows > 4, told) == (True, "")


def test_the_first_rows_keep_their_order_and_kind(store: Path) -> None:
    with open_store(store, read_only=True) as opened:
        query = "SELECT ?s ?n { ?s dkg:negated ?n } ORDER BY DESC(?s)"
        whole, some = opened.query(query), limited(opened.query(query), 4)
        assert result_rows(some)[1] == result_rows(whole)[1][:4]
        graph = limited(opened.query("CONSTRUCT WHERE { ?s dkg:negated ?n }"), 2)
        assert len(list(ox.parse(result_text(graph, "turtle"), format=ox.RdfFormat.TURTLE))) == 2
        assert bool(limited(opened.query("ASK {}"), 0))


def test_another_server_is_only_asked_when_allowed(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    assert main(["query", query, "--store", str(store)]) == 1
    assert "(SERVICE), which is off" in capsys.readouterr().err
    assert main(["query", query, "--store", str(store), "--federated"]) == 1
    assert "SERVICE" not in capsys.readouterr().err
    with open_store(store, read_only=True) as opened, pytest.raises(QueryError, match="SERVICE"):
        opened.query(query)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ASK { SERVICE <http://e/> { ?s ?p ?o } }", True),
        ("ASK { ?a ex:b\\#c ?d SERVICE <http://e/> { ?s ?p ?o } }", True),
        ("ASK { ?a ex:don\\'t ?b . SERVICE ?x {} ?c ex:won\\'t ?d }", True),
        ("ASK { ?a ?b 1SERVICE<http:x>{} }", True),
        ("ASK { ?a ?b trueservice<http:x>{} }", True),
        ("ASK { ?a ?b 'x'@en SERVICE <x:> {} }", True),
        ("ASK { SERVICE:x {} }", True),
        ("ASK { FILTER (?a<?b) SERVICE ?x {} FILTER (?c>?d) }", True),
        ('ASK { ?a ?b """ " """ . SERVICE ?x {} }', True),
        ("ASK { ?a ?b ''SERVICE<x:>{} }", True),
        ("ASK { ?a ?b 'a\\'SERVICE ' }", False),
        ('ASK { ?a ?b """ "SERVICE" """ }', False),
        ("ASK { ?service dkg:service _:service } # SERVICE", False),
        ("ASK { ?a ?b <http://e/SERVICE> }", False),
    ],
)
def test_calls_to_other_servers_are_seen(text: str, expected: bool) -> None:
    assert asks_others(text) == expected


def test_words_are_told_from_names_and_texts() -> None:
    text = "PREFIX from: <x:graph> SELECT ?graph { ?from from:graph 'GRAPH' } # FROM"
    assert words(text) == {"PREFIX", "SELECT"}
    assert not names_graphs(text)
    assert has_dataset("SELECT * FROM<x:g>{}")
    assert names_graphs("ask{graph?g{}}")
    assert is_update("# x\nPREFIX a: <b:c>\n insert data {}")
    assert not is_update("SELECT * { ?insert ?p ?o }")


def test_a_query_says_itself_which_graphs_it_is_about(store: Path) -> None:
    graph = "https://w3id.org/dispute-kg/id/graph/article/a0"
    with open_store(store, read_only=True) as opened:
        everywhere = list(opened.query("SELECT ?s { ?s a dkg:Statement }"))
        some = list(opened.query(f"SELECT ?s FROM <{graph}> {{ ?s a dkg:Statement }}"))
        assert 0 < len(some) < len(everywhere)
        named = f"SELECT DISTINCT ?g FROM NAMED <{graph}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
        assert [row["g"].value for row in opened.query(named)] == [graph]


@pytest.fixture
def workers(store: Path) -> Iterator[Workers]:
    made = Workers(store, count=1, seconds=1, megabytes=0.001)
    yield made
    made.close()


def ask(workers: Workers, text: str, *, media: str = "text/csv") -> Answer:
    return workers.ask(Question(text, media, "text/turtle"))


def test_a_worker_is_replaced_when_it_is_of_no_more_use(workers: Workers) -> None:
    assert ask(workers, "ASK {}").kind == "done"
    assert ask(workers, NEVER).kind == "slow"
    assert ask(workers, "ASK {}").kind == "done"
    worker = workers._idle.get()
    assert worker._process.pid is not None
    os.kill(worker._process.pid, signal.SIGKILL)
    workers._idle.put(worker)
    assert ask(workers, "ASK {}").kind == "gone"
    assert ask(workers, "ASK {}").kind == "done"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_query_that_takes_too_much_memory_is_stopped(store: Path) -> None:
    workers = Workers(store, count=1, seconds=120, memory=150)
    try:
        # All pairs of triples, to be sorted: they would take gigabytes.
        answer = ask(workers, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?d")
        assert answer.kind == "gone"
        assert b"150 MB are allowed" in answer.data
        assert ask(workers, "SELECT * { ?a dkg:sues ?b }").kind == "done"
    finally:
        workers.close()


def test_a_worker_tells_what_is_wrong(workers: Workers) -> None:
    for text, kind in (
        ("ASK {", "wrong"),
        ("ASK { SERVICE <x:> {} }", "wrong"),
        ("SELECT * { ?s ?p ?o }", "large"),
    ):
        assert ask(workers, text).kind == kind
    assert ask(workers, "ASK {}", media="").kind == "format"


def test_who_waits_too_long_for_a_worker_is_told(workers: Workers) -> None:
    worker = workers._idle.get()
    assert ask(workers, "ASK {}").kind == "busy"
    workers._idle.put(worker)
