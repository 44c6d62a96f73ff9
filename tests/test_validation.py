"""`kg validate`: silent on what the builder makes, readable on graphs that are broken."""

import json
import tomllib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from claims import GUILD, GUILD_CLAIMS, SORA, SORA_CLAIMS

from kg.cli import main
from kg.errors import DataError
from kg.formats import rdflib_graph
from kg.graph import article_quads, ontology_quads
from kg.iris import prefixes
from kg.resources import ontology_dir
from kg.store import open_store
from kg.validation import Finding, checks, findings_turtle, validate

BROKEN: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "broken.toml").read_text(encoding="utf-8")
)
SORA_QUADS = list(article_quads(SORA, SORA_CLAIMS, extractor="kg test"))


def findings(path: Path) -> list[Finding]:
    with open_store(None) as opened:
        opened.load(path)
        return validate(opened)


def broken_file(update: str, folder: Path) -> Path:
    store = ox.Store()
    store.extend(SORA_QUADS)
    before = len(list(store))
    store.update(update, prefixes=prefixes())
    assert set(store) != set(SORA_QUADS), before
    path = folder / "broken.nq"
    store.dump(path, format=ox.RdfFormat.N_QUADS)
    return path


def test_there_are_at_least_twenty_broken_graphs() -> None:
    assert len(BROKEN) >= 20
    assert {case["check"] for case in BROKEN.values()} >= {
        check.name for check in checks() if check.name != "direct-only-reported"
    }


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_graph_is_told_readably(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = BROKEN[name]
    severity = case.get("severity", "violation")
    path = broken_file(case["update"], tmp_path)
    fitting = [
        finding
        for finding in findings(path)
        if finding.check == case["check"]
        and finding.severity == severity
        and finding.expected == case["expected"]
        and case.get("focus", "") in finding.focus
        and case.get("found", "") in finding.found
    ]
    assert fitting
    assert all(finding.advice for finding in fitting)
    fails = severity == "violation" or any(f.severity == "violation" for f in findings(path))
    assert main(["validate", str(path)]) == int(fails)
    out, err = capsys.readouterr()
    assert case["expected"] in " ".join(out.split())
    assert err == ""


@pytest.mark.parametrize("name", BROKEN)
def test_a_second_processor_agrees(name: str, tmp_path: Path) -> None:
    """The shapes, not the queries: focus, message and severity are those that pySHACL finds."""
    path = broken_file(BROKEN[name]["update"], tmp_path)
    quads = list(ox.parse(path=path, format=ox.RdfFormat.N_QUADS))
    data = rdflib_graph([*quads, *ontology_quads()])
    for quad in quads:  # rdflib_graph is for graphs without blank nodes
        nodes = [quad.subject, quad.object]
        if any(isinstance(node, ox.BlankNode) for node in nodes):
            data.add(tuple(_rdflib(node) for node in (quad.subject, quad.predicate, quad.object)))
    shapes = rdflib.Graph().parse(ontology_dir() / "shapes.ttl")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    theirs = {
        (
            "_:" if isinstance(report.value(result, sh.focusNode), rdflib.BNode)
            else str(report.value(result, sh.focusNode)),
            str(message),
            str(report.value(result, sh.resultSeverity)).rpartition("#")[2].lower(),
        )
        for result in report.objects(None, sh.result)
        for message in report.objects(result, sh.resultMessage)
        if message.language == "en"
    }  # fmt: skip
    ours = {
        ("_:" if f.focus.startswith("_:") else f.focus, f.expected, f.severity)
        for f in findings(path)
        if f.check[0].isupper()
    }
    # Where one value fails for two properties of a node, shifty tells of one.
    assert ours <= theirs
    assert {(focus, severity) for focus, _, severity in ours} == {
        (focus, severity) for focus, _, severity in theirs
    }
    assert len(theirs - ours) <= 1


def _rdflib(node: Any) -> Any:
    if isinstance(node, ox.BlankNode):
        return rdflib.BNode(node.value)
    if isinstance(node, ox.NamedNode):
        return rdflib.URIRef(node.value)
    return rdflib.Literal(node.value, lang=node.language, normalize=False)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    with open_store(tmp_path / "store") as opened:
        opened.replace_article(SORA, SORA_CLAIMS, extractor="x", fingerprint="x")
        opened.replace_article(GUILD, GUILD_CLAIMS, extractor="x", fingerprint="x")
    return tmp_path / "store"


def test_what_the_builder_makes_is_as_it_should_be(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", "--store", str(built)]) == 0
    assert capsys.readouterr().out == "the graph is as it should be\n"


@pytest.mark.parametrize("format", ["turtle", "trig", "nquads", "jsonld", "rdfxml"])
@pytest.mark.parametrize("reported", [False, True])
def test_what_is_exported_is_as_it_should_be(
    built: Path, tmp_path: Path, format: str, reported: bool
) -> None:
    ending = {"turtle": "ttl", "nquads": "nq", "rdfxml": "rdf"}.get(format, format)
    path = tmp_path / f"graph.{ending}"
    wanted = ["--reported"] if reported else []
    assert (
        main(["export", "--store", str(built), "--format", format, "-o", str(path), *wanted]) == 0
    )
    assert main(["validate", str(path), "-o", str(tmp_path / "report")]) == 0
    found = findings(path)
    # A file without graphs cannot tell what is reported: the reader is warned.
    union = reported and format not in ("trig", "nquads")
    assert {finding.check for finding in found} == ({"direct-only-reported"} if union else set())
    assert all(finding.severity == "warning" for finding in found)


def test_the_ontology_is_validated_too(tmp_path: Path) -> None:
    path = tmp_path / "more.ttl"
    path.write_text(
        "@prefix dkg: <https://w3id.org/dispute-kg/ontology#> . dkg:bribes a dkg:Relation ."
    )
    assert {(f.check, f.expected) for f in findings(path)} >= {
        ("Relation", "a relation has a sign: -1, 0 or 1"),
        ("Relation", "a relation reads backwards in English and Indonesian"),
    }


def test_slices_find_what_the_whole_would(
    built: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = broken_file(BROKEN["evidence-of-two-statements"]["update"], tmp_path)
    whole = findings(path)
    monkeypatch.setattr("kg.validation._AT_ONCE", 1)
    assert findings(path) == whole


def test_reports_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = broken_file(BROKEN["no-subject"]["update"], tmp_path)
    assert main(["validate", str(path), "--format", "json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert rows == [asdict(finding) for finding in findings(path)]
    assert main(["validate", str(path), "--format", "turtle"]) == 1
    report = rdflib.Graph().parse(data=capsys.readouterr().out)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    assert len(list(report.objects(None, sh.result))) == len(rows)
    assert (None, sh.conforms, rdflib.Literal(False)) in report
    assert "sh:conforms true" in findings_turtle([])


@pytest.mark.parametrize(
    "time", ["2024-11-28", "2024-11", "2024", "2024-11-25/2024-12-01", "2021/..", "../2026-03"]
)
def test_times_as_the_extractor_gives_them_are_right(time: str, tmp_path: Path) -> None:
    with open_store(None) as opened:
        claims = [replace(SORA_CLAIMS[0], time=time)]
        opened.replace_article(SORA, claims, extractor="x", fingerprint="x")
        assert validate(opened) == []


def test_every_shape_tells_in_both_languages_what_should_be_and_what_to_do() -> None:
    shacl = "http://www.w3.org/ns/shacl#"
    texts: dict[object, dict[str, list[str | None]]] = {}
    shapes = set()
    for quad in ox.parse(path=ontology_dir() / "shapes.ttl"):
        local = quad.predicate.value.removeprefix(shacl)
        if local in ("message", "description"):
            texts.setdefault(quad.subject, {}).setdefault(local, []).append(quad.object.language)
        elif local == "property" or quad.object == ox.NamedNode(shacl + "NodeShape"):
            shapes.add(quad.object if local == "property" else quad.subject)
    assert len(texts) > 50
    assert all(
        set(found) == {"message", "description"}
        and all(sorted(map(str, tags)) == ["en", "id"] for tags in found.values())
        for found in texts.values()
    ), texts
    # Of these two only the properties ask for something.
    assert {str(one).rpartition("#")[2] for one in shapes - set(texts)} == {
        "Modality>",
        "Relation>",
    }


def test_a_check_without_its_head_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "x.rq").write_text("# message: x\nSELECT ?focus ?found {}")
    monkeypatch.setattr("kg.validation.ontology_dir", lambda: tmp_path)
    checks.cache_clear()
    try:
        with pytest.raises(DataError, match="severity"):
            checks()
    finally:
        checks.cache_clear()
