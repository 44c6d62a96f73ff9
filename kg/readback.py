"""The way back from RDF to records: what `kg.graph` wrote, from any store or file.

Graph names are not looked at: the quads of a store, of `kg.graph.article_quads` and of a parsed
Turtle file give the same records.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import pyoxigraph as ox

from kg.errors import DataError
from kg.graph import registered_names
from kg.iris import evidence_iri, name_in_iri
from kg.records import Argument, Article, Entity, Sentence, Span, Statement
from kg.vocabulary import NAMESPACE, Value, foreign, term

_TYPE = foreign("rdf:type")
_LABEL = foreign("rdfs:label")
_PREF_LABEL = foreign("skos:prefLabel")
_ALT_LABEL = foreign("skos:altLabel")
_BROADER = foreign("skos:broader")
_REPLACES = foreign("dcterms:replaces")
_TITLE = foreign("dcterms:title")
_DATE = foreign("dcterms:date")
_LANGUAGE = foreign("dcterms:language")
_SOURCE = foreign("dcterms:source")
_HAS_SOURCE = foreign("oa:hasSource")
_HAS_SELECTOR = foreign("oa:hasSelector")
_START = foreign("oa:start")
_END = foreign("oa:end")
_EXACT = foreign("oa:exact")


@dataclass(slots=True)
class _Index:
    """Values by subject and predicate, whatever the graph; each value once."""

    values: dict[str, dict[str, dict[Value, None]]] = field(default_factory=dict)

    def one(self, subject: str, predicate: ox.NamedNode) -> str:
        found = self.values.get(subject, {}).get(predicate.value)
        if not found:
            raise DataError(
                f"<{subject}> has no <{predicate.value}>:"
                " the file or store is not whole, build it again"
            )
        return min(value.value for value in found)

    def all(self, subject: str, predicate: ox.NamedNode) -> list[Value]:
        return list(self.values.get(subject, {}).get(predicate.value, ()))

    def first(self, subject: str, predicate: ox.NamedNode) -> str | None:
        return self.one(subject, predicate) if self.all(subject, predicate) else None


def _index(quads: Iterable[ox.Quad]) -> _Index:
    index = _Index()
    for quad in quads:
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
            of_subject = index.values.setdefault(subject.value, {})
            of_subject.setdefault(quad.predicate.value, {})[value] = None
    return index


class Placed(NamedTuple):
    """A statement with the IRIs of the claim and of its evidence in the graph."""

    claim: str
    evidence: str
    statement: Statement


def statements_from(quads: Iterable[ox.Quad]) -> Iterator[Statement]:
    """The statements that quads or triples describe, one for each evidence.

    Sorted by article, then in text order. Graph names are not looked at: the quads of a store, of
    `article_quads` or of a parsed Turtle file all do. Raises DataError where a statement or its
    evidence is not whole.
    """
    for placed in placed_statements(quads):
        yield placed.statement


def placed_statements(quads: Iterable[ox.Quad]) -> Iterator[Placed]:
    """`statements_from` with the IRIs that the statements and their evidence have."""
    index = _index(quads)
    evidence = term("evidence")
    found = [
        Placed(subject, place.value, _read_statement(index, subject, place.value))
        for subject, values in index.values.items()
        for place in values.get(evidence.value, ())
    ]
    yield from sorted(found, key=lambda placed: _text_order(placed.statement))


def _text_order(statement: Statement) -> tuple[object, ...]:
    speaker = statement.attributed_to
    return (
        statement.article,
        statement.sentence.start,
        statement.sentence.index,
        statement.trigger.start,
        statement.subject.span.start,
        statement.object.span.start,
        statement.relation,
        evidence_iri(statement),
        speaker.span.start if speaker else -1,
    )


def _read_statement(index: _Index, node: str, place: str) -> Statement:
    def read_span(role: ox.NamedNode) -> Span:
        selector = index.one(place, role)
        return Span(
            text=index.one(selector, _EXACT),
            start=int(index.one(selector, _START)),
            end=int(index.one(selector, _END)),
        )

    def read_argument(entity: str, role: str) -> Argument:
        return Argument(
            _read_entity(index, entity),
            read_span(term(f"{role}Span")),
            (index.first(place, term(f"{role}Link")) or "").removeprefix(NAMESPACE),
            float(index.first(place, term(f"{role}LinkScore")) or 1),
        )

    whole = read_span(_HAS_SELECTOR)
    speaker = index.first(node, term("attributedTo"))
    return Statement(
        article=name_in_iri(index.one(place, _HAS_SOURCE)),
        lang=index.one(place, _LANGUAGE),
        subject=read_argument(index.one(node, term("subject")), "subject"),
        relation=index.one(node, term("relation")).removeprefix(NAMESPACE),
        object=read_argument(index.one(node, term("object")), "object"),
        negated=index.one(node, term("negated")) in ("true", "1"),
        modality=index.one(node, term("modality")).removeprefix(NAMESPACE),
        attributed_to=read_argument(speaker, "speaker") if speaker else None,
        time=index.first(node, term("time")),
        trigger=read_span(term("triggerSpan")),
        sentence=Sentence(
            index=int(index.one(place, term("sentenceIndex"))),
            text=whole.text,
            start=whole.start,
            end=whole.end,
        ),
        confidence=float(index.one(place, term("confidence"))),
        role=index.first(place, term("role")) or "",
    )


def _read_entity(index: _Index, node: str) -> Entity:
    entity = _read_bare_entity(index, node)
    replaces = index.all(node, _REPLACES)
    names: set[tuple[str, str]] = set()
    if replaces or not entity.known:  # of the others, all names are those of the registry
        names = set(_texts(index, node, _ALT_LABEL))
        if entity.known:
            names -= set(registered_names().get(entity.slug, ()))
    return replace(
        entity,
        broader=_read_others(index, node, _BROADER),
        mentions=_read_others(index, node, term("mentions")),
        names=tuple(sorted(names)),
        replaces=tuple(sorted(name_in_iri(old.value) for old in replaces)),
    )


def _read_bare_entity(index: _Index, node: str) -> Entity:
    return Entity(
        slug=name_in_iri(node),
        type=index.one(node, _TYPE).removeprefix(NAMESPACE),
        label=index.one(node, _LABEL),
        labels=tuple(sorted(_texts(index, node, _PREF_LABEL))),
        known=index.first(node, term("inRegistry")) == "true",
    )


def _read_others(index: _Index, node: str, predicate: ox.NamedNode) -> tuple[Entity, ...]:
    found = sorted(index.all(node, predicate), key=lambda one: name_in_iri(one.value))
    return tuple(_read_bare_entity(index, one.value) for one in found)


def _texts(index: _Index, node: str, predicate: ox.NamedNode) -> list[tuple[str, str]]:
    return [
        (value.language or "", value.value)
        for value in index.all(node, predicate)
        if isinstance(value, ox.Literal)
    ]


def entities_from(quads: Iterable[ox.Quad]) -> list[Entity]:
    """The entities that quads describe, sorted by slug."""
    index = _index(quads)
    described = term("inRegistry").value
    found = [
        _read_entity(index, node) for node, values in index.values.items() if described in values
    ]
    return sorted(found, key=lambda entity: entity.slug)


def articles_from(quads: Iterable[ox.Quad]) -> list[Article]:
    """The articles that quads describe, sorted by id; ``text`` is empty, graphs do not hold it."""
    index = _index(quads)
    found = []
    for node, values in index.values.items():
        if term("Article") in values.get(_TYPE.value, ()):
            dispute = index.first(node, term("partOfDispute"))
            found.append(
                Article(
                    id=name_in_iri(node),
                    text="",
                    lang=index.first(node, _LANGUAGE),
                    title=index.first(node, _TITLE) or "",
                    date=index.first(node, _DATE) or "",
                    source=index.first(node, _SOURCE) or "",
                    dispute=name_in_iri(dispute) if dispute else "",
                )
            )
    return sorted(found, key=lambda article: article.id)
