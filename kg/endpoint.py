"""A SPARQL 1.1 server by its address: questions and updates by the SPARQL protocol."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox

from kg.errors import QueryError, StoreError, UsageError
from kg.iris import BASE, prefixes
from kg.sparql import Dataset, Result

TIMEOUT = 60.0
_ACCEPT = "application/sparql-results+json, text/turtle;q=0.9, application/n-triples;q=0.8"
_COPY = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a SPARQL server answers queries and takes updates, and who asks.

    ``update`` is the address for updates, that for queries where it is empty. ``user`` and
    ``password`` are given by basic authentication, or digest where the server asks for that;
    ``token`` as bearer. They are sent to these two addresses alone.
    """

    query: str
    update: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    timeout: float = TIMEOUT


class Connection:
    """Requests to one server. Made by `connected`, usable until its block ends."""

    def __init__(self, address: Address, client: httpx.Client) -> None:
        self.address = address
        self._client = client
        if address.user:
            client.auth = httpx.BasicAuth(address.user, address.password)

    def ask(self, query: str, *, dataset: Dataset | None = None) -> Result:
        """The answer to a query.

        Raises StoreError for a server that cannot be reached, refuses who asks or answers something
        else, and QueryError for a query that it refuses.
        """
        url = self.address.query
        data: dict[str, str | list[str]] = {"query": query}
        if dataset is not None:
            data["default-graph-uri"] = list(dataset.default)
            data["named-graph-uri"] = list(dataset.named)
        response = self._post(url, data=data, accept=_ACCEPT)
        return _read(url, response.headers.get("content-type", ""), response.content)

    def update(self, update: str) -> None:
        """Changes what the server holds; errors as in `ask`."""
        url = self.address.update or self.address.query
        self._post(url, body=update.encode())

    def _post(
        self,
        url: str,
        *,
        data: dict[str, str | list[str]] | None = None,
        body: bytes | None = None,
        accept: str = "*/*",
    ) -> httpx.Response:
        headers = {"Accept": accept}
        if body is not None:
            headers["Content-Type"] = "application/sparql-update"
        if self.address.token:
            headers["Authorization"] = f"Bearer {self.address.token}"

        def post() -> httpx.Response:
            return self._client.post(url, data=data, content=body, headers=headers)

        try:
            response = post()
            if response.status_code == 401 and self.address.user:
                # Virtuoso wants digest and does not say so to those who come with basic.
                self._client.auth = httpx.DigestAuth(self.address.user, self.address.password)
                response = post()
        except httpx.TimeoutException:
            raise StoreError(
                f"{url} gave no answer in {self.address.timeout:g} seconds;"
                " ask for less, or allow more time"
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise StoreError(
                f"{url} cannot be reached: {error}; check address and network"
            ) from None
        _refuse(url, response, update=body is not None)
        return response


@contextmanager
def connected(address: Address) -> Iterator[Connection]:
    """Requests to a server; UsageError for an address that is not one of the web."""
    for url in filter(None, (address.query, address.update)):
        if urlsplit(url).scheme not in ("http", "https"):
            raise UsageError(
                f"{url}: not an address of a SPARQL server; expected http://… or https://…"
            )
    # Redirects are not followed: they could carry words and passwords to another server.
    with httpx.Client(timeout=address.timeout, follow_redirects=False) as client:
        yield Connection(address, client)


def with_prefixes(query: str, *, base: str = BASE) -> str:
    """A query or update with the project's prefixes declared, in the same line as its first."""
    declared = set(re.findall(r"\bprefix\s+([\w-]*):", query, re.IGNORECASE))
    missing = {name: iri for name, iri in prefixes(base=base).items() if name not in declared}
    return "".join(f"PREFIX {name}: <{iri}> " for name, iri in missing.items()) + query


def _refuse(url: str, response: httpx.Response, *, update: bool) -> None:
    code = response.status_code
    if 200 <= code < 300:
        return
    reason = " ".join(response.text[:2_000].split()) or response.reason_phrase
    if code == 400:
        raise QueryError(f"{url} refuses the {'update' if update else 'query'}: {reason}")
    if code in (401, 403):
        raise StoreError(
            f"{url} answers {code} {response.reason_phrase}: it wants to know who asks;"
            " set KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD, or KG_ENDPOINT_TOKEN"
        )
    what = "update" if update else "query"
    raise StoreError(
        f"{url} answers {code} {response.reason_phrase}: {reason[:200]};"
        f" see that this is the {what} address"
    )


def _truth(result: Result) -> Result:
    """A truth value where Virtuoso gives a table of one: no row for false."""
    if not isinstance(result, ox.QuerySolutions):
        return result
    if [variable.value for variable in result.variables] != ["__ASK_RETVAL"]:
        return result
    value = next(iter(result), None)
    is_true = value is not None and isinstance(value[0], ox.Literal) and value[0].value == "1"
    text = f'{{"head": {{}}, "boolean": {"true" if is_true else "false"}}}'
    return ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)


def _read(url: str, kind: str, data: bytes) -> Result:
    media = kind.partition(";")[0].strip()
    try:
        table = ox.QueryResultsFormat.from_media_type(media)
        if table is not None:
            return _truth(ox.parse_query_results(data, format=table))
        graph = ox.RdfFormat.from_media_type(media)
        if graph is not None:
            copy = ox.Store()
            copy.load(data, format=graph)
            found = copy.query(_COPY)
            assert isinstance(found, ox.QueryTriples)
            return found
    except (SyntaxError, ValueError) as error:
        raise StoreError(f"{url}: the answer is broken: {error}; ask the server's keeper") from None
    raise StoreError(
        f"{url} answers {media or 'nothing of a known kind'}, expected SPARQL results;"
        " see that this is the query address"
    )
