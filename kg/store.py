"""The store: articles with their statements, kept on disk by Oxigraph, asked in SPARQL.

Every article has its own named graph, so that replacing an article is replacing a graph. The
default graph is what queries see: the union of those graphs, the entities and the ontology, each
triple once (Oxigraph's own union would count a triple once for each graph that holds it).
``graph/reported`` holds the direct triples that some article reports and none asserts; queries see
it only when asked. ``graph/store/…`` is bookkeeping and never seen.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from time import sleep

import pyoxigraph as ox

from kg.errors import DataError, QueryError, StoreError, UsageError
from kg.formats import SERIALIZERS
from kg.graph import article_quads, best_entity, entity_triples, ontology_quads, statement_entities
from kg.iris import (
    BASE,
    article_iri,
    dispute_iri,
    entities_graph_iri,
    entity_iri,
    graph_iri,
    name_in_iri,
    ontology_graph_iri,
    prefixes,
    reported_graph_iri,
)
from kg.readback import articles_from, entities_from, statements_from
from kg.records import Article, Entity, Statement
from kg.vocabulary import relations, term

SCHEMA = "1"
"""Version of the way in which stores are laid out; another version must be built again."""

_OWN = "https://w3id.org/dispute-kg/store#"
_SCHEMA = ox.NamedNode(_OWN + "schema")
_ONTOLOGY = ox.NamedNode(_OWN + "ontology")
_FINGERPRINT = ox.NamedNode(_OWN + "fingerprint")
_ENTITY = ox.NamedNode(_OWN + "entity")
_DEFAULT = ox.DefaultGraph()
_ARTICLES_AT_ONCE = 250
_MANY_QUADS = 10_000
_TRIES, _PAUSE = 6, 0.2

_DERIVE_REPORTED = """
INSERT { GRAPH <%s> { ?subject ?relation ?object } } WHERE {
  ?statement dkg:subject ?subject ; dkg:relation ?relation ; dkg:object ?object ;
    dkg:negated false ; dkg:modality ?modality .
  OPTIONAL { ?statement dkg:attributedTo ?speaker }
  FILTER (BOUND(?speaker) || ?modality != dkg:asserted)
  FILTER NOT EXISTS { ?subject ?relation ?object }
}
"""

Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


@contextmanager
def open_store(
    path: Path | None, *, read_only: bool = False, base: str | None = None
) -> Iterator["Store"]:
    """A store in a folder, made if there is none; in memory where ``path`` is None.

    ``base`` is the IRI under which things are named, kept by the store once it is made. Only one
    process can write to a store at a time; ``read_only`` works beside it and needs a store that is
    there. Raises StoreError for a store that is missing, held by another process, of another
    version or damaged, and for a folder that is something else.
    """
    where = "the store in memory" if path is None else str(path)
    store = Store(_open(path, read_only), where, read_only=read_only, base=base)
    try:
        yield store
    finally:
        store.close()


class Store:
    """Articles and their statements. Made by `open_store`, usable until its block ends."""

    def __init__(
        self, store: ox.Store, where: str, *, read_only: bool = False, base: str | None = None
    ) -> None:
        self._open_store: ox.Store | None = store
        self._where = where
        self._read_only = read_only
        self._loaded = False
        self._relations = frozenset(term(relation.name) for relation in relations())
        self.base = self._prepare(base)

    # ---- writing

    def replace_article(
        self,
        article: Article,
        statements: Iterable[Statement],
        *,
        extractor: str,
        fingerprint: str,
    ) -> None:
        """Puts what was read from an article in the place of what the store had of it.

        One transaction: all of it or nothing. ``fingerprint`` is whatever tells the caller that the
        article need not be read again.
        """
        self._write([(article, list(statements), fingerprint)], extractor=extractor)

    def replace_articles(
        self,
        readings: Iterable[tuple[Article, Iterable[Statement], str]],
        *,
        extractor: str,
    ) -> int:
        """`replace_article` for many (article, statements, fingerprint); returns how many.

        Some hundred articles are one transaction: an error leaves whole articles only.
        UsageError where an article comes twice.
        """
        pending = iter(readings)
        seen: set[str] = set()
        while chunk := [
            (article, list(statements), fingerprint)
            for article, statements, fingerprint in islice(pending, _ARTICLES_AT_ONCE)
        ]:
            for article, _, _ in chunk:
                if article.id in seen:
                    raise UsageError(
                        f"article {article.id!r} came twice; give each article an id of its own"
                    )
                seen.add(article.id)
            self._write(chunk, extractor=extractor)
        self._flush()
        return len(seen)

    def remove_article(self, id: str) -> None:
        """Takes an article out with all that only it says; UsageError if it is not there."""
        self._require(id)
        self._write([], removed=(id,))

    def load(self, path: Path) -> None:
        """Adds an RDF file (Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML), told by its name.

        Queries see triples of named graphs too, unless it is a graph of reported ones.
        What the file's statements only report becomes visible with ``reported``. Raises DataError
        for a file that cannot be read or does not parse.
        """
        format = ox.RdfFormat.from_extension(path.suffix.lstrip(".").lower())
        if format is None:
            raise DataError(
                f"{path}: not known as RDF by its name;"
                " expected .ttl, .trig, .nt, .nq, .jsonld or .rdf"
            )
        try:
            quads = list(ox.parse(path=path, format=format, rename_blank_nodes=True))
        except (OSError, SyntaxError, ValueError) as error:
            raise DataError(f"{path}: {error}; expected a file in {format.name}") from error
        visible = [
            ox.Quad(quad.subject, quad.predicate, quad.object)
            for quad in quads
            if "/graph/reported" not in str(quad.graph_name)
        ]
        self._apply(_Change(added={*quads, *visible}))
        self._loaded = True
        update = _DERIVE_REPORTED % reported_graph_iri(base=self.base)
        with self._renamed_errors("write to"):
            self._store.update(update, prefixes=prefixes(base=self.base))

    # ---- reading

    def fingerprints(self) -> dict[str, str]:
        """Article id -> the fingerprint that it was stored with."""
        with self._renamed_errors("read"):
            return {
                name_in_iri(_iri(quad.subject)): _text(quad.object)
                for quad in self._store.quads_for_pattern(None, _FINGERPRINT, None, None)
            }

    def articles(self) -> list[Article]:
        """The articles by id, with empty ``text``: the store keeps only sentences of evidence."""
        kinds = self._find(None, None, term("Article"))
        return articles_from(
            quad for kind in kinds for quad in self._find(kind.subject, None, None)
        )

    def statements(
        self, *, article: str | None = None, dispute: str | None = None
    ) -> Iterator[Statement]:
        """The statements, one for each evidence, sorted by article, then in text order.

        Of one article or dispute only where it is given; UsageError if the store has none such.
        """
        return statements_from(self.quads(article=article, dispute=dispute))

    def quads(
        self,
        *,
        article: str | None = None,
        dispute: str | None = None,
        reported: bool = False,
        ontology: bool = False,
    ) -> Iterator[ox.Quad]:
        """The quads of the articles and of the entities that they mention, in no fixed order.

        With ``reported`` the articles' graphs of reported triples too, with ``ontology`` its graph.
        What was loaded from a file without graphs can only be had whole.
        """
        if self._loaded and article is None and dispute is None:
            yield from self._loaded_quads(reported, ontology)
            return
        ids = self._select(article, dispute)
        if self._loaded and not all(
            self._store.contains_named_graph(ox.NamedNode(graph_iri(id, base=self.base)))
            for id in ids
        ):
            raise UsageError(
                f"{self._where}: the file has no graph for each article to pick from;"
                " export it as TriG, or leave the choice out"
            )
        mentioned: set[ox.NamedNode] = set()
        roles = {term("subject"), term("object"), term("attributedTo")}
        for id in ids:
            for quad in self._graph(graph_iri(id, base=self.base)):
                if quad.predicate in roles and isinstance(quad.object, ox.NamedNode):
                    mentioned.add(quad.object)
                yield quad
            if reported:
                yield from self._graph(reported_graph_iri(id, base=self.base))
        entities = ox.NamedNode(entities_graph_iri(base=self.base))
        for entity in mentioned:
            yield from self._find(entity, None, None, entities)
        if ontology:
            yield from self._graph(ontology_graph_iri(base=self.base))

    def export(
        self,
        format: str,
        *,
        article: str | None = None,
        dispute: str | None = None,
        reported: bool = False,
        ontology: bool = False,
    ) -> str:
        """What `quads` gives as a file's text; the same store content gives the same text.

        ``format`` is turtle, trig, nquads, jsonld or rdfxml; UsageError for another.
        """
        serialize = SERIALIZERS.get(format)
        if serialize is None:
            raise UsageError(
                f"there is no RDF format {format!r}; expected one of {', '.join(SERIALIZERS)}"
            )
        quads = self.quads(article=article, dispute=dispute, reported=reported, ontology=ontology)
        return serialize(quads, base=self.base)

    def query(
        self,
        text: str,
        *,
        reported: bool = False,
        bindings: Mapping[str, ox.NamedNode | ox.Literal] | None = None,
    ) -> Result:
        """The result of a SPARQL 1.1 query; the project's prefixes need not be declared.

        With ``reported`` the direct triples that are only reported count like the others.
        ``bindings`` fixes variables of the query. Raises QueryError for what does not parse.
        """
        reported_graph = ox.NamedNode(reported_graph_iri(base=self.base))
        named: list[ox.NamedNode | ox.BlankNode] | None = None
        if re.search(r"\b(graph|from)\b", text, re.IGNORECASE):
            named = self._visible_graphs(reported)
        try:
            return self._store.query(
                text,
                prefixes=prefixes(base=self.base),
                default_graph=[_DEFAULT, reported_graph] if reported else _DEFAULT,
                named_graphs=named,
                substitutions={
                    ox.Variable(name): value for name, value in (bindings or {}).items()
                },
            )
        except SyntaxError as error:
            raise QueryError(_parse_error(text, error)) from error
        except (ValueError, RuntimeError) as error:
            raise QueryError(f"the query cannot be run: {error}") from error
        except OSError as error:
            raise StoreError(f"{self._where}: cannot read: {error}") from error

    def close(self) -> None:
        """Writes out what is pending and lets go of the folder; a closed store cannot be used."""
        try:
            if self._open_store is not None and not self._read_only:
                self._flush()
        finally:
            self._open_store = None

    # ---- inside

    def _flush(self) -> None:
        """Turns the log into tables, which a reader opens faster."""
        with self._renamed_errors("write to"):
            self._store.flush()

    @property
    def _store(self) -> ox.Store:
        if self._open_store is None:
            raise StoreError(f"{self._where}: already closed; open it again")
        return self._open_store

    def _prepare(self, base: str | None) -> str:
        store = self._store
        with self._renamed_errors("read"):
            stored = next(store.quads_for_pattern(None, _SCHEMA, None, None), None)
            empty = stored is None and next(iter(store), None) is None
        if stored is None and (not empty or self._read_only):
            raise StoreError(
                f"{self._where}: not a store of dispute-kg;"
                " give another folder, or build a store with `kg build`"
            )
        if stored is not None and _text(stored.object) != SCHEMA:
            raise StoreError(
                f"{self._where}: written by another version (layout {_text(stored.object)},"
                f" expected {SCHEMA}); build it again from the articles"
            )
        found = base or BASE
        if stored is not None:
            found = _iri(stored.subject).removesuffix("store")
            if base not in (None, found):
                raise StoreError(
                    f"{self._where}: its things are named under {found}, not {base};"
                    " leave the base out or build another store"
                )
        if not self._read_only:
            self._refresh_ontology(found)
        return found

    def _refresh_ontology(self, base: str) -> None:
        graph = ox.NamedNode(f"{base}graph/store")
        me = ox.NamedNode(f"{base}store")
        quads = set(ontology_quads(base=base))
        digest = sha256("\n".join(sorted(map(str, quads))).encode()).hexdigest()
        wanted = {
            ox.Quad(me, _SCHEMA, ox.Literal(SCHEMA), graph),
            ox.Quad(me, _ONTOLOGY, ox.Literal(digest), graph),
        }
        there = set(self._find(None, None, None, graph))
        if wanted == there:
            return
        old = set(self._graph(ontology_graph_iri(base=base)))
        self._apply(
            _Change(
                added=wanted | quads | {_in_default(quad) for quad in quads},
                removed=there | old | {_in_default(quad) for quad in old},
            )
        )

    def _write(
        self,
        readings: Sequence[tuple[Article, list[Statement], str]],
        *,
        extractor: str = "",
        removed: tuple[str, ...] = (),
    ) -> None:
        if self._read_only:
            raise UsageError(f"{self._where} was opened to read only; open it to write")
        ids = [*removed, *(article.id for article, _, _ in readings)]
        names = [name for id in ids for name in self._graphs_of(id)]
        old = {quad for name in names for quad in self._graph(name)}
        entities_graph = ox.NamedNode(entities_graph_iri(base=self.base))
        new: set[ox.Quad] = set()
        for article, statements, fingerprint in readings:
            new.update(
                quad
                for quad in article_quads(article, statements, extractor=extractor, base=self.base)
                if quad.graph_name != entities_graph
            )
            new.update(self._bookkeeping(article, statements, fingerprint))
        change = _Change(added=new - old, removed=old - new)
        replaced = {ox.NamedNode(name) for name in names}
        self._change_default(change, old, new, replaced)
        self._change_reported(change, old, new, replaced)
        self._change_entities(change, old, new, replaced)
        self._apply(change, dropped=[name for id in removed for name in self._graphs_of(id)])

    def _loaded_quads(self, reported: bool, ontology: bool) -> Iterator[ox.Quad]:
        graph = ontology_graph_iri(base=self.base)
        own = set() if ontology else {_in_default(quad) for quad in self._graph(graph)}
        for quad in self._find(None, None, None, _DEFAULT):
            if quad not in own:
                yield quad
        if reported:
            yield from self._graph(reported_graph_iri(base=self.base))

    def _graphs_of(self, id: str) -> tuple[str, str, str]:
        return (
            graph_iri(id, base=self.base),
            reported_graph_iri(id, base=self.base),
            self._own_graph(id),
        )

    def _own_graph(self, id: str) -> str:
        return graph_iri(id, base=self.base).replace("graph/article/", "graph/store/", 1)

    def _bookkeeping(
        self, article: Article, statements: list[Statement], fingerprint: str
    ) -> Iterator[ox.Quad]:
        """The article's fingerprint and its view of each entity, which other articles may share."""
        graph = ox.NamedNode(self._own_graph(article.id))
        node = ox.NamedNode(article_iri(article.id, base=self.base))
        yield ox.Quad(node, _FINGERPRINT, ox.Literal(fingerprint), graph)
        for entity in statement_entities(statements):
            fields = [entity.slug, entity.type, entity.label, entity.labels, entity.known]
            view = ox.Literal(json.dumps(fields))
            yield ox.Quad(
                ox.NamedNode(entity_iri(entity.slug, base=self.base)), _ENTITY, view, graph
            )

    def _change_default(
        self,
        change: "_Change",
        old: set[ox.Quad],
        new: set[ox.Quad],
        replaced: set[ox.NamedNode],
    ) -> None:
        """The default graph gets what articles say; it loses what no article says any more."""
        kept = {_in_default(quad) for quad in new if self._is_visible(quad)}
        change.added |= kept
        for quad in {_in_default(quad) for quad in old if self._is_visible(quad)} - kept:
            if not self._said_elsewhere(quad, replaced, "graph/article/"):
                change.removed.add(quad)

    def _change_reported(
        self,
        change: "_Change",
        old: set[ox.Quad],
        new: set[ox.Quad],
        replaced: set[ox.NamedNode],
    ) -> None:
        """``graph/reported`` has a direct triple if an article reports it and none asserts it."""
        graph = ox.NamedNode(reported_graph_iri(base=self.base))
        direct_new = [quad for quad in new if quad.predicate in self._relations]
        direct_old = [quad for quad in old if quad.predicate in self._relations]
        asserted = {_in_default(quad) for quad in direct_new if self._is_visible(quad)}
        reported = {_in_default(quad) for quad in direct_new} - asserted
        asserted_before = {_in_default(quad) for quad in direct_old if self._is_visible(quad)}
        for quad in {_in_default(quad) for quad in (*direct_new, *direct_old)}:
            there = ox.Quad(quad.subject, quad.predicate, quad.object, graph)
            asserted_by_others = quad in self._store and (
                quad not in asserted_before
                or self._said_elsewhere(quad, replaced, "graph/article/")
            )
            if quad in asserted or asserted_by_others:
                change.removed.add(there)
            elif quad in reported:
                change.added.add(there)
            elif not self._said_elsewhere(quad, replaced, "graph/reported/"):
                change.removed.add(there)
            else:
                change.added.add(there)

    def _change_entities(
        self,
        change: "_Change",
        old: set[ox.Quad],
        new: set[ox.Quad],
        replaced: set[ox.NamedNode],
    ) -> None:
        """Each entity has the best of the descriptions that articles give, whatever their order."""
        graph = ox.NamedNode(entities_graph_iri(base=self.base))
        views: dict[ox.NamedNode, set[str]] = {}
        for quad in new:
            if quad.predicate == _ENTITY and isinstance(quad.subject, ox.NamedNode):
                views.setdefault(quad.subject, set()).add(_text(quad.object))
        given_up = {
            quad.subject
            for quad in old
            if quad.predicate == _ENTITY
            and isinstance(quad.subject, ox.NamedNode)
            and _text(quad.object) not in views.get(quad.subject, ())
        }
        for node in {*views, *given_up}:
            there = set(self._find(node, None, None, graph))
            descriptions = [_entity(view) for view in views.get(node, ())]
            if node in given_up:
                others = {
                    _text(quad.object)
                    for quad in self._find(node, _ENTITY, None)
                    if quad.graph_name not in replaced
                }
                descriptions += map(_entity, others)
            else:
                descriptions += entities_from(there)
            wanted = (
                {
                    ox.Quad(*triple, graph)
                    for triple in entity_triples(best_entity(descriptions), base=self.base)
                }
                if descriptions
                else set()
            )
            for quads, into in (
                (wanted - there, change.added),
                (there - wanted, change.removed),
            ):
                into.update(quads)
                into.update(map(_in_default, quads))

    def _is_visible(self, quad: ox.Quad) -> bool:
        return _iri(quad.graph_name).startswith(f"{self.base}graph/article/")

    def _said_elsewhere(self, quad: ox.Quad, replaced: set[ox.NamedNode], kind: str) -> bool:
        start = self.base + kind
        return any(
            isinstance(found.graph_name, ox.NamedNode)
            and found.graph_name.value.startswith(start)
            and found.graph_name not in replaced
            for found in self._find(quad.subject, quad.predicate, quad.object)
        )

    def _apply(self, change: "_Change", *, dropped: Iterable[str] = ()) -> None:
        """Makes a change in one transaction: Oxigraph runs each of these calls as one.

        Its bulk loader writes tables instead of the log: twice as fast, too much for few quads.
        """
        removed = change.removed - change.added
        with self._renamed_errors("write to"):
            removed = {quad for quad in removed if quad in self._store}
            if not removed:
                many = len(change.added) >= _MANY_QUADS
                (self._store.bulk_extend if many else self._store.extend)(change.added)
                return
            self._store.update(
                f"DELETE DATA {{ {_data(removed)} }} ; INSERT DATA {{ {_data(change.added)} }}"
                + "".join(f" ; DROP SILENT GRAPH <{name}>" for name in dropped)
            )

    def _find(
        self,
        subject: ox.NamedNode | ox.BlankNode | ox.Triple | None,
        predicate: ox.NamedNode | None,
        object: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None,
        graph: ox.NamedNode | ox.DefaultGraph | None = None,
    ) -> Iterator[ox.Quad]:
        with self._renamed_errors("read"):
            yield from self._store.quads_for_pattern(subject, predicate, object, graph)

    def _graph(self, name: str) -> Iterator[ox.Quad]:
        return self._find(None, None, None, ox.NamedNode(name))

    def _require(self, id: str) -> None:
        node = ox.NamedNode(article_iri(id, base=self.base))
        if next(self._find(node, None, term("Article"), _DEFAULT), None) is None:
            raise UsageError(f"{self._where} has no article {id!r}")

    def _select(self, article: str | None, dispute: str | None) -> list[str]:
        if article is not None:
            self._require(article)
        graph = _DEFAULT
        found = {
            name_in_iri(_iri(quad.subject))
            for quad in self._find(None, None, term("Article"), graph)
        }
        if dispute is not None:
            node = ox.NamedNode(dispute_iri(dispute, base=self.base))
            if next(self._find(node, None, term("Dispute"), graph), None) is None:
                raise UsageError(f"{self._where} has no dispute {dispute!r}")
            prefix = article_iri("", base=self.base)
            found &= {
                name_in_iri(_iri(quad.subject))
                for quad in self._find(None, term("partOfDispute"), node, graph)
                if _iri(quad.subject).startswith(prefix)
            }
        return sorted(found if article is None else found & {article})

    def _visible_graphs(self, reported: bool) -> list[ox.NamedNode | ox.BlankNode]:
        hidden = [f"{self.base}graph/store"]
        if not reported:
            hidden.append(f"{self.base}graph/reported")
        return [
            graph
            for graph in self._store.named_graphs()
            if isinstance(graph, ox.NamedNode) and not graph.value.startswith(tuple(hidden))
        ]

    @contextmanager
    def _renamed_errors(self, action: str) -> Iterator[None]:
        try:
            yield
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"{self._where}: cannot {action} it: {error};"
                " see that the disk has room and works; what was stored before is untouched"
            ) from error


@dataclass(slots=True)
class _Change:
    """Quads to add and to remove in one transaction; what is in both stays."""

    added: set[ox.Quad] = field(default_factory=set)
    removed: set[ox.Quad] = field(default_factory=set)


def _open(path: Path | None, read_only: bool) -> ox.Store:
    if path is None:
        return ox.Store()
    if path.exists() and not path.is_dir():
        raise StoreError(f"{path}: a file; a store is a folder, give another name")
    is_store = (path / "CURRENT").is_file()
    if read_only and not is_store:
        raise StoreError(f"{path}: no store here; make one with `kg build`, or give its folder")
    try:
        if not is_store and path.is_dir() and any(path.iterdir()):
            raise StoreError(
                f"{path}: a folder with other things in it; give an empty or a new folder"
            )
        if read_only:
            return _open_to_read(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        return ox.Store(path)
    except (OSError, RuntimeError) as error:
        if "lock" in str(error).lower():
            raise StoreError(
                f"{path}: {_holder(path)} is writing to this store and only one can;"
                " wait until it is done or use another store"
            ) from error
        raise StoreError(
            f"{path}: cannot be opened as a store: {error};"
            " see that the folder may be read and written, or build it again elsewhere"
        ) from error


def _open_to_read(path: Path) -> ox.Store:
    """Opens beside a writer, which may take a file away just then: a few tries."""
    for _ in range(_TRIES - 1):
        try:
            return ox.Store.read_only(str(path))
        except RuntimeError:
            sleep(_PAUSE)
    return ox.Store.read_only(str(path))


def _holder(path: Path) -> str:
    """Who holds the lock of a store, by the kernel's table of locks where there is one."""
    try:
        inode = str((path / "LOCK").stat().st_ino)
        for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
            fields = line.split()
            if inode in [part.rpartition(":")[2] for part in fields if part.count(":") == 2]:
                return f"process {fields[4]}"
    except OSError:
        pass
    return "another process"


def _parse_error(text: str, error: SyntaxError) -> str:
    """Position, what stands there and why it cannot, at most 200 characters.

    Oxigraph's message is a position and the alternatives of its grammar, mostly sets of characters;
    the few that are sentences are causes.
    """
    found = re.search(r"at (\d+):(\d+): expected (?:one of )?(.*)", str(error), re.DOTALL)
    if not found:
        return f"the query does not parse: {' '.join(str(error).split())}"[:200]
    number, column, wanted = int(found[1]), int(found[2]), found[3]
    lines = [*text.splitlines(), ""]
    line = lines[number - 1] if number <= len(lines) else ""
    before = line[: column - 1].rstrip()
    start = len(before) - len(before.split()[-1]) if before else 0
    near = " ".join(line[start:].split()[:3])
    near = f"near {_shortened(near, 40)!r}" if near else "at an empty line"
    # Token names are single words or sets in brackets; a cause is a phrase.
    causes = re.findall(r"(?:^|, )([A-Z][A-Za-z]*(?: [A-Za-z]+)+)(?=, |$)", wanted)
    if causes:
        because = causes[0][0].lower() + causes[0][1:] if causes[0][1].islower() else causes[0]
    elif wanted == "CONSTRUCT":  # the last form of a query that the grammar tries
        because = "expected SELECT, ASK, DESCRIBE or CONSTRUCT"
    elif not "".join([line[column - 1 :], *lines[number:]]).strip():
        because = "the query ends too early"
    else:
        because = "not expected here"
    place = f"line {number}, column {column}"
    return _shortened(f"the query does not parse: {place}, {near}: {because}", 200)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _in_default(quad: ox.Quad) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object)


def _data(quads: Iterable[ox.Quad]) -> str:
    """Quads in SPARQL's notation; Oxigraph's N-Triples escapes hold in SPARQL too."""
    by_graph: dict[str, list[str]] = {}
    for quad in quads:
        by_graph.setdefault(str(quad.graph_name), []).append(f"{quad.triple} .")
    return " ".join(
        " ".join(triples) if graph == "DEFAULT" else f"GRAPH {graph} {{ {' '.join(triples)} }}"
        for graph, triples in by_graph.items()
    )


def _entity(view: str) -> Entity:
    slug, type, label, labels, known = json.loads(view)
    return Entity(slug, type, label, tuple((lang, text) for lang, text in labels), known)


def _iri(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else ""


def _text(value: object) -> str:
    return value.value if isinstance(value, ox.Literal) else ""
