"""A store on a SPARQL 1.1 server: the same graphs, by queries and updates of many things at once.

Some servers have no default graph, or one that is the union of all graphs: what queries see lies in
``graph/all`` instead, and is named as default graph in each request. An article is one update
request. Oxigraph and Jena make it one transaction; Virtuoso may leave half of it if it is killed
then. A server that refuses so long an update gets it in parts, the fingerprint last: an article
that is not whole has none and is read again by the next build.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import TypeVar

import pyoxigraph as ox

from kg.changes import FINGERPRINT, OWN, Change, Triple
from kg.endpoint import Connection, with_prefixes
from kg.errors import QueryError, StoreError, UsageError
from kg.iris import BASE
from kg.sparql import Dataset, Result, data_block

_AT_ONCE = 100  # things that one query asks about
_PART = 2_000  # quads of an update in parts
_MOST_GRAPHS = 1_000  # named in one request
_DEFAULT = ox.DefaultGraph()
_BOOLEAN = ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
_DIGITS = "0123456789abcdef"
_MOST_DIGITS = 3

_T = TypeVar("_T")


class Server:
    """The quads of a server. What its functions give is told in `kg.embedded.Embedded`.

    ``is_kept`` tells whether the server holds a store that kg made. If not, it can be read like a
    file: its own default graph is what queries see.
    """

    articles_at_once = 1

    def __init__(self, connection: Connection, *, read_only: bool, base: str = BASE) -> None:
        self._connection = connection
        self._base = base
        self._all = ox.NamedNode(f"{base}graph/all")
        self.where = connection.address.query
        self.read_only = read_only
        found = connection.ask(
            f"SELECT ?layout WHERE {{ GRAPH ?g {{ ?store <{OWN}schema> ?layout }} }} LIMIT 1"
        )
        self.is_kept = (
            isinstance(found, ox.QuerySolutions)
            and [variable.value for variable in found.variables] == ["layout"]
            and next(iter(found), None) is not None
        )
        # What is read only and not ours has a default graph of its own.
        self._has_graphs = self.is_kept or not read_only

    def find(
        self,
        *,
        subjects: Collection[ox.NamedNode | ox.BlankNode] | None = None,
        predicate: ox.NamedNode | None = None,
        object: ox.NamedNode | ox.BlankNode | None = None,
        graphs: Collection[ox.NamedNode | ox.DefaultGraph] | None = None,
    ) -> Iterator[ox.Quad]:
        """The quads that fit, asked for in batches; a blank node cannot be asked for."""
        if isinstance(object, ox.BlankNode):
            return
        tail = f" {predicate or '?p'} {object or '?o'} "
        named = None if subjects is None else [s for s in subjects if isinstance(s, ox.NamedNode)]
        for some in _batches(named):
            values = "" if some is None else f"VALUES ?s {{ {' '.join(map(str, some))} }} "
            for places in _batches(graphs):
                for row in self._rows("?s ?p ?o ?g", values + self._within(places, f"?s{tail}")):
                    yield _quad(row, predicate, object, self._all)

    def _within(self, places: Sequence[ox.NamedNode | ox.DefaultGraph] | None, pattern: str) -> str:
        """A pattern in the graphs given, or in those of the store."""
        if places is None:
            return f"GRAPH ?g {{ {pattern}}} {self._ours()}" if self._has_graphs else pattern
        if list(places) == [_DEFAULT] and not self._has_graphs:
            return pattern
        names = " ".join(str(self._name(one)) for one in places)
        return f"VALUES ?g {{ {names} }} GRAPH ?g {{ {pattern}}}"

    def in_default(self, triples: Iterable[Triple]) -> set[Triple]:
        """Those of the triples that the graph of all holds."""
        return self._those(triples, f"GRAPH {self._all} {{ ?s ?p ?o }}")

    def said_elsewhere(
        self, triples: Iterable[Triple], start: str, replaced: Collection[ox.NamedNode]
    ) -> set[Triple]:
        """Those that a graph holds whose name begins with ``start`` and is not replaced."""
        where = f"GRAPH ?g {{ ?s ?p ?o }} FILTER (STRSTARTS(STR(?g), {ox.Literal(start)}))"
        if replaced:
            where += f" FILTER (?g NOT IN ({', '.join(map(str, replaced))}))"
        return self._those(triples, where)

    def graph_names(self) -> list[ox.NamedNode]:
        """The named graphs of the store."""
        where = f"GRAPH ?g {{ ?s ?p ?o }} {self._ours() if self.is_kept else ''}"
        found = [row[0] for row in self._rows("?g", where, distinct=True)]
        return [name for name in found if isinstance(name, ox.NamedNode) and name != self._all]

    def is_empty(self) -> bool:
        """Whether no store is there; whatever else the server holds is left alone."""
        return not self.is_kept

    def apply(self, change: Change) -> None:
        """Makes a change by one request, or in parts where the server refuses one."""
        added = {self._placed(quad) for quad in change.added}
        removed = {self._placed(quad) for quad in change.removed} - added
        if not added and not removed:
            return
        self.is_kept = True
        try:
            self._connection.update(_update(removed, added, change.dropped))
        except (QueryError, StoreError):
            if len(added) + len(removed) <= _PART:
                raise
            self._apply_in_parts(removed, added, change.dropped)

    def update(self, text: str, *, prefixes: Mapping[str, str]) -> None:
        """Sends a SPARQL 1.1 update; whether it is one transaction is the server's matter."""
        self._connection.update(with_prefixes(text, base=self._base))

    def query(
        self,
        text: str,
        *,
        prefixes: Mapping[str, str],
        default: Sequence[ox.NamedNode | ox.DefaultGraph] | None,
        named: Sequence[ox.NamedNode] | None,
        bindings: Mapping[str, ox.NamedNode | ox.Literal],
    ) -> Result:
        """The server's answer."""
        if bindings:
            raise UsageError("a server cannot be given bindings; write the values into the query")
        dataset = None
        if default is not None and self.is_kept:
            if named is not None and len(named) > _MOST_GRAPHS:
                raise QueryError(
                    f"{self.where}: {len(named)} graphs are too many to name in a request;"
                    " say by FROM and FROM NAMED which ones are meant"
                )
            dataset = Dataset(
                tuple(self._name(one).value for one in default),
                tuple(one.value for one in named or ()),
            )
        return self._connection.ask(with_prefixes(text, base=self._base), dataset=dataset)

    def flush(self) -> None:
        """Nothing: a server keeps its own log."""

    def tidy(self) -> None:
        """Nothing: a server keeps its own tables."""

    def close(self) -> None:
        """Nothing: the connection ends with its block."""

    def _ours(self) -> str:
        return f"FILTER (STRSTARTS(STR(?g), {ox.Literal(self._base + 'graph/')}))"

    def _name(self, graph: ox.NamedNode | ox.DefaultGraph) -> ox.NamedNode:
        return graph if isinstance(graph, ox.NamedNode) else self._all

    def _placed(self, quad: ox.Quad) -> ox.Quad:
        if isinstance(quad.graph_name, ox.DefaultGraph):
            return ox.Quad(quad.subject, quad.predicate, quad.object, self._all)
        return quad

    def _those(self, triples: Iterable[Triple], where: str) -> set[Triple]:
        """The triples for which a pattern of ?s ?p ?o holds.

        They are told by number: servers give literals back in a form of their own.
        """
        found: set[Triple] = set()
        pending = iter(triples)
        while some := list(islice(pending, _AT_ONCE)):
            rows = " ".join(f"({number} {s} {p} {o})" for number, (s, p, o) in enumerate(some))
            values = f"VALUES (?i ?s ?p ?o) {{ {rows} }} "
            for row in self._rows("?i", values + where, distinct=True):
                assert isinstance(row[0], ox.Literal)
                found.add(some[int(row[0].value)])
        return found

    def _rows(
        self, columns: str, where: str, *, distinct: bool = False, digits: str = ""
    ) -> Iterator["_Row"]:
        """Rows of a query; one that the server cuts off is asked in sixteen parts.

        Servers cut answers off at a number of rows of their own without telling, so a round number
        of rows is counted. The parts are those of the hash of the first column.
        """
        first = columns.split(maxsplit=1)[0]
        if len(digits) > _MOST_DIGITS:
            raise StoreError(f"{self.where}: cuts answers off; let it give more rows at a time")
        if digits:
            where += f" FILTER (STRSTARTS(MD5(STR({first})), '{digits}'))"
        kind = "DISTINCT " if distinct else ""
        result = self._connection.ask(f"SELECT {kind}{columns} WHERE {{ {where} }}")
        if not isinstance(result, ox.QuerySolutions):
            raise StoreError(f"{self.where}: gave no rows; see that this is the query address")
        names = [name.removeprefix("?") for name in columns.split()]
        known = {variable.value for variable in result.variables}
        rows = [[_term(row[name]) if name in known else None for name in names] for row in result]
        if rows and len(rows) % 100 == 0 and self._count(columns, where, distinct) > len(rows):
            for digit in _DIGITS:
                yield from self._rows(columns, where, distinct=distinct, digits=digits + digit)
            return
        yield from rows

    def _count(self, columns: str, where: str, distinct: bool) -> int:
        inner = f"{{ SELECT DISTINCT {columns} WHERE {{ {where} }} }}" if distinct else where
        result = self._connection.ask(f"SELECT (COUNT(*) AS ?n) WHERE {{ {inner} }}")
        assert isinstance(result, ox.QuerySolutions)
        number = next(iter(result))["n"]
        return int(number.value) if isinstance(number, ox.Literal) else 0

    def _apply_in_parts(
        self, removed: set[ox.Quad], added: set[ox.Quad], dropped: Sequence[ox.NamedNode]
    ) -> None:
        prints = [quad for quad in added if quad.predicate == FINGERPRINT]
        first = [quad for quad in removed if quad.predicate == FINGERPRINT]
        for some in _parts([*first, *(removed.difference(first))]):
            self._connection.update(_update(some, (), ()))
        for some in _parts(added.difference(prints)):
            self._connection.update(_update((), some, ()))
        self._connection.update(_update((), prints, dropped))


_Row = list[ox.NamedNode | ox.Literal | ox.BlankNode | None]


def _quad(
    row: _Row, predicate: ox.NamedNode | None, object: ox.NamedNode | None, all: ox.NamedNode
) -> ox.Quad:
    subject, found, value, graph = row
    found, value = found or predicate, value or object
    assert isinstance(subject, ox.NamedNode | ox.BlankNode)
    assert isinstance(found, ox.NamedNode)
    assert value is not None
    if not isinstance(graph, ox.NamedNode) or graph == all:
        return ox.Quad(subject, found, value)
    return ox.Quad(subject, found, value, graph)


def _update(
    removed: Iterable[ox.Quad], added: Iterable[ox.Quad], dropped: Sequence[ox.NamedNode]
) -> str:
    # Virtuoso loses texts with a language from a DELETE DATA that names several graphs.
    steps = [
        f"{what} {{ {data_block(group)} }}"
        for what, quads in (("DELETE DATA", removed), ("INSERT DATA", added))
        for _, group in groupby(sorted(quads, key=_graph_name), key=_graph_name)
    ]
    return " ;\n".join([*steps, *(f"DROP SILENT GRAPH {name}" for name in dropped)])


def _graph_name(quad: ox.Quad) -> str:
    return str(quad.graph_name)


def _batches(things: Collection[_T] | None) -> Iterator[list[_T] | None]:
    """Some at a time; once None where there is nothing to choose by."""
    if things is None:
        yield None
        return
    pending = iter(things)
    while some := list(islice(pending, _AT_ONCE)):
        yield some


def _parts(quads: Iterable[ox.Quad]) -> Iterator[list[ox.Quad]]:
    pending = iter(quads)
    while some := list(islice(pending, _PART)):
        yield some


def _term(value: object) -> ox.NamedNode | ox.Literal | ox.BlankNode | None:
    """A term as it was given: Virtuoso writes truth values as 1 and 0."""
    if isinstance(value, ox.Literal) and value.datatype == _BOOLEAN and value.value in "10":
        return ox.Literal(value.value == "1")
    return value if isinstance(value, ox.NamedNode | ox.Literal | ox.BlankNode) else None
