"""What the commands share: options, where results go, progress and messages."""

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar, cast

import click

from kg.errors import DataError, UsageError

if TYPE_CHECKING:
    from kg.endpoint import Address
    from kg.records import Article
    from kg.selection import Selection
    from kg.store import Store

STDOUT = "-"
DEFAULT_STORE = "out/store"

_F = TypeVar("_F", bound=Callable[..., Any])


def tell(message: str, code: int) -> int:
    """One line on standard error; gives the exit code back."""
    click.echo(f"kg: {message}", err=True)
    return code


def lang_option(command: _F) -> _F:
    """The language of all articles."""
    return click.option(
        "--lang", metavar="CODE", help="Language of all articles; found for each where not given."
    )(command)


def processes_option(command: _F) -> _F:
    """In how many processes articles are read."""
    return click.option(
        "--processes",
        metavar="N",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        help="Read articles in N processes; the result is the same.",
    )(command)


def quiet_option(command: _F) -> _F:
    """No progress and no messages."""
    return click.option("-q", "--quiet", is_flag=True, help="No progress, no messages but errors.")(
        command
    )


def accept_quiet(command: _F) -> _F:
    """For commands that say nothing but errors anyway; every command takes ``--quiet``."""
    return click.option(
        "-q", "--quiet", is_flag=True, expose_value=False, help="No messages but errors."
    )(command)


def output_option(command: _F) -> _F:
    """The file of the result instead of standard output."""
    return click.option(
        "-o",
        "--output",
        metavar="FILE",
        default=STDOUT,
        help="Write to FILE, which appears whole or not at all.  [default: standard output]",
    )(command)


def store_option(command: _F) -> _F:
    """The folder of the store."""
    return click.option(
        "--store",
        metavar="DIR",
        type=click.Path(path_type=Path),
        default=Path(DEFAULT_STORE),
        show_default=True,
        help="Folder of the store.",
    )(command)


def selection_options(command: _F) -> _F:
    """Which part of the graph: ``article``, ``dispute`` and the fields of a `Selection`."""
    for option in (
        click.option(
            "--to",
            "until",
            metavar="DATE",
            default="",
            help="Only articles of this date or earlier.",
        ),
        click.option(
            "--from",
            "since",
            metavar="DATE",
            default="",
            help="Only articles of this date or later, as in 2024-11-28.",
        ),
        click.option(
            "--relation",
            "relations",
            metavar="R",
            multiple=True,
            help="Only this relation or group; may be given again.",
        ),
        click.option(
            "--around",
            metavar="ENTITY",
            default="",
            help="Only what this entity does, suffers or says; a name or its id.",
        ),
        click.option(
            "--dispute", metavar="ID", help="Only what the articles of this dispute state."
        ),
        click.option("--article", metavar="ID", help="Only what this article states."),
    ):
        command = option(command)
    return command


def read_selection(around: str, relations: tuple[str, ...], since: str, until: str) -> "Selection":
    """The selection that options give; UsageError for what is no date."""
    from kg.articles import iso_date
    from kg.selection import Selection

    try:
        return Selection(around, relations, iso_date(since), iso_date(until))
    except ValueError as error:
        raise UsageError(f"--from, --to: {error}") from None


def decisions_option(command: _F) -> _F:
    """The file of decisions about entities."""
    return click.option(
        "--decisions",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Decisions about entities.  [default: decisions.toml beside the store]",
    )(command)


@contextmanager
def open_output(name: str) -> Iterator[TextIO]:
    """Standard output for ``-``, else a file that appears whole or not at all."""
    if name == STDOUT:
        yield sys.stdout
        return
    from kg.files import whole_file

    with whole_file(Path(name)) as file:
        yield file


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[["Article"], None]]:
    """A function to call after each article; a bar where standard error is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda article: None
        return
    from tqdm import tqdm

    with tqdm(unit=" articles", file=sys.stderr, leave=False) as bar:

        def step(article: "Article") -> None:
            bar.set_postfix_str(article.id, refresh=False)
            bar.update()

        yield step


def tell_failures(failures: Sequence[object]) -> None:
    """One line on standard error for each thing that was left out."""
    for failure in failures:
        tell(f"left out: {failure}", 1)


def endpoint_options(command: _F) -> _F:
    """A SPARQL server in the place of the folder of the store; gives ``server``."""

    @click.option(
        "--endpoint",
        metavar="URL",
        help="A SPARQL 1.1 server instead of a folder. Who asks is told by the environment:"
        " KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD, or KG_ENDPOINT_TOKEN.",
    )
    @click.option(
        "--update-endpoint",
        metavar="URL",
        help="Where that server takes updates.  [default: the same address]",
    )
    @wraps(command)
    def with_server(
        *args: Any, endpoint: str | None, update_endpoint: str | None, **kwargs: Any
    ) -> Any:
        return command(*args, server=_server(endpoint, update_endpoint), **kwargs)

    return cast(_F, with_server)


def _server(endpoint: str | None, update_endpoint: str | None) -> "Address | None":
    if endpoint is None:
        if update_endpoint is not None:
            raise UsageError("--update-endpoint goes with --endpoint: give both")
        return None
    from kg.endpoint import Address

    return Address(
        endpoint,
        update_endpoint or "",
        user=os.environ.get("KG_ENDPOINT_USER", ""),
        password=os.environ.get("KG_ENDPOINT_PASSWORD", ""),
        token=os.environ.get("KG_ENDPOINT_TOKEN", ""),
    )


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Ends the whole program, with a line that says so, where the block takes longer.

    Oxigraph cannot break a query off; what the program writes appears whole or not at all.
    """
    if seconds is None:
        yield
        return

    def end() -> None:
        code = tell(f"stopped after {seconds:g} seconds; ask for less, or allow more time", 1)
        sys.stderr.flush()
        os._exit(code)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def opened_store(
    store: Path, file: Path | None = None, *, server: "Address | None" = None
) -> Iterator["Store"]:
    """A store to read from: a folder, a SPARQL server, or an RDF file loaded into memory."""
    from kg.store import open_server, open_store

    if server is not None:
        if file is not None:
            raise UsageError(f"both {file} and --endpoint were given: choose one")
        with open_server(server, read_only=True) as opened:
            yield opened
        return
    if file is None:
        with open_store(store, read_only=True) as opened:
            yield opened
        return
    if not os.path.exists(file):
        raise DataError(f"{file}: no such file; check the name")
    with open_store(None) as opened:
        opened.load(file)
        yield opened
