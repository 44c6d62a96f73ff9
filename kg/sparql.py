"""SPARQL as text: what is an update, why something does not parse, quads in its notation."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query is about, by IRI: those merged as default, and the named ones."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

# What is a text, a name or a comment; then single words. Longer forms come first.
_TOKEN = re.compile(
    r"""
    \#[^\n]*
    | <[^<>"{}|^`\\\x00-\x20]*>
    | \"{3}(?:[^"\\]|\\.|"{1,2}(?!"))*\"{3} | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*'{3}
    | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'
    | [?$]\w* | @[\w-]*
    | (?P<prefix>[\w.-]*):(?:[\w:%.-]|\\.)*
    | (?P<word>\w+)
    | \\.
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATE = re.compile(
    r"(?:\s|#[^\n]*|PREFIX\s+[^\s:]*:\s*<[^>]*>|BASE\s*<[^>]*>)*+"
    r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b",
    re.IGNORECASE,
)


def is_update(text: str) -> bool:
    """Whether a text changes what is stored instead of asking for it.

    >>> is_update("PREFIX a: <x:> DELETE WHERE { ?s ?p ?o }"), is_update("ASK { }")
    (True, False)
    """
    return _UPDATE.match(text) is not None


def words(text: str) -> set[str]:
    """The single words of a query in capitals: no texts, names, variables or comments.

    >>> sorted(words("SELECT ?from { ?a rdfs:label 'service' } # union"))
    ['SELECT']
    """
    return {found["word"].upper() for found in _TOKEN.finditer(text) if found["word"]}


def asks_others(text: str) -> bool:
    """Whether a query may call another server: SERVICE. A prefix of that name counts too.

    Oxigraph reads keywords without a blank behind them, so a word that contains it is enough.

    >>> asks_others("ASK { SERVICE <http://example.org/> { ?s ?p ?o } }")
    True
    """
    return any(
        "service" in (found["word"] or found["prefix"] or "").casefold()
        for found in _TOKEN.finditer(text)
    )


def names_graphs(text: str) -> bool:
    """Whether a query may look into named graphs."""
    return not words(text).isdisjoint({"GRAPH", "FROM"})


def has_dataset(text: str) -> bool:
    """Whether a query says itself, by FROM, which graphs it is about."""
    return "FROM" in words(text)


def data_block(quads: Iterable[ox.Quad]) -> str:
    """Quads as they stand in INSERT DATA; Oxigraph's N-Triples escapes hold in SPARQL too."""
    by_graph: dict[str, list[str]] = {}
    for quad in quads:
        by_graph.setdefault(str(quad.graph_name), []).append(f"{quad.triple} .")
    return " ".join(
        " ".join(triples) if graph == "DEFAULT" else f"GRAPH {graph} {{ {' '.join(triples)} }}"
        for graph, triples in by_graph.items()
    )


def parse_error(text: str, error: SyntaxError) -> str:
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
