"""The IRIs of things: names, or hashes of content, under one base.

The same claim in two articles has one IRI and the same article always the same ones, so that two
builds agree to the byte and a citation stays good.
"""

import json
from hashlib import blake2b
from urllib.parse import quote, unquote

from kg.records import Statement
from kg.vocabulary import PREFIXES

BASE = "https://w3id.org/dispute-kg/id/"


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


def inferred_graph_iri(*, base: str = BASE) -> str:
    """The named graph of a store with what follows by inference, where it was asked for."""
    return f"{base}graph/inferred"


def ontology_graph_iri(*, base: str = BASE) -> str:
    """The named graph of a store with the ontology."""
    return f"{base}graph/ontology"


def statement_iri(statement: Statement, *, base: str = BASE) -> str:
    """The IRI of a claim, hashed from what is claimed and by whom, not from where it stands.

    Subject, relation, object, negation, modality, speaker and time count; article, words and
    confidence do not: the same claim in two articles is one node.
    """
    speaker = statement.attributed_to
    return f"{base}statement/" + content_hash(
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
    return f"{base}evidence/" + content_hash(
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


def shortened(text: str, *, base: str = BASE) -> str:
    """A text for people, every IRI in it that begins like a prefix written with the prefix.

    >>> shortened("sues https://w3id.org/dispute-kg/id/entity/openai")
    'sues entity:openai'
    """
    for prefix, iri in sorted(prefixes(base=base).items(), key=lambda pair: -len(pair[1])):
        text = text.replace(iri, f"{prefix}:")
    return text


def _escape(name: str) -> str:
    return quote(name, safe="", errors="surrogatepass")


def name_in_iri(iri: str) -> str:
    """The article id or slug in an IRI of this module, percent-decoded.

    >>> name_in_iri(article_iri("a/b c"))
    'a/b c'
    """
    return unquote(iri.rpartition("/")[2], errors="surrogatepass")


def content_hash(*parts: object) -> str:
    """Twenty hexadecimal digits that stand for values of JSON, the same in every process.

    >>> content_hash("sora-leak", 0, None)
    'ec6e799806fc394bb06f'
    """
    return blake2b(json.dumps(parts).encode(), digest_size=10).hexdigest()
