"""The ontology as a page for people: every term in both languages, with example and alignments.

A template of our own, since pyLODE 3.4, the last for Python 3.11, does not import as installed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files

import jinja2
import pyoxigraph as ox

from kg.formats import turtle
from kg.graph import article_quads, ontology_quads
from kg.iris import shortened
from kg.queries import named_queries
from kg.records import Argument, Article, Entity, Sentence, Span, Statement
from kg.vocabulary import ISSUES, NAMESPACE, PREFIXES, Value, foreign, groups

_PREF_LABEL = foreign("skos:prefLabel").value
_DEFINITION = foreign("skos:definition").value
_EXAMPLE = foreign("skos:example").value
_TYPE = foreign("rdf:type").value
_ONTOLOGY = NAMESPACE.rstrip("#")

_ROWS = (
    ("reads backwards", NAMESPACE + "inverseLabel"),
    ("lies under", PREFIXES["rdfs"] + "subClassOf"),
    ("lies under", PREFIXES["rdfs"] + "subPropertyOf"),
    ("broader", PREFIXES["skos"] + "broader"),
    ("of", PREFIXES["rdfs"] + "domain"),
    ("of", PREFIXES["schema"] + "domainIncludes"),
    ("value", PREFIXES["rdfs"] + "range"),
    ("value", PREFIXES["schema"] + "rangeIncludes"),
    ("sign", NAMESPACE + "sign"),
    ("PLOVER", PREFIXES["skos"] + "notation"),
    ("never also", PREFIXES["owl"] + "disjointWith"),
    ("the same as", PREFIXES["skos"] + "exactMatch"),
    ("close to", PREFIXES["skos"] + "closeMatch"),
    ("narrower than", PREFIXES["skos"] + "broadMatch"),
    ("wider than", PREFIXES["skos"] + "narrowMatch"),
    ("related to", PREFIXES["skos"] + "relatedMatch"),
    ("note", PREFIXES["skos"] + "scopeNote"),
)

_SECTIONS = (
    ("classes", {"en": "Classes", "id": "Kelas"}, PREFIXES["owl"] + "Class"),
    ("relations", {"en": "Relations", "id": "Relasi"}, NAMESPACE + "Relation"),
    ("groups", {"en": "Groups of relations", "id": "Kelompok relasi"}, NAMESPACE + "RelationGroup"),
    ("modalities", {"en": "Modalities", "id": "Modalitas"}, NAMESPACE + "Modality"),
    ("methods", {"en": "Methods of linking", "id": "Metode penautan"}, NAMESPACE + "LinkMethod"),
    ("properties", {"en": "Properties", "id": "Properti"}, ""),
    ("issues", {"en": "Ethical issues", "id": "Isu etika"}, PREFIXES["skos"] + "Concept"),
)


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    values: tuple[_Cell, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    name: str
    anchor: str
    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    examples: Mapping[str, str]
    rows: tuple[_Row, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    id: str
    title: Mapping[str, str]
    terms: list[_Term] = field(default_factory=list)


_Values = dict[str, dict[str, list[Value]]]


def ontology_page() -> str:
    """The documentation of the ontology as one HTML file, without scripts or requests.

    Each term has an element with its local name as id, so that the IRI of a term leads to it where
    the page is served at the ontology's address.
    """
    values = _values(quad.triple for quad in ontology_quads())
    sections = [_Section(id, title) for id, title, _ in _SECTIONS]
    for subject in _in_order(values):
        number = _section_of(values[subject])
        if number is not None:
            sections[number].terms.append(_term(subject, values[subject]))
    about = values[_ONTOLOGY]
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(
            lambda name: files("kg").joinpath("templates", name).read_text(encoding="utf-8")
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    sentence, example = _example()
    return (
        environment.get_template("ontology.html").render(
            title=_texts(about, PREFIXES["dcterms"] + "title"),
            description=_texts(about, PREFIXES["dcterms"] + "description"),
            version=about[PREFIXES["owl"] + "versionIRI"][0].value,
            licence=about[PREFIXES["dcterms"] + "license"][0].value,
            namespace=NAMESPACE,
            sections=sections,
            sentence=sentence,
            turtle=example,
            queries=named_queries(),
        )
        + "\n"
    )


def _values(triples: Iterable[ox.Triple]) -> _Values:
    found: _Values = {}
    for triple in triples:
        if isinstance(triple.object, ox.NamedNode | ox.Literal):
            assert isinstance(triple.subject, ox.NamedNode)
            of_subject = found.setdefault(triple.subject.value, {})
            of_subject.setdefault(triple.predicate.value, []).append(triple.object)
    return found


def _in_order(values: _Values) -> Iterator[str]:
    """The project's own terms: the groups in the order of the ontology, all else as it is read."""
    order = {NAMESPACE + group.name: number for number, group in enumerate(groups())}
    yield from sorted(order, key=lambda iri: order[iri])
    for subject in values:
        if subject.startswith((NAMESPACE, ISSUES)) and subject not in order:
            yield subject


def _section_of(values: dict[str, list[Value]]) -> int | None:
    kinds = {value.value for value in values.get(_TYPE, ())}
    for number, (_, _, kind) in enumerate(_SECTIONS):
        if kind in kinds or (not kind and any(one.endswith("Property") for one in kinds)):
            return number
    return None


def _term(subject: str, values: dict[str, list[Value]]) -> _Term:
    rows: dict[str, list[_Cell]] = {}
    for name, predicate in _ROWS:
        found = [_cell(value) for value in values.get(predicate, ())]
        rows.setdefault(name, []).extend(found)
    return _Term(
        name=shortened(subject),
        anchor=_anchor(subject),
        labels=_texts(values, _PREF_LABEL),
        definitions=_texts(values, _DEFINITION),
        examples=_texts(values, _EXAMPLE),
        rows=tuple(_Row(name, tuple(cells)) for name, cells in rows.items() if cells),
    )


def _cell(value: Value) -> _Cell:
    if isinstance(value, ox.Literal):
        return _Cell(value.value)
    own = value.value.startswith((NAMESPACE, ISSUES))
    return _Cell(shortened(value.value), "#" + _anchor(value.value) if own else value.value)


def _anchor(iri: str) -> str:
    """The local name; an issue may have the name of something else and so says what it is."""
    local = iri.rpartition("#")[2]
    return f"issue-{local}" if iri.startswith(ISSUES) else local


def _texts(values: dict[str, list[Value]], predicate: str) -> dict[str, str]:
    return {
        value.language or "": value.value
        for value in values.get(predicate, ())
        if isinstance(value, ox.Literal)
    }


def _example() -> tuple[str, str]:
    """A sentence and the graph that it becomes."""
    text = "Getty Images sued Stability AI in London."

    def argument(slug: str, words: str) -> Argument:
        start = text.index(words)
        entity = Entity(slug, "Company", words, (("en", words),), True)
        return Argument(entity, Span(words, start, start + len(words)))

    article = Article("example", text, "en", "An example", "2023-01-17")
    trigger = text.index("sued")
    statement = Statement(
        article=article.id,
        lang="en",
        subject=argument("getty-images", "Getty Images"),
        relation="sues",
        object=argument("stability-ai", "Stability AI"),
        negated=False,
        modality="asserted",
        attributed_to=None,
        time=None,
        trigger=Span("sued", trigger, trigger + 4),
        sentence=Sentence(0, text, 0, len(text)),
        confidence=0.93,
    )
    return text, turtle(article_quads(article, [statement], extractor="dispute-kg"))
