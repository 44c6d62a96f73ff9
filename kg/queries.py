"""The named queries of ``ontology/queries/*.rq``: questions about disputes, ready to ask.

A query file begins with comment lines that describe it::

    # title: Lawsuits
    # answers: Who sues whom, who settles, and what do courts decide?
    # reported: true                      (only where reported direct triples count too)
    # parameter: ?who actor entity: only what this one does

A parameter line gives a variable, the name to give it by, the kind of its value and what it does.
An entity is a value of the variable, also in each sub-query that speaks of it, which keeps these
small; a dispute is what the variable, a statement or an article, must be part of; a type or a
language takes the variable's place, so that the query must not select it. No parameter need be
given.

A query that has many rows on a large store says what a row is about::

    # choice: ?statement 500: ?statement dkg:negated true ; dkg:subject ?who .

Where rows are to be read rather than kept, so many values of the variable (or of several together),
whichever the store gives first, are looked up by that pattern, and the query is narrowed to them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError, UsageError
from kg.iris import dispute_iri, entity_iri, name_in_iri
from kg.resources import ontology_dir
from kg.results import limited_rows
from kg.selection import slugs_named
from kg.sparql import Result
from kg.store import Store
from kg.vocabulary import entity_types, foreign, relations, term

_ROLES = ("subject", "object", "attributedTo", "mentions")
_NAMED = """
SELECT DISTINCT ?entity {
  VALUES ?label { rdfs:label skos:prefLabel skos:altLabel }
  ?entity ?label ?name FILTER (LCASE(STR(?name)) = %s)
}
"""
_NAMES = """
SELECT ?entity ?name {
  { SELECT DISTINCT ?entity {
      VALUES ?role { dkg:subject dkg:object dkg:attributedTo dkg:mentions skos:broader }
      ?from ?role ?entity
  } }
  OPTIONAL { ?entity rdfs:label|skos:prefLabel|skos:altLabel ?name }
}
"""
_HEAD = re.compile(r"# (title|answers|reported|parameter|choice): (.+)")
_PARAMETER = re.compile(r"\?(\w+) (\w+) (entity|dispute|type|language): (.+)")
_BLOCK = "WHERE {"
_CHOICE = re.compile(r"((?:\?\w+ )+)([1-9]\d*): (.+)")
_MOST_LISTED = 30
MOST_TO_READ = 1_000
"""Rows of a part of an answer."""
LARGE = 20_000
"""Statements of a store whose whole answers take their time, where there are more."""
_DISPUTES = "SELECT ?id { ?dispute a dkg:Dispute ; dcterms:identifier ?id } ORDER BY ?id"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a query can be given: ``variable`` of the query, ``name`` to give it by.

    ``kind`` is entity (a slug, an IRI or a name), dispute (its identifier), type (an entity type)
    or language (its code).
    """

    name: str
    variable: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a row is about: ``variables``, the ``pattern`` that finds their values, and how many of
    these at ``most`` make about as many rows as can be read."""

    variables: tuple[str, ...]
    most: int
    pattern: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query of the library; ``answers`` is the question, ``reported`` its default.

    ``choice`` is None for one that has few rows however large the store.
    """

    name: str
    title: str
    answers: str
    reported: bool
    parameters: tuple[Parameter, ...]
    text: str
    choice: Choice | None = None


@cache
def named_queries() -> tuple[NamedQuery, ...]:
    """All named queries, sorted by name; DataError for a file whose head is not as it should be.

    >>> [query.name for query in named_queries()][:3]
    ['actors-in-several-articles', 'actors-in-several-disputes', 'agreements']
    """
    paths = (ontology_dir() / "queries").glob("*.rq")
    return tuple(_read(path) for path in sorted(paths, key=lambda path: path.stem))


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
    inferred: bool = False,
) -> Result:
    """The result of a named query on a store.

    ``bindings`` gives parameters by name, entities by slug, IRI, prefixed name or any name in any
    case (``{"actor": "OpenAI", "lang": "id"}``); a name of several entities means them all.
    ``reported`` counts direct triples that are only reported, some queries always do; ``inferred``
    those that follow by inference, where the store has them. UsageError
    for an unknown query, parameter, entity, dispute, type or language.
    """
    query = named_query(name)
    given = _given(store, query, bindings or {})
    text = _narrowed(query.text, given)
    return store.query(text, reported=reported or query.reported, inferred=inferred)


def run_query_to_read(
    store: Store,
    name: str,
    *,
    bindings: Mapping[str, str] | None = None,
    reported: bool = False,
    inferred: bool = False,
) -> tuple[Result, bool]:
    """What `run_query` gives, or a part that is there at once; and whether there is more.

    A part holds at most `MOST_TO_READ` rows, whole and in the order of the answer: its first, but
    in a store with more than `LARGE` statements those that the store chooses.
    """
    query = named_query(name)
    given = _given(store, query, bindings or {})

    def ask(asked: str) -> Result:
        return store.query(asked, reported=reported or query.reported, inferred=inferred)

    choice, chosen = query.choice, None
    if choice is not None and _speaks_of(choice, given) and _is_large(store):
        choosing = (
            f"SELECT DISTINCT {' '.join(f'?{name}' for name in choice.variables)}"
            f" {_BLOCK} {choice.pattern} }} LIMIT {choice.most + 1}"
        )
        found = ask(_narrowed(choosing, given))
        assert isinstance(found, ox.QuerySolutions)
        rows = [tuple(map(str, row)) for row in found]
        if len(rows) > choice.most:
            chosen = _Values(choice.variables, rows[: choice.most])
    text = _narrowed(query.text, given, chosen=chosen)
    result, is_cut = limited_rows(ask(text), MOST_TO_READ)
    return result, chosen is not None or is_cut


def _is_large(store: Store) -> bool:
    rows = store.query(f"SELECT ?claim WHERE {{ ?claim dkg:subject ?who }} LIMIT {LARGE + 1}")
    assert isinstance(rows, ox.QuerySolutions)
    return sum(1 for _ in rows) > LARGE


@dataclass(frozen=True, slots=True)
class _Values:
    """Rows of values that variables have together, as SPARQL writes them."""

    variables: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def pattern(self, block: str) -> str:
        """What narrows a block to them, by those of the variables that it speaks of."""
        places = [n for n, variable in enumerate(self.variables) if _stands_in(variable, block)]
        if not places:
            return ""
        rows = (" ".join(row[place] for place in places) for row in self.rows)
        listed = " ".join(f"({row})" for row in dict.fromkeys(rows))
        names = " ".join(f"?{self.variables[place]}" for place in places)
        return f"VALUES ({names}) {{ {listed} }}"


_Given = Sequence[tuple[Parameter, Sequence[str]]]
"""Parameters with their values, as SPARQL writes them."""


def _speaks_of(choice: Choice, given: _Given) -> bool:
    """Whether the parameters given, but for the language of names, narrow a choice too."""
    return all(
        _stands_in(parameter.variable, choice.pattern)
        for parameter, _ in given
        if parameter.kind != "language"
    )


def _stands_in(variable: str, text: str) -> bool:
    return re.search(rf"\?{variable}\b", text) is not None


def _given(store: Store, query: NamedQuery, bindings: Mapping[str, str]) -> _Given:
    """The values given; UsageError for a parameter or a value that there is not."""
    known = {parameter.name: parameter for parameter in query.parameters}
    found: list[tuple[Parameter, Sequence[str]]] = []
    for given, value in bindings.items():
        if given not in known:
            near = get_close_matches(given, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise UsageError(
                f"query {query.name!r} has no parameter {given!r};"
                f" expected one of: {', '.join(known) or 'none at all'}{hint}"
            )
        parameter = known[given]
        if parameter.kind == "entity":
            found.append((parameter, [str(node) for node in _entities(store, value)]))
        elif parameter.kind == "dispute":
            found.append((parameter, [str(_dispute(store, value))]))
        else:
            found.append((parameter, [str(_constant(parameter.kind, value))]))
    return found


def _narrowed(text: str, given: _Given, *, chosen: _Values | None = None) -> str:
    """The query with values for its parameters, and of what a choice has found.

    A pattern stands at the start of each block in which the variable itself stands: a sub-query is
    a block of its own, and what it speaks of is narrowed there. Where a choice narrows a block, an
    entity only sorts out: looked up from there, one with many claims would take their time.
    """
    made = text
    for parameter, values in given:
        if parameter.kind in ("type", "language"):
            constant = values[0].replace("\\", r"\\")
            made = re.sub(rf"\?{parameter.variable}\b", constant, made)
    for start, own in reversed(_own_parts(made)):
        leading = chosen.pattern(own) if chosen else ""
        patterns = [leading] if leading else []
        for parameter, values in given:
            variable = f"?{parameter.variable}"
            if not _stands_in(parameter.variable, own):
                continue
            if parameter.kind == "dispute":
                patterns.append(f"{variable} dkg:partOfDispute {values[0]} .")
            elif parameter.kind == "entity" and leading:
                patterns.append(f"FILTER ({variable} IN ({', '.join(values)}))")
            elif parameter.kind == "entity":
                patterns.append(f"VALUES {variable} {{ {' '.join(values)} }}")
        made = "".join((made[:start], *(f" {pattern}" for pattern in patterns), made[start:]))
    return made


def _own_parts(text: str) -> list[tuple[int, str]]:
    """Each block of a query: where it starts, and its text without that of its sub-queries."""
    blocks = [
        (text.rfind("SELECT", 0, found.start()), found.end(), _end_of_block(text, found.end()))
        for found in re.finditer(re.escape(_BLOCK), text)
    ]
    parts = []
    for _, start, end in blocks:
        own, at = "", start
        for select, _, inner_end in blocks:
            if at < select and inner_end <= end:
                own, at = own + text[at:select], inner_end
        own += text[at:end]
        parts.append((start, own))
    return parts


def _end_of_block(text: str, start: int) -> int:
    depth, end = 1, start
    while depth and end < len(text):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
    return end


def _entities(store: Store, name: str) -> list[ox.NamedNode]:
    """The entities of the store's statements that a name means, sorted."""
    start = entity_iri("", base=store.base)
    given = name.strip().removeprefix("<").removesuffix(">").removeprefix("entity:")
    if given.startswith(start):
        given = name_in_iri(given)
    wanted = " ".join(given.split()).casefold()
    found = {ox.NamedNode(entity_iri(slug, base=store.base)) for slug in (wanted, given)}
    rows = store.query(_NAMED % ox.Literal(wanted.lower()))
    assert isinstance(rows, ox.QuerySolutions)
    found |= {row["entity"] for row in rows if isinstance(row["entity"], ox.NamedNode)}
    spoken_of = [node for node in found if _is_spoken_of(store, node)]
    return sorted(spoken_of, key=str) or _entities_by_all_names(store, given)


def _is_spoken_of(store: Store, node: ox.NamedNode) -> bool:
    """Whether a statement is about a node, or an entity that one is about."""
    predicates = (*map(term, _ROLES), foreign("skos:broader"))
    return any(
        next(iter(store.triples(predicate=predicate, object=node)), None) is not None
        for predicate in predicates
    )


def _entities_by_all_names(store: Store, given: str) -> list[ox.NamedNode]:
    """The same by reading the names of all entities; UsageError with those that come near."""
    rows = store.query(_NAMES)
    assert isinstance(rows, ox.QuerySolutions)
    nodes: dict[str, ox.NamedNode] = {}
    names: list[tuple[str, str]] = []
    for entity, label in rows:
        if isinstance(entity, ox.NamedNode):
            slug = name_in_iri(entity.value)
            nodes[slug] = entity
            names.append((label.value if isinstance(label, ox.Literal) else slug, slug))
    return [nodes[slug] for slug in sorted(slugs_named(given, names))]


def _dispute(store: Store, value: str) -> ox.NamedNode:
    rows = store.query(_DISPUTES)
    assert isinstance(rows, ox.QuerySolutions)
    ids = [row["id"].value for row in rows if isinstance(row["id"], ox.Literal)]
    return ox.NamedNode(dispute_iri(_known("dispute", value, ids), base=store.base))


def _constant(kind: str, value: str) -> ox.NamedNode | ox.Literal:
    if kind == "type":
        types = [found.name for found in entity_types()]
        return term(_known("entity type", value, types))
    languages = sorted({lang for relation in relations() for lang, _ in relation.labels})
    return ox.Literal(_known("language", value, languages))


def _known(what: str, value: str, expected: Iterable[str]) -> str:
    """The expected value that is the given one, in whatever case."""
    found = {one.casefold(): one for one in expected}
    if value.strip().casefold() not in found:
        near = get_close_matches(value.casefold(), found, n=1)
        hint = f"; did you mean {found[near[0]]}?" if near else ""
        listed = ", ".join(islice(found.values(), _MOST_LISTED)) or "none at all"
        more = ", …" if len(found) > _MOST_LISTED else ""
        raise UsageError(
            f"there is no {what} {value!r} here; expected one of: {listed}{more}{hint}"
        )
    return found[value.strip().casefold()]


def _read(path: Path) -> NamedQuery:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: {error}; expected a query in UTF-8") from error
    head: dict[str, str] = {}
    parameters = []
    chosen: Choice | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("#"):
            break
        found = _HEAD.fullmatch(line)
        parts = _PARAMETER.fullmatch(found[2]) if found and found[1] == "parameter" else None
        choice = _CHOICE.fullmatch(found[2]) if found and found[1] == "choice" else None
        if (
            not found
            or (found[1] == "parameter" and not parts)
            or (found[1] == "choice" and not choice)
        ):
            raise DataError(
                f"{path}:{number}: {line!r} is no line of a query's head;"
                " expected `# title:`, `# answers:`, `# reported:`,"
                " `# parameter: ?variable name kind: meaning` or"
                " `# choice: ?variable … number: pattern`"
            )
        if choice:
            variables = tuple(choice[1].replace("?", "").split())
            chosen = Choice(variables, int(choice[2]), choice[3])
        elif parts:
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
        choice=chosen,
    )
