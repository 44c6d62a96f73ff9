"""Statements as RDF and back.

``Article <- Evidence <- Statement -> direct triple``: the claim is a node of its own that is the
same in every article that makes it; each place that it is read from is evidence with selectors of
the Web Annotation model. IRIs are names or hashes of content and nothing is a blank node, so the
same articles give the same bytes.

A direct triple (subject, relation, object) lies in the article's graph only where the article
asserts it in its own voice; what somebody is reported to say, and what is promised, possible or
alleged, has its direct triple in the article's graph of reported triples. What is negated has none.

Nodes of rdflib and pyoxigraph stay inside the modules that speak RDF.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import blake2b, sha256
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pyoxigraph as ox

from kg.errors import DataError, OutputError, UsageError
from kg.records import Argument, Article, Entity, Sentence, Span, Statement
from kg.resources import ontology_dir
from kg.vocabulary import ISSUES, NAMESPACE, PREFIXES, issues, ontology_files, relation, term

if TYPE_CHECKING:
    import rdflib

BASE = "https://w3id.org/dispute-kg/id/"

_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_LABEL = ox.NamedNode(PREFIXES["rdfs"] + "label")
_PREF_LABEL = ox.NamedNode(PREFIXES["skos"] + "prefLabel")
_ALT_LABEL = ox.NamedNode(PREFIXES["skos"] + "altLabel")
_EXACT_MATCH = ox.NamedNode(PREFIXES["skos"] + "exactMatch")
_IDENTIFIER = ox.NamedNode(PREFIXES["dcterms"] + "identifier")
_TITLE = ox.NamedNode(PREFIXES["dcterms"] + "title")
_DATE = ox.NamedNode(PREFIXES["dcterms"] + "date")
_LANGUAGE = ox.NamedNode(PREFIXES["dcterms"] + "language")
_SOURCE = ox.NamedNode(PREFIXES["dcterms"] + "source")
_GENERATED_BY = ox.NamedNode(PREFIXES["prov"] + "wasGeneratedBy")
_USED = ox.NamedNode(PREFIXES["prov"] + "used")
_HAS_SOURCE = ox.NamedNode(PREFIXES["oa"] + "hasSource")
_HAS_SELECTOR = ox.NamedNode(PREFIXES["oa"] + "hasSelector")
_POSITION_SELECTOR = ox.NamedNode(PREFIXES["oa"] + "TextPositionSelector")
_QUOTE_SELECTOR = ox.NamedNode(PREFIXES["oa"] + "TextQuoteSelector")
_START = ox.NamedNode(PREFIXES["oa"] + "start")
_END = ox.NamedNode(PREFIXES["oa"] + "end")
_EXACT = ox.NamedNode(PREFIXES["oa"] + "exact")
_XSD_DECIMAL = ox.NamedNode(PREFIXES["xsd"] + "decimal")

_SURROGATE = re.compile("[\ud800-\udfff]")
_LANGUAGE_TAG = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*")
_WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_XML_PREFIX = re.compile(r' xmlns:[\w-]+="[^"]*"')
_XML_ROOT = re.compile(r"(<rdf:RDF)([^>]*)>")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Term = ox.NamedNode | ox.Literal


# ---- names


def entity_iri(slug: str, *, base: str = BASE) -> str:
    """The IRI of an entity.

    >>> entity_iri("openai")
    'https://w3id.org/dispute-kg/id/entity/openai'
    """
    return f"{base}entity/{_escape(slug)}"


def article_iri(article: str, *, base: str = BASE) -> str:
    """The IRI of an article by its id; odd characters are percent-encoded."""
    return f"{base}article/{_escape(article)}"


def dispute_iri(slug: str, *, base: str = BASE) -> str:
    """The IRI of a dispute."""
    return f"{base}dispute/{_escape(slug)}"


def graph_iri(article: str, *, base: str = BASE) -> str:
    """The named graph with an article's statements, evidence and asserted direct triples."""
    return f"{base}graph/article/{_escape(article)}"


def reported_graph_iri(article: str | None = None, *, base: str = BASE) -> str:
    """The named graph with the reported direct triples of one article.

    Without an article, the graph of a store that holds what is reported by some article and
    asserted by none.
    """
    graph = f"{base}graph/reported"
    return graph if article is None else f"{graph}/{_escape(article)}"


def entities_graph_iri(*, base: str = BASE) -> str:
    """The named graph with types, labels and matches of the entities."""
    return f"{base}graph/entities"


def ontology_graph_iri(*, base: str = BASE) -> str:
    """The named graph of a store with the ontology."""
    return f"{base}graph/ontology"


def statement_iri(statement: Statement, *, base: str = BASE) -> str:
    """The IRI of a claim, hashed from what is claimed and by whom, not from where it stands.

    Subject, relation, object, negation, modality, speaker and time count; article, words and
    confidence do not: the same claim in two articles is one node.
    """
    speaker = statement.attributed_to
    return f"{base}statement/" + _hash(
        statement.subject.entity.slug,
        statement.relation,
        statement.object.entity.slug,
        statement.negated,
        statement.modality,
        speaker.entity.slug if speaker else None,
        statement.time,
    )


def evidence_iri(statement: Statement, *, base: str = BASE) -> str:
    """The IRI of the place where an article makes a claim: hashed from claim, article and spans."""
    speaker = statement.attributed_to
    spans = (
        statement.subject.span,
        statement.trigger,
        statement.object.span,
        *((speaker.span,) if speaker else ()),
    )
    return f"{base}evidence/" + _hash(
        statement_iri(statement, base=base),
        statement.article,
        statement.lang,
        statement.sentence.index,
        statement.sentence.start,
        statement.sentence.end,
        statement.sentence.text,
        *((span.start, span.end, span.text) for span in spans),
    )


def prefixes(*, base: str = BASE) -> dict[str, str]:
    """Prefix -> IRI for queries and files: those of the ontology and one for each kind of thing."""
    kinds = ("article", "dispute", "entity", "evidence", "extraction", "span", "statement")
    return {
        **PREFIXES,
        **{kind: f"{base}{kind}/" for kind in kinds},
        "graph": f"{base}graph/",
    }


def _escape(name: str) -> str:
    return quote(name, safe="", errors="surrogatepass")


def name_in_iri(iri: str) -> str:
    """The article id or slug in an IRI of this module, percent-decoded.

    >>> name_in_iri(article_iri("a/b c"))
    'a/b c'
    """
    return unquote(iri.rpartition("/")[2], errors="surrogatepass")


def _hash(*parts: object) -> str:
    return blake2b(json.dumps(parts).encode(), digest_size=10).hexdigest()


# ---- records to RDF


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
    """The entities of subjects, objects and speakers, one for each slug, sorted by slug."""
    described: dict[str, list[Entity]] = {}
    for statement in statements:
        for argument in (statement.subject, statement.object, statement.attributed_to):
            if argument:
                described.setdefault(argument.entity.slug, []).append(argument.entity)
    return [best_entity(described[slug]) for slug in sorted(described)]


def best_entity(descriptions: Iterable[Entity]) -> Entity:
    """Of several descriptions of one entity the one to keep, whatever their order.

    An entity of the registry first, then one with a class before a bare Concept, then more labels.

    >>> best_entity([Entity("x", "Concept", "X"), Entity("x", "Work", "x")]).type
    'Work'
    """
    return min(
        descriptions,
        key=lambda entity: (
            not entity.known,
            entity.type == "Concept",
            -len(entity.labels),
            entity.type,
            entity.label,
            entity.labels,
        ),
    )


Triple = tuple[ox.NamedNode, ox.NamedNode, Term]


def entity_triples(entity: Entity, *, base: str = BASE) -> Iterator[Triple]:
    """Type, labels and matches of an entity.

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
        for lang, name in _registered_names().get(entity.slug, ()):
            if (lang, name) not in preferred:
                yield node, _ALT_LABEL, _literal(name, lang)
        wikidata = _wikidata().get(entity.slug)
        if wikidata:
            yield node, _EXACT_MATCH, ox.NamedNode(PREFIXES["wd"] + wikidata)
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
    for statement, node, place in zip(statements, nodes, places, strict=True):
        yield from _claim_triples(statement, ox.NamedNode(node), extraction, base)
        if article.dispute:
            dispute = ox.NamedNode(dispute_iri(article.dispute, base=base))
            yield ox.NamedNode(node), term("partOfDispute"), dispute
        yield ox.NamedNode(node), term("confidence"), _decimal(highest[node])
        yield ox.NamedNode(node), term("evidence"), ox.NamedNode(place)
        yield from _evidence_triples(statement, ox.NamedNode(place), base)
        yield ox.NamedNode(place), term("confidence"), _decimal(highest[place])


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
        key = _hash(statement.article, span.start, span.end, span.text)
        selector = ox.NamedNode(f"{base}span/{key}")
        yield node, role, selector
        yield selector, _TYPE, _POSITION_SELECTOR
        yield selector, _TYPE, _QUOTE_SELECTOR
        yield selector, _START, ox.Literal(span.start)
        yield selector, _END, ox.Literal(span.end)
        yield selector, _EXACT, _literal(span.text)


def _extraction(article: Article, extractor: str, base: str) -> ox.NamedNode:
    return ox.NamedNode(f"{base}extraction/{_hash(article.id, _digest(article.text), extractor)}")


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
def _registered_names() -> Mapping[str, tuple[tuple[str, str], ...]]:
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


# ---- RDF to records


@dataclass(slots=True)
class _Index:
    """Values by subject and predicate, whatever the graph; each value once."""

    values: dict[str, dict[str, dict[Term, None]]] = field(default_factory=dict)

    def one(self, subject: str, predicate: ox.NamedNode) -> str:
        found = self.values.get(subject, {}).get(predicate.value)
        if not found:
            raise DataError(
                f"<{subject}> has no <{predicate.value}>:"
                " the file or store is not whole, build it again"
            )
        return min(value.value for value in found)

    def all(self, subject: str, predicate: ox.NamedNode) -> list[Term]:
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


def statements_from(quads: Iterable[ox.Quad]) -> Iterator[Statement]:
    """The statements that quads or triples describe, one for each evidence.

    Sorted by article, then in text order. Graph names are not looked at: the quads of a store, of
    `article_quads` or of a parsed Turtle file all do. Raises DataError where a statement or its
    evidence is not whole.
    """
    index = _index(quads)
    evidence = term("evidence")
    found = [
        _read_statement(index, subject, place.value)
        for subject, values in index.values.items()
        for place in values.get(evidence.value, ())
    ]
    yield from sorted(found, key=_text_order)


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

    whole = read_span(_HAS_SELECTOR)
    speaker = index.first(node, term("attributedTo"))
    return Statement(
        article=name_in_iri(index.one(place, _HAS_SOURCE)),
        lang=index.one(place, _LANGUAGE),
        subject=Argument(
            _read_entity(index, index.one(node, term("subject"))), read_span(term("subjectSpan"))
        ),
        relation=index.one(node, term("relation")).removeprefix(NAMESPACE),
        object=Argument(
            _read_entity(index, index.one(node, term("object"))), read_span(term("objectSpan"))
        ),
        negated=index.one(node, term("negated")) in ("true", "1"),
        modality=index.one(node, term("modality")).removeprefix(NAMESPACE),
        attributed_to=(
            Argument(_read_entity(index, speaker), read_span(term("speakerSpan")))
            if speaker
            else None
        ),
        time=index.first(node, term("time")),
        trigger=read_span(term("triggerSpan")),
        sentence=Sentence(
            index=int(index.one(place, term("sentenceIndex"))),
            text=whole.text,
            start=whole.start,
            end=whole.end,
        ),
        confidence=float(index.one(place, term("confidence"))),
    )


def _read_entity(index: _Index, node: str) -> Entity:
    labels = [
        (value.language or "", value.value)
        for value in index.all(node, _PREF_LABEL)
        if isinstance(value, ox.Literal)
    ]
    return Entity(
        slug=name_in_iri(node),
        type=index.one(node, _TYPE).removeprefix(NAMESPACE),
        label=index.one(node, _LABEL),
        labels=tuple(sorted(labels)),
        known=index.first(node, term("inRegistry")) == "true",
    )


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


# ---- files


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


def jsonld(quads: Iterable[ox.Quad], *, base: str = BASE) -> str:
    """The union of the graphs as compact JSON-LD with its context, subjects sorted."""
    triples = _triples(quads)
    graph = rdflib_graph((ox.Quad(*triple) for triple in triples), base=base)
    used = _used_prefixes(triples, base)
    data = json.loads(graph.serialize(format="json-ld", context=used, auto_compact=True))
    nodes = data.pop("@graph", None)
    if nodes is None:
        nodes = [{key: data.pop(key) for key in list(data) if key != "@context"}]
    data["@graph"] = sorted((node for node in nodes if node), key=lambda node: str(node["@id"]))
    for node in data["@graph"]:
        for values in node.values():
            if isinstance(values, list):
                values.sort(key=lambda value: json.dumps(value, sort_keys=True))
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


SERIALIZERS: Mapping[str, Callable[..., str]] = {
    "turtle": turtle,
    "trig": trig,
    "nquads": nquads,
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
