"""The named queries of ``ontology/queries/*.rq``: questions about disputes, ready to ask.

A query file begins with comment lines that describe it::

    # title: Lawsuits
    # answers: Who sues whom, who settles, and what do courts decide?
    # reported: true                      (only where reported direct triples count too)
    # parameter: ?who actor entity: only what this one does

A parameter line gives the variable, which the query must not select, for the value takes its
place; the name to give it by; the kind of its value (entity, type or text); and what it does. No
parameter need be given.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError, UsageError
from kg.graph import entity_iri
from kg.resources import ontology_dir
from kg.store import Result, Store
from kg.vocabulary import entity_types, term

_HEAD = re.compile(r"# (title|answers|reported|parameter): (.+)")
_PARAMETER = re.compile(r"\?(\w+) (\w+) (entity|type|text): (.+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a query can be given: ``variable`` of the query, ``name`` to give it by.

    ``kind`` is entity (a slug or an IRI), type (an entity type) or text.
    """

    name: str
    variable: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query of the library; ``answers`` is the question, ``reported`` its default."""

    name: str
    title: str
    answers: str
    reported: bool
    parameters: tuple[Parameter, ...]
    text: str


@cache
def named_queries() -> tuple[NamedQuery, ...]:
    """All named queries, sorted by name; DataError for a file whose head is not as it should be.

    >>> [query.name for query in named_queries()][:3]
    ['actors-in-several-articles', 'agreements', 'allegations']
    """
    return tuple(_read(path) for path in sorted((ontology_dir() / "queries").glob("*.rq")))


def named_query(name: str) -> NamedQuery:
    """The query with a name; UsageError with near names if there is none."""
    known = {query.name: query for query in named_queries()}
    if name not in known:
        near = get_close_matches(name, known, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "`kg query --list` shows them all"
        raise UsageError(f"there is no query {name!r}; {hint}")
    return known[name]


def run_query(
    store: Store,
    name: str,
    *,
    bindings: Mapping[str, str] | None = None,
    reported: bool = False,
) -> Result:
    """The result of a named query on a store.

    ``bindings`` gives parameters by name, entities by slug or IRI
    (``{"actor": "openai", "lang": "id"}``). ``reported`` counts direct triples that are only
    reported; some queries always do. UsageError for an unknown query, parameter or type.
    """
    query = named_query(name)
    known = {parameter.name: parameter for parameter in query.parameters}
    text = query.text
    for given, value in (bindings or {}).items():
        if given not in known:
            raise UsageError(
                f"query {name!r} has no parameter {given!r};"
                f" expected one of: {', '.join(known) or 'none at all'}"
            )
        constant = str(_value(known[given], value, store.base))
        variable = rf"\?{known[given].variable}\b"
        text = re.sub(variable, lambda _, constant=constant: constant, text)  # type: ignore[misc]
    return store.query(text, reported=reported or query.reported)


def _value(parameter: Parameter, value: str, base: str) -> ox.NamedNode | ox.Literal:
    if parameter.kind == "text":
        return ox.Literal(value)
    if parameter.kind == "type":
        known = [found.name for found in entity_types()]
        if value not in known:
            raise UsageError(f"there is no entity type {value!r}; expected one of: {known}")
        return term(value)
    try:
        return ox.NamedNode(value if "://" in value else entity_iri(value, base=base))
    except ValueError as error:
        raise UsageError(f"{value!r} is not an IRI: {error}") from error


def _read(path: Path) -> NamedQuery:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: {error}; expected a query in UTF-8") from error
    head: dict[str, str] = {}
    parameters = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("#"):
            break
        found = _HEAD.fullmatch(line)
        parts = _PARAMETER.fullmatch(found[2]) if found and found[1] == "parameter" else None
        if not found or (found[1] == "parameter" and not parts):
            raise DataError(
                f"{path}:{number}: {line!r} is no line of a query's head;"
                " expected `# title:`, `# answers:`, `# reported:` or"
                " `# parameter: ?variable name kind: meaning`"
            )
        if parts:
            parameters.append(Parameter(parts[2], parts[1], parts[3], parts[4]))
        else:
            head[found[1]] = found[2]
    if not {"title", "answers"} <= set(head):
        raise DataError(f"{path}: begins without `# title:` and `# answers:`; add them")
    return NamedQuery(
        name=path.stem,
        title=head["title"],
        answers=head["answers"],
        reported=head.get("reported") == "true",
        parameters=tuple(parameters),
        text=text,
    )
