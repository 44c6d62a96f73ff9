"""The SPARQL 1.1 protocol on a store: queries, updates, service description.

https://www.w3.org/TR/sparql11-protocol/ and https://www.w3.org/TR/sparql11-service-description/
"""

import hmac
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from urllib.parse import parse_qsl

import mimeparse
import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg.errors import QueryError, StoreError
from kg.sparql import Dataset, is_update
from kg.store import open_to_change
from kg.vocabulary import PREFIXES
from kg.workers import GRAPHS, TABLES, Answer, Question, Workers

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_MOST_BYTES = 2_000_000  # of a request; longer queries are no queries
_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_METHODS = "GET, HEAD, POST, OPTIONS"
_HTML = "text/html"
_STATUS = {
    "wrong": 400,
    "format": 406,
    "large": 500,
    "slow": 503,
    "gone": 500,
    "busy": 503,
    "failed": 500,
}

Endpoint = Callable[[Request], Awaitable[Response]]


def query_endpoint(workers: Workers, *, page: str) -> Endpoint:
    """Answers queries, by GET and both kinds of POST; without a query, describes the service.

    A browser that asks without a query is led to ``page``.
    """

    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": _METHODS, "Accept-Query": QUERY})
        try:
            parameters = await _parameters(request, QUERY, "query")
        except _RefusedError as refused:
            return refused.response
        queries = [value for name, value in parameters if name == "query"]
        if not queries and request.method in ("GET", "HEAD") and not parameters:
            return _description(request, page)
        if any(name == "update" for name, _ in parameters):
            return told(400, "an update; here are queries only, updates go to /update")
        if len(queries) != 1:
            return told(400, f"expected one query, got {len(queries)}")
        if is_update(queries[0]):
            return told(400, "this is an update; here are queries only, updates go to /update")
        accept = ",".join(request.headers.getlist("accept")) or "*/*"
        try:
            table, graph = _best(TABLES, accept), _best(GRAPHS, accept)
        except ValueError:
            return told(406, f"the Accept header cannot be read: {accept[:200]}")
        question = Question(
            queries[0],
            table,
            graph,
            dataset=_dataset(parameters),
            reported=("reported", "true") in parameters,
        )
        found = await run_in_threadpool(workers.ask, question)
        return _response(found)

    return answer


def update_endpoint(store: Path, *, token: str | None) -> Endpoint:
    """Changes the store for those who bring the token; for nobody where there is none."""

    async def change(request: Request) -> Response:
        if token is None:
            return told(403, "this server only reads; start it with --update to change the store")
        given = request.headers.get("authorization", "")
        kind, _, value = given.partition(" ")
        # Compared in constant time: the time that it takes tells nothing of the token.
        if kind.lower() != "bearer" or not hmac.compare_digest(value.encode(), token.encode()):
            refused = told(401, "updates need the server's token: Authorization: Bearer TOKEN")
            refused.headers["WWW-Authenticate"] = 'Bearer realm="dispute-kg"'
            return refused
        try:
            parameters = await _parameters(request, UPDATE, "update")
        except _RefusedError as not_read:
            return not_read.response
        updates = [value for name, value in parameters if name == "update"]
        if len(updates) != 1:
            return told(400, f"expected one update, got {len(updates)}")
        if any(name.startswith("using-") for name, _ in parameters):
            return told(400, "using-graph-uri is not supported here; write USING in the update")
        try:
            await run_in_threadpool(_update, store, updates[0])
        except QueryError as error:
            return told(400, str(error))
        except StoreError as error:
            return told(503, str(error))
        return Response(status_code=204)

    return change


def told(status: int, message: str) -> Response:
    """One line of plain text with a status."""
    return Response(message + "\n", status_code=status, media_type="text/plain")


def _update(store: Path, text: str) -> None:
    with open_to_change(store) as opened:
        opened.update(text)


class _RefusedError(Exception):
    """A request that cannot be read, with the answer that says so."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


async def _parameters(request: Request, direct: str, name: str) -> list[tuple[str, str]]:
    """The parameters of a request, whichever of the protocol's ways they came.

    In the address, in a form, or the text itself as body with the others in the address.
    """
    asked = list(request.query_params.multi_items())
    if request.method in ("GET", "HEAD"):
        return asked
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (FORM, direct):
        raise _RefusedError(told(415, f"expected the content type {FORM} or {direct}"))
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise _RefusedError(told(413, f"more than {_MOST_BYTES} bytes; send less"))
    try:
        text = body.decode()
        if kind == direct:
            return [*asked, (name, text)]
        return [*asked, *parse_qsl(text, keep_blank_values=True, errors="strict")]
    except ValueError as error:
        raise _RefusedError(told(400, f"cannot be read: {error}; expected UTF-8")) from None


def _dataset(parameters: Sequence[tuple[str, str]]) -> Dataset | None:
    default = tuple(value for name, value in parameters if name == "default-graph-uri")
    named = tuple(value for name, value in parameters if name == "named-graph-uri")
    return Dataset(default, named) if default or named else None


def _best(offered: Iterable[str], accept: str) -> str:
    """The media type that suits best, "" for none; ValueError for a header that is none."""
    return str(mimeparse.best_match(list(offered), accept))


def _response(answer: Answer) -> Response:
    if answer.kind == "done":
        media = answer.media
        if media.startswith("text/"):
            media += "; charset=utf-8"
        return Response(answer.data, headers={"Content-Type": media, "Vary": "Accept"})
    response = told(_STATUS[answer.kind], answer.data.decode())
    if answer.kind == "busy":
        response.headers["Retry-After"] = "10"
    return response


def _description(request: Request, page: str) -> Response:
    accept = ",".join(request.headers.getlist("accept")) or "*/*"
    try:
        best = mimeparse.best_match([_HTML, *GRAPHS], accept)
    except ValueError:
        best = ""
    if best == _HTML:
        return RedirectResponse(page, status_code=303)
    if not best:
        return told(406, f"the service is described in: {', '.join(GRAPHS)}")
    address = str(request.url.replace(query=""))
    data = ox.serialize(
        _description_of(address), format=GRAPHS[best], prefixes={"sd": _SD, "format": _FORMATS}
    )
    return Response(data, headers={"Content-Type": best, "Vary": "Accept"})


def _description_of(address: str) -> list[ox.Triple]:
    me, dataset, graph = (ox.NamedNode(address + end) for end in ("", "#dataset", "#default"))
    type_ = ox.NamedNode(PREFIXES["rdf"] + "type")

    def sd(name: str) -> ox.NamedNode:
        return ox.NamedNode(_SD + name)

    tables = [f"SPARQL_Results_{name}" for name in ("JSON", "XML", "CSV", "TSV")]
    formats = [*tables, "Turtle", "N-Triples", "RDF_XML", "JSON-LD"]
    return [
        ox.Triple(me, type_, sd("Service")),
        ox.Triple(me, sd("endpoint"), me),
        ox.Triple(me, sd("supportedLanguage"), sd("SPARQL11Query")),
        *(ox.Triple(me, sd("resultFormat"), ox.NamedNode(_FORMATS + name)) for name in formats),
        ox.Triple(me, sd("defaultDataset"), dataset),
        ox.Triple(dataset, type_, sd("Dataset")),
        ox.Triple(dataset, sd("defaultGraph"), graph),
        ox.Triple(graph, type_, sd("Graph")),
    ]
