"""Results of SPARQL queries as rows to read and as files to pass on."""

import json
from collections.abc import Iterable
from itertools import islice

import pyoxigraph as ox

from kg.errors import QueryError, UsageError
from kg.iris import BASE, prefixes
from kg.sparql import Result

FORMATS = ("table", "csv", "tsv", "json", "xml", "turtle")

_TABLES = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}

Rows = tuple[list[str], list[list[str]]]


def result_text(result: Result, format: str) -> str:
    """A result in a format of the SPARQL recommendations: csv, tsv, json, xml; or turtle.

    Rows, truth values and graphs do not fit every format: UsageError names those that do.
    """
    try:
        if isinstance(result, ox.QueryTriples):
            if format != "turtle":
                raise UsageError(
                    f"this query makes a graph, which {format} cannot hold: use turtle or table"
                )
            triples = sorted(result, key=str)
            data = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes())
            return _decoded(data)
        if format == "turtle":
            raise UsageError("this query makes no graph: use table, csv, tsv, json or xml")
        if isinstance(result, ox.QueryBoolean) and format in ("csv", "tsv"):
            return f"{bool(result)}\n".lower()
        return _decoded(result.serialize(format=_TABLES[format]))
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"the query failed while it ran: {error}") from error


def limited(result: Result, most: int) -> Result:
    """The first rows or triples of a result, at most so many, in a form that can be written."""
    try:
        if isinstance(result, ox.QueryTriples):
            some = ox.Store()
            some.extend(ox.Quad(*triple) for triple in islice(result, most))
            kept = some.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
            return kept
        if isinstance(result, ox.QueryBoolean):
            return result
        return _some_rows(result, most)[0]
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"the query failed while it ran: {error}") from error


def limited_rows(result: Result, most: int) -> tuple[Result, bool]:
    """The first rows of a table, at most so many, and whether there are more."""
    try:
        assert isinstance(result, ox.QuerySolutions)
        return _some_rows(result, most)
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"the query failed while it ran: {error}") from error


def _some_rows(result: ox.QuerySolutions, most: int) -> tuple[Result, bool]:
    # A result can only be made by parsing one; the order of rows is kept.
    table = json.loads(_decoded(result.serialize(format=ox.QueryResultsFormat.JSON)))
    rows = table["results"]["bindings"]
    table["results"]["bindings"] = rows[:most]
    text = json.dumps(table)
    return ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON), len(rows) > most


def result_rows(result: Result, *, base: str = BASE) -> Rows:
    """Names of the columns and the rows as text to read, IRIs shortened by the project's prefixes.

    An unbound value is empty; a graph has the columns subject, predicate, object and is sorted.
    """
    short = sorted(prefixes(base=base).items(), key=lambda pair: -len(pair[1]))
    try:
        if isinstance(result, ox.QueryBoolean):
            return ["answer"], [["yes" if result else "no"]]
        if isinstance(result, ox.QuerySolutions):
            variables = list(result.variables)
            rows = [[_shown(row[variable], short) for variable in variables] for row in result]
            return [variable.value for variable in variables], rows
        return ["subject", "predicate", "object"], sorted(
            [_shown(node, short) for node in triple] for triple in result
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"the query failed while it ran: {error}") from error


def _shown(node: object, short: Iterable[tuple[str, str]]) -> str:
    if isinstance(node, ox.NamedNode):
        for prefix, iri in short:
            if node.value.startswith(iri):
                return f"{prefix}:{node.value.removeprefix(iri)}"
        return f"<{node.value}>"
    if isinstance(node, ox.Literal):
        return node.value
    return "" if node is None else str(node)


def _decoded(data: bytes | None) -> str:
    return (data or b"").decode()
