"""The command ``kg`` from outside: results, messages, exit codes, files."""

import errno
import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
import rdflib

import kg.cli
import kg.vocabulary
from kg.cli import main
from kg.iris import entity_iri
from kg.records import Article
from kg.statements import extract

ENGLISH = (
    "The artists criticized OpenAI on Monday. According to the union, Meta exploits the artists."
    " Getty Images sued Stability AI in London. OpenAI did not confirm that the leak was authentic."
)
INDONESIAN = "Para seniman mengkritik OpenAI. Meta membantah bahwa perusahaan itu menyalin karya."


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "one.md").write_text(
        f"---\ntitle: One\ndate: 2024-11-28\ndispute: sora-leak\n---\n{ENGLISH}", encoding="utf-8"
    )
    (folder / "two.txt").write_text(INDONESIAN, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of ``kg build`` on two articles, for tests that only read them."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "one.md").write_text(
        f"---\ntitle: One\ndate: 2024-11-28\ndispute: sora-leak\n---\n{ENGLISH}", encoding="utf-8"
    )
    (folder / "two.txt").write_text(INDONESIAN, encoding="utf-8")
    assert main(["build", str(folder), "-o", str(folder / "out"), "--quiet"]) == 0
    return folder / "out"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


# ---- extract


def test_extract_gives_the_statements_as_json_lines(
    articles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "extract", articles / "one.md")
    assert (code, err) == (0, "")
    lines = [json.loads(line) for line in out.splitlines()]
    [(_, expected)] = extract([Article("one", ENGLISH, "en")])
    assert len(lines) == len(expected) >= 3
    keys = "article lang subject relation object negated modality attributed_to time trigger"
    for line, statement in zip(lines, expected, strict=True):
        assert list(line) == [*keys.split(), "sentence", "confidence"]
        assert (line["article"], line["lang"]) == ("one", "en")
        assert line["relation"] == statement.relation
        assert line["subject"]["id"] == entity_iri(statement.subject.entity.slug)
        assert line["subject"]["labels"] == dict(statement.subject.entity.labels)
        for span in filter(
            None, (line["subject"], line["object"], line["trigger"], line["sentence"])
        ):
            assert ENGLISH[span["start"] : span["end"]] == span["text"]
        assert 0 <= line["confidence"] <= 1
    found = {(one["subject"]["label"], one["relation"], one["object"]["label"]) for one in lines}
    assert ("artists", "criticizes", "OpenAI") in found
    assert ("Getty Images", "sues", "Stability AI") in found
    speakers = [one["attributed_to"] for one in lines if one["relation"] == "exploits"]
    assert [speaker["text"] for speaker in speakers if speaker] == ["the union"]


def test_open_extraction_gives_clauses_in_the_article_s_words(
    articles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "extract", "--open", articles / "one.md")
    assert code == 0
    lines = [json.loads(line) for line in out.splitlines()]
    keys = "article lang sentence subject relation object negated modality attributed_to"
    assert lines
    for line in lines:
        assert list(line) == [*keys.split(), "source_span", "cue", "content"]
        for span in (line["subject"], line["object"], line["attributed_to"], line["cue"]):
            assert span is None or ENGLISH[span["start"] : span["end"]] == span["text"]
        assert line["content"] is None or set(line["content"]) == {"start", "end"}
    assert any(line["negated"] and "confirm" in line["relation"] for line in lines)
    assert any(
        line["attributed_to"] and line["attributed_to"]["text"] == "the union" for line in lines
    )


def test_the_table_puts_statements_under_their_sentences(
    articles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "extract", articles / "one.md", "--format", "table")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "one · One · 2024-11-28"
    sentence = lines.index("[0] The artists criticized OpenAI on Monday.")
    assert lines[sentence + 1].split() == ["artists", "criticizes", "OpenAI", "2024-11-25"]
    assert all(line == line.rstrip() for line in lines)


def test_a_table_cannot_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("The artists \x1b[31mcriticized OpenAI [bold]:smile:[/bold].", encoding="utf-8")
    for form in ("table", "jsonl"):
        code, out, _ = run(capsys, "extract", file, "--lang", "en", "--format", form)
        assert code == 0
        assert "\x1b" not in out


def test_extract_as_turtle_is_read_by_another_parser(
    articles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "extract", articles, "--format", "ttl")
    assert code == 0
    graph = rdflib.Graph().parse(data=out, format="turtle")
    sues = rdflib.URIRef("https://w3id.org/dispute-kg/ontology#sues")
    pairs = [(str(subject), str(object)) for subject, object in graph.subject_objects(sues)]
    assert pairs == [(entity_iri("getty-images"), entity_iri("stability-ai"))]


def test_extract_as_turtle_gives_what_is_only_alleged_no_direct_triple(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.txt"
    file.write_text(ENGLISH, encoding="utf-8")
    code, out, _ = run(capsys, "extract", file, "--format", "ttl")
    assert code == 0
    store = ("--store", tmp_path / "out" / "store")
    run(capsys, "build", file, "-o", tmp_path / "out")
    _, exported, _ = run(capsys, "export", *store)
    graph = rdflib.Graph().parse(data=out, format="turtle")
    assert "dkg:relation dkg:exploits" in out
    assert list(graph.subject_objects(rdflib.URIRef(f"{kg.vocabulary.NAMESPACE}exploits"))) == []
    assert set(graph) == set(rdflib.Graph().parse(data=exported, format="turtle"))


def test_a_dash_reads_standard_input(articles: Path) -> None:
    done = kg_process("extract", "-", input=(articles / "two.txt").read_bytes())
    assert done.returncode == 0
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["article"] for line in lines} == {"stdin"}
    assert {line["lang"] for line in lines} == {"id"}


def test_output_goes_to_a_file_only_as_a_whole(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "result.jsonl"
    code, out, _ = run(capsys, "extract", articles, "-o", target)
    assert (code, out) == (0, "")
    _, printed, _ = run(capsys, "extract", articles)
    assert target.read_text(encoding="utf-8") == printed
    (articles / "one.md").write_bytes(b"\xff")
    (articles / "two.txt").write_bytes(b"\xff")
    code, _, err = run(capsys, "extract", articles, "-o", target)
    assert code == 1
    assert "none of 2 articles could be read" in err
    assert target.read_text(encoding="utf-8") == printed
    assert list(tmp_path.glob(".result*")) == []


def test_extract_tells_what_it_left_out(articles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (articles / "bad.txt").write_bytes(b"caf\xe9")
    code, out, err = run(capsys, "extract", articles)
    assert code == 1
    assert len({json.loads(line)["article"] for line in out.splitlines()}) == 2
    assert err.count("\n") == 1
    assert err.startswith(f"kg: left out: {articles / 'bad.txt'}: byte 0xE9 at offset 3")


# ---- build


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.iterdir())
        if path.is_file()
    }


def test_build_twice_changes_nothing_and_once_more_only_what_is_new(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deep" / "out"
    code, first, err = run(capsys, "build", articles, "-o", out)
    assert (code, err) == (0, "")
    assert "2 new, 0 changed, 0 unchanged, 0 left out" in first
    assert "1 en, 1 id" in first
    for name in ("store", "graph.ttl", "graph.html"):
        assert str(out / name) in first
        assert (out / name).exists()
    before = snapshot(out)
    assert set(before) == {"graph.ttl", "graph.html"}
    code, again, _ = run(capsys, "build", articles, "-o", out)
    assert code == 0
    assert "0 new, 0 changed, 2 unchanged" in again
    assert snapshot(out) == before

    (articles / "two.txt").write_text(INDONESIAN + " Google meminta maaf.", encoding="utf-8")
    (articles / "three.txt").write_text("Midjourney apologized to the artists.", encoding="utf-8")
    code, third, _ = run(capsys, "build", articles, "-o", out)
    assert "1 new, 1 changed, 1 unchanged" in third
    assert "apologizesTo" in third
    assert snapshot(out)["graph.ttl"] != before["graph.ttl"]


def test_the_order_of_articles_does_not_matter(articles: Path, tmp_path: Path, built: Path) -> None:
    names = [str(articles / "two.txt"), str(articles / "one.md")]
    assert main(["build", *names, "-o", str(tmp_path / "out"), "--quiet"]) == 0
    for name in ("graph.ttl", "graph.html"):
        assert (tmp_path / "out" / name).read_bytes() == (built / name).read_bytes()


def test_articles_that_are_not_given_stay(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    run(capsys, "build", articles / "one.md", "-o", out)
    code, text, _ = run(capsys, "build", articles / "two.txt", "-o", out)
    assert code == 0
    assert "1 new, 0 changed, 0 unchanged" in text
    assert "1 en, 1 id" in text


def test_build_goes_on_after_a_bad_article_and_lists_it(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (articles / "bad.txt").write_bytes(b"\x00\x01")
    code, out, err = run(capsys, "build", articles, "-o", tmp_path / "out")
    assert code == 0
    assert "2 new, 0 changed, 0 unchanged, 1 left out" in out
    assert err.splitlines() == [
        f"kg: left out: {articles / 'bad.txt'}: binary data, expected text in UTF-8;"
        " see that its name ends as its kind does"
    ]


def test_files_of_one_name_do_not_overwrite_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in "ab":
        Path(folder).mkdir()
    Path("a/berita.txt").write_text(INDONESIAN, encoding="utf-8")
    Path("b/berita.md").write_text("Getty Images menggugat Stability AI.", encoding="utf-8")
    Path("b/lain.txt").write_text("Google meminta maaf kepada para seniman.", encoding="utf-8")
    assert run(capsys, "build", "a")[0] == 0
    code, out, err = run(capsys, "build", "b")
    assert code == 0
    assert "1 new, 0 changed, 0 unchanged, 1 left out" in out
    assert err == (
        "kg: left out: b/berita.md: another article named 'berita' is in the store,"
        " from a/berita.txt; rename one or give it an id\n"
    )
    assert "dkg:criticizes" in run(capsys, "export", "--article", "berita")[1]
    assert run(capsys, "export")[1].count("dkg:sues") == 0
    code, out, err = run(capsys, "build", "b/berita.md")
    assert (code, out) == (1, "")
    assert "another article named 'berita'" in err


def test_an_edited_or_moved_file_takes_the_place_of_its_older_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "a" / "berita.txt"
    file.parent.mkdir()
    file.write_text(INDONESIAN, encoding="utf-8")
    run(capsys, "build", "a")
    file.write_text(INDONESIAN + " Google meminta maaf.", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "a")
    code, out, err = run(capsys, "build", "berita.txt", "-o", "../out")
    assert (code, err, "1 changed" in out) == (0, "", True)
    file.rename(tmp_path / "berita.md")
    (tmp_path / "berita.md").write_text(INDONESIAN + " Meta meminta maaf.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "build", "berita.md")
    assert (code, err, "1 changed" in out) == (0, "", True)


@pytest.mark.parametrize("target", ["out", "."])
def test_build_does_not_read_its_own_results(
    articles: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    target: str,
) -> None:
    monkeypatch.chdir(articles)
    for _ in range(2):
        code, out, err = run(capsys, "build", ".", "-o", target)
        assert (code, err) == (0, "")
    assert "0 new, 0 changed, 2 unchanged, 0 left out" in out


def test_build_help_tells_of_articles_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    text = " ".join(run(capsys, "build", "--help")[1].split())
    assert "left out and listed on standard error; the exit code is 0" in text


def test_build_of_nothing_readable_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("Les artistes ont critiqué la société.", encoding="utf-8")
    code, out, err = run(capsys, "build", tmp_path / "a.txt", "-o", tmp_path / "out")
    assert (code, out) == (1, "")
    assert "French (fr)" in err
    assert not (tmp_path / "out").exists()


# ---- query


def test_query_answers_in_every_format(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "SELECT ?who ?whom { ?who dkg:sues ?whom }"
    store = ("--store", built / "store")
    who, whom = entity_iri("getty-images"), entity_iri("stability-ai")
    _, out, _ = run(capsys, "query", text, *store)
    assert out.split()[-2:] == ["entity:getty-images", "entity:stability-ai"]
    _, out, _ = run(capsys, "query", text, *store, "--format", "csv")
    assert out.splitlines() == ["who,whom", f"{who},{whom}"]
    _, out, _ = run(capsys, "query", text, *store, "--format", "tsv")
    assert out.splitlines() == ["?who\t?whom", f"<{who}>\t<{whom}>"]
    _, out, _ = run(capsys, "query", text, *store, "--format", "json")
    assert json.loads(out)["results"]["bindings"][0]["whom"]["value"] == whom
    _, out, _ = run(capsys, "query", text, *store, "--format", "xml")
    parsed = ox.parse_query_results(out.encode(), format=ox.QueryResultsFormat.XML)
    assert isinstance(parsed, ox.QuerySolutions)
    assert len(list(parsed)) == 1
    construct = "CONSTRUCT { ?who dkg:sues ?whom } WHERE { ?who dkg:sues ?whom }"
    _, out, _ = run(capsys, "query", construct, *store, "--format", "turtle")
    assert len(rdflib.Graph().parse(data=out, format="turtle")) == 1
    _, out, _ = run(capsys, "query", construct, *store)
    assert "dkg:sues" in out
    _, out, _ = run(capsys, "query", "ASK { ?a dkg:sues ?b }", *store)
    assert out.split()[-1] == "yes"
    for form, query in (("turtle", text), ("csv", construct)):
        code, _, err = run(capsys, "query", query, *store, "--format", form)
        assert (code, "use" in err) == (2, True)


def test_query_takes_a_file_a_name_or_standard_input(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ("--store", str(built / "store"))
    file = tmp_path / "q.rq"
    file.write_text("SELECT (COUNT(*) AS ?n) { ?s a dkg:Statement }", encoding="utf-8")
    _, counted, _ = run(capsys, "query", "-f", file, *store, "--format", "csv")
    assert int(counted.split()[1]) > 3
    turtle = ("--format", "csv", str(built / "graph.ttl"))
    _, from_file, _ = run(capsys, "query", "-f", file, *turtle)
    assert from_file == counted
    done = kg_process("query", "-", *store, "--format", "csv", input=file.read_bytes())
    assert done.stdout.decode().split() == counted.split()
    code, named, _ = run(capsys, "query", "--name", "who-against-whom", *store)
    assert code == 0
    assert "Getty Images" in named
    code, about, _ = run(
        capsys, "query", "--name", "who-against-whom", "-p", "actor=getty-images", *store
    )
    assert code == 0
    assert len(about) < len(named)
    code, listed, _ = run(capsys, "query", "--list")
    assert code == 0
    assert len(list(Path(kg.cli.__file__).parents[1].glob("ontology/queries/*.rq"))) >= 10
    for query in Path(kg.cli.__file__).parents[1].glob("ontology/queries/*.rq"):
        assert query.stem in listed


class FakeServer(http.server.BaseHTTPRequestHandler):
    """A SPARQL server that answers by what is asked, and remembers it."""

    asked: list[tuple[str, str]] = []  # noqa: RUF012  one server at a time

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        query = parse_qs(body)["query"][0]
        self.asked.append((self.headers["Content-Type"], query))
        kind, code, data = "application/sparql-results+json; charset=utf-8", 200, b"{}"
        if "broken" in query:
            kind, code, data = "text/plain", 400, b"parse error"
        elif "CONSTRUCT" in query:
            kind, data = "text/turtle", b"<urn:a> <urn:b> <urn:c> ."
        elif "page" in query:
            kind, data = "text/html", b"<html>"
        else:
            row = {"a": {"type": "literal", "value": "found"}}
            data = json.dumps({"head": {"vars": ["a"]}, "results": {"bindings": [row]}}).encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), FakeServer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        FakeServer.asked.clear()
        yield f"http://127.0.0.1:{server.server_port}/sparql"
        server.shutdown()
        thread.join()


def test_query_asks_a_server(endpoint: str, capsys: pytest.CaptureFixture[str]) -> None:
    server = ("--endpoint", endpoint)
    text = "PREFIX dkg: <urn:mine#> SELECT ?a { ?a a dkg:Statement }"
    code, out, _ = run(capsys, "query", text, *server, "--format", "csv")
    assert (code, out.split()) == (0, ["a", "found"])
    kind, query = FakeServer.asked[-1]
    assert kind == "application/x-www-form-urlencoded"
    assert query.count("dkg:") == 2
    assert "PREFIX oa:" in query
    code, out, _ = run(capsys, "query", "CONSTRUCT WHERE { ?s ?p ?o }", *server)
    assert "<urn:a>" in out
    assert run(capsys, "query", "--name", "lawsuits", *server)[0] == 0
    code, _, err = run(capsys, "query", "SELECT broken", *server)
    assert (code, err) == (1, f"kg: {endpoint} refuses the query: parse error\n")
    code, _, err = run(capsys, "query", "SELECT page", *server)
    assert (code, "answers text/html" in err) == (1, True)


def test_servers_that_are_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "query", "ASK {}", "--endpoint", "http://127.0.0.1:9/sparql")
    assert (code, "cannot be reached" in err) == (1, True)
    code, _, err = run(capsys, "query", "ASK {}", "--endpoint", "file:///etc/passwd")
    assert (code, "not an address" in err) == (2, True)


# ---- export, view, ontology


# rdflib uses its own deprecated names while it reads quads.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("form", "reader"),
    [
        ("turtle", "turtle"),
        ("trig", "trig"),
        ("nquads", "nquads"),
        ("jsonld", "json-ld"),
        ("rdfxml", "xml"),
    ],
)
def test_exports_are_read_by_another_parser(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, reader: str
) -> None:
    target = tmp_path / "graph"
    code, out, _ = run(capsys, "export", "--format", form, "--store", built / "store", "-o", target)
    assert (code, out) == (0, "")
    data = target.read_text(encoding="utf-8")
    graph = rdflib.Dataset(default_union=True).parse(data=data, format=reader)
    sues = rdflib.URIRef("https://w3id.org/dispute-kg/ontology#sues")
    assert len(list(graph.subject_objects(sues))) == 1


def test_export_and_view_of_a_part(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ("--store", built / "store")
    _, whole, _ = run(capsys, "export", *store)
    assert whole.encode() == (built / "graph.ttl").read_bytes()
    _, part, _ = run(capsys, "export", "--article", "two", *store)
    assert "getty-images" in whole
    assert "getty-images" not in part
    _, dispute, _ = run(capsys, "export", "--dispute", "sora-leak", *store)
    assert "getty-images" in dispute
    code, _, err = run(capsys, "export", "--article", "three", *store)
    assert (code, "no article 'three'" in err) == (2, True)

    _, page, _ = run(capsys, "view", *store)
    assert page.encode() == (built / "graph.html").read_bytes()
    for options in (
        ("--around", "STABILITY ai"),
        ("--relation", "sues"),
        ("--article", "one", "--relation", "contends", "--around", "getty-images"),
        ("--from", "2024-11", "--to", "2024-11-28", "--relation", "sues"),
    ):
        code, page, _ = run(capsys, "view", *store, *options)
        assert code == 0, options
        assert "getty-images" in page, options
        assert "Getty Images sued Stability AI" in page
        assert "Meta exploits" not in page, options
    _, page, _ = run(capsys, "view", *store, "--from", "2024-11-29")
    assert "Getty" not in page
    code, _, err = run(capsys, "view", *store, "--around", "getti images")
    assert (code, "near it: getty images" in err) == (2, True)
    code, _, err = run(capsys, "view", *store, "--relation", "sue")
    assert (code, "did you mean sues" in err) == (2, True)


def test_ontology_lists_everything(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "ontology", "--format", "json")
    assert code == 0
    listed = json.loads(out)
    assert {"relations", "types", "modalities", "issues", "entities", "groups"} == set(listed)
    for kind, things in listed.items():
        assert things, kind
        assert all(thing["labels"] for thing in things), kind
    for kind in ("relations", "types", "modalities"):
        assert all({"en", "id"} <= set(thing["labels"]) for thing in listed[kind]), kind
    code, out, _ = run(capsys, "ontology")
    assert code == 0
    for relation in listed["relations"]:
        assert relation["id"] in out
        assert relation["labels"]["id"] in out
    code, out, _ = run(capsys, "ontology", "--format", "turtle")
    assert len(rdflib.Graph().parse(data=out, format="turtle")) > 200


# ---- the command as a whole


def kg_process(*arguments: str, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments], input=input, capture_output=True, check=False
    )


def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0
    names = list(kg.cli._kg.commands)
    assert len(names) >= 8
    for name in names:
        assert f"\n  {name} " in out
        code, text, _ = run(capsys, name, "--help")
        assert (code, f"Example: kg {name} " in text) == (0, True), name
        assert "--quiet" in text


def test_help_loads_nothing_that_takes_long() -> None:
    code = (
        "import sys; from kg.cli import main; main(['--help']);"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert {"click", "kg"} <= loaded
    slow = {"spacy", "numpy", "rdflib", "pyoxigraph", "networkx", "pyvis", "pydantic", "torch"}
    assert not loaded & slow


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nonsense"], 2, "No such command"),
        (["build"], 2, "Missing argument"),
        (["extract", "x.txt", "--format", "yaml"], 2, "yaml"),
        (["extract", "--open", "--format", "ttl", "x.txt"], 2, "no Turtle"),
        (["extract", "missing.txt"], 1, "missing.txt: no such file or folder"),
        (["extract", "missing.txt", "--lang", "fr"], 1, "no language pack for 'fr'"),
        (["query"], 2, "no query"),
        (["query", "--name", "lawsiuts"], 1, "no store here"),
        (["query", "ASK {}", "a.ttl", "b.ttl"], 2, "'b.ttl' is one argument too many"),
        (["query", "ASK {}", "missing.ttl"], 1, "missing.ttl: no such file; check"),
        (["query", "-f", "missing.rq"], 1, "missing.rq: no such file; check"),
        (["query", "-f", "a.rq", "--name", "b"], 2, "give one of them"),
        (["query", "--name", "lawsuits", "ASK {}"], 2, "give one of them"),
        (["query", "-f", "a.rq", "ASK {}"], 2, "give one of them"),
        (["query", "PREFIX a: <urn:a> DELETE WHERE {?s ?p ?o}"], 1, "queries only read"),
        (["query", "ASK {}", "-p", "a=b"], 2, "-p is for named queries"),
        (["export"], 1, "no store here"),
        (["view"], 1, "no store here"),
        (["view", "--from", "yesterday"], 2, "the date 'yesterday' is not one of ISO 8601"),
        (["view", "--to", "2024-13"], 2, "the date '2024-13' is not one of ISO 8601"),
        (["eval", "."], 1, "no gold data"),
        (["train", "xx", "--treebanks", ".", "--ner", ".", "--text", "."], 1, "xx"),
        (["train", "id", "--treebanks", ".", "--ner", ".", "--text", "."], 1, "kg: "),
    ],
)
def test_wrong_use_and_failed_runs(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    found, out, err = run(capsys, *arguments)
    assert (found, out) == (code, "")
    assert message in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_has_enough_is_no_error(built: Path) -> None:
    command = (
        f"{sys.executable} -m kg query 'SELECT ?s ?p ?o {{ ?s ?p ?o }}' --store {built / 'store'}"
    )
    done = subprocess.run(
        ["bash", "-c", f"{command} --format csv | head -1"], capture_output=True, check=False
    )
    assert done.stdout.split() == [b"s,p,o"]
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output_is_told(built: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kg", "export", "--store", str(built / "store")],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert (
        done.stderr.decode() == f"kg: output: {os.strerror(errno.ENOSPC)}; check it and its disk\n"
    )


def test_no_bar_and_no_messages_where_nobody_looks(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "build", articles, "-o", tmp_path / "out", "--quiet")
    assert (code, out, err) == (0, "", "")


def test_a_bar_on_a_terminal(
    articles: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    code, _, err = run(capsys, "extract", articles)
    assert code == 0
    assert "articles" in err
    code, _, err = run(capsys, "extract", articles, "--quiet")
    assert (code, err) == (0, "")
