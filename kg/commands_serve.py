"""The command that serves the graph to a browser: serve."""

import os
import secrets
import signal
from contextlib import suppress
from pathlib import Path

import click

from kg.options import quiet_option, store_option

TOKEN = "KG_TOKEN"
"""Environment variable with the token of those who may change a served store."""


@click.command(
    "serve",
    short_help="Explorer, query page and SPARQL endpoint in a browser.",
    epilog="Example: kg serve --port 8080",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--timeout",
    "seconds",
    metavar="SECONDS",
    type=click.FloatRange(0, min_open=True),
    default=30,
    show_default=True,
    help="Stop a query after this time.",
)
@click.option(
    "--most",
    "megabytes",
    metavar="MB",
    type=click.FloatRange(0, min_open=True),
    default=100,
    show_default=True,
    help="Refuse an answer that is larger.",
)
@click.option(
    "--memory",
    metavar="MB",
    type=click.FloatRange(100),
    default=2000,
    show_default=True,
    help="Stop a query that takes more memory (on Linux).",
)
@click.option(
    "--at-once",
    metavar="N",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="Queries that run at a time; others wait.",
)
@click.option(
    "--update",
    "updates",
    is_flag=True,
    help=f"Allow SPARQL updates at /update with a token: that of {TOKEN}, else a new one.",
)
@click.option(
    "--allow-host",
    "hosts",
    metavar="NAME",
    multiple=True,
    help="A name under which this server may be asked; may be given again.",
)
@click.option(
    "--allow-origin",
    "origins",
    metavar="URL",
    multiple=True,
    help="A web page's origin that may read the answers (CORS); may be given again.",
)
@store_option
@quiet_option
def serve_command(
    *,
    host: str,
    port: int,
    seconds: float,
    megabytes: float,
    memory: float,
    at_once: int,
    updates: bool,
    hosts: tuple[str, ...],
    origins: tuple[str, ...],
    store: Path,
    quiet: bool,
) -> int:
    """Serves the store to this machine until it is interrupted (Ctrl-C).

    \b
    /        the explorer: the graph with its evidence; takes around, dispute,
             article, relation, from and to as `kg view` does: /?around=OpenAI
    /query   a page to write SPARQL on, with the project's terms and questions
    /sparql  a SPARQL 1.1 endpoint for other programs

    Builds may go on meanwhile: what they store is seen by the next query. Nothing can be changed
    from outside unless --update is given.
    """
    from kg.serve import Service, serve

    token = None
    if updates:
        token = os.environ.get(TOKEN) or secrets.token_urlsafe(24)
        if TOKEN not in os.environ:
            click.echo(f"updates at /update with: Authorization: Bearer {token}", err=True)

    def ready(address: str) -> None:
        if not quiet:
            click.echo(f"{store} is served at {address} (Ctrl-C ends it)", err=True)

    # Uvicorn ends what is under way and then hands the signal on: ending so is no failure.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    service = Service(
        seconds=seconds,
        megabytes=megabytes,
        memory=memory,
        at_once=at_once,
        token=token,
        hosts=hosts,
        origins=origins,
    )
    with suppress(KeyboardInterrupt):
        serve(store, service, host=host, port=port, ready=ready)
    return 0
