"""The local web application: explorer, query page, SPARQL endpoint.

It listens on this machine only unless told otherwise, answers only requests that name it as host
(against DNS rebinding), lets no other web page read it (no CORS), and its pages load nothing from
elsewhere (Content-Security-Policy).
"""

import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import uvicorn
from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.articles import iso_date
from kg.errors import StoreError
from kg.graph import ontology_quads
from kg.iris import prefixes
from kg.protocol import query_endpoint, told, update_endpoint
from kg.queries import named_queries
from kg.selection import Selection
from kg.store import open_store
from kg.vocabulary import ISSUES, NAMESPACE, PREFIXES
from kg.workers import Answer, PageOf, Workers, state_of

_PACKAGE = Path(__file__).resolve().parent
_STATIC = _PACKAGE / "static"
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_LABELS = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")
_QUERY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How a store is served.

    ``seconds`` limits a query, ``megabytes`` an answer, ``memory`` (megabytes too) what a query
    takes, ``at_once`` how many run at a time.
    ``token`` lets those who bring it change the store; without one nobody can. ``hosts`` are names
    under which the server may be asked besides those of this machine alone, ``origins`` web pages
    of other servers that may read the answers.
    """

    seconds: float = 30
    megabytes: float = 100
    memory: float = 2_000
    at_once: int = 2
    token: str | None = None
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()


def application(store: Path, service: Service) -> Starlette:
    """The web application on a store. Its processes start with it and end with it.

    Raises StoreError for a store that cannot be read.
    """
    with open_store(store, read_only=True):
        pass
    workers = Workers(
        store,
        count=service.at_once,
        seconds=service.seconds,
        megabytes=service.megabytes,
        memory=service.memory,
    )

    @asynccontextmanager
    async def ended(app: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(workers.close)

    routes = [
        Route("/", _explorer(store, workers)),
        Route("/query", _query_page),
        Route("/query/terms.json", _terms),
        Route("/sparql", query_endpoint(workers, page="/query"), methods=_ALL_METHODS),
        Route("/update", update_endpoint(store, token=service.token), methods=["POST"]),
        Mount("/static", StaticFiles(directory=_STATIC)),
    ]
    middleware = [
        Middleware(TrustedHostMiddleware, allowed_hosts=[*_LOOPBACK, *service.hosts]),
        Middleware(_Headers),
    ]
    if service.origins:
        middleware.append(
            Middleware(
                CORSMiddleware, allow_origins=list(service.origins), allow_methods=["GET", "POST"]
            )
        )
    return Starlette(routes=routes, middleware=middleware, lifespan=ended)


_ALL_METHODS = ["GET", "HEAD", "POST", "OPTIONS"]


def serve(
    store: Path,
    service: Service,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serves a store until it is interrupted; answers that are under way are finished first.

    ``port`` 0 takes a free one. ``ready`` is called with the address once it answers. Raises
    StoreError where the store cannot be read or the port is taken.
    """
    is_sixth = ":" in host
    name = f"[{host}]" if is_sixth else host
    family = socket.AF_INET6 if is_sixth else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        raise StoreError(
            f"{host}:{port}: cannot be listened on: {error.strerror}; give another --port or --host"
        ) from None
    with listening:
        config = uvicorn.Config(
            application(store, replace(service, hosts=(*service.hosts, name))),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
            lifespan="on",
        )
        address = f"http://{name}:{listening.getsockname()[1]}/"
        _Server(config, (lambda: ready(address)) if ready else None).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Tells when it has started: from then on, being interrupted ends it in order."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None] | None) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._tell and self.started:
            self._tell()


def _explorer(store: Path, workers: Workers) -> Callable[[Request], object]:
    """The page of the graph; kept until the store changes, for the choice that was last asked."""
    kept: dict[object, Answer] = {}

    async def page(request: Request) -> Response:
        given = request.query_params
        try:
            since, until = iso_date(given.get("from", "")), iso_date(given.get("to", ""))
        except ValueError as error:
            return told(400, f"from, to: {error}")
        chosen = Selection(
            around=given.get("around", ""),
            relations=tuple(given.getlist("relation")),
            since=since,
            until=until,
        )
        job = PageOf(chosen, dispute=given.get("dispute"), article=given.get("article"))
        key = (job, state_of(store))
        answer = kept.get(key)
        if answer is None:
            answer = await run_in_threadpool(workers.ask, job)
            if answer.kind == "done":
                kept.clear()
                kept[key] = answer
        if answer.kind != "done":
            return told(400 if answer.kind == "wrong" else 503, answer.data.decode())
        return HTMLResponse(answer.data)

    return page


async def _query_page(request: Request) -> Response:
    return HTMLResponse(_query_html(), headers={"Content-Security-Policy": _QUERY_POLICY})


async def _terms(request: Request) -> Response:
    return Response(_terms_json(), media_type="application/json")


@cache
def _query_html() -> str:
    environment = Environment(loader=FileSystemLoader(_PACKAGE / "templates"), autoescape=True)
    return environment.get_template("query.html").render()


@cache
def _terms_json() -> str:
    """What the query page completes and offers: prefixes, terms with labels, named queries."""
    names = {NAMESPACE: "dkg", ISSUES: "issue"}
    labels: dict[str, list[str]] = {}
    for quad in ontology_quads():
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.NamedNode) and isinstance(value, ox.Literal):
            for namespace, prefix in names.items():
                local = subject.value.removeprefix(namespace)
                if local != subject.value and quad.predicate.value in _LABELS:
                    found = labels.setdefault(f"{prefix}:{local}", [])
                    if value.value not in found:
                        found.append(value.value)
    return json.dumps(
        {
            "prefixes": prefixes(),
            "terms": [[name, ", ".join(sorted(labels[name]))] for name in sorted(labels)],
            "queries": [
                {
                    "name": one.name,
                    "title": one.title,
                    "answers": one.answers,
                    "reported": one.reported,
                    "text": one.text,
                }
                for one in named_queries()
            ],
        },
        ensure_ascii=False,
    )


class _Headers:
    """Headers that every answer has."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", "frame-ancestors 'none'")
            await send(message)

        await self._app(scope, receive, send_with_headers)
