"""A store on servers of two other makers: the same as in a folder."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import load
import pyoxigraph as ox
import pytest
import servers
from claims import GUILD, GUILD_CLAIMS, SORA, SORA_CLAIMS

from kg.cli import main
from kg.endpoint import Address, Connection, connected
from kg.errors import QueryError, StoreError, UsageError
from kg.formats import trig
from kg.remote import Server
from kg.store import Store, open_server, open_store

MAKERS = ("oxigraph", "virtuoso")
BOTH = ((SORA, SORA_CLAIMS, "s"), (GUILD, GUILD_CLAIMS, "g"))


@pytest.fixture(scope="module", params=MAKERS)
def running(request: pytest.FixtureRequest) -> Iterator[Address]:
    why = servers.missing(request.param)
    if why:
        pytest.skip(why)
    # Few rows in an answer, so that answers are cut off.
    start = servers.oxigraph if request.param == "oxigraph" else lambda: servers.virtuoso(2_000)
    with start() as found:
        yield found


@pytest.fixture
def address(running: Address) -> Address:
    """A server that holds something of others and no store."""
    with connected(running) as connection:
        graphs = connection.ask("SELECT DISTINCT ?g { GRAPH ?g { ?s a ?type } }")
        for (name,) in graphs:
            if "dispute-kg" in name.value:
                connection.update(f"DROP SILENT GRAPH {name}")
        rest = connection.ask(
            "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o }"
            " FILTER (STRSTARTS(STR(?g), 'https://w3id.org/dispute-kg/')) }"
        )
        for (name,) in rest:
            connection.update(f"DROP SILENT GRAPH {name}")
        connection.update("INSERT DATA { GRAPH <x:others> { <x:a> <x:b> <x:c> } }")
    return running


def everything(store: Store) -> set[str]:
    """What a store holds, without the few literals that servers write in another way."""
    held = store._held
    names = [*held.graph_names(), ox.DefaultGraph()]
    return {str(quad) for quad in held.find(graphs=names)}


def in_folder(*steps: tuple[str, object]) -> set[str]:
    with open_store(None) as store:
        play(store, *steps)
        return everything(store)


def play(store: Store, *steps: tuple[str, object]) -> None:
    for what, given in steps:
        if what == "remove":
            store.remove_articles([str(given)])
        else:
            store.replace_articles(given, extractor="kg test")


def test_a_server_holds_what_a_folder_holds(address: Address) -> None:
    fewer = [(SORA, SORA_CLAIMS[:2], "s2")]
    histories = [
        [("put", BOTH)],
        [("put", BOTH), ("put", fewer)],
        [("put", BOTH), ("put", fewer), ("remove", "guild")],
    ]
    with open_server(address) as store:
        for number, history in enumerate(histories):
            play(store, history[-1])
            assert everything(store) == in_folder(*history), number
    with connected(address) as connection:
        assert bool(connection.ask("ASK { GRAPH <x:others> { <x:a> <x:b> <x:c> } }"))


def test_everything_that_is_read_from_a_folder_is_read_from_a_server(address: Address) -> None:
    with open_store(None) as folder, open_server(address) as writer:
        play(folder, ("put", BOTH))
        play(writer, ("put", BOTH))
        with open_server(address, read_only=True) as server:
            assert server.articles() == folder.articles()
            assert server.fingerprints() == folder.fingerprints()
            assert list(server.statements()) == list(folder.statements())
            for part in ({}, {"article": "guild"}, {"dispute": "sora-leak"}, {"reported": True}):
                assert trig(server.quads(**part)) == trig(folder.quads(**part))
            assert server.export("turtle", ontology=True) == folder.export("turtle", ontology=True)
            for query, reported in (
                ("SELECT ?who ?whom { ?who dkg:sues ?whom }", False),
                ("SELECT ?who { ?who dkg:copies ?what }", False),
                ("SELECT ?who { ?who dkg:copies ?what }", True),
                ("SELECT ?g { GRAPH ?g { ?s dkg:relation dkg:sues } }", False),
                ("ASK { ?s ?p 'sora' }", False),
            ):
                found, wanted = (
                    store.query(query, reported=reported) for store in (server, folder)
                )
                assert rows(found) == rows(wanted), query
            with pytest.raises(UsageError, match="read only"):
                server.remove_articles(["sora"])


def rows(result: object) -> object:
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    assert isinstance(result, ox.QuerySolutions)
    return sorted([str(value) for value in row] for row in result)


def test_answers_that_are_cut_off_are_asked_in_parts(address: Address) -> None:
    many = [
        (replace(GUILD, id=f"n{n}"), [replace(one, article=f"n{n}") for one in GUILD_CLAIMS], "x")
        for n in range(6)
    ]
    with open_server(address) as server, open_store(None) as folder:
        play(server, ("put", many))
        play(folder, ("put", many))
        assert trig(server.quads()) == trig(folder.quads())
        assert everything(server) == everything(folder)


def test_a_long_article_is_stored_whole(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that refuses a long update gets it in parts, the fingerprint last."""
    sent: list[str] = []
    with open_server(address) as server:
        held = server._held
        assert isinstance(held, Server)
        real = held._connection.update

        def update(text: str) -> None:
            if text.count(" .") > 2_100:
                raise StoreError("too long")
            sent.append(text)
            real(text)

        monkeypatch.setattr(held._connection, "update", update)
        claims = [
            replace(
                one,
                trigger=replace(one.trigger, start=one.trigger.start + n),
                sentence=replace(one.sentence, index=n),
            )
            for n in range(25)
            for one in GUILD_CLAIMS
        ]
        server.replace_article(GUILD, claims, extractor="kg test", fingerprint="long")
        assert len(sent) > 1
        assert [("fingerprint" in text) for text in sent] == [False] * (len(sent) - 1) + [True]
        assert sorted(server.statements(), key=repr) == sorted(claims, key=repr)


def test_commands_work_on_a_server(
    address: Address,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KG_ENDPOINT_USER", address.user)
    monkeypatch.setenv("KG_ENDPOINT_PASSWORD", address.password)
    read = ["--endpoint", address.query]
    write = [*read, *(["--update-endpoint", address.update] if address.update else [])]
    (tmp_path / "one.txt").write_text("The artists criticized OpenAI. Getty sued Stability AI.")

    def run(*arguments: str) -> str:
        assert main(list(arguments)) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    out = str(tmp_path / "out")
    summary = run("build", str(tmp_path / "one.txt"), *write, "-o", out, "--lang", "en")
    assert "1 new" in summary
    assert address.query in summary
    assert not (tmp_path / "out" / "store").exists()
    assert "1 unchanged" in run("build", str(tmp_path / "one.txt"), *write, "-o", out)
    asked = "SELECT ?whom { entity:artists dkg:criticizes ?whom }"
    assert "openai" in run("query", asked, *read, "--format", "csv")
    # Virtuoso's compiler fails at the longer ones of the named queries.
    named = ("query", "--name", "lawsuits", "-p", "actor=Getty", *read)
    assert "Stability AI" in run(*named, "--timeout", "60", "--limit", "1")
    graph = run("export", *read)
    assert graph == (tmp_path / "out" / "graph.ttl").read_text(encoding="utf-8")
    assert "<html" in run("view", "--around", "OpenAI", *read)
    assert main(["validate", *read]) == 0
    capsys.readouterr()
    run("update", "INSERT DATA { GRAPH <x:others> { <x:d> <x:e> <x:f> } }", *write)
    run("remove", "one", *write)
    assert "openai" not in run("query", asked, *read, "--format", "csv")
    assert main(["query", "SELECT {", *read]) == 1
    assert "refuses the query" in capsys.readouterr().err


def test_who_asks_is_told_by_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bearer's token, on a server of kg itself; which is read like any other."""
    load.fill(tmp_path / "store", 2)
    with load.served(tmp_path / "store", "--update", token="secret") as (url, _):
        write = ["--endpoint", f"{url}sparql", "--update-endpoint", f"{url}update"]
        update = ["update", "INSERT DATA { <x:a> <x:b> <x:c> }", *write]
        for token, code in (("", 1), ("wrong", 1), ("secret", 0)):
            monkeypatch.setenv("KG_ENDPOINT_TOKEN", token)
            assert main(update) == code
            assert ("KG_ENDPOINT_TOKEN" in capsys.readouterr().err) == (code == 1)
        with (
            open_server(Address(f"{url}sparql"), read_only=True) as served,
            open_store(tmp_path / "store", read_only=True) as folder,
        ):
            for part in ({}, {"article": "a1"}):
                assert list(served.statements(**part)) == list(folder.statements(**part))
        assert main(["query", "ASK {}", "--update-endpoint", url]) == 2


@pytest.mark.parametrize("kind", ["basic", "digest"])
def test_virtuoso_and_others_are_told_user_and_password(kind: str) -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        given = request.headers.get("authorization", "")
        seen.append(given.partition(" ")[0].lower())
        if seen[-1] != kind:
            challenge = 'Digest realm="x", nonce="1", qop="auth", algorithm=MD5'
            headers = {"WWW-Authenticate": challenge if kind == "digest" else "Basic"}
            return httpx.Response(401, headers=headers)
        headers = {"Content-Type": "application/sparql-results+json"}
        return httpx.Response(200, headers=headers, content=b'{"head": {}, "boolean": true}')

    client = httpx.Client(transport=httpx.MockTransport(answer))
    connection = Connection(Address("http://test/", user="me", password="word"), client)
    assert bool(connection.ask("ASK {}"))
    assert bool(connection.ask("ASK {}"))
    assert seen[-2:] == [kind, kind]


def test_servers_that_fail_are_told_clearly() -> None:
    for address, error, complaint in (
        (Address("http://127.0.0.1:9/"), StoreError, "cannot be reached"),
        (Address("ftp://x"), UsageError, "not an address"),
        (Address("http://x", "file:///x"), UsageError, "not an address"),
    ):
        with pytest.raises(error, match=complaint), open_server(address):
            pass
    assert "word" not in repr(Address("http://x", password="word", token="word"))


def test_what_is_not_there_and_what_is_wrong(address: Address) -> None:
    with open_server(address, read_only=True) as empty:
        assert empty.articles() == []
    with open_server(address) as store:
        play(store, ("put", BOTH))
        with pytest.raises(QueryError, match="refuses the query"):
            store.query("SELECT * {")
        with pytest.raises(QueryError, match="refuses the update"):
            store.update("INSERT {")
        with pytest.raises(UsageError, match="no article 'x'"):
            store.remove_articles(["x"])
        with pytest.raises(UsageError, match="bindings"):
            store.query("ASK {}", bindings={"x": ox.Literal("a")})
    assert os.environ.get("KG_ENDPOINT_TOKEN", "") == ""
