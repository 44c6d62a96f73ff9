"""What a change of articles does to the quads of a store.

Replacing an article changes more than its graphs: the default graph loses what no article says any
more, ``graph/reported`` has what some article reports and none asserts, and an entity has the best
of the descriptions that articles give. Here all that is worked out beforehand, so that one
transaction can make it, whatever keeps the quads.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

import pyoxigraph as ox

from kg.graph import (
    REPLACED_BY,
    REPLACES,
    article_quads,
    best_entity,
    entity_triples,
    statement_entities,
)
from kg.iris import article_iri, entities_graph_iri, entity_iri, graph_iri, reported_graph_iri
from kg.readback import entities_from
from kg.records import Article, Entity, Statement
from kg.vocabulary import foreign, relations, term

OWN = "https://w3id.org/dispute-kg/store#"
"""Namespace of the bookkeeping."""

FINGERPRINT = ox.NamedNode(OWN + "fingerprint")
ENTITY = ox.NamedNode(OWN + "entity")
WITHIN = (foreign("skos:broader"), term("mentions"))
"""From an entity to those that stand inside its words or that it narrows."""

Triple = tuple[
    ox.NamedNode | ox.BlankNode | ox.Triple,
    ox.NamedNode,
    ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple,
]
Reading = tuple[Article, list[Statement], str]


@dataclass(slots=True)
class Change:
    """Quads to add and to remove, graphs to drop, in one transaction; what is in both stays."""

    added: set[ox.Quad] = field(default_factory=set)
    removed: set[ox.Quad] = field(default_factory=set)
    dropped: tuple[ox.NamedNode, ...] = ()


class Held(Protocol):
    """Quads that can be asked for; see `kg.embedded.Embedded` for what each function gives."""

    def find(
        self,
        *,
        subjects: Collection[ox.NamedNode] | None = None,
        predicate: ox.NamedNode | None = None,
        object: ox.NamedNode | None = None,
        graphs: Collection[ox.NamedNode | ox.DefaultGraph] | None = None,
    ) -> Iterator[ox.Quad]: ...

    def in_default(self, triples: Iterable[Triple]) -> set[Triple]: ...

    def said_elsewhere(
        self, triples: Iterable[Triple], start: str, replaced: Collection[ox.NamedNode]
    ) -> set[Triple]: ...


def graphs_of(id: str, *, base: str) -> tuple[ox.NamedNode, ...]:
    """The named graphs of an article: statements, reported triples, bookkeeping."""
    graph = graph_iri(id, base=base)
    own = graph.replace("graph/article/", "graph/store/", 1)
    names = (graph, reported_graph_iri(id, base=base), own)
    return tuple(map(ox.NamedNode, names))


def change_of(
    held: Held,
    readings: Sequence[Reading],
    *,
    removed: Collection[str] = (),
    extractor: str = "",
    base: str,
) -> Change:
    """The change that puts readings in the place of what is held of their articles.

    ``removed`` are ids of articles that go without another in their place.
    """
    ids = [*removed, *(article.id for article, _, _ in readings)]
    replaced = {name for id in ids for name in graphs_of(id, base=base)}
    old = set(held.find(graphs=replaced)) if replaced else set()
    entities_graph = ox.NamedNode(entities_graph_iri(base=base))
    new: set[ox.Quad] = set()
    for article, statements, fingerprint in readings:
        new.update(
            quad
            for quad in article_quads(article, statements, extractor=extractor, base=base)
            if quad.graph_name != entities_graph
        )
        new.update(_bookkeeping(article, statements, fingerprint, base))
    change = Change(added=new - old, removed=old - new)
    change.dropped = tuple(name for id in removed for name in graphs_of(id, base=base))
    seen = f"{base}graph/article/"
    _change_default(change, held, old, new, replaced, seen)
    _change_reported(change, held, old, new, replaced, seen, base)
    _change_entities(change, held, old, new, replaced, base)
    return change


def in_default(quad: ox.Quad) -> ox.Quad:
    """The same triple in the default graph."""
    return ox.Quad(quad.subject, quad.predicate, quad.object)


def _bookkeeping(
    article: Article, statements: list[Statement], fingerprint: str, base: str
) -> Iterator[ox.Quad]:
    """The article's fingerprint and its view of each entity, which other articles may share."""
    graph = graphs_of(article.id, base=base)[2]
    node = ox.NamedNode(article_iri(article.id, base=base))
    yield ox.Quad(node, FINGERPRINT, ox.Literal(fingerprint), graph)
    for entity in statement_entities(statements):
        view = ox.Literal(json.dumps(asdict(entity), sort_keys=True))
        yield ox.Quad(ox.NamedNode(entity_iri(entity.slug, base=base)), ENTITY, view, graph)


def _change_default(
    change: Change,
    held: Held,
    old: set[ox.Quad],
    new: set[ox.Quad],
    replaced: set[ox.NamedNode],
    seen: str,
) -> None:
    """The default graph gets what articles say; it loses what no article says any more."""
    kept = _triples(new, seen)
    gone = _triples(old, seen) - kept
    change.added |= _quads(kept)
    change.removed |= _quads(gone - held.said_elsewhere(gone, seen, replaced))


def _change_reported(
    change: Change,
    held: Held,
    old: set[ox.Quad],
    new: set[ox.Quad],
    replaced: set[ox.NamedNode],
    seen: str,
    base: str,
) -> None:
    """``graph/reported`` has a direct triple if an article reports it and none asserts it."""
    names = {term(relation.name) for relation in relations()}
    direct_new = {quad for quad in new if quad.predicate in names}
    direct_old = {quad for quad in old if quad.predicate in names}
    asserted, asserted_before = _triples(direct_new, seen), _triples(direct_old, seen)
    reported = _triples(direct_new) - asserted
    all_direct = _triples(direct_new) | _triples(direct_old)
    there = held.in_default(all_direct)
    doubtful = there & asserted_before
    by_others = (there - doubtful) | held.said_elsewhere(doubtful, seen, replaced)
    left = all_direct - asserted - by_others
    still = held.said_elsewhere(left - reported, f"{base}graph/reported/", replaced)
    graph = ox.NamedNode(reported_graph_iri(base=base))
    visible = (left & reported) | still
    change.added |= _quads(visible, graph)
    change.removed |= _quads(all_direct - visible, graph)


def _change_entities(
    change: Change,
    held: Held,
    old: set[ox.Quad],
    new: set[ox.Quad],
    replaced: set[ox.NamedNode],
    base: str,
) -> None:
    """Each entity has the best of the descriptions that articles give, whatever their order."""
    graph = ox.NamedNode(entities_graph_iri(base=base))
    views = _views(new)
    given_up = {node for node, texts in _views(old).items() if not texts <= views.get(node, set())}
    nodes = {*views, *given_up}
    described = _by_subject(held.find(subjects=nodes, graphs=[graph])) if nodes else {}
    # What lies within a phrase is described elsewhere: such an entity is told by the views alone.
    given_up |= {
        node for node in nodes if any(q.predicate in WITHIN for q in described.get(node, ()))
    }
    others: dict[ox.NamedNode, set[str]] = {}
    if given_up:
        others = _views(
            quad
            for quad in held.find(subjects=given_up, predicate=ENTITY)
            if quad.graph_name not in replaced
        )
    for node in nodes:
        there = described.get(node, set())
        there = there | set(leading_to(there))
        descriptions = [_entity(view) for view in views.get(node, ())]
        if node in given_up:
            descriptions += map(_entity, others.get(node, ()))
        else:
            descriptions += entities_from(there)
        wanted = set()
        if descriptions:
            triples = entity_triples(best_entity(descriptions), base=base)
            wanted = {ox.Quad(*triple, graph) for triple in triples}
        for quads, into in ((wanted - there, change.added), (there - wanted, change.removed)):
            into.update(quads)
            into.update(map(in_default, quads))


def leading_to(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """What leads from the IRIs that entities replace to them: ``dcterms:replaces`` turned round."""
    for quad in quads:
        if quad.predicate == REPLACES and isinstance(quad.object, ox.NamedNode):
            yield ox.Quad(quad.object, REPLACED_BY, quad.subject, quad.graph_name)


def _triples(quads: Iterable[ox.Quad], start: str = "") -> set[Triple]:
    """The triples of quads whose graph's name begins with ``start``."""
    return {
        (quad.subject, quad.predicate, quad.object)
        for quad in quads
        if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(start)
    }


def _quads(
    triples: Iterable[Triple], graph: ox.NamedNode | ox.DefaultGraph | None = None
) -> set[ox.Quad]:
    return {ox.Quad(*triple, graph or ox.DefaultGraph()) for triple in triples}


def _views(quads: Iterable[ox.Quad]) -> dict[ox.NamedNode, set[str]]:
    """Entity -> its descriptions in the bookkeeping."""
    found: dict[ox.NamedNode, set[str]] = {}
    for quad in quads:
        if quad.predicate == ENTITY and isinstance(quad.subject, ox.NamedNode):
            assert isinstance(quad.object, ox.Literal)
            found.setdefault(quad.subject, set()).add(quad.object.value)
    return found


def _by_subject(quads: Iterable[ox.Quad]) -> dict[object, set[ox.Quad]]:
    found: dict[object, set[ox.Quad]] = {}
    for quad in quads:
        found.setdefault(quad.subject, set()).add(quad)
    return found


def _entity(view: str) -> Entity:
    return _described(json.loads(view))


def _described(fields: dict[str, Any]) -> Entity:
    """An entity from the lists and objects that JSON made of it."""
    made: dict[str, Any] = dict(fields)
    for name in ("labels", "names"):
        made[name] = tuple((lang, text) for lang, text in fields.get(name, ()))
    for name in ("broader", "mentions"):
        made[name] = tuple(map(_described, fields.get(name, ())))
    made["replaces"] = tuple(fields.get("replaces", ()))
    return Entity(**made)
