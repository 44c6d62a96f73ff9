"""Statements as a network: things are nodes, every statement is an edge of its own.

Edges are never merged: "A accuses B" and "B denies A" stand side by side, and so do two articles
that state the same.
"""

from collections.abc import Iterable, Mapping

import networkx as nx

from kg.readback import Placed
from kg.records import Article, Entity
from kg.vocabulary import relation

Attributes = dict[str, str | int | float | bool]


def statement_network(
    placed: Iterable[Placed], *, articles: Mapping[str, Article], lang: str = "en"
) -> nx.MultiDiGraph:
    """A directed network with an edge for each place where an article makes a statement.

    Nodes are named by the slug of their entity and have label, type and known, and a label in each
    language; edges are named by the IRI of their evidence and have relation, label (in ``lang``),
    sign, negated, modality, speaker, time, role, confidence, statement (its IRI), article, title,
    date, sentence. What is not known is left out. Nodes and edges are in the order of their names.
    """
    found = sorted(placed, key=lambda one: (one.evidence, one.claim))
    entities: dict[str, Entity] = {}
    for one in found:
        for argument in (one.statement.subject, one.statement.object):
            entities[argument.entity.slug] = argument.entity
    network = nx.MultiDiGraph()
    for slug in sorted(entities):
        network.add_node(slug, **_node(entities[slug], lang))
    for one in found:
        statement = one.statement
        network.add_edge(
            statement.subject.entity.slug,
            statement.object.entity.slug,
            key=one.evidence,
            **_edge(one, articles.get(statement.article), lang),
        )
    return network


def _node(entity: Entity, lang: str) -> Attributes:
    names = dict(entity.labels)
    return {
        "label": names.get(lang, entity.label),
        "type": entity.type,
        "known": entity.known,
        **{f"label_{code}": name for code, name in entity.labels},
    }


def _edge(placed: Placed, article: Article | None, lang: str) -> Attributes:
    statement = placed.statement
    kind = relation(statement.relation)
    edge: Attributes = {
        "relation": statement.relation,
        "label": kind.label(lang),
        "sign": kind.sign,
        "negated": statement.negated,
        "modality": statement.modality,
        "confidence": statement.confidence,
        "statement": placed.claim,
        "article": statement.article,
        "sentence": statement.sentence.text,
    }
    speaker = statement.attributed_to
    known = {
        "speaker": dict(speaker.entity.labels).get(lang, speaker.entity.label) if speaker else "",
        "time": statement.time or "",
        "role": statement.role,
        "title": article.title if article else "",
        "date": article.date if article else "",
    }
    return edge | {name: value for name, value in known.items() if value}
