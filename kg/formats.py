"""Quads as files of the RDF formats: sorted, so that the same graph is the same bytes."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import OutputError
from kg.iris import BASE, prefixes
from kg.resources import ontology_dir
from kg.vocabulary import PREFIXES, foreign

if TYPE_CHECKING:
    import rdflib

_TYPE = foreign("rdf:type")

_XML_PREFIX = re.compile(r' xmlns:[\w-]+="[^"]*"')
_XML_ROOT = re.compile(r"(<rdf:RDF)([^>]*)>")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def turtle(quads: Iterable[ox.Quad], *, base: str = BASE) -> str:
    """The union of the graphs as Turtle with prefixes, subjects sorted, a blank line after each."""
    head, body = _sorted_head(_serialize(_triples(quads), ox.RdfFormat.TURTLE, base))
    return head + body.replace(" .\n", " .\n\n").removesuffix("\n")


def rdfxml(quads: Iterable[ox.Quad], *, base: str = BASE) -> str:
    """The union of the graphs as RDF/XML, sorted.

    OutputError where a text holds a control character, which XML cannot: use another format.
    """
    triples = _triples(quads)
    for triple in triples:
        if isinstance(triple.object, ox.Literal):
            odd = _NOT_IN_XML.search(triple.object.value)
            if odd:
                raise OutputError(
                    f"{triple.subject} holds the character U+{ord(odd.group()):04X},"
                    " which XML cannot: export as turtle, jsonld or nquads"
                )
    # The writer leaves carriage returns bare, which readers of XML take for line feeds.
    text = _serialize(triples, ox.RdfFormat.RDF_XML, base).replace("\r", "&#13;")
    return _XML_ROOT.sub(
        lambda root: root[1] + "".join(sorted(_XML_PREFIX.findall(root[2]))) + ">", text, count=1
    )


def trig(quads: Iterable[ox.Quad], *, base: str = BASE) -> str:
    """The quads as TriG with prefixes, graph by graph, sorted."""
    head, body = _sorted_head(_serialize(_sorted(quads), ox.RdfFormat.TRIG, base))
    return head + body


def nquads(quads: Iterable[ox.Quad], *, base: str = BASE) -> str:
    """The quads as N-Quads, sorted."""
    return _serialize(_sorted(quads), ox.RdfFormat.N_QUADS, base)


def ntriples(quads: Iterable[ox.Quad], *, base: str = BASE) -> str:
    """The union of the graphs as N-Triples, sorted."""
    return _serialize(_triples(quads), ox.RdfFormat.N_TRIPLES, base)


def jsonld(quads: Iterable[ox.Quad], *, base: str = BASE) -> str:
    """The union of the graphs as compact JSON-LD, subjects sorted.

    The context is that of ``ontology/context.jsonld``, inside the file: it needs no network.
    """
    graph = rdflib_graph((ox.Quad(*triple) for triple in _triples(quads)), base=base)
    context = {**_context(), **prefixes(base=base)}
    data = json.loads(graph.serialize(format="json-ld", context=context, auto_compact=True))
    nodes = data.pop("@graph", None)
    if nodes is None:
        nodes = [{key: data.pop(key) for key in list(data) if key != "@context"}]
    data["@context"] = context  # the writer's own form of it is in no fixed order
    data["@graph"] = sorted((node for node in nodes if node), key=lambda node: str(node["@id"]))
    for node in data["@graph"]:
        for values in node.values():
            if isinstance(values, list):
                values.sort(key=lambda value: json.dumps(value, sort_keys=True))
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@cache
def _context() -> dict[str, Any]:
    text = (ontology_dir() / "context.jsonld").read_text(encoding="utf-8")
    context: dict[str, Any] = json.loads(text)["@context"]
    return context


SERIALIZERS: Mapping[str, Callable[..., str]] = {
    "turtle": turtle,
    "trig": trig,
    "nquads": nquads,
    "ntriples": ntriples,
    "jsonld": jsonld,
    "rdfxml": rdfxml,
}


def rdflib_graph(quads: Iterable[ox.Quad], *, base: str = BASE) -> "rdflib.Graph":
    """The union of the graphs as a graph of rdflib, prefixes bound; literals keep their form."""
    import rdflib  # noqa: PLC0415  it takes a fifth of a second, which most calls need not wait

    graph = rdflib.Graph()
    for prefix, iri in prefixes(base=base).items():
        graph.bind(prefix, iri, replace=True)
    for quad in quads:
        value = quad.object
        if isinstance(quad.subject, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
            graph.add(
                (
                    rdflib.URIRef(quad.subject.value),
                    rdflib.URIRef(quad.predicate.value),
                    rdflib.URIRef(value.value)
                    if isinstance(value, ox.NamedNode)
                    else _rdflib_literal(value),
                )
            )
    return graph


def _rdflib_literal(value: ox.Literal) -> "rdflib.Literal":
    import rdflib  # noqa: PLC0415

    if value.language:
        return rdflib.Literal(value.value, lang=value.language)
    plain = value.datatype.value == PREFIXES["xsd"] + "string"
    datatype = None if plain else rdflib.URIRef(value.datatype.value)
    return rdflib.Literal(value.value, datatype=datatype, normalize=False)


def _sorted_head(text: str) -> tuple[str, str]:
    """The prefix declarations, which the writer puts in any order, sorted; then the rest."""
    lines = text.split("\n")
    count = 0
    while lines[count].startswith("@prefix "):
        count += 1
    head = "".join(line + "\n" for line in sorted(lines[:count]))
    return head + ("\n" if head else ""), "\n".join(lines[count:])


def _triples(quads: Iterable[ox.Quad]) -> list[ox.Triple]:
    return sorted({quad.triple for quad in quads}, key=_sort_key)


def _sorted(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    return sorted(set(quads), key=lambda quad: (str(quad.graph_name), *_sort_key(quad)))


def _sort_key(triple: ox.Triple | ox.Quad) -> tuple[str, bool, str, str]:
    predicate = triple.predicate
    return (
        str(triple.subject),
        predicate != _TYPE,
        predicate.value,
        str(triple.object),
    )


def _serialize(statements: list[ox.Triple] | list[ox.Quad], format: ox.RdfFormat, base: str) -> str:
    data = ox.serialize(statements, format=format, prefixes=_used_prefixes(statements, base))
    assert data is not None
    return data.decode()


def _used_prefixes(statements: Iterable[ox.Triple | ox.Quad], base: str) -> dict[str, str]:
    known = {iri: prefix for prefix, iri in prefixes(base=base).items()}
    used = set()
    for statement in statements:
        value = statement.object
        nodes: list[object] = [statement.subject, statement.predicate, value]
        if isinstance(statement, ox.Quad):
            nodes.append(statement.graph_name)
        if isinstance(value, ox.Literal):
            nodes.append(value.datatype)
        for node in nodes:
            if isinstance(node, ox.NamedNode):
                used.add(node.value[: _local_start(node.value)])
    return {known[iri]: iri for iri in sorted(used & set(known))}


def _local_start(iri: str) -> int:
    return max(iri.rfind("#"), iri.rfind("/")) + 1
