"""What follows from the graph by the rules of OWL 2 RL: on demand, in a graph of its own.

Groups of relations need none of this: ``?r rdfs:subPropertyOf dkg:contends`` asks for them at once.
Inference serves those who want PROV, FOAF or the groups as plain triples. The rules are applied by
reasonable (https://github.com/gtfierro/reasonable); nothing that follows is ever taken for
extracted, and any change of the store's articles drops it.
"""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import reasonable

from kg.iris import inferred_graph_iri
from kg.store import Store
from kg.vocabulary import PREFIXES, foreign

_TYPE = foreign("rdf:type")
_TRIVIAL_TYPES = {
    foreign("owl:Thing"),
    foreign("owl:NamedIndividual"),
    foreign("rdfs:Resource"),
    foreign("rdfs:Class"),
    foreign("rdf:Property"),
}
_OF_THE_LANGUAGE = (PREFIXES["owl"], PREFIXES["rdfs"])

Triple = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]


def infer(store: Store) -> int:
    """Puts what follows from a store into ``graph/inferred``, in place of what was there.

    What is only reported is no premise. Returns the number of triples.
    """
    premises = (quad for quad in store.triples() if isinstance(quad.object, ox.NamedNode))
    graph = ox.NamedNode(inferred_graph_iri(base=store.base))
    quads = {ox.Quad(*triple, graph) for triple in inferred(premises)}
    store.replace_inferred(quads)
    return len(quads)


def inferred(premises: Iterable[ox.Quad | ox.Triple]) -> Iterator[Triple]:
    """The triples about IRIs that follow and are not among the premises, in no fixed order.

    Left out is what every graph has: types such as owl:Thing, each thing the same as itself, and
    what only speaks of classes and properties in the terms of RDFS and OWL.
    """
    given = {ox.Triple(one.subject, one.predicate, one.object) for one in premises}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "premises.ttl"  # N-Triples is Turtle
        ox.serialize(given, str(path), format=ox.RdfFormat.N_TRIPLES)
        reasoner = reasonable.PyReasoner()
        reasoner.load_file(str(path))
        found = reasoner.reason()
    for subject, predicate, object in found:
        if any(type(node).__name__ != "URIRef" for node in (subject, predicate, object)):
            continue
        triple = (ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(object))
        if triple[1].value.startswith(_OF_THE_LANGUAGE):
            continue
        if triple[1] == _TYPE and (
            triple[2] in _TRIVIAL_TYPES or triple[2].value.startswith(_OF_THE_LANGUAGE)
        ):
            continue
        if ox.Triple(*triple) not in given:
            yield triple
