"""The ontology as Python sees it: what ``ontology/*.ttl`` define, read once.

Nothing is read before the first call; after that everything comes from memory.

>>> [group.name for group in groups()]
['contends', 'cooperates', 'responds', 'governs', 'affects', 'relatesTo']
>>> relation("sues").label("id"), relation("sues").sign
('menggugat', -1)
>>> is_a("Company", "Actor")
True
"""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeAlias

import pyoxigraph as ox

from kg.errors import DataError
from kg.resources import ontology_dir

NAMESPACE = "https://w3id.org/dispute-kg/ontology#"
ISSUES = "https://w3id.org/dispute-kg/issues#"

PREFIXES = {
    "dkg": NAMESPACE,
    "issue": ISSUES,
    "airo": "https://w3id.org/airo#",
    "dcterms": "http://purl.org/dc/terms/",
    "dpv-ai": "https://w3id.org/dpv/ai#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "risk": "https://w3id.org/dpv/risk#",
    "schema": "https://schema.org/",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vair": "https://w3id.org/vair#",
    "vann": "http://purl.org/vocab/vann/",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Value: TypeAlias = ox.NamedNode | ox.Literal
"""What a property of this graph can have: there are no blank nodes."""

Texts: TypeAlias = tuple[tuple[str, str], ...]
"""Pairs of language code and text, sorted by code."""


@dataclass(frozen=True, slots=True)
class Term:
    """A named thing of the ontology: an entity type, a modality or a group of relations.

    ``supers`` holds the local names of all that it lies under, its parents first, without itself.
    """

    name: str
    labels: Texts
    definitions: Texts
    supers: tuple[str, ...] = ()

    def label(self, lang: str) -> str:
        """The label in a language, else the English one, else the name."""
        return _pick(self.labels, lang, self.name)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation that statements use, with the group that it belongs to.

    ``sign`` is the stance towards the object: -1 against, 0 neither, 1 for. ``plover`` is the
    code of the PLOVER event ontology or empty. ``domain`` and ``range`` are entity types.
    """

    name: str
    group: str
    sign: int
    labels: Texts
    inverse_labels: Texts
    definitions: Texts
    domain: str
    range: str
    plover: str = ""

    def label(self, lang: str) -> str:
        """The label in a language, else the English one, else the name."""
        return _pick(self.labels, lang, self.name)

    def inverse_label(self, lang: str) -> str:
        """How the relation reads from object to subject ("digugat oleh"), as for `label`."""
        return _pick(self.inverse_labels, lang, self.name)


@dataclass(frozen=True, slots=True)
class Issue:
    """An ethical issue of the scheme; ``labels`` are the preferred, ``names`` all of them."""

    name: str
    labels: Texts
    names: Texts


class _Graph(NamedTuple):
    """The ontology's triples by subject, subjects in file order."""

    values: dict[str, dict[str, list[Value]]]
    file: str

    def texts(self, subject: str, *predicates: str) -> Texts:
        found = [
            (value.language or "", value.value)
            for predicate in predicates
            for value in self.values.get(subject, {}).get(predicate, ())
            if isinstance(value, ox.Literal)
        ]
        return tuple(sorted(found))

    def names(self, subject: str, predicate: str) -> list[str]:
        return [
            value.value.removeprefix(NAMESPACE)
            for value in self.values[subject].get(predicate, ())
            if value.value.startswith(NAMESPACE)
        ]

    def one(self, subject: str, predicate: str) -> str:
        values = self.values[subject].get(predicate, [])
        if len(values) != 1:
            name = subject.rpartition("#")[2]
            raise DataError(
                f"{self.file}: {name} has {len(values)} values of {predicate},"
                " expected one: mend the ontology"
            )
        return values[0].value.removeprefix(NAMESPACE)

    def instances(self, kind: str) -> list[str]:
        return [
            subject
            for subject, values in self.values.items()
            if any(value.value == kind for value in values.get(_RDF_TYPE, ()))
        ]


_RDF_TYPE = PREFIXES["rdf"] + "type"
_SUB_CLASS = PREFIXES["rdfs"] + "subClassOf"
_SUB_PROPERTY = PREFIXES["rdfs"] + "subPropertyOf"
_LABEL = PREFIXES["skos"] + "prefLabel"
_ALT_LABEL = PREFIXES["skos"] + "altLabel"
_DEFINITION = PREFIXES["skos"] + "definition"
_NOTATION = PREFIXES["skos"] + "notation"


def _pick(texts: Texts, lang: str, default: str) -> str:
    found = dict(texts)
    return found.get(lang) or found.get("en") or default


@cache
def _graph(file: str) -> _Graph:
    path = ontology_dir() / file
    values: dict[str, dict[str, list[Value]]] = {}
    try:
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            subject, value = quad.subject, quad.object
            if not isinstance(subject, ox.NamedNode) or isinstance(value, ox.BlankNode | ox.Triple):
                raise DataError(
                    f"{path}: a blank node or triple term near {quad},"
                    " expected IRIs and literals only: give it a name"
                )
            of_subject = values.setdefault(subject.value, {})
            of_subject.setdefault(quad.predicate.value, []).append(value)
    except (OSError, SyntaxError) as error:
        raise DataError(
            f"{path}: {error}; expected the Turtle of the ontology: reinstall or mend it"
        ) from error
    return _Graph(values, file)


@cache
def _term_names() -> frozenset[str]:
    return frozenset(
        subject.removeprefix(NAMESPACE)
        for file in ("dispute.ttl", "alignments.ttl")
        for subject in _graph(file).values
        if subject.startswith(NAMESPACE)
    )


@cache
def term(name: str) -> ox.NamedNode:
    """The IRI of a term of the ontology by local name.

    The namespace is closed: a name that ``dispute.ttl`` does not define raises DataError.

    >>> term("sues").value
    'https://w3id.org/dispute-kg/ontology#sues'
    """
    if name not in _term_names():
        raise DataError(
            f"the ontology has no term {name!r};"
            " `kg ontology` lists what there is, new terms go into ontology/dispute.ttl"
        )
    return ox.NamedNode(NAMESPACE + name)


def foreign(name: str) -> ox.NamedNode:
    """The IRI of a term of another vocabulary by its prefixed name; KeyError for another prefix.

    >>> foreign("prov:used").value
    'http://www.w3.org/ns/prov#used'
    """
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


@cache
def relations() -> tuple[Relation, ...]:
    """All relations in the order of the ontology file."""
    graph = _graph("dispute.ttl")
    alignments = _graph("alignments.ttl")
    return tuple(
        Relation(
            name=subject.removeprefix(NAMESPACE),
            group=graph.one(subject, _SUB_PROPERTY),
            sign=int(graph.one(subject, NAMESPACE + "sign")),
            labels=graph.texts(subject, _LABEL),
            inverse_labels=graph.texts(subject, NAMESPACE + "inverseLabel"),
            definitions=graph.texts(subject, _DEFINITION),
            domain=graph.one(subject, PREFIXES["schema"] + "domainIncludes"),
            range=graph.one(subject, PREFIXES["schema"] + "rangeIncludes"),
            plover=next((text for _, text in alignments.texts(subject, _NOTATION)), ""),
        )
        for subject in graph.instances(NAMESPACE + "Relation")
    )


@cache
def _relations_by_name() -> dict[str, Relation]:
    return {relation.name: relation for relation in relations()}


def relation(name: str) -> Relation:
    """The relation with a local name; DataError if there is none."""
    found = _relations_by_name().get(name)
    if found is None:
        raise DataError(f"the ontology has no relation {name!r}; `kg ontology` lists the relations")
    return found


@cache
def groups() -> tuple[Term, ...]:
    """The groups of relations in the order of the ontology file."""
    return _terms(NAMESPACE + "RelationGroup")


@cache
def modalities() -> tuple[Term, ...]:
    """The modalities in the order of the ontology file; the first is the default, asserted."""
    return _terms(NAMESPACE + "Modality")


@cache
def entity_types() -> tuple[Term, ...]:
    """``Entity`` and the classes under it, in the order of the ontology file."""
    return tuple(
        found
        for found in _terms(PREFIXES["owl"] + "Class")
        if found.name == "Entity" or "Entity" in found.supers
    )


@cache
def _supers_by_type() -> dict[str, tuple[str, ...]]:
    return {found.name: found.supers for found in entity_types()}


@cache
def is_a(type: str, super: str) -> bool:
    """Whether an entity type is another or lies under it; DataError for a name that is none.

    >>> is_a("Court", "Organization"), is_a("Organization", "Court"), is_a("Work", "Work")
    (True, False, True)
    """
    for name in (type, super):
        if name not in _supers_by_type():
            raise DataError(
                f"the ontology has no entity type {name!r}; `kg ontology` lists the types"
            )
    return type == super or super in _supers_by_type()[type]


@cache
def issues() -> tuple[Issue, ...]:
    """The ethical issues of ``issues.ttl`` in file order."""
    graph = _graph("issues.ttl")
    return tuple(
        Issue(
            name=subject.removeprefix(ISSUES),
            labels=graph.texts(subject, _LABEL),
            names=graph.texts(subject, _LABEL, _ALT_LABEL),
        )
        for subject in graph.instances(PREFIXES["skos"] + "Concept")
    )


def ontology_files() -> tuple[str, ...]:
    """Names of the Turtle files in ``ontology_dir()`` that together are the ontology."""
    return ("dispute.ttl", "alignments.ttl", "issues.ttl")


def _terms(kind: str) -> tuple[Term, ...]:
    graph = _graph("dispute.ttl")
    return tuple(
        Term(
            name=subject.removeprefix(NAMESPACE),
            labels=graph.texts(subject, _LABEL),
            definitions=graph.texts(subject, _DEFINITION),
            supers=_supers(subject),
        )
        for subject in graph.instances(kind)
    )


def _supers(subject: str) -> tuple[str, ...]:
    graph = _graph("dispute.ttl")
    found: list[str] = []
    queue = graph.names(subject, _SUB_CLASS) + graph.names(subject, _SUB_PROPERTY)
    while queue:
        name = queue.pop(0)
        if name not in found:
            found.append(name)
            above = NAMESPACE + name
            queue += graph.names(above, _SUB_CLASS) + graph.names(above, _SUB_PROPERTY)
    return tuple(found)
