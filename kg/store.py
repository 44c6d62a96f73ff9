"""The store: articles with their statements, kept on disk by Oxigraph, asked in SPARQL.

Every article has its own named graph, so that replacing an article is replacing a graph. The
default graph is what queries see: the union of those graphs, the entities and the ontology, each
triple once (Oxigraph's own union would count a triple once for each graph that holds it).
``graph/reported`` holds the direct triples that some article reports and none asserts; queries see
it only when asked. ``graph/store/…`` is bookkeeping and never seen.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.changes import (
    ENTITY,
    FINGERPRINT,
    OWN,
    WITHIN,
    Change,
    Reading,
    change_of,
    in_default,
    leading_to,
)
from kg.embedded import Embedded, is_folder_of_store, open_embedded
from kg.errors import DataError, QueryError, StoreError, UsageError
from kg.formats import SERIALIZERS
from kg.graph import ontology_quads
from kg.iris import (
    BASE,
    article_iri,
    dispute_iri,
    entities_graph_iri,
    graph_iri,
    inferred_graph_iri,
    name_in_iri,
    ontology_graph_iri,
    prefixes,
    reported_graph_iri,
)
from kg.migrations import SCHEMA, next_layout
from kg.readback import articles_from, statements_from
from kg.records import Article, Statement
from kg.sparql import Dataset, Result, asks_others, has_dataset, names_graphs
from kg.vocabulary import term

if TYPE_CHECKING:
    from kg.endpoint import Address
    from kg.remote import Server

_SCHEMA = ox.NamedNode(OWN + "schema")
_ONTOLOGY = ox.NamedNode(OWN + "ontology")
_DEFAULT = ox.DefaultGraph()

_DERIVE_REPORTED = """
INSERT { GRAPH <%s> { ?subject ?relation ?object } } WHERE {
  ?statement dkg:subject ?subject ; dkg:relation ?relation ; dkg:object ?object ;
    dkg:negated false ; dkg:modality ?modality .
  OPTIONAL { ?statement dkg:attributedTo ?speaker }
  FILTER (BOUND(?speaker) || ?modality != dkg:asserted)
  FILTER NOT EXISTS { ?subject ?relation ?object }
}
"""


@contextmanager
def open_store(
    path: Path | None, *, read_only: bool = False, base: str | None = None
) -> Iterator["Store"]:
    """A store in a folder, made if there is none; in memory where ``path`` is None.

    ``base`` is the IRI under which things are named, kept by the store once it is made. Only one
    process can write to a store at a time; ``read_only`` works beside it and needs a store that is
    there. A store of an older layout is brought to today's when it is opened to write.

    Raises StoreError for a store that is missing, held by another process, damaged, of a newer
    version or, to read only, of an older layout, and for a folder that is something else.
    """
    held = open_embedded(path, read_only=read_only)
    try:
        yield Store(held, base=base)
    finally:
        held.close()


@contextmanager
def open_server(
    address: "Address", *, read_only: bool = False, base: str | None = None
) -> Iterator["Store"]:
    """A store on a SPARQL 1.1 server, made if there is none; see `kg.remote` for how it lies there.

    ``read_only`` also reads a server that holds a graph of this kind in another way: one that
    `kg serve` serves, or that a Turtle file was loaded into. Raises StoreError for a server that
    cannot be reached or refuses who asks.
    """
    from kg.endpoint import connected  # noqa: PLC0415  most commands ask no server
    from kg.remote import Server  # noqa: PLC0415

    with connected(address) as connection:
        yield Store(Server(connection, read_only=read_only, base=base or BASE), base=base)


@contextmanager
def open_to_change(path: Path, *, server: "Address | None" = None) -> Iterator["Store"]:
    """`open_store` to write to what holds a store already; StoreError if it does not."""
    if server is not None:
        with open_server(server) as opened:
            yield opened
        return
    if not is_folder_of_store(path):
        raise StoreError(f"{path}: no store here; make one with `kg build`, or give its folder")
    with open_store(path) as opened:
        yield opened


class Store:
    """Articles and their statements. Made by `open_store`, usable until its block ends."""

    def __init__(self, held: "Embedded | Server", *, base: str | None = None) -> None:
        self._held = held
        self._loaded = False
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

        In a folder some hundred articles are one transaction, on a server each is one update: an
        error leaves whole articles only.
        UsageError where an article comes twice.
        """
        pending = iter(readings)
        seen: set[str] = set()
        while chunk := [
            (article, list(statements), fingerprint)
            for article, statements, fingerprint in islice(pending, self._held.articles_at_once)
        ]:
            for article, _, _ in chunk:
                if article.id in seen:
                    raise UsageError(
                        f"article {article.id!r} came twice; give each article an id of its own"
                    )
                seen.add(article.id)
            self._write(chunk, extractor=extractor)
        self._held.flush()
        return len(seen)

    def remove_articles(self, ids: Iterable[str]) -> None:
        """Takes articles out with all that only they say: one transaction.

        UsageError, and nothing is taken out, where one of them is not there.
        """
        given = tuple(dict.fromkeys(ids))
        for id in given:
            self._require(id)
        if given:
            self._write([], removed=given)
            self._held.flush()

    def update(self, text: str) -> None:
        """Runs a SPARQL 1.1 update in one transaction; the project's prefixes are known.

        Nothing keeps it from leaving the graphs of an article out of step with each other. Raises
        QueryError for what does not parse.
        """
        if self._held.read_only:
            raise UsageError(f"{self._held.where} was opened to read only; open it to write")
        self._held.update(text, prefixes=prefixes(base=self.base))

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
        self._held.apply(Change(added={*quads, *visible}))
        self._loaded = True
        update = _DERIVE_REPORTED % reported_graph_iri(base=self.base)
        self._held.update(update, prefixes=prefixes(base=self.base))

    # ---- reading

    def fingerprints(self) -> dict[str, str]:
        """Article id -> the fingerprint that it was stored with."""
        return {
            name_in_iri(_iri(quad.subject)): _text(quad.object)
            for quad in self._held.find(predicate=FINGERPRINT)
        }

    def entities_by_article(self) -> dict[str, set[str]]:
        """Article id -> slugs of the entities that its statements are about or mention."""
        found: dict[str, set[str]] = {}
        for quad in self._held.find(predicate=ENTITY):
            found.setdefault(name_in_iri(_iri(quad.graph_name)), set()).add(
                name_in_iri(_iri(quad.subject))
            )
        return found

    def articles(self) -> list[Article]:
        """The articles by id, with empty ``text``: the store keeps only sentences of evidence."""
        found = {quad.subject for quad in self._held.find(object=term("Article"))}
        nodes = [node for node in found if isinstance(node, ox.NamedNode)]
        return articles_from(self._held.find(subjects=nodes) if nodes else ())

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
            next(self._graph(graph_iri(id, base=self.base)), None) is not None for id in ids
        ):
            raise UsageError(
                f"{self._held.where}: the file has no graph for each article to pick from;"
                " export it as TriG, or leave the choice out"
            )
        mentioned: set[ox.NamedNode] = set()
        roles = {term("subject"), term("object"), term("attributedTo")}
        graphs = [ox.NamedNode(graph_iri(id, base=self.base)) for id in ids]
        for quad in self._held.find(graphs=graphs):
            if quad.predicate in roles and isinstance(quad.object, ox.NamedNode):
                mentioned.add(quad.object)
            yield quad
        if reported:
            hidden = [ox.NamedNode(reported_graph_iri(id, base=self.base)) for id in ids]
            yield from self._held.find(graphs=hidden)
        entities = ox.NamedNode(entities_graph_iri(base=self.base))
        inside: set[ox.NamedNode] = set()
        for quad in self._about(mentioned, entities):
            if quad.predicate in WITHIN and isinstance(quad.object, ox.NamedNode):
                inside.add(quad.object)
            yield quad
        yield from self._about(inside - mentioned, entities)
        if ontology:
            yield from self._graph(ontology_graph_iri(base=self.base))

    def replace_inferred(self, quads: Iterable[ox.Quad]) -> None:
        """Puts quads of ``graph/inferred`` in the place of those there, in one transaction."""
        if self._held.read_only:
            raise UsageError(f"{self._held.where} was opened to read only; open it to write")
        there = set(self._graph(inferred_graph_iri(base=self.base)))
        wanted = set(quads)
        self._held.apply(Change(added=wanted - there, removed=there - wanted))

    def inferred(self) -> Iterator[ox.Quad]:
        """The quads of ``graph/inferred``."""
        return self._graph(inferred_graph_iri(base=self.base))

    def ontology(self) -> Iterator[ox.Quad]:
        """The quads of the ontology's graph."""
        return self._graph(ontology_graph_iri(base=self.base))

    def triples(
        self,
        *,
        subjects: Collection[ox.NamedNode | ox.BlankNode] | None = None,
        predicate: ox.NamedNode | None = None,
        object: ox.NamedNode | ox.BlankNode | None = None,
    ) -> Iterator[ox.Quad]:
        """The triples that queries see and that fit; None fits all."""
        return self._held.find(
            subjects=subjects, predicate=predicate, object=object, graphs=[_DEFAULT]
        )

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
        inferred: bool = False,
        bindings: Mapping[str, ox.NamedNode | ox.Literal] | None = None,
        dataset: Dataset | None = None,
        federated: bool = False,
    ) -> Result:
        """The result of a SPARQL 1.1 query; the project's prefixes need not be declared.

        With ``reported`` the direct triples that are only reported count like the others, with
        ``inferred`` those that `kg.inference.infer` left in the store.
        ``bindings`` fixes variables of the query. ``dataset`` names the graphs that it is about, in
        the place of what FROM says; without either they are the default graph and the named ones
        that are not bookkeeping. Raises QueryError for what does not parse, and for a query that
        calls another server (SERVICE) unless ``federated``.
        """
        if asks_others(text) and not federated:
            raise QueryError(
                "this query calls another server (SERVICE), which is off; ask that server itself,"
                " or allow it with --federated"
            )
        default: Sequence[ox.NamedNode | ox.DefaultGraph] | None
        named: Sequence[ox.NamedNode] | None = None
        if dataset is not None:
            hidden = f"{self.base}graph/store"
            default = [ox.NamedNode(one) for one in dataset.default if not one.startswith(hidden)]
            named = [ox.NamedNode(one) for one in dataset.named if not one.startswith(hidden)]
        elif has_dataset(text):
            default = None
        else:
            default = [_DEFAULT]
            if reported:
                default.append(ox.NamedNode(reported_graph_iri(base=self.base)))
            if inferred:
                default.append(ox.NamedNode(inferred_graph_iri(base=self.base)))
            if names_graphs(text):
                named = self._visible_graphs(reported, inferred)
        return self._held.query(
            text,
            prefixes=prefixes(base=self.base),
            default=default,
            named=named,
            bindings=bindings or {},
        )

    def tidy(self) -> None:
        """Merges the tables of a folder after changes: queries on a large store are a few times
        faster then. Takes seconds for a million triples; on a server it does nothing."""
        self._held.tidy()

    def close(self) -> None:
        """Writes out what is pending and lets go of the folder; a closed store cannot be used."""
        self._held.close()

    # ---- inside

    def _prepare(self, base: str | None) -> str:
        if self._held.read_only and not self._held.is_kept:
            self._loaded = True
            return base or BASE
        stored = next(self._held.find(predicate=_SCHEMA), None)
        empty = stored is None and self._held.is_empty()
        if stored is None and (not empty or self._held.read_only):
            raise StoreError(
                f"{self._held.where}: not a store of dispute-kg;"
                " give another folder, or build a store with `kg build`"
            )
        found = base or BASE
        if stored is not None:
            found = _iri(stored.subject).removesuffix("store")
            if base not in (None, found):
                raise StoreError(
                    f"{self._held.where}: its things are named under {found}, not {base};"
                    " leave the base out or build another store"
                )
        if stored is not None:
            self._migrate(stored)
        if not self._held.read_only:
            self._refresh_ontology(found)
        return found

    def _migrate(self, stored: ox.Quad) -> None:
        while (layout := _text(stored.object)) != SCHEMA:
            following, change = next_layout(self._held, layout, where=self._held.where)
            if self._held.read_only:
                raise StoreError(
                    f"{self._held.where}: of an older layout ({layout}, today's is {SCHEMA});"
                    " bring it up to date with `kg migrate`"
                )
            change.removed.add(stored)
            stored = ox.Quad(
                stored.subject, stored.predicate, ox.Literal(following), stored.graph_name
            )
            change.added.add(stored)
            self._held.apply(change)

    def _refresh_ontology(self, base: str) -> None:
        graph = ox.NamedNode(f"{base}graph/store")
        me = ox.NamedNode(f"{base}store")
        quads = set(ontology_quads(base=base))
        digest = sha256("\n".join(sorted(map(str, quads))).encode()).hexdigest()
        wanted = {
            ox.Quad(me, _SCHEMA, ox.Literal(SCHEMA), graph),
            ox.Quad(me, _ONTOLOGY, ox.Literal(digest), graph),
        }
        there = set(self._held.find(graphs=[graph]))
        if wanted == there:
            return
        old = set(self._graph(ontology_graph_iri(base=base)))
        self._held.apply(
            Change(
                added=wanted | quads | {in_default(quad) for quad in quads},
                removed=there | old | {in_default(quad) for quad in old},
            )
        )

    def _write(
        self,
        readings: list[Reading],
        *,
        extractor: str = "",
        removed: tuple[str, ...] = (),
    ) -> None:
        if self._held.read_only:
            raise UsageError(f"{self._held.where} was opened to read only; open it to write")
        change = change_of(
            self._held, readings, removed=removed, extractor=extractor, base=self.base
        )
        inferred = ox.NamedNode(inferred_graph_iri(base=self.base))
        if next(self._held.find(graphs=[inferred]), None) is not None:
            change.dropped = (*change.dropped, inferred)  # it followed from other articles
        self._held.apply(change)

    def _loaded_quads(self, reported: bool, ontology: bool) -> Iterator[ox.Quad]:
        graph = ontology_graph_iri(base=self.base)
        own = set() if ontology else {in_default(quad) for quad in self._graph(graph)}
        for quad in self._held.find(graphs=[_DEFAULT]):
            if quad not in own:
                yield quad
        if reported:
            yield from self._graph(reported_graph_iri(base=self.base))

    def _about(self, nodes: set[ox.NamedNode], graph: ox.NamedNode) -> Iterator[ox.Quad]:
        """What the graph of entities holds of some, with the IRIs that lead to them."""
        if nodes:
            found = list(self._held.find(subjects=nodes, graphs=[graph]))
            yield from found
            yield from leading_to(found)

    def _graph(self, name: str) -> Iterator[ox.Quad]:
        return self._held.find(graphs=[ox.NamedNode(name)])

    def _require(self, id: str) -> None:
        node = ox.NamedNode(article_iri(id, base=self.base))
        if not self._is_a(node, "Article"):
            raise UsageError(f"{self._held.where} has no article {id!r}")

    def _is_a(self, node: ox.NamedNode, kind: str) -> bool:
        found = self._held.find(subjects=[node], object=term(kind), graphs=[_DEFAULT])
        return next(found, None) is not None

    def _select(self, article: str | None, dispute: str | None) -> list[str]:
        if article is not None:
            self._require(article)
            if dispute is None:
                return [article]
        found = {
            name_in_iri(_iri(quad.subject))
            for quad in self._held.find(object=term("Article"), graphs=[_DEFAULT])
        }
        if dispute is not None:
            node = ox.NamedNode(dispute_iri(dispute, base=self.base))
            if not self._is_a(node, "Dispute"):
                raise UsageError(f"{self._held.where} has no dispute {dispute!r}")
            prefix = article_iri("", base=self.base)
            found &= {
                name_in_iri(_iri(quad.subject))
                for quad in self._held.find(
                    predicate=term("partOfDispute"), object=node, graphs=[_DEFAULT]
                )
                if _iri(quad.subject).startswith(prefix)
            }
        return sorted(found if article is None else found & {article})

    def _visible_graphs(self, reported: bool, inferred: bool) -> list[ox.NamedNode]:
        hidden = [f"{self.base}graph/store"]
        if not inferred:
            hidden.append(inferred_graph_iri(base=self.base))
        if not reported:
            hidden.append(f"{self.base}graph/reported")
        return [
            graph for graph in self._held.graph_names() if not graph.value.startswith(tuple(hidden))
        ]


def _iri(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else ""


def _text(value: object) -> str:
    return value.value if isinstance(value, ox.Literal) else ""
