"""The ontology: whole, in both languages, OWL 2 RL, consistent."""

from collections.abc import Iterator
from pathlib import Path

import owlrl
import pyoxigraph as ox
import pytest
import rdflib
from claims import GUILD, GUILD_CLAIMS, SORA, SORA_CLAIMS
from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Graph, Literal, URIRef

from kg.graph import build_graph
from kg.resources import ontology_dir
from kg.vocabulary import NAMESPACE, ontology_files, relations

SCHEMA = rdflib.Namespace("https://schema.org/")
DKG = rdflib.Namespace(NAMESPACE)
INVERSE_LABEL = URIRef(NAMESPACE + "inverseLabel")
ONTOLOGY = URIRef(NAMESPACE.rstrip("#"))

core = Graph().parse(ontology_dir() / "dispute.ttl")
whole = Graph()
for name in ontology_files():
    whole.parse(ontology_dir() / name)
shapes = Graph().parse(ontology_dir() / "shapes.ttl")

OWN = sorted(
    {s for s in core.subjects(RDF.type) if isinstance(s, URIRef) and s.startswith(NAMESPACE)}
)
CLASSES = [term for term in OWN if (term, RDF.type, OWL.Class) in core]
PROPERTIES = [
    term
    for term in OWN
    if {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
    & set(core.objects(term, RDF.type))
]
RELATIONS = [URIRef(NAMESPACE + each.name) for each in relations()]


def local(term: URIRef) -> str:
    return term.rpartition("#")[2]


def test_the_terms_are_many() -> None:
    assert (len(CLASSES), len(PROPERTIES), len(RELATIONS)) == (29, 87, 50)
    assert set(RELATIONS) <= set(PROPERTIES)
    assert len(OWN) == 29 + 87 + 7 + 15


@pytest.mark.parametrize("term", OWN, ids=local)
def test_every_term_is_named_defined_and_shown_in_both_languages(term: URIRef) -> None:
    wanted = [RDFS.label, SKOS.prefLabel, SKOS.definition, SKOS.example]
    if term in RELATIONS or (term, RDF.type, DKG.RelationGroup) in core:
        wanted.append(INVERSE_LABEL)
    for predicate in wanted:
        texts = [(value.language, value.strip()) for value in core.objects(term, predicate)]
        assert sorted(lang for lang, _ in texts) == ["en", "id"], (predicate, texts)
        assert all(text for _, text in texts)
    assert core.value(term, RDFS.isDefinedBy) == ONTOLOGY


@pytest.mark.parametrize("term", PROPERTIES, ids=local)
def test_every_property_has_domain_and_range(term: URIRef) -> None:
    def has(*predicates: URIRef) -> bool:
        above = set(core.transitive_objects(term, RDFS.subPropertyOf))
        return any(
            core.value(each, predicate, any=True) for each in above for predicate in predicates
        )

    assert has(RDFS.domain, SCHEMA.domainIncludes)
    assert has(RDFS.range, SCHEMA.rangeIncludes)
    if term in RELATIONS:
        group = core.value(term, RDFS.subPropertyOf)
        assert core.value(group, RDFS.subPropertyOf) == DKG.actsOn
        assert core.value(term, SCHEMA.domainIncludes)
        assert core.value(term, SCHEMA.rangeIncludes)


def test_every_term_has_a_shape() -> None:
    """A class is a target or required of a value, or lies under one; a property is a path."""
    held = {*shapes.objects(None, SH.targetClass), *shapes.objects(None, SH["class"])}
    paths = {*shapes.objects(None, SH.path), *shapes.objects(None, SH.inversePath)}
    paths |= set(shapes.objects(None, SH.targetSubjectsOf))
    for term in CLASSES:
        assert held & set(core.transitive_objects(term, RDFS.subClassOf)), term
    statements = set(core.subjects(RDF.type, DKG.Modality))
    assert statements  # individuals are held by the shape of their class
    for term in PROPERTIES:
        if term in RELATIONS or (term, RDF.type, DKG.RelationGroup) in core:
            continue  # values of dkg:relation, which its shape wants to be a dkg:Relation
        if term not in (DKG.actsOn, DKG.span):  # nothing uses these but their sub-properties
            assert term in paths, term


@pytest.mark.parametrize("file", [*ontology_files(), "shapes.ttl"])
def test_both_libraries_read_the_same(file: str) -> None:
    path = ontology_dir() / file
    count = len(list(ox.parse(path=path, format=ox.RdfFormat.TURTLE)))
    assert count == len(Graph().parse(path)) > 50


def test_versions_follow_each_other() -> None:
    def version(predicate: URIRef) -> tuple[int, ...]:
        iri = core.value(ONTOLOGY, predicate)
        assert iri.startswith(f"{ONTOLOGY}/")
        return tuple(map(int, iri.rpartition("/")[2].split(".")))

    now = version(OWL.versionIRI)
    assert ".".join(map(str, now)) == str(core.value(ONTOLOGY, OWL.versionInfo))
    assert version(OWL.priorVersion) < now


# ---- OWL 2 RL

DATATYPES = {
    XSD.string, XSD.boolean, XSD.decimal, XSD.integer, XSD.date, RDF.langString, RDFS.Literal,
}  # fmt: skip
AXIOMS = {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.disjointWith}
KINDS = {
    OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty,
    OWL.NamedIndividual, OWL.Ontology,
}  # fmt: skip
BUILT_IN = {
    RDF.type, RDFS.label, RDFS.isDefinedBy, RDFS.comment, RDFS.seeAlso,
    OWL.versionIRI, OWL.versionInfo, OWL.priorVersion, OWL.backwardCompatibleWith, OWL.imports,
}  # fmt: skip
RESERVED = tuple(map(str, (RDF, RDFS, OWL)))


def profile_faults(graph: Graph) -> Iterator[str]:
    """What is outside OWL 2 RL (https://www.w3.org/TR/owl2-profiles/#OWL_2_RL).

    Written for an ontology of named classes and properties: a blank node, which would be a class
    expression or a list, is a fault of its own.
    """
    kinds = {
        kind: set(graph.subjects(RDF.type, kind)) - set(map(URIRef, RESERVED)) for kind in KINDS
    }
    classes = kinds[OWL.Class]
    objects, data = kinds[OWL.ObjectProperty], kinds[OWL.DatatypeProperty]
    notes = kinds[OWL.AnnotationProperty] | (BUILT_IN - {RDF.type})
    individuals = kinds[OWL.NamedIndividual] | classes | objects | data  # by punning
    for term in sorted(classes | objects | data | kinds[OWL.AnnotationProperty]):
        if term.startswith(RESERVED):
            yield f"{term} is reserved"
    if objects & data or objects & kinds[OWL.AnnotationProperty]:
        yield "a property is of two kinds"
    for s, p, o in graph:
        where = f"{s.n3()} {p.n3()} {o.n3()}"
        if isinstance(s, rdflib.BNode) or isinstance(o, rdflib.BNode):
            yield f"{where}: an anonymous class or individual"
        if isinstance(o, Literal) and o.datatype and o.datatype not in DATATYPES:
            yield f"{where}: a datatype outside RL"
        if p == RDF.type:
            if o not in KINDS and not (o in classes and s in individuals):
                yield f"{where}: an individual or its class is not declared"
        elif p in (RDFS.subClassOf, OWL.disjointWith):
            if not {s, o} <= classes or OWL.Thing in (s, o):
                yield f"{where}: not between declared classes"
        elif p == RDFS.subPropertyOf:
            if not ({s, o} <= objects or {s, o} <= data):
                yield f"{where}: not between properties of one kind"
        elif p == RDFS.domain:
            if o not in classes:
                yield f"{where}: the domain is no declared class"
        elif p == RDFS.range:
            allowed = classes if s in objects else DATATYPES
            if o not in allowed:
                yield f"{where}: the range is no {'class' if s in objects else 'datatype of RL'}"
        elif p not in notes and not (p in objects and {s, o} <= individuals) and p not in data:
            yield f"{where}: the property is not declared"


def test_the_ontology_is_owl_2_rl() -> None:
    assert list(profile_faults(core)) == []


@pytest.mark.parametrize(
    "text",
    [
        "dkg:Actor owl:equivalentClass [ owl:complementOf dkg:Work ] .",
        "dkg:Actor rdfs:subClassOf owl:Thing .",
        "dkg:Statement rdfs:subClassOf rdf:Statement .",
        "dkg:time rdfs:range xsd:dateTimeStampp .",
        "dkg:time rdfs:subPropertyOf dkg:subject .",
        'dkg:sues dkg:note "x" .',
        'dkg:sues skos:definition "x"^^dkg:mine .',
        "dkg:nowhere a dkg:Modalty .",
    ],
)
def test_the_profile_is_really_checked(text: str) -> None:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in core.namespaces())
    assert list(profile_faults(core + Graph().parse(data=prefixes + text, format="turtle")))


def inconsistencies(graph: Graph) -> list[str]:
    closure = owlrl.OWLRL.OWLRL_Semantics(graph, False, False, False)
    closure.closure()
    return list(closure.error_messages)


def test_ontology_and_graph_are_consistent_under_owl_rl() -> None:
    data = build_graph([*SORA_CLAIMS, *GUILD_CLAIMS], articles=[SORA, GUILD], reported=True)
    assert inconsistencies(data + whole) == []
    both = URIRef("https://w3id.org/dispute-kg/id/entity/openai")
    data.add((both, RDF.type, DKG.AISystem))
    assert inconsistencies(data + whole)


def test_alignments_reach_the_vocabularies_of_others() -> None:
    text = "".join((ontology_dir() / name).read_text() for name in ontology_files())
    for prefix in ("prov", "oa", "skos", "schema", "foaf", "org", "sem", "airo", "dpv-ai"):
        assert f" {prefix}:" in text.partition("owl:Ontology")[2], prefix
    codes = {each.plover for each in relations()} - {""}
    assert len(codes) >= 10


def test_issues_form_one_scheme_in_both_languages() -> None:
    concepts = set(whole.subjects(RDF.type, SKOS.Concept))
    scheme = URIRef("https://w3id.org/dispute-kg/issues")
    assert len(concepts) > 40
    for concept in concepts:
        assert whole.value(concept, SKOS.inScheme) == scheme
        for predicate in (SKOS.prefLabel, SKOS.definition):
            assert sorted(v.language for v in whole.objects(concept, predicate)) == ["en", "id"]
        tops = whole.objects(concept, SKOS.topConceptOf)
        assert bool(list(tops)) != bool(list(whole.objects(concept, SKOS.broader))), concept
    for concept, above in whole.subject_objects(SKOS.broader):
        assert above in concepts
        assert above not in set(whole.transitive_objects(above, SKOS.broader)) - {above}, concept


def test_files_say_what_they_are() -> None:
    for name in ontology_files():
        assert Path(ontology_dir() / name).read_text(encoding="utf-8").startswith("# ")
