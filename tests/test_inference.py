"""What follows lies apart from what was extracted, and agrees with a second reasoner."""

from collections.abc import Iterator
from pathlib import Path

import owlrl
import pyoxigraph as ox
import pytest
import rdflib
from claims import GUILD, GUILD_CLAIMS, SORA, SORA_CLAIMS

from kg.cli import main
from kg.formats import rdflib_graph
from kg.inference import infer, inferred
from kg.iris import inferred_graph_iri
from kg.store import Store, open_store

CONTENDS = "ASK { entity:authors-guild dkg:contends entity:openai }"
AGENT = "ASK { entity:openai a prov:Agent , foaf:Agent , dkg:Actor }"
REPORTED = "ASK { entity:openai dkg:affects entity:books }"


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store(None) as opened:
        opened.replace_articles(
            [(SORA, SORA_CLAIMS, "s"), (GUILD, GUILD_CLAIMS, "g")], extractor="kg test"
        )
        yield opened


def test_groups_and_alignments_follow_and_only_when_asked(store: Store) -> None:
    before = set(store.triples())
    count = infer(store)
    assert count > 50
    assert set(store.triples()) == before
    for question in (CONTENDS, AGENT):
        assert not store.query(question)
        assert store.query(question, inferred=True)
    everywhere = "SELECT ?g { GRAPH ?g { entity:openai a prov:Agent } }"
    assert list(store.query(everywhere)) == []
    [row] = store.query(everywhere, inferred=True)
    assert row["g"] == ox.NamedNode(inferred_graph_iri())
    assert infer(store) == count


def test_nothing_follows_from_what_is_only_reported(store: Store) -> None:
    infer(store)
    assert store.query("ASK { entity:openai dkg:copies entity:books }", reported=True)
    assert not store.query(REPORTED, inferred=True)


def test_a_change_of_the_articles_drops_it(store: Store) -> None:
    infer(store)
    assert list(store.inferred())
    store.remove_articles([GUILD.id])
    assert list(store.inferred()) == []
    assert not store.query(CONTENDS, inferred=True)


def test_a_second_reasoner_agrees(store: Store) -> None:
    premises = [quad for quad in store.triples() if isinstance(quad.object, ox.NamedNode)]
    ours = {tuple(node.value for node in triple) for triple in inferred(premises)}
    graph = rdflib_graph(premises)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    given = {tuple(node.value for node in quad.triple) for quad in premises}
    language = (str(rdflib.OWL), str(rdflib.RDFS))
    theirs = {
        tuple(map(str, triple))
        for triple in graph
        if all(isinstance(node, rdflib.URIRef) for node in triple)
        and not str(triple[1]).startswith(language)
        and not (triple[1] == rdflib.RDF.type and str(triple[2]).startswith(language))
        and triple[2] != rdflib.RDF.Property
        and "XMLSchema" not in str(triple[0])  # owlrl adds axioms on datatypes
        and not str(triple[0]).startswith((str(rdflib.RDF), *language))
    } - given
    assert ours == theirs


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "store")
    with open_store(tmp_path / "store") as opened:
        opened.replace_article(GUILD, GUILD_CLAIMS, extractor="x", fingerprint="x")
    assert main(["infer", "--store", folder]) == 0
    assert capsys.readouterr().out.endswith("triples in graph:inferred\n")
    ask = ["query", "--store", folder, "--inferred", "SELECT ?a { ?a dkg:contends ?b }"]
    assert main([*ask, "--format", "csv"]) == 0
    assert "authors-guild" in capsys.readouterr().out
    assert main(["export", "--store", folder, "--inferred", "--format", "trig"]) == 0
    assert "graph:inferred {" in capsys.readouterr().out
    assert main(["infer", "--store", folder, "--drop"]) == 0
    assert main([*ask, "--format", "csv"]) == 0
    assert "authors-guild" not in capsys.readouterr().out
    assert main(["infer", "--store", str(tmp_path / "nothing")]) == 1
