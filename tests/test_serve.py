"""The served store: the SPARQL protocol as other programs speak it, limits, safety, pages."""

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import load
import pyoxigraph as ox
import pytest
import rdflib
import schemathesis
from browser.chromium import chromium, missing
from hypothesis import HealthCheck, given, settings
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from selenium import webdriver
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait
from SPARQLWrapper import CSV, JSON, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from kg.cli import main
from kg.store import open_store
from kg.workers import state_of

WHO = "SELECT ?who ?whom { ?who dkg:sues ?whom }"
NEVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?c = ?f || ?f != ?i) }"
GRAPH = "https://w3id.org/dispute-kg/id/graph/article/a1"
TOKEN = "a token of the tests"
SELECT_TYPES = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("served") / "store"
    load.fill(path, 4)
    return path


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[tuple[str, int]]:
    with load.served(store, "--timeout", "2", "--most", "0.5", "--update", token=TOKEN) as found:
        yield found


@pytest.fixture(scope="module")
def address(server: tuple[str, int]) -> str:
    return server[0]


@pytest.fixture(scope="module")
def endpoint(address: str) -> str:
    return address + "sparql"


def ask(endpoint: str, query: str, **parameters: str | list[str]) -> Any:
    answer = httpx.get(endpoint, params={"query": query, **parameters}, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


# ---- the protocol: after the W3C's protocol tests

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
UPDATE = {"Content-Type": "application/sparql-update"}
KEY = {"Authorization": f"Bearer {TOKEN}"}
CASES: list[tuple[str, str, str, dict[str, str], bytes | None, int]] = [
    ("query by GET", "GET", "sparql?query=ASK%20%7B%7D", {}, None, 200),
    ("query by HEAD", "HEAD", "sparql?query=ASK%20%7B%7D", {}, None, 200),
    ("query by POST, form", "POST", "sparql", FORM, b"query=ASK%20%7B%7D", 200),
    ("query by POST, direct", "POST", "sparql", DIRECT, b"ASK {}", 200),
    ("with a character set", "POST", "sparql",
     {"Content-Type": "application/sparql-query; charset=utf-8"}, b"ASK {}", 200),
    ("bad method", "PUT", "sparql?query=ASK%20%7B%7D", {}, None, 405),
    ("bad method", "DELETE", "sparql", {}, None, 405),
    ("several queries", "GET", "sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D", {}, None, 400),
    ("several queries, form", "POST", "sparql", FORM, b"query=ASK%20%7B%7D&query=x", 400),
    ("wrong media type", "POST", "sparql", {"Content-Type": "text/plain"}, b"ASK {}", 415),
    ("form without its type", "POST", "sparql", {}, b"query=ASK%20%7B%7D", 415),
    ("direct with the form's type", "POST", "sparql", FORM, b"ASK {}", 400),
    ("not UTF-8", "POST", "sparql", DIRECT, "ASK { ?s ?p 'é' }".encode("utf-16"), 400),
    ("not UTF-8 in a form", "POST", "sparql", FORM, b"query=%FF%FE", 400),
    ("syntax", "GET", "sparql?query=ASK%20%7B", {}, None, 400),
    ("an update as query", "GET", "sparql?query=DROP%20ALL", {}, None, 400),
    ("update where queries are", "POST", "sparql", FORM, b"update=DROP%20ALL", 400),
    ("no query", "POST", "sparql", FORM, b"", 400),
    ("other parameters only", "GET", "sparql?x=y", {}, None, 400),
    ("unknown Accept", "GET", "sparql?query=ASK%20%7B%7D", {"Accept": "image/png"}, None, 406),
    ("broken Accept", "GET", "sparql?query=ASK%20%7B%7D", {"Accept": "nonsense"}, None, 406),
    ("a relative graph", "GET", "sparql?query=ASK%20%7B%7D&default-graph-uri=x", {}, None, 400),
    ("too long", "POST", "sparql", DIRECT, b"#" * 3_000_000, 413),
    ("update without token", "POST", "update", UPDATE, b"DROP ALL", 401),
    ("update with another token", "POST", "update",
     {**UPDATE, "Authorization": "Bearer x"}, b"DROP ALL", 401),
    ("update by another way", "POST", "update",
     {**UPDATE, "Authorization": "Basic eDp4"}, b"DROP ALL", 401),
    ("update by GET", "GET", "update?update=DROP%20ALL", KEY, None, 405),
    ("update by POST, form", "POST", "update", {**FORM, **KEY},
     b"update=INSERT%20DATA%20%7B%7D", 204),
    ("update by POST, direct", "POST", "update", {**UPDATE, **KEY}, b"INSERT DATA {}", 204),
    ("several updates", "POST", "update", {**FORM, **KEY}, b"update=x&update=y", 400),
    ("wrong media type", "POST", "update", {"Content-Type": "text/plain", **KEY}, b"x", 415),
    ("syntax of an update", "POST", "update", {**UPDATE, **KEY}, b"INSERT {", 400),
    ("dataset of an update", "POST", "update?using-graph-uri=x:g",
     {**UPDATE, **KEY}, b"INSERT DATA {}", 400),
    ("nothing there", "GET", "nothing", {}, None, 404),
    ("out of the folder", "GET", "static/..%2f..%2f..%2fetc%2fpasswd", {}, None, 404),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_protocol(
    address: str, method: str, path: str, headers: dict[str, str], body: bytes | None, status: int
) -> None:
    answer = httpx.request(method, address + path, headers=headers, content=body, timeout=60)
    assert answer.status_code == status, answer.text
    if status >= 400:
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.text or method == "HEAD"
    assert (answer.content == b"") == (method == "HEAD" or status == 204)


def test_what_does_not_parse_is_told_with_its_place(endpoint: str) -> None:
    answer = httpx.get(endpoint, params={"query": "ASK {\n ?s ?p nope:x }"})
    assert answer.status_code == 400
    assert answer.text == (
        "the query does not parse: line 2, column 14, near 'nope:x }': prefix not found\n"
    )


@pytest.mark.parametrize(
    ("query", "types"),
    [
        (WHO, SELECT_TYPES),
        ("ASK {}", SELECT_TYPES),
        ("CONSTRUCT WHERE { ?s dkg:sues ?o }",
         {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}),
        ("DESCRIBE entity:openai",
         {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}),
    ],
)  # fmt: skip
def test_every_form_is_given_to_those_who_ask_for_it(
    endpoint: str, query: str, types: set[str]
) -> None:
    for type in types:
        headers = {"Accept": f"image/png, {type};q=0.8, text/html;q=0.9"}
        answer = httpx.get(endpoint, params={"query": query}, headers=headers)
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == type
        format = ox.QueryResultsFormat.from_media_type(type)
        if format is None:
            assert list(ox.parse(answer.content, format=ox.RdfFormat.from_media_type(type)))
        elif format != ox.QueryResultsFormat.CSV:
            ox.parse_query_results(answer.content, format=format)
    other = (SELECT_TYPES | {"text/turtle"}) - types
    headers = {"Accept": sorted(other)[0]}
    refused = httpx.get(endpoint, params={"query": query}, headers=headers)
    assert refused.status_code == 406
    assert sorted(types)[0] in refused.text


def test_head_and_options_tell_what_get_and_post_do(endpoint: str) -> None:
    given = httpx.get(endpoint, params={"query": WHO})
    head = httpx.head(endpoint, params={"query": WHO})
    for name in ("content-type", "content-length", "vary"):
        assert head.headers[name] == given.headers[name]
    options = httpx.options(endpoint)
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")
    assert "access-control-allow-origin" not in options.headers


def test_graphs_are_those_that_the_request_names(endpoint: str) -> None:
    everywhere = ask(endpoint, "SELECT * { ?s a dkg:Statement }")["results"]["bindings"]
    for way in ({"default-graph-uri": GRAPH}, {}):
        text = "" if way else f"FROM <{GRAPH}>"
        rows = ask(endpoint, f"SELECT * {text} {{ ?s a dkg:Statement }}", **way)
        assert 0 < len(rows["results"]["bindings"]) < len(everywhere)
    named = ask(
        endpoint, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", **{"named-graph-uri": GRAPH}
    )
    assert [row["g"]["value"] for row in named["results"]["bindings"]] == [GRAPH]
    over = ask(endpoint, "ASK FROM <x:none> { ?s ?p ?o }", **{"default-graph-uri": GRAPH})
    assert over["boolean"] is True


def test_bookkeeping_is_not_served(endpoint: str) -> None:
    hidden = "https://w3id.org/dispute-kg/id/graph/store"
    assert not ask(endpoint, f"ASK {{ GRAPH <{hidden}> {{ ?s ?p ?o }} }}")["boolean"]
    given = {"named-graph-uri": hidden, "default-graph-uri": hidden}
    assert not ask(endpoint, "ASK { GRAPH ?g { ?s ?p ?o } }", **given)["boolean"]
    assert not ask(endpoint, "ASK { ?s ?p ?o }", **given)["boolean"]


def test_what_is_only_reported_is_seen_only_when_asked(endpoint: str) -> None:
    query = "ASK { entity:openai dkg:copies entity:books }"
    assert not ask(endpoint, query)["boolean"]
    assert ask(endpoint, query, reported="true")["boolean"]


def test_the_service_describes_itself(endpoint: str) -> None:
    answer = httpx.get(endpoint)
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    assert (rdflib.URIRef(endpoint), rdflib.RDF.type, sd.Service) in graph
    assert graph.value(rdflib.URIRef(endpoint), sd.endpoint) == rdflib.URIRef(endpoint)
    xml = httpx.get(endpoint, headers={"Accept": "application/rdf+xml"})
    assert len(rdflib.Graph().parse(data=xml.text, format="xml")) == len(graph)
    browser = httpx.get(endpoint, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (browser.status_code, browser.headers["location"]) == (303, "/query")
    assert httpx.get(endpoint, headers={"Accept": "image/png"}).status_code == 406


# ---- other programs


def test_sparqlwrapper_asks(endpoint: str) -> None:
    wrapper = SPARQLWrapper(endpoint)
    wrapper.setQuery(WHO)
    for method in ("GET", POST):
        wrapper.setMethod(method)
        wrapper.setReturnFormat(JSON)
        rows = wrapper.queryAndConvert()["results"]["bindings"]
        assert [row["whom"]["value"].rpartition("/")[2] for row in rows] == ["openai"]
        for format in (CSV, TSV, XML):
            wrapper.setReturnFormat(format)
            found = wrapper.queryAndConvert()
            assert "openai" in (found.toxml() if format == XML else found.decode())
    wrapper.setQuery("CONSTRUCT WHERE { ?s dkg:sues ?o }")
    for format, name in ((TURTLE, "turtle"), (RDFXML, "xml")):
        wrapper.setReturnFormat(format)
        assert len(rdflib.Graph().parse(wrapper.query().response, format=name)) == 1


def test_rdflib_asks_and_changes(endpoint: str, address: str) -> None:
    graph = rdflib.Graph(store=SPARQLStore(endpoint))
    kg = rdflib.Namespace("https://w3id.org/dispute-kg/ontology#")
    assert [str(o).rpartition("/")[2] for o in graph.objects(None, kg.sues)] == ["openai"]
    assert len(list(graph.query(WHO, initNs={"dkg": kg}))) == 1
    writer = SPARQLUpdateStore(
        endpoint, address + "update", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    new = (rdflib.URIRef("x:s"), rdflib.URIRef("x:p"), rdflib.Literal("é"))
    writer.add(new, None)
    assert list(rdflib.Graph(store=writer).triples((new[0], None, None))) == [new]
    writer.remove(new, None)
    assert list(rdflib.Graph(store=writer).triples((new[0], None, None))) == []


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_curl_asks(endpoint: str) -> None:
    def curl(*arguments: str) -> str:
        command = ["curl", "--silent", "--show-error", "--fail", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    csv = curl("-G", endpoint, "--data-urlencode", f"query={WHO}", "-H", "Accept: text/csv")
    assert csv.split() == [
        "who,whom",
        "https://w3id.org/dispute-kg/id/entity/authors-guild,"
        "https://w3id.org/dispute-kg/id/entity/openai",
    ]
    body = curl(endpoint, "-H", "Content-Type: application/sparql-query", "--data-binary", WHO)
    assert len(json.loads(body)["results"]["bindings"]) == 1


# ---- limits


def test_a_query_that_never_ends_is_stopped_and_others_go_on(endpoint: str) -> None:
    answers: list[httpx.Response] = []
    start = time.monotonic()
    thread = threading.Thread(
        target=lambda: answers.append(httpx.get(endpoint, params={"query": NEVER}, timeout=60))
    )
    thread.start()
    assert ask(endpoint, "ASK {}")["boolean"]
    thread.join()
    assert answers[0].status_code == 503
    assert "stopped after 2 seconds" in answers[0].text
    assert time.monotonic() - start < 30
    assert ask(endpoint, "ASK {}")["boolean"]


def test_an_answer_that_is_too_large_is_refused(endpoint: str) -> None:
    answer = httpx.get(endpoint, params={"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"}, timeout=60)
    assert answer.status_code == 500
    assert "larger than 0.5 MB" in answer.text


def test_a_build_is_seen_by_the_next_query(endpoint: str, store: Path) -> None:
    query = "SELECT (COUNT(DISTINCT ?a) AS ?n) { ?a a dkg:Article }"

    def count() -> int:
        return int(ask(endpoint, query)["results"]["bindings"][0]["n"]["value"])

    assert count() == 4
    before = state_of(store)
    with open_store(store) as opened:
        quads = list(opened.quads(article="a3"))
        assert quads
        opened.update("INSERT DATA { article:new a dkg:Article }")
    assert state_of(store) != before
    assert count() == 5
    with open_store(store) as opened:
        opened.update("DELETE DATA { article:new a dkg:Article }")
    assert count() == 4


def test_an_update_while_a_build_writes_is_put_off(address: str, store: Path) -> None:
    headers = {**KEY, **UPDATE}
    with open_store(store):
        answer = httpx.post(address + "update", content="INSERT DATA {}", headers=headers)
    assert answer.status_code == 503
    assert "is writing to this store" in answer.text


def test_many_clients_at_once(store: Path) -> None:
    with load.served(store) as (address, pid):
        seen = load.ask_for(address, 3, 6, pid)
    assert (seen.wrong, set(seen.statuses)) == ([], {200})
    assert seen.statuses.total() > 20


# ---- safety


def test_only_requests_that_name_this_machine_are_answered(address: str) -> None:
    for path in ("", "query", "sparql?query=ASK%20%7B%7D"):
        answer = httpx.get(address + path, headers={"Host": "evil.example"})
        assert answer.status_code == 400
    port = address.rstrip("/").rpartition(":")[2]
    for host in ("localhost", "[::1]"):
        headers = {"Host": f"{host}:{port}"}
        assert httpx.get(address + "query", headers=headers).status_code == 200


def test_other_pages_cannot_read_answers(endpoint: str) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for answer in (
        httpx.get(endpoint, params={"query": "ASK {}"}, headers=headers),
        httpx.options(endpoint, headers=headers),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_page_that_is_allowed_can(store: Path) -> None:
    origin = "https://friend.example"
    with load.served(store, "--allow-origin", origin) as (address, _):
        for asked, told in ((origin, origin), ("https://evil.example", None)):
            headers = {"Origin": asked}
            answer = httpx.get(address + "sparql?query=ASK%20%7B%7D", headers=headers)
            assert answer.headers.get("access-control-allow-origin") == told
        closed = httpx.post(address + "update", content="DROP ALL", headers={**UPDATE, **KEY})
        assert (closed.status_code, "only reads" in closed.text) == (403, True)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "PREFIX e: <x:> ASK { ?s e:a\\#b ?o SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "ASK { ?s ?p 1service<http://127.0.0.1:9/>{ ?s ?p ?o } }",
        "PREFIX SERVICE: <http://127.0.0.1:9/> ASK { SERVICE:x { ?s ?p ?o } }",
    ],
)
def test_other_servers_are_not_asked(endpoint: str, query: str) -> None:
    answer = httpx.get(endpoint, params={"query": query})
    assert answer.status_code == 400
    assert "another server (SERVICE)" in answer.text


def test_pages_load_nothing_from_elsewhere(address: str) -> None:
    for path in ("query", "sparql?query=ASK%20%7B%7D", "", "static/query.js"):
        answer = httpx.get(address + path, timeout=60)
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    policy = httpx.get(address + "query").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")


def test_the_explorer_shows_the_store_or_a_part(address: str) -> None:
    whole = httpx.get(address, timeout=60)
    assert whole.headers["content-type"] == "text/html; charset=utf-8"
    part = httpx.get(address, params={"around": "FTC"}, timeout=60)
    assert b"Meta" in part.content
    assert len(part.content) < len(whole.content)
    for parameters, status in (({"around": "nobody"}, 400), ({"from": "soon"}, 400)):
        assert httpx.get(address, params=parameters, timeout=60).status_code == status


def test_the_query_page_is_told_terms_and_questions(address: str) -> None:
    known = httpx.get(address + "query/terms.json").json()
    terms = dict(known["terms"])
    assert terms["dkg:sues"] == "menggugat, sues"
    assert "hak cipta" in terms["issue:copyright"]
    assert {"lawsuits", "timeline"} <= {one["name"] for one in known["queries"]}
    assert known["prefixes"]["entity"].endswith("/id/entity/")


def find(browser: webdriver.Chrome, css: str) -> list[WebElement]:
    return browser.find_elements(By.CSS_SELECTOR, css)


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_the_query_page_in_a_browser(address: str) -> None:
    """It asks this server, completes terms by a label of either language, and asks nobody else."""
    with chromium(1200, 900) as browser:
        wait = WebDriverWait(browser, 60)
        browser.get(f"{address}query")
        wait.until(lambda b: find(b, "body[data-ready]"))
        options = find(browser, "#named option")
        assert len(options) > 20
        Select(find(browser, "#named")[0]).select_by_value("lawsuits")
        wait.until(lambda b: "Authors Guild" in b.find_element(By.CSS_SELECTOR, ".yasr").text)
        assert find(browser, ".parseErrorIcon") == []
        assert "Who sues whom" in find(browser, "#answers")[0].text
        typed = "const e = document.querySelector('.tabPanel.active .CodeMirror').CodeMirror;"
        browser.execute_script(
            typed + "e.setValue('ASK { ?a  ?b }'); e.setCursor(0, 9); e.focus();"
        )
        ActionChains(browser).send_keys("menggug").perform()
        wait.until(lambda b: find(b, ".CodeMirror-hints li"))
        assert "dkg:sues" in find(browser, ".CodeMirror-hints li")[0].text
        ActionChains(browser).send_keys(Keys.ENTER).perform()
        written = browser.execute_script(typed + "return e.getValue()")
        assert "?a dkg:sues ?b" in written
        loaded = browser.execute_script(
            "return performance.getEntriesByType('resource').map(one => one.name)"
        )
        assert [one for one in loaded if not one.startswith((address, "data:"))] == []
        problems = [one for one in browser.get_log("browser") if one["level"] == "SEVERE"]
        assert problems == []


# ---- fuzzing

SCHEMA = {
    "openapi": "3.0.2",
    "info": {"title": "SPARQL protocol", "version": "1.1"},
    "paths": {
        "/sparql": {
            "get": {
                "parameters": [
                    {"name": name, "in": "query", "schema": {"type": "string"}}
                    for name in ("query", "default-graph-uri", "named-graph-uri", "reported")
                ],
                "responses": {"default": {"description": "any"}},
            },
            "post": {
                "requestBody": {
                    "content": {
                        "application/x-www-form-urlencoded": {
                            "schema": {
                                "type": "object",
                                "properties": {"query": {"type": "string"}},
                            }
                        }
                    }
                },
                "responses": {"default": {"description": "any"}},
            },
        },
        "/": {
            "get": {
                "parameters": [
                    {"name": name, "in": "query", "schema": {"type": "string"}}
                    for name in ("around", "dispute", "article", "relation", "from", "to")
                ],
                "responses": {"default": {"description": "any"}},
            },
        },
    },
}


OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(SCHEMA).get_all_operations()]


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_a_fuzzer_finds_no_failure(
    address: str, operation: schemathesis.APIOperation, mode: schemathesis.GenerationMode
) -> None:
    """Whatever comes, the server answers, and not with a failure of its own."""

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def answered(case: schemathesis.Case) -> None:
        response = case.call(base_url=address.rstrip("/"), allow_redirects=False)
        assert response.status_code in (200, 303, 400, 405, 406, 415, 503), response.text

    answered()
    assert httpx.get(address + "sparql?query=ASK%20%7B%7D").status_code == 200


# ---- the command


def test_wrong_use_is_told(tmp_path: Path, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--store", str(tmp_path / "no")]) == 1
    assert "no store here" in capsys.readouterr().err
    assert main(["serve", "--store", str(store), "--timeout", "0"]) == 2
    capsys.readouterr()
    with load.served(store) as (address, _):
        port = address.rstrip("/").rpartition(":")[2]
        assert main(["serve", "--store", str(store), "--port", port]) == 1
        assert "cannot be listened on" in capsys.readouterr().err
