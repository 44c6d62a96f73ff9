"""A graph against the shapes: what is wrong with it, where, and what to do.

``ontology/shapes.ttl`` is SHACL Core and looks at a node with its neighbours, so the graph is
validated in slices: some hundred statements at a time with everything that they lead to, then what
no statement leads to. The memory does not grow with the store. Slices and queries are worked on in
threads, for neither shifty nor Oxigraph holds Python's lock. ``ontology/checks/*.rq`` asks in
SPARQL what needs more than neighbours; each solution (?focus ?found) is a fault. A query with the
line ``# over: claims`` is asked of a copy in memory that holds the claims and the direct triples
alone, for joining all of them in a store on disk takes ten times as long.

SHACL is done by shifty (https://github.com/gtfierro/shifty). On 10,000 statements it took 7 s of
processor time, pySHACL 31 s, pyrudof 42 s and 5 GB, pyshacl-turbo 70 s.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
import shifty

from kg.errors import DataError
from kg.graph import ontology_quads
from kg.iris import prefixes
from kg.resources import ontology_dir
from kg.store import Store
from kg.vocabulary import PREFIXES, foreign, relations, term

VIOLATION, WARNING = "violation", "warning"

_AT_ONCE = 1_000  # seeds of a slice: with fewer the ontology, with more the joins cost more
_THREADS = 2  # beside the one that describes slices; each more takes some hundred megabytes
_TYPE = foreign("rdf:type")
_SHACL = "http://www.w3.org/ns/shacl#"
_ARTICLE_IN_GRAPH = "SELECT ?graph ?article { GRAPH ?graph { ?article a dkg:Article } } LIMIT 1"
_BY_ARTICLE = "SELECT ?node { ?node dkg:evidence/oa:hasSource ?article } ORDER BY ?article"
_SUBJECTS = "SELECT DISTINCT ?node { ?node ?p ?o }"
_HEAD = re.compile(r"# (message|do|severity|over): (.+)")
_CLAIM = ("subject", "relation", "object", "negated", "modality", "attributedTo")

Node = ox.NamedNode | ox.BlankNode


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A fault or a doubt: ``focus`` is not as ``expected``, but as ``found``; ``advice`` mends it.

    ``severity`` is violation or warning; ``focus`` an IRI or the label of a blank node; ``check``
    the name of the shape or query that found it; ``found`` may be empty.
    """

    severity: str
    check: str
    expected: str
    focus: str
    found: str
    advice: str


@dataclass(frozen=True, slots=True)
class Check:
    """A question whose every answer is a fault: rows of ?focus and ?found."""

    name: str
    expected: str
    advice: str
    severity: str
    over_claims: bool
    text: str


def validate(store: Store) -> list[Finding]:
    """What is wrong with what queries see of a store, violations first, each once.

    An empty list says that the graph conforms; warnings are readings worth a look.
    """
    claims = _claims(store)
    found: set[Finding] = set()
    with ThreadPoolExecutor(_THREADS) as threads:
        asked = [threads.submit(_check_findings, store, check, claims) for check in checks()]
        pending: deque[Future[list[Finding]]] = deque()
        for data in _described_slices(store):
            pending.append(threads.submit(_shape_findings, data))
            if len(pending) > _THREADS:  # no more slices in memory than are worked on
                found.update(pending.popleft().result())
        for each in (*pending, *asked):
            found.update(each.result())
    return sorted(found)


@cache
def checks() -> tuple[Check, ...]:
    """The queries of ``ontology/checks``, by name; DataError for one whose head is not whole."""
    return tuple(_read_check(path) for path in sorted((ontology_dir() / "checks").glob("*.rq")))


def _read_check(path: Path) -> Check:
    text = path.read_text(encoding="utf-8")
    head = {
        found[1]: found[2]
        for line in text.splitlines()
        if (found := _HEAD.fullmatch(line)) is not None
    }
    severity = head.get("severity")
    if not {"message", "do"} <= head.keys() or severity not in (VIOLATION, WARNING):
        raise DataError(
            f"{path}: expected lines `# message:`, `# do:` and `# severity: violation` or `warning`"
        )
    over_claims = head.get("over") == "claims"
    return Check(path.stem, head["message"], head["do"], severity, over_claims, text)


def _claims(store: Store) -> ox.Store:
    """What is claimed and the direct triples, in memory; an article in its graph if one has it."""
    kinds = [term(relation.name) for relation in relations()]
    copy = ox.Store()
    for predicate in (*map(term, _CLAIM), *kinds):
        copy.extend(store.triples(predicate=predicate))
    copy.extend(ox.Quad(kind, _TYPE, term("Relation")) for kind in kinds)
    rows = store.query(_ARTICLE_IN_GRAPH)
    assert isinstance(rows, ox.QuerySolutions)
    for row in rows:
        graph, article = row["graph"], row["article"]
        if isinstance(graph, ox.NamedNode) and isinstance(article, ox.NamedNode):
            copy.add(ox.Quad(article, _TYPE, term("Article"), graph))
    return copy


def _check_findings(store: Store, check: Check, claims: ox.Store) -> list[Finding]:
    if check.over_claims:
        rows = claims.query(check.text, prefixes=prefixes(base=store.base))
    else:
        rows = store.query(check.text)
    assert isinstance(rows, ox.QuerySolutions)
    return [
        Finding(
            check.severity,
            check.name,
            check.expected,
            _name(row["focus"]),
            row["found"].value if isinstance(row["found"], ox.Literal) else "",
            check.advice,
        )
        for row in rows
        if row["focus"] is not None  # an aggregate over nothing is one row without values
    ]


# ---- shapes


@dataclass(frozen=True, slots=True)
class _Shapes:
    """The shapes as shifty has them, and what cannot be had from it.

    ``advice`` is the sh:description beside a sh:message, in English, as findings are; ``backwards``
    the properties that some shape follows from object to subject.
    """

    validator: shifty.PreparedValidator
    advice: dict[str, str]
    backwards: frozenset[ox.NamedNode]


@cache
def _shapes() -> _Shapes:
    path = ontology_dir() / "shapes.ttl"
    kept = []
    texts: dict[Node, dict[str, str]] = {}
    backwards = set()
    for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
        if isinstance(quad.object, ox.Literal) and not isinstance(quad.subject, ox.Triple):
            if quad.object.language not in (None, "en"):
                continue  # shifty would tell the messages of all languages in one
            local = quad.predicate.value.removeprefix(_SHACL)
            texts.setdefault(quad.subject, {})[local] = quad.object.value
        elif quad.predicate.value == _SHACL + "inversePath":
            assert isinstance(quad.object, ox.NamedNode)
            backwards.add(quad.object)
        kept.append(quad.triple)
    advice = {each["message"]: each["description"] for each in texts.values() if "message" in each}
    data = ox.serialize(kept, format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return _Shapes(shifty.PreparedValidator(data), advice, frozenset(backwards))


@dataclass(slots=True)
class _Seen:
    """What needs no slice any more: nodes that were described, and the entities among them."""

    nodes: set[object]
    entities: set[object] = field(default_factory=set)


def _described_slices(store: Store) -> Iterator[bytes]:
    """The store in slices, each with the ontology, as N-Triples."""
    ontology = {quad.triple for quad in ontology_quads(base=store.base)}
    context = ox.serialize(ontology, format=ox.RdfFormat.N_TRIPLES)
    assert context is not None
    backwards = _shapes().backwards
    seen = _Seen({triple.subject for triple in ontology})
    # What is about an article lies in one slice or two, which need not tell of it again.
    for nodes in (_found_by(store, _BY_ARTICLE), _statements(store), _found_by(store, _SUBJECTS)):
        for seeds in _slices(nodes, seen.nodes):
            quads = list(_described(store, seeds, seen.entities, backwards))
            seen.nodes.update(quad.subject for quad in quads)
            known = term("inRegistry")
            seen.entities.update(quad.subject for quad in quads if quad.predicate == known)
            data = ox.serialize(quads, format=ox.RdfFormat.N_TRIPLES)
            assert data is not None
            yield data + context


def _statements(store: Store) -> Iterator[Node]:
    for quad in store.triples(predicate=_TYPE, object=term("Statement")):
        if not isinstance(quad.subject, ox.Triple):
            yield quad.subject


def _found_by(store: Store, query: str) -> Iterator[Node]:
    rows = store.query(query)
    assert isinstance(rows, ox.QuerySolutions)
    for row in rows:
        node = row["node"]
        if isinstance(node, Node):
            yield node


def _slices(nodes: Iterable[Node], seen: set[object]) -> Iterator[list[Node]]:
    """The nodes that were not seen yet when their slice begins, some hundred at a time."""
    pending = (node for node in nodes if node not in seen)
    while seeds := list(islice(pending, _AT_ONCE)):
        yield seeds


def _shape_findings(data: bytes) -> list[Finding]:
    shapes = _shapes()
    result = shapes.validator.validate_algebra(data)
    if result.diagnostics:
        raise DataError(f"ontology/shapes.ttl: {'; '.join(result.diagnostics)}: mend the shapes")
    found = []
    for fault in result.violations:
        for reason in fault.reasons:
            expected = reason.author_message or reason.message
            found.append(
                Finding(
                    reason.severity.lower(),
                    (fault.shape_name or "").rpartition("#")[2],
                    expected,
                    _plain(fault.focus_node),
                    _found(reason, fault.focus_node),
                    shapes.advice.get(expected, ""),
                )
            )
    return found


def _described(
    store: Store, seeds: list[Node], told: set[object], backwards: frozenset[ox.NamedNode]
) -> Iterator[ox.Quad]:
    """The triples about the seeds and about whatever they lead to.

    Not followed are relations, which lead from entity to entity, in the end to all of the graph;
    one for each entity and relation tells all that a shape asks. Of entities that were ``told``
    before, the type alone: that of a statement's ends is what the statement's shape wants.
    """
    kinds = {term(relation.name) for relation in relations()}
    done: set[object] = set()
    todo: set[Node] = set(seeds)
    while todo:
        done |= todo
        found: set[Node] = set()
        reached: list[tuple[ox.NamedNode, Node]] = []
        acts: set[tuple[object, ox.NamedNode]] = set()
        again = todo & told
        if again:
            yield from store.triples(subjects=again, predicate=_TYPE)
        for quad in store.triples(subjects=todo - again) if todo - again else ():
            if quad.predicate in kinds:
                if (quad.subject, quad.predicate) not in acts:
                    acts.add((quad.subject, quad.predicate))
                    yield quad
                continue
            yield quad
            if isinstance(quad.object, Node) and quad.predicate != _TYPE:
                found.add(quad.object)
                if quad.predicate in backwards:
                    reached.append((quad.predicate, quad.object))
        for predicate, node in reached:
            for quad in store.triples(predicate=predicate, object=node):
                if isinstance(quad.subject, Node):
                    found.add(quad.subject)
        todo = found - done


def _found(reason: shifty.Reason, focus: str) -> str:
    if reason.observed_count == 0:
        return "none"
    if reason.observed_count:
        return f"{reason.observed_count} of them"
    return "" if reason.value == focus else _plain(reason.value)


def _plain(text: str) -> str:
    """An IRI without its brackets, a literal without its type."""
    literal = re.fullmatch(r'"(.*)"(?:\^\^<[^>]*>|@[\w-]+)?', text, re.DOTALL)
    return literal[1] if literal else text.removeprefix("<").removesuffix(">")


def _name(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode | ox.Literal) else str(node)


def findings_turtle(findings: Iterable[Finding]) -> str:
    """Findings as a SHACL validation report (https://www.w3.org/TR/shacl/#validation-report)."""
    kept = list(findings)

    def shacl(local: str) -> ox.NamedNode:
        return ox.NamedNode(_SHACL + local)

    report = ox.BlankNode("report")
    conforms = all(finding.severity != VIOLATION for finding in kept)
    triples = [
        ox.Triple(report, _TYPE, shacl("ValidationReport")),
        ox.Triple(report, shacl("conforms"), ox.Literal(conforms)),
    ]
    for number, finding in enumerate(kept):
        node = ox.BlankNode(f"result{number}")
        focus: Node | ox.Literal = ox.Literal(finding.focus)
        if not finding.focus.startswith("_:"):
            focus = ox.NamedNode(finding.focus)
        triples += [
            ox.Triple(report, shacl("result"), node),
            ox.Triple(node, _TYPE, shacl("ValidationResult")),
            ox.Triple(node, shacl("focusNode"), focus),
            ox.Triple(node, shacl("resultSeverity"), shacl(finding.severity.capitalize())),
            ox.Triple(node, shacl("resultMessage"), ox.Literal(finding.expected, language="en")),
            ox.Triple(node, shacl("sourceShape"), _source(finding.check)),
        ]
        if finding.found:
            triples.append(ox.Triple(node, shacl("value"), ox.Literal(finding.found)))
    data = ox.serialize(
        triples, format=ox.RdfFormat.TURTLE, prefixes={"sh": _SHACL, "dkg": PREFIXES["dkg"]}
    )
    assert data is not None
    return data.decode()


def _source(check: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://w3id.org/dispute-kg/shapes#{check}")
