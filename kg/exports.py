"""A store, or a part of it, as the text of a file: RDF, a network, a table.

One choice of statements (`kg.selection`) serves all formats, so that the file of a part holds what
the page of that part shows. The same content gives the same text.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

import networkx as nx
import pyoxigraph as ox

from kg.errors import OutputError, UsageError
from kg.formats import SERIALIZERS
from kg.iris import graph_iri, reported_graph_iri
from kg.network import statement_network
from kg.readback import Placed, placed_statements
from kg.records import Argument, Article, Span
from kg.selection import Selection, select
from kg.store import Store
from kg.vocabulary import foreign, relations, term

RDF12 = ("turtle", "trig", "nquads", "ntriples")

_REIFIES = foreign("rdf:reifies")
_REPLACED_BY = foreign("dcterms:isReplacedBy")
_TYPE = foreign("rdf:type")
_DAY_OF_WRITING = re.compile(r' lastmodifieddate="[^"]*"')
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

COLUMNS = (
    "article", "title", "date", "source", "language", "dispute",
    "subject", "relation", "object", "negated", "modality", "speaker", "time", "role", "confidence",
    "sentence",
    "subject_id", "subject_type", "object_id", "object_type", "speaker_id",
    "sentence_number", "sentence_start", "sentence_end",
    "subject_words", "subject_start", "subject_end",
    "trigger_words", "trigger_start", "trigger_end",
    "object_words", "object_start", "object_end",
    "speaker_words", "speaker_start", "speaker_end",
    "statement", "evidence",
)  # fmt: skip


def export(
    store: Store,
    format: str,
    *,
    article: str | None = None,
    dispute: str | None = None,
    selection: Selection = Selection(),  # noqa: B008  frozen
    reported: bool = False,
    inferred: bool = False,
    ontology: bool = False,
    rdf12: bool = False,
) -> str:
    """A store, or a part of it, in a format: one of those of RDF, or graphml, gexf or csv.

    ``reported`` adds the direct triples that are only reported, ``inferred`` what follows and the
    store has, ``ontology`` the ontology, both whole, and ``rdf12`` a reifier for each statement;
    all are for RDF. UsageError for what does not go together and for an article, dispute, entity or
    relation that is not there.
    """
    if format not in SERIALIZERS:
        if reported or inferred or ontology or rdf12:
            raise UsageError(
                f"--reported, --inferred, --ontology and --rdf12 are for RDF, and {format} is none:"
                " leave them out; it has all statements with speaker and modality"
            )
        return _statements_text(store, format, article, dispute, selection)
    if rdf12 and format not in RDF12:
        raise UsageError(f"--rdf12 is not for {format}; expected one of {', '.join(RDF12)}")
    quads: Iterable[ox.Quad] = store.quads(article=article, dispute=dispute, reported=reported)
    if selection != Selection():
        everything = list(quads)
        kept = _kept(everything, selection, store)
        quads = part_of(everything, kept, base=store.base)
    if rdf12:
        quads = with_reifiers(quads)
    if inferred:
        quads = [*quads, *store.inferred()]
    if ontology:
        quads = [*quads, *store.ontology()]
    return SERIALIZERS[format](quads, base=store.base)


def _kept(quads: Iterable[ox.Quad], selection: Selection, store: Store) -> list[Placed]:
    placed = list(placed_statements(quads))
    articles = {one.id: one for one in store.articles()}
    kept = {id(one) for one in select((p.statement for p in placed), selection, articles=articles)}
    return [one for one in placed if id(one.statement) in kept]


def part_of(quads: Iterable[ox.Quad], kept: Iterable[Placed], *, base: str) -> Iterator[ox.Quad]:
    """Those of the quads that the kept statements need: their claims and evidence, the entities,
    articles and extractions that these lead to, and their own direct triples.

    A claim that several articles make is kept in the graphs of those whose evidence is kept.
    """
    everything = list(quads)
    chosen = list(kept)
    direct_kinds = {term(each.name) for each in relations()}
    claims: dict[str, set[str]] = {}
    direct: set[tuple[str, ...]] = set()
    for one in chosen:
        article = one.statement.article
        of_article = {graph_iri(article, base=base), reported_graph_iri(article, base=base)}
        claims.setdefault(one.claim, set()).update(of_article)
    by_subject: dict[str, list[ox.Quad]] = {}
    for quad in everything:
        if isinstance(quad.subject, ox.NamedNode):
            by_subject.setdefault(quad.subject.value, []).append(quad)
    for claim, where_made in claims.items():
        values = {quad.predicate: quad.object for quad in by_subject[claim]}
        ends = [values[term(role)] for role in ("subject", "relation", "object")]
        if values[term("negated")] == ox.Literal(False):
            triple = tuple(_value(end) for end in ends)
            direct |= {(graph, *triple) for graph in (*where_made, "")}
    places = {one.evidence for one in chosen}
    graphs = {graph for of_claim in claims.values() for graph in of_claim}
    done: set[str] = set()
    todo = [*claims, *places]
    while todo:
        node = todo.pop()
        if node in done:
            continue
        done.add(node)
        for quad in by_subject.get(node, ()):
            where = _value(quad.graph_name)
            if quad.predicate in direct_kinds:
                if (where, node, quad.predicate.value, _value(quad.object)) in direct:
                    yield quad
                continue
            if "/graph/article/" in where and where not in claims.get(node, graphs):
                continue
            if quad.predicate == term("evidence") and _value(quad.object) not in places:
                continue
            yield quad
            if isinstance(quad.object, ox.NamedNode) and quad.predicate != _TYPE:
                todo.append(quad.object.value)
    for quad in everything:  # old IRIs of entities lead to those that are kept
        if quad.predicate == _REPLACED_BY and _value(quad.object) in done:
            yield quad


def _value(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else ""


def with_reifiers(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """The quads, and for each statement ``rdf:reifies`` with its triple, as RDF 1.2 has it.

    The triple is spoken of, not asserted: negated and reported statements reify theirs too
    (https://www.w3.org/TR/rdf12-concepts/#section-reification).
    """
    roles = {term(role): number for number, role in enumerate(("subject", "relation", "object"))}
    ends: dict[tuple[ox.NamedNode, object], dict[int, ox.NamedNode]] = {}
    for quad in quads:
        yield quad
        number = roles.get(quad.predicate)
        if number is not None and isinstance(quad.subject, ox.NamedNode):
            assert isinstance(quad.object, ox.NamedNode)
            ends.setdefault((quad.subject, quad.graph_name), {})[number] = quad.object
    for (claim, graph), found in ends.items():
        if len(found) == len(roles):
            spoken = ox.Triple(found[0], found[1], found[2])
            yield ox.Quad(claim, _REIFIES, spoken, graph)  # type: ignore[arg-type]


# ---- statements


def _statements_text(
    store: Store, format: str, article: str | None, dispute: str | None, selection: Selection
) -> str:
    writers = {"graphml": graphml, "gexf": gexf, "csv": csv_table}
    if format not in writers:
        raise UsageError(
            f"there is no format {format!r}; expected one of {', '.join([*SERIALIZERS, *writers])}"
        )
    quads = list(store.quads(article=article, dispute=dispute))
    articles = {one.id: one for one in store.articles()}
    return writers[format](_kept(quads, selection, store), articles)


def graphml(placed: Iterable[Placed], articles: Mapping[str, Article]) -> str:
    """`statement_network` as GraphML (http://graphml.graphdrawing.org)."""
    lines = nx.generate_graphml(statement_network(placed, articles=articles), named_key_ids=True)
    return _xml('<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(lines) + "\n")


def gexf(placed: Iterable[Placed], articles: Mapping[str, Article]) -> str:
    """`statement_network` as GEXF 1.2 (https://gexf.net), without the day of its writing."""
    lines = nx.generate_gexf(statement_network(placed, articles=articles))
    text = _DAY_OF_WRITING.sub("", "\n".join(lines) + "\n", count=1)
    return _xml('<?xml version="1.0" encoding="UTF-8"?>\n' + text)


def _xml(text: str) -> str:
    odd = _NOT_IN_XML.search(text)
    if odd:
        raise OutputError(
            f"a text holds the character U+{ord(odd.group()):04X}, which XML cannot:"
            " export as csv, turtle, jsonld or nquads"
        )
    return text


def csv_table(placed: Iterable[Placed], articles: Mapping[str, Article]) -> str:
    """A row for each place where an article makes a statement, in text order (RFC 4180).

    Begins with a byte-order mark, without which Excel takes UTF-8 for something else. A cell that a
    spreadsheet would take for a formula has an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in placed:
        writer.writerow([_cell(value) for value in _row(one, articles.get(one.statement.article))])
    return "\ufeff" + out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return str(value).lower() if isinstance(value, bool) else value


def _row(placed: Placed, article: Article | None) -> tuple[object, ...]:
    statement = placed.statement
    speaker = statement.attributed_to
    about = article or Article(statement.article, "")
    return (
        statement.article,
        about.title,
        about.date,
        about.source,
        statement.lang,
        about.dispute,
        statement.subject.entity.label,
        statement.relation,
        statement.object.entity.label,
        statement.negated,
        statement.modality,
        speaker.entity.label if speaker else "",
        statement.time or "",
        statement.role,
        statement.confidence,
        statement.sentence.text,
        statement.subject.entity.slug,
        statement.subject.entity.type,
        statement.object.entity.slug,
        statement.object.entity.type,
        speaker.entity.slug if speaker else "",
        statement.sentence.index,
        statement.sentence.start,
        statement.sentence.end,
        *_words(statement.subject),
        *_words(statement.trigger),
        *_words(statement.object),
        *(_words(speaker) if speaker else ("", "", "")),
        placed.claim,
        placed.evidence,
    )


def _words(part: Argument | Span) -> tuple[object, ...]:
    span = part.span if isinstance(part, Argument) else part
    return span.text, span.start, span.end
