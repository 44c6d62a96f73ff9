"""Statements as RDF and back: nothing lost, nothing asserted that is only reported."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from claims import GUILD, GUILD_CLAIMS, SORA, SORA_CLAIMS, claim, entity
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import DataError, OutputError, UsageError
from kg.formats import SERIALIZERS, jsonld, nquads, rdfxml, trig, turtle
from kg.graph import article_quads, best_entity, build_graph, entity_triples
from kg.iris import (
    article_iri,
    entity_iri,
    evidence_iri,
    graph_iri,
    name_in_iri,
    reported_graph_iri,
    statement_iri,
)
from kg.methods import SCORES
from kg.readback import articles_from, statements_from
from kg.records import Argument, Article, Entity, Sentence, Span, Statement
from kg.resources import ontology_dir
from kg.vocabulary import entity_types, modalities, relations, term

ODD = "a\u0301 \r\n\t\"'\\u0041 <&> \u200f\u202eKata\u202c 😀 {x} . ; ''' \"\"\""


def quads_of(article: Article, claims: tuple[Statement, ...]) -> list[ox.Quad]:
    return list(article_quads(article, claims, extractor="kg test"))


# ---- round trip

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@st.composite
def readings(draw: st.DrawFn) -> tuple[Article, tuple[Statement, ...]]:
    text = draw(words) + ODD + draw(words)
    article = Article(
        id=draw(names),
        text=text,
        lang=draw(st.sampled_from(["en", "id", None])),
        title=draw(words),
        date=draw(st.sampled_from(["", "2024-11-28", "2024", "2024-13-45", "28 November"])),
        source=draw(
            st.sampled_from(["", "https://example.org/a?b=c#d", "paper.txt", "https://a b"])
        ),
        dispute=draw(st.one_of(st.just(""), names)),
    )
    entities = [
        Entity(
            slug=slug,
            type=draw(st.sampled_from([each.name for each in entity_types()])),
            label=draw(words),
            labels=tuple(
                sorted(draw(st.dictionaries(st.sampled_from(["en", "id"]), words)).items())
            ),
            known=draw(st.booleans()),
        )
        for slug in draw(st.lists(names, min_size=1, max_size=3, unique=True))
    ]

    def span() -> Span:
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, len(text)))
        return Span(text[start:end], start, end)

    def argument() -> Argument:
        method = draw(st.sampled_from(["", *SCORES]))
        score = draw(st.floats(0, 1)) if method else 1.0
        return Argument(draw(st.sampled_from(entities)), span(), method, score)

    found = {}
    for _ in range(draw(st.integers(0, 4))):
        whole = span()
        statement = Statement(
            article=article.id,
            lang=draw(st.sampled_from(["en", "id"])),
            subject=argument(),
            relation=draw(st.sampled_from([each.name for each in relations()])),
            object=argument(),
            negated=draw(st.booleans()),
            modality=draw(st.sampled_from([each.name for each in modalities()])),
            attributed_to=(draw(st.booleans()) and argument()) or None,
            time=draw(
                st.sampled_from([None, "2024", "2024-11", "2024-11-28", "2024-11/2024-12", "x"])
            ),
            trigger=span(),
            sentence=Sentence(draw(st.integers(0, 9)), whole.text, whole.start, whole.end),
            confidence=draw(st.floats(0, 1)),
            role=draw(st.sampled_from(["", "former chief scientist", 'pendiri \u2028 "ketua"'])),
        )
        found[evidence_iri(statement)] = statement
    return article, tuple(found.values())


@settings(deadline=None, max_examples=150)
@given(readings())
def test_statements_come_back_as_they_were(reading: tuple[Article, tuple[Statement, ...]]) -> None:
    article, claims = reading
    quads = quads_of(article, claims)
    assert set(statements_from(quads)) == set(claims)
    assert articles_from(quads) == [replace(article, text="")]
    for write, format in ((turtle, ox.RdfFormat.TURTLE), (nquads, ox.RdfFormat.N_QUADS)):
        read = list(ox.parse(write(quads), format))
        assert set(statements_from(read)) == set(claims)
        assert articles_from(read) == [replace(article, text="")]


@settings(deadline=None, max_examples=50)
@given(readings(), st.randoms())
def test_order_of_statements_does_not_matter(
    reading: tuple[Article, tuple[Statement, ...]], random: object
) -> None:
    article, claims = reading
    shuffled = list(claims)
    random.shuffle(shuffled)
    assert set(quads_of(article, claims)) == set(quads_of(article, tuple(shuffled)))


def test_statements_come_in_text_order() -> None:
    quads = quads_of(SORA, SORA_CLAIMS[::-1]) + quads_of(GUILD, GUILD_CLAIMS)
    found = list(statements_from(quads))
    assert [s.article for s in found] == ["guild"] * 7 + ["sora"] * 10
    assert [s.sentence.start for s in found[7:]] == sorted(s.sentence.start for s in SORA_CLAIMS)
    assert found[7] == SORA_CLAIMS[0]


def test_half_surrogates_become_replacement_characters_of_the_same_length() -> None:
    article = replace(SORA, id="odd", title="x\ud83dy")
    assert articles_from(quads_of(article, ()))[0].title == "x\ufffdy"


# ---- identity


def test_the_same_claim_in_two_articles_is_one_statement_with_two_places() -> None:
    other = replace(SORA, id="again")
    again = replace(SORA_CLAIMS[0], article="again", confidence=0.1)
    assert statement_iri(again) == statement_iri(SORA_CLAIMS[0])
    assert evidence_iri(again) != evidence_iri(SORA_CLAIMS[0])
    both = quads_of(SORA, SORA_CLAIMS[:1]) + quads_of(other, (again,))
    assert {s.confidence for s in statements_from(both)} == {0.9, 0.1}


@pytest.mark.parametrize(
    "change",
    [
        {"relation": "sues"},
        {"negated": True},
        {"modality": "alleged"},
        {"time": "2024"},
        {"attributed_to": SORA_CLAIMS[0].subject},
        {"subject": SORA_CLAIMS[0].object, "object": SORA_CLAIMS[0].subject},
    ],
)
def test_another_claim_is_another_statement(change: dict[str, object]) -> None:
    assert statement_iri(replace(SORA_CLAIMS[0], **change)) != statement_iri(SORA_CLAIMS[0])


def test_a_place_read_twice_keeps_the_higher_confidence() -> None:
    low = replace(SORA_CLAIMS[0], confidence=0.2)
    quads = quads_of(SORA, (low, SORA_CLAIMS[0], low))
    assert [s.confidence for s in statements_from(quads)] == [0.9]


def test_a_role_stands_with_its_place_and_with_the_claim_in_the_language_of_the_article() -> None:
    one = replace(SORA_CLAIMS[0], relation="affiliatedWith", role="chief executive")
    other = replace(one, article="again", lang="id", role="direktur utama")
    quads = quads_of(SORA, (one,)) + quads_of(replace(SORA, id="again", lang="id"), (other,))
    told = {(q.subject.value, str(q.object)) for q in quads if q.predicate == term("role")}
    english, indonesian = '"chief executive"@en', '"direktur utama"@id'
    claim = statement_iri(one)
    assert claim == statement_iri(other)  # a role is nothing that parts claims
    assert told == {
        (claim, english),
        (claim, indonesian),
        (evidence_iri(one), english),
        (evidence_iri(other), indonesian),
    }
    assert set(statements_from(quads)) == {one, other}


def test_a_statement_has_the_highest_confidence_of_its_places() -> None:
    first = SORA_CLAIMS[0]
    elsewhere = replace(first, trigger=Span("against", 18, 25), confidence=0.99)
    quads = quads_of(SORA, (first, elsewhere))
    node = ox.NamedNode(statement_iri(first))
    values = [
        q.object.value for q in quads if (q.subject, q.predicate) == (node, term("confidence"))
    ]
    assert values == ["0.99"]


def test_iris_are_readable_and_reversible() -> None:
    assert entity_iri("openai") == "https://w3id.org/dispute-kg/id/entity/openai"
    assert entity_iri("a b/é", base="urn:x:").startswith("urn:x:entity/a%20b%2F")
    assert name_in_iri(graph_iri("a/../b#ü")) == "a/../b#ü"


def test_there_is_no_blank_node() -> None:
    for quad in quads_of(SORA, SORA_CLAIMS):
        assert isinstance(quad.subject, ox.NamedNode)
        assert not isinstance(quad.object, ox.BlankNode)


# ---- what is asserted


def direct(quads: list[ox.Quad], graph: str) -> set[tuple[str, str, str]]:
    known = {term(each.name) for each in relations()}
    return {
        (
            name_in_iri(q.subject.value),
            q.predicate.value.partition("#")[2],
            name_in_iri(q.object.value),
        )
        for q in quads
        if q.predicate in known and q.graph_name == ox.NamedNode(graph)
    }


def test_only_what_the_article_asserts_is_a_plain_fact() -> None:
    quads = quads_of(GUILD, GUILD_CLAIMS)
    assert direct(quads, graph_iri("guild")) == {
        ("authors-guild", "sues", "openai"),
        ("ftc", "investigates", "meta"),
        ("meta", "settlesWith", "authors-guild"),
        ("openai", "develops", "sora"),
    }
    assert direct(quads, reported_graph_iri("guild")) == {
        ("openai", "copies", "books"),
        ("meta", "harms", "artists"),
        ("artists", "demands", "copyright"),
    }


@pytest.mark.parametrize("modality", [each.name for each in modalities()])
@pytest.mark.parametrize("speaker", [None, SORA_CLAIMS[0].subject])
def test_what_is_negated_is_no_triple_at_all(modality: str, speaker: Argument | None) -> None:
    negated = replace(SORA_CLAIMS[0], negated=True, modality=modality, attributed_to=speaker)
    quads = quads_of(SORA, (negated,))
    assert not direct(quads, graph_iri("sora")) | direct(quads, reported_graph_iri("sora"))
    affirmed = quads_of(SORA, (replace(negated, negated=False),))
    own = bool(direct(affirmed, graph_iri("sora")))
    assert own == (modality == "asserted" and speaker is None)
    assert own != bool(direct(affirmed, reported_graph_iri("sora")))


def test_two_that_contradict_each_other_both_stay() -> None:
    negated = replace(SORA_CLAIMS[0], negated=True)
    quads = quads_of(SORA, (SORA_CLAIMS[0], negated))
    assert set(statements_from(quads)) == {SORA_CLAIMS[0], negated}
    assert statement_iri(negated) != statement_iri(SORA_CLAIMS[0])


def test_an_article_tells_what_it_is() -> None:
    node = ox.NamedNode(article_iri("sora"))
    found = {q.predicate.value: q.object for q in quads_of(SORA, ()) if q.subject == node}
    told = {iri.rpartition("/")[2].rpartition("#")[2]: value.value for iri, value in found.items()}
    assert told == {
        "type": "https://w3id.org/dispute-kg/ontology#Article",
        "identifier": "sora",
        "title": SORA.title,
        "date": "2024-11-28",
        "language": "en",
        "source": "https://example.org/sora",
        "sha256": hashlib.sha256(SORA.text.encode()).hexdigest(),
        "partOfDispute": "https://w3id.org/dispute-kg/id/dispute/sora-leak",
    }
    assert found["http://purl.org/dc/terms/title"].language == "en"
    assert found["http://purl.org/dc/terms/date"].datatype.value.endswith("#date")


def test_direction_is_kept() -> None:
    swapped = replace(SORA_CLAIMS[0], subject=SORA_CLAIMS[0].object, object=SORA_CLAIMS[0].subject)
    assert direct(quads_of(SORA, (swapped,)), graph_iri("sora")) == {
        ("openai", "protests", "artists")
    }


def test_every_word_can_be_traced_to_the_text() -> None:
    graph = build_graph(SORA_CLAIMS, articles=[SORA])
    rows = list(
        graph.query(
            """
            SELECT ?source ?role ?start ?end ?exact WHERE {
              ?statement dkg:evidence ?evidence . ?evidence oa:hasSource ?source ; ?role ?span .
              ?span oa:start ?start ; oa:end ?end ; oa:exact ?exact }
            """
        )
    )
    roles = [str(row.role).partition("#")[2] for row in rows]
    assert {role: roles.count(role) for role in set(roles)} == {
        "hasSelector": 10, "subjectSpan": 10, "triggerSpan": 10, "objectSpan": 10, "speakerSpan": 2,
    }  # fmt: skip
    for row in rows:
        assert SORA.text[int(row.start) : int(row.end)] == str(row.exact)


# ---- entities


def test_entities_carry_names_and_matches() -> None:
    found = {(p.value, str(o)) for _, p, o in entity_triples(entity("openai"))}
    match = "http://www.w3.org/2004/02/skos/core#exactMatch"
    assert (match, "<http://www.wikidata.org/entity/Q21708200>") in found
    assert ("http://www.w3.org/2004/02/skos/core#altLabel", '"Open AI"@en') in found
    issue = {(p.value, str(o)) for _, p, o in entity_triples(entity("copyright"))}
    assert (match, "<https://w3id.org/dispute-kg/issues#copyright>") in issue


def test_names_of_the_registry_are_for_its_entities_only() -> None:
    stranger = replace(entity("openai"), known=False)
    predicates = {p.value.rpartition("#")[2] for _, p, _ in entity_triples(stranger)}
    assert predicates == {"type", "label", "prefLabel", "inRegistry"}


@given(st.permutations([
    Entity("x", "Concept", "x"), Entity("x", "Work", "x"), Entity("x", "Work", "X"),
    Entity("x", "Work", "x", (("en", "x"),)), Entity("x", "Concept", "z", (), True),
]))  # fmt: skip
def test_the_best_description_does_not_depend_on_order(descriptions: list[Entity]) -> None:
    assert best_entity(descriptions).known
    assert best_entity(d for d in descriptions if not d.known).labels == (("en", "x"),)


# ---- refused


def test_odd_calls_are_refused() -> None:
    with pytest.raises(UsageError, match="article 'sora' was given with article 'guild'"):
        quads_of(GUILD, SORA_CLAIMS)
    with pytest.raises(DataError, match="no relation 'sue'"):
        quads_of(SORA, (replace(SORA_CLAIMS[0], relation="sue"),))
    with pytest.raises(UsageError, match=r"confidence 1\.5"):
        quads_of(SORA, (replace(SORA_CLAIMS[0], confidence=1.5),))


def test_a_statement_without_its_evidence_is_refused() -> None:
    quads = quads_of(SORA, SORA_CLAIMS)
    exact = ox.NamedNode("http://www.w3.org/ns/oa#exact")
    with pytest.raises(DataError, match="not whole"):
        list(statements_from(q for q in quads if q.predicate != exact))


# ---- files


def plain(term: object) -> tuple[str, ...]:
    if isinstance(term, ox.Literal):
        return ("literal", term.value, term.language or "", term.datatype.value)
    if isinstance(term, rdflib.Literal):
        kind = (
            str(term.datatype)
            if term.datatype
            else str(rdflib.RDF.langString if term.language else rdflib.XSD.string)
        )
        return ("literal", str(term), term.language or "", kind)
    return ("iri", term.value if isinstance(term, ox.NamedNode) else str(term))


@pytest.fixture
def quads(monkeypatch: pytest.MonkeyPatch) -> list[ox.Quad]:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    odd = Article("odd/ü %20", ODD + " OpenAI sued Meta.", "id", ODD, "2024-11-28", "x", "d/1")
    odd_claim = claim(
        odd, "OpenAI sued Meta.", ("openai", "OpenAI"), ("sues", "sued"), ("meta", "Meta")
    )
    reported = replace(odd_claim, modality="alleged", confidence=1.0)
    return quads_of(SORA, SORA_CLAIMS) + quads_of(odd, (odd_claim, reported))


@pytest.mark.filterwarnings(
    "ignore:.*is deprecated, use Dataset:DeprecationWarning"
)  # rdflib's own
@pytest.mark.parametrize(
    ("write", "format"), [(turtle, "turtle"), (rdfxml, "xml"), (nquads, None), (trig, None)]
)
def test_rdflib_reads_what_oxigraph_writes(
    quads: list[ox.Quad], write: Callable[..., str], format: str | None
) -> None:
    triples = {(plain(q.subject), plain(q.predicate), plain(q.object)) for q in quads}
    if format:
        graph = rdflib.Graph().parse(data=write(quads), format=format)
        assert {tuple(map(plain, triple)) for triple in graph} == triples
    else:
        dataset = rdflib.Dataset()
        dataset.parse(data=write(quads), format=write.__name__)
        found = {tuple(map(plain, quad)) for quad in dataset.quads()}
        assert found == {
            (plain(q.subject), plain(q.predicate), plain(q.object), plain(q.graph_name))
            for q in quads
        }


def test_oxigraph_reads_the_json_that_rdflib_writes(quads: list[ox.Quad]) -> None:
    read = set(ox.parse(jsonld(quads), ox.RdfFormat.JSON_LD))
    assert {q.triple for q in read} == {q.triple for q in quads}


@pytest.mark.parametrize("count", [0, 1])
@pytest.mark.parametrize("format", SERIALIZERS)
def test_small_graphs_are_whole_files(format: str, count: int) -> None:
    quads = quads_of(SORA, ())[:count]
    kinds = {
        "turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "nquads": ox.RdfFormat.N_QUADS,
        "jsonld": ox.RdfFormat.JSON_LD, "rdfxml": ox.RdfFormat.RDF_XML,
        "ntriples": ox.RdfFormat.N_TRIPLES,
    }  # fmt: skip
    read = list(ox.parse(SERIALIZERS[format](quads), kinds[format]))
    assert {q.triple for q in read} == {q.triple for q in quads}


def test_turtle_is_read_by_people() -> None:
    text = turtle(quads_of(SORA, SORA_CLAIMS))
    assert "\n\nentity:artists a dkg:Group ;\n" in text
    assert "dkg:protests entity:openai" in text
    assert text.startswith("@prefix article:")
    assert text.endswith(" .\n")
    assert not text.endswith("\n\n")


def test_xml_refuses_what_it_cannot_hold() -> None:
    article = replace(SORA, title="bell \x07")
    quads = quads_of(article, ())
    with pytest.raises(OutputError, match=r"U\+0007"):
        rdfxml(quads)
    assert "\\u0007" in turtle(quads)


@pytest.mark.parametrize("format", SERIALIZERS)
def test_two_processes_write_the_same_bytes(format: str) -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests');"
        "from claims import *; from kg.graph import *; from kg.formats import *;"
        "quads = {q for a, c in ((SORA, SORA_CLAIMS), (GUILD, GUILD_CLAIMS))"
        " for q in article_quads(a, c, extractor='x')};"
        f"sys.stdout.buffer.write(SERIALIZERS[{format!r}](quads).encode())"
    )
    root = ontology_dir().parent
    first, second = (
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
        ).stdout
        for seed in ("1", "2")
    )
    assert first == second
    assert len(first) > 10_000


def test_json_is_compact() -> None:
    data = json.loads(jsonld(quads_of(SORA, SORA_CLAIMS)))
    artists = next(node for node in data["@graph"] if node["@id"] == "entity:artists")
    assert artists["@type"] == "Group"
    assert artists["protests"] == "entity:openai"
    context = json.loads((ontology_dir() / "context.jsonld").read_text(encoding="utf-8"))
    assert data["@context"] == context["@context"]


def test_graph_for_notebooks_leaves_reported_triples_out() -> None:
    claims = [*SORA_CLAIMS, *GUILD_CLAIMS]
    ask = "ASK { entity:openai dkg:copies entity:books }"
    assert not build_graph(claims, articles=[SORA, GUILD]).query(ask).askAnswer
    assert build_graph(claims, articles=[SORA], reported=True).query(ask).askAnswer


def test_shapes_hold_and_can_fail() -> None:
    shapes = rdflib.Graph().parse(ontology_dir() / "shapes.ttl")
    ontology = rdflib.Graph().parse(ontology_dir() / "dispute.ttl")

    def messages(graph: rdflib.Graph) -> set[str]:
        _, report, _ = pyshacl.validate(graph + ontology, shacl_graph=shapes)
        found = report.objects(None, rdflib.URIRef("http://www.w3.org/ns/shacl#resultMessage"))
        return {str(m) for m in found if isinstance(m, rdflib.Literal) and m.language == "en"}

    graph = build_graph([*SORA_CLAIMS, *GUILD_CLAIMS], articles=[SORA, GUILD], extractor="kg")
    assert messages(graph) == set()
    dkg = rdflib.Namespace("https://w3id.org/dispute-kg/ontology#")
    node = rdflib.URIRef(statement_iri(SORA_CLAIMS[0]))
    graph.add((node, dkg.negated, rdflib.Literal(True)))
    graph.remove((None, dkg.extractor, None))
    sora, openai = rdflib.URIRef(entity_iri("sora")), rdflib.URIRef(entity_iri("openai"))
    graph.add((sora, dkg.sues, openai))
    assert messages(graph) == {
        "a statement is negated or not",
        "an extraction tells its program",
        "only a person, group or organization does this",
    }
