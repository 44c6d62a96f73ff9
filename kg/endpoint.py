"""Questions to a SPARQL 1.1 server by the SPARQL protocol."""

import re
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pyoxigraph as ox

from kg.errors import QueryError, StoreError, UsageError
from kg.iris import BASE, prefixes
from kg.sparql import Result

_ACCEPT = "application/sparql-results+json, text/turtle;q=0.9, application/n-triples;q=0.8"
_COPY = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def ask_endpoint(url: str, query: str, *, timeout: float = 60, base: str = BASE) -> Result:
    """The answer of a SPARQL server to a query; the project's prefixes need not be declared.

    ``timeout`` is in seconds. UsageError for an address that is not one of the web, StoreError for
    a server that cannot be reached or answers something else, QueryError for a query that it
    refuses.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise UsageError(
            f"{url}: not an address of a SPARQL server; expected http://… or https://…"
        )
    request = Request(
        url,
        data=urlencode({"query": _with_prefixes(query, base)}).encode(),
        headers={"Accept": _ACCEPT, "Content-Type": "application/x-www-form-urlencoded"},
    )
    try:
        with urlopen(request, timeout=timeout) as response:
            kind, data = response.headers.get_content_type(), response.read()
    except HTTPError as error:
        with error:
            reason = error.read(2_000).decode(errors="replace").strip()
        if error.code == 400:
            raise QueryError(f"{url} refuses the query: {reason or error.reason}") from None
        raise StoreError(
            f"{url} answers {error.code} {error.reason}; see that this is the query address"
        ) from None
    except (URLError, HTTPException, OSError) as error:
        reason = str(error.reason if isinstance(error, URLError) else error)
        raise StoreError(f"{url} cannot be reached: {reason}; check address and network") from None
    return _read(url, kind, data)


def _with_prefixes(query: str, base: str) -> str:
    declared = set(re.findall(r"\bprefix\s+([\w-]*):", query, re.IGNORECASE))
    missing = {name: iri for name, iri in prefixes(base=base).items() if name not in declared}
    return "".join(f"PREFIX {name}: <{iri}> " for name, iri in missing.items()) + query


def _read(url: str, kind: str, data: bytes) -> Result:
    try:
        table = ox.QueryResultsFormat.from_media_type(kind)
        if table is not None:
            return ox.parse_query_results(data, format=table)
        graph = ox.RdfFormat.from_media_type(kind)
        if graph is not None:
            copy = ox.Store()
            copy.load(data, format=graph)
            found = copy.query(_COPY)
            assert isinstance(found, ox.QueryTriples)
            return found
    except (SyntaxError, ValueError) as error:
        raise StoreError(f"{url}: the answer is broken: {error}; ask the server's keeper") from None
    raise StoreError(
        f"{url} answers {kind}, expected SPARQL results; see that this is the query address"
    )
