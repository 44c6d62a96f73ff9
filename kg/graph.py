"""Statements as RDF.

``Article <- Evidence <- Statement -> direct triple``: the claim is a node of its own that is the
same in every article that makes it; each place that it is read from is evidence with selectors of
the Web Annotation model. IRIs are names or hashes of content (`kg.iris`) and nothing is a blank
node, so the same articles give the same bytes. `kg.readback` is the way back, `kg.formats` writes
files.

A direct triple (subject, relation, object) lies in the article's graph only where the article
asserts it in its own voice; what somebody is reported to say, and what is promised, possible or
alleged, has its direct triple in the article's graph of reported triples. What is negated has none.

Nodes of rdflib and pyoxigraph stay inside the modules that speak RDF.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import UsageError
from kg.formats import rdflib_graph
from kg.iris import (
    BASE,
    article_iri,
    content_hash,
    dispute_iri,
    entities_graph_iri,
    entity_iri,
    evidence_iri,
    graph_iri,
    ontology_graph_iri,
    reported_graph_iri,
    statement_iri,
)
from kg.records import Article, Entity, Span, Statement
from kg.resources import ontology_dir
from kg.vocabulary import ISSUES, PREFIXES, Value, foreign, issues, ontology_files, relation, term

if TYPE_CHECKING:
    import rdflib

_TYPE = foreign("rdf:type")
_LABEL = foreign("rdfs:label")
_PREF_LABEL = foreign("skos:prefLabel")
_ALT_LABEL = foreign("skos:altLabel")
_EXACT_MATCH = foreign("skos:exactMatch")
_BROADER = foreign("skos:broader")
REPLACES = foreign("dcterms:replaces")
REPLACED_BY = foreign("dcterms:isReplacedBy")
"""Between an entity and the IRI of one that was merged into it."""
_IDENTIFIER = foreign("dcterms:identifier")
_TITLE = foreign("dcterms:title")
_DATE = foreign("dcterms:date")
_LANGUAGE = foreign("dcterms:language")
_SOURCE = foreign("dcterms:source")
_GENERATED_BY = foreign("prov:wasGeneratedBy")
_USED = foreign("prov:used")
_HAS_SOURCE = foreign("oa:hasSource")
_HAS_SELECTOR = foreign("oa:hasSelector")
_POSITION_SELECTOR = foreign("oa:TextPositionSelector")
_QUOTE_SELECTOR = foreign("oa:TextQuoteSelector")
_START = foreign("oa:start")
_END = foreign("oa:end")
_EXACT = foreign("oa:exact")
_XSD_DECIMAL = foreign("xsd:decimal")

Triple = tuple[ox.NamedNode, ox.NamedNode, Value]

_SURROGATE = re.compile("[\ud800-\udfff]")
_LANGUAGE_TAG = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*")
_WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def article_quads(
    article: Article, statements: Iterable[Statement], *, extractor: str, base: str = BASE
) -> Iterator[ox.Quad]:
    """Everything that is stored of one article, each quad once.

    The article's graph holds its metadata, the extraction, statements, evidence and asserted
    direct triples; ``graph/reported/<article>`` the reported ones; ``graph/entities`` the entities.
    ``extractor`` names program and models with their versions. Where one entity comes with several
    descriptions, `best_entity` decides; where the same place gives a claim twice, the higher
    confidence stands. UsageError for a statement of another article; DataError for a relation,
    modality or type that the ontology does not have.
    """
    found = list(statements)
    graph = ox.NamedNode(graph_iri(article.id, base=base))
    reported = ox.NamedNode(reported_graph_iri(article.id, base=base))
    entities = ox.NamedNode(entities_graph_iri(base=base))

    def quads() -> Iterator[ox.Quad]:
        for triple in _article_triples(article, extractor, base):
            yield ox.Quad(*triple, graph)
        for triple in _statement_triples(article, found, extractor, base):
            yield ox.Quad(*triple, graph)
        for statement in found:
            if not statement.negated:
                direct = (
                    ox.NamedNode(entity_iri(statement.subject.entity.slug, base=base)),
                    term(statement.relation),
                    ox.NamedNode(entity_iri(statement.object.entity.slug, base=base)),
                )
                yield ox.Quad(*direct, graph if is_asserted(statement) else reported)
        for entity in statement_entities(found):
            for triple in entity_triples(entity, base=base):
                yield ox.Quad(*triple, entities)

    yield from dict.fromkeys(quads())


def is_asserted(statement: Statement) -> bool:
    """Whether the article says it in its own voice as a fact, negated or not."""
    return statement.modality == "asserted" and statement.attributed_to is None


def statement_entities(statements: Iterable[Statement]) -> list[Entity]:
    """The entities of subjects, objects and speakers and those that they mention or narrow, one for
    each slug, sorted by slug."""
    described: dict[str, list[Entity]] = {}
    for statement in statements:
        for argument in (statement.subject, statement.object, statement.attributed_to):
            if argument:
                entity = argument.entity
                for one in (entity, *entity.broader, *entity.mentions):
                    described.setdefault(one.slug, []).append(one)
    return [best_entity(described[slug]) for slug in sorted(described)]


def best_entity(descriptions: Iterable[Entity]) -> Entity:
    """Of several descriptions of one entity the one to keep, whatever their order.

    An entity of the registry first, then one with a class before a bare Concept or Organization,
    then more labels.

    >>> best_entity([Entity("x", "Concept", "X"), Entity("x", "Work", "x")]).type
    'Work'
    """
    return min(
        descriptions,
        key=lambda entity: (
            not entity.known,
            entity.type == "Concept",
            entity.type == "Organization",
            -len(entity.labels),
            -len(entity.broader) - len(entity.mentions),
            entity.type,
            entity.label,
            entity.labels,
            tuple(one.slug for one in (*entity.broader, *entity.mentions)),
            -len(entity.names),
            -len(entity.replaces),
            entity.names,
            entity.replaces,
        ),
    )


def entity_triples(entity: Entity, *, base: str = BASE) -> Iterator[Triple]:
    """Type, labels and matches of an entity, what it narrows and mentions, and the IRIs that it
    replaces, which lead to it.

    Further names and the Wikidata identifier come from the registry for entities that it knows; an
    EthicalIssue is matched with the concept of the issue scheme that has its slug or a label of it.
    """
    node = ox.NamedNode(entity_iri(entity.slug, base=base))
    yield node, _TYPE, term(entity.type)
    yield node, _LABEL, _literal(entity.label)
    yield node, term("inRegistry"), ox.Literal(entity.known)
    preferred = set(entity.labels)
    for lang, label in entity.labels:
        yield node, _PREF_LABEL, _literal(label, lang)
    if entity.known:
        for lang, name in registered_names().get(entity.slug, ()):
            if (lang, name) not in preferred:
                yield node, _ALT_LABEL, _literal(name, lang)
        wikidata = _wikidata().get(entity.slug)
        if wikidata:
            yield node, _EXACT_MATCH, ox.NamedNode(PREFIXES["wd"] + wikidata)
    for lang, name in entity.names:
        if (lang, name) not in preferred:
            yield node, _ALT_LABEL, _literal(name, lang)
    for slug in entity.replaces:
        old = ox.NamedNode(entity_iri(slug, base=base))
        yield node, REPLACES, old
        yield node, _EXACT_MATCH, old
        yield old, REPLACED_BY, node
    for one in entity.broader:
        yield node, _BROADER, ox.NamedNode(entity_iri(one.slug, base=base))
    for one in entity.mentions:
        yield node, term("mentions"), ox.NamedNode(entity_iri(one.slug, base=base))
    issue = _issue(entity)
    if issue:
        yield node, _EXACT_MATCH, issue


def _article_triples(article: Article, extractor: str, base: str) -> Iterator[Triple]:
    node = ox.NamedNode(article_iri(article.id, base=base))
    yield node, _TYPE, term("Article")
    yield node, _IDENTIFIER, _literal(article.id)
    yield node, term("sha256"), ox.Literal(_digest(article.text))
    if article.title:
        yield node, _TITLE, _literal(article.title, article.lang)
    if article.date:
        yield node, _DATE, _time_literal(article.date)
    if article.lang:
        yield node, _LANGUAGE, _literal(article.lang)
    if article.source:
        yield node, _SOURCE, _web_address(article.source) or _literal(article.source)
    if article.dispute:
        dispute = ox.NamedNode(dispute_iri(article.dispute, base=base))
        yield node, term("partOfDispute"), dispute
        yield dispute, _TYPE, term("Dispute")
        yield dispute, _IDENTIFIER, _literal(article.dispute)
    extraction = _extraction(article, extractor, base)
    yield extraction, _TYPE, term("Extraction")
    yield extraction, _USED, node
    yield extraction, term("extractor"), _literal(extractor)


def _statement_triples(
    article: Article, statements: list[Statement], extractor: str, base: str
) -> Iterator[Triple]:
    extraction = _extraction(article, extractor, base)
    nodes = [statement_iri(statement, base=base) for statement in statements]
    places = [evidence_iri(statement, base=base) for statement in statements]
    highest: dict[str, float] = {}
    for statement, node, place in zip(statements, nodes, places, strict=True):
        if statement.article != article.id:
            raise UsageError(
                f"a statement of article {statement.article!r} was given with article"
                f" {article.id!r}: give each article its own statements"
            )
        if not 0 <= statement.confidence <= 1:
            raise UsageError(
                f"confidence {statement.confidence} in article {article.id!r},"
                f" characters {statement.trigger.start}-{statement.trigger.end}:"
                " expected a number from 0 to 1"
            )
        for key in (node, place):
            highest[key] = max(highest.get(key, 0.0), statement.confidence)
    surest: dict[str, Statement] = {}
    roles: dict[str, str] = {}
    for statement, place in zip(statements, places, strict=True):
        roles[place] = max(roles.get(place, ""), statement.role)
        surest[place] = max(surest.get(place, statement), statement, key=_link_order)
    for place, statement in surest.items():
        yield from _link_triples(statement, ox.NamedNode(place))
    for statement, node, place in zip(statements, nodes, places, strict=True):
        yield from _claim_triples(statement, ox.NamedNode(node), extraction, base)
        if article.dispute:
            dispute = ox.NamedNode(dispute_iri(article.dispute, base=base))
            yield ox.NamedNode(node), term("partOfDispute"), dispute
        yield ox.NamedNode(node), term("confidence"), _decimal(highest[node])
        yield ox.NamedNode(node), term("evidence"), ox.NamedNode(place)
        yield from _evidence_triples(statement, ox.NamedNode(place), base)
        yield ox.NamedNode(place), term("confidence"), _decimal(highest[place])
        if roles[place]:
            for one in (node, place):
                yield ox.NamedNode(one), term("role"), _literal(roles[place], statement.lang)


def _claim_triples(
    statement: Statement, node: ox.NamedNode, extraction: ox.NamedNode, base: str
) -> Iterator[Triple]:
    yield node, _TYPE, term("Statement")
    subject, object = statement.subject.entity, statement.object.entity
    yield node, term("subject"), ox.NamedNode(entity_iri(subject.slug, base=base))
    yield node, term("relation"), term(relation(statement.relation).name)
    yield node, term("object"), ox.NamedNode(entity_iri(object.slug, base=base))
    yield node, term("negated"), ox.Literal(statement.negated)
    yield node, term("modality"), term(statement.modality)
    if statement.attributed_to:
        speaker = statement.attributed_to.entity
        yield node, term("attributedTo"), ox.NamedNode(entity_iri(speaker.slug, base=base))
    if statement.time:
        yield node, term("time"), _time_literal(statement.time)
    for entity in (subject, object):
        issue = _issue(entity)
        if issue:
            yield node, term("aboutIssue"), issue
    yield node, _GENERATED_BY, extraction


def _evidence_triples(statement: Statement, node: ox.NamedNode, base: str) -> Iterator[Triple]:
    sentence = statement.sentence
    yield node, _TYPE, term("Evidence")
    yield node, _HAS_SOURCE, ox.NamedNode(article_iri(statement.article, base=base))
    yield node, _LANGUAGE, _literal(statement.lang)
    yield node, term("sentenceIndex"), ox.Literal(sentence.index)
    whole = Span(sentence.text, sentence.start, sentence.end)
    parts = [
        (_HAS_SELECTOR, whole),
        (term("subjectSpan"), statement.subject.span),
        (term("triggerSpan"), statement.trigger),
        (term("objectSpan"), statement.object.span),
    ]
    if statement.attributed_to:
        parts.append((term("speakerSpan"), statement.attributed_to.span))
    for role, span in parts:
        key = content_hash(statement.article, span.start, span.end, span.text)
        selector = ox.NamedNode(f"{base}span/{key}")
        yield node, role, selector
        yield selector, _TYPE, _POSITION_SELECTOR
        yield selector, _TYPE, _QUOTE_SELECTOR
        yield selector, _START, ox.Literal(span.start)
        yield selector, _END, ox.Literal(span.end)
        yield selector, _EXACT, _literal(span.text)


def _link_triples(statement: Statement, node: ox.NamedNode) -> Iterator[Triple]:
    for role, argument in (
        ("subject", statement.subject),
        ("object", statement.object),
        ("speaker", statement.attributed_to),
    ):
        if argument and argument.method:
            yield node, term(f"{role}Link"), term(argument.method)
            yield node, term(f"{role}LinkScore"), _decimal(argument.score)


def _link_order(statement: Statement) -> tuple[tuple[float, str], ...]:
    speaker = statement.attributed_to or statement.subject
    return tuple((a.score, a.method) for a in (statement.subject, statement.object, speaker))


def _extraction(article: Article, extractor: str, base: str) -> ox.NamedNode:
    return ox.NamedNode(
        f"{base}extraction/{content_hash(article.id, _digest(article.text), extractor)}"
    )


def _digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


def _literal(text: str, lang: str | None = None) -> ox.Literal:
    """A literal; half surrogates, which RDF cannot hold, become U+FFFD, one for one."""
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
    if lang and _LANGUAGE_TAG.fullmatch(lang):
        return ox.Literal(text, language=lang)
    return ox.Literal(text)


def _decimal(number: float) -> ox.Literal:
    """The decimal with the shortest digits that give the same float, in the form stores keep."""
    digits = format(Decimal(repr(float(number))), "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return ox.Literal(digits, datatype=_XSD_DECIMAL)


def _time_literal(time: str) -> ox.Literal:
    """A typed literal for a year, month or day of ISO 8601, else the text as it is."""
    for pattern, rest, kind in (
        (r"\d{4}-\d\d-\d\d", "", "date"),
        (r"\d{4}-\d\d", "-01", "gYearMonth"),
        (r"\d{4}", "-01-01", "gYear"),
    ):
        if re.fullmatch(pattern, time, re.ASCII):
            try:
                date.fromisoformat(time + rest)
            except ValueError:
                break
            return ox.Literal(time, datatype=ox.NamedNode(PREFIXES["xsd"] + kind))
    return _literal(time)


def _web_address(text: str) -> ox.NamedNode | None:
    if not _WEB_ADDRESS.match(text):
        return None
    try:
        return ox.NamedNode(text)
    except ValueError:
        return None


@cache
def registered_names() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Further names of the registry's entities: slug -> pairs of language and name, sorted."""
    from kg.registry import registry  # noqa: PLC0415  its schemas load slowly; reading needs none

    names: dict[str, set[tuple[str, str]]] = {}
    for lang, pairs in registry().names.items():
        for name, slug in pairs:
            names.setdefault(slug, set()).add((lang, name))
    return {slug: tuple(sorted(found)) for slug, found in names.items()}


@cache
def _wikidata() -> Mapping[str, str]:
    from kg.registry import registry  # noqa: PLC0415

    return registry().wikidata


@cache
def _issue_names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for issue in issues():
        for name in (issue.name, *(text for _, text in issue.names)):
            names.setdefault(name.casefold(), issue.name)
    return names


def _issue(entity: Entity) -> ox.NamedNode | None:
    if entity.type != "EthicalIssue":
        return None
    for name in (entity.slug, entity.label, *(label for _, label in entity.labels)):
        issue = _issue_names().get(name.casefold())
        if issue:
            return ox.NamedNode(ISSUES + issue)
    return None


def ontology_quads(*, base: str = BASE) -> Iterator[ox.Quad]:
    """The ontology and the issue scheme in ``graph/ontology``."""
    graph = ox.NamedNode(ontology_graph_iri(base=base))
    for file in ontology_files():
        for quad in ox.parse(path=ontology_dir() / file, format=ox.RdfFormat.TURTLE):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def build_graph(
    statements: Iterable[Statement],
    *,
    articles: Iterable[Article] = (),
    extractor: str = "",
    reported: bool = False,
    base: str = BASE,
) -> "rdflib.Graph":
    """Statements as one graph of rdflib, for notebooks and small work.

    ``articles`` adds what is known of the articles (title, date …). Direct triples of what is only
    reported, promised or alleged are left out unless ``reported``.
    """
    known = {article.id: article for article in articles}
    by_article = sorted(statements, key=lambda statement: statement.article)
    quads: list[ox.Quad] = []
    for id, group in groupby(by_article, key=lambda statement: statement.article):
        article = known.get(id, Article(id, ""))
        quads += article_quads(article, group, extractor=extractor, base=base)
    hidden = reported_graph_iri(base=base) + "/"
    return rdflib_graph(
        quad
        for quad in quads
        if reported
        or not isinstance(quad.graph_name, ox.NamedNode)
        or not quad.graph_name.value.startswith(hidden)
    )
