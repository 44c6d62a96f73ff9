"""Commands that keep the store: remove, update, backup, restore, migrate."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.errors import QueryError, UsageError
from kg.options import STDOUT, endpoint_options, quiet_option, store_option

if TYPE_CHECKING:
    from kg.endpoint import Address


@click.command(
    "remove",
    short_help="Take articles out of the store.",
    epilog="Example: kg remove sora-leak.en sora-leak.id",
)
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@endpoint_options
@store_option
@quiet_option
def remove_command(
    *, ids: tuple[str, ...], server: "Address | None", store: Path, quiet: bool
) -> None:
    """Takes articles out of the store, with everything that only they say; all of them or none.

    What other articles say too stays. An ID is what `kg query --name articles` shows. An article
    whose file is given to `kg build` again comes back.
    """
    from kg.store import open_to_change

    with open_to_change(store, server=server) as opened:
        opened.remove_articles(ids)
    if not quiet:
        click.echo(
            f"removed {len(set(ids))} of the articles in {server.query if server else store}",
            err=True,
        )


@click.command(
    "update",
    short_help="Change the store in SPARQL.",
    epilog="Example: kg update 'INSERT DATA { entity:openai rdfs:seeAlso <https://openai.com> }'",
)
@click.argument("text", metavar="[UPDATE]", required=False)
@click.option("-f", "--file", "file", metavar="FILE.ru", help="Take the update from a file.")
@endpoint_options
@store_option
@quiet_option
def update_command(
    *,
    text: str | None,
    file: str | None,
    server: "Address | None",
    store: Path,
    quiet: bool,
) -> None:
    """Changes the store by a SPARQL 1.1 update, in one transaction.

    Nothing checks what it does: kg keeps the graphs of an article in step with each other, an
    update by hand need not. Take a backup first. UPDATE may be - for standard input.
    """
    from kg.sparql import is_update
    from kg.store import open_to_change

    if (text is None) == (file is None):
        raise UsageError("give an update or -f FILE.ru, one of the two")
    if text is None:
        text = _read_text(str(file))
    elif text == STDOUT:
        text = sys.stdin.read()
    if not is_update(text):
        raise QueryError("this is no update; expected INSERT, DELETE …; ask with `kg query`")
    with open_to_change(store, server=server) as opened:
        opened.update(text)
    if not quiet:
        click.echo(f"updated {server.query if server else store}", err=True)


@click.command(
    "backup",
    short_help="Put the store into one file.",
    epilog="Example: kg backup 2024-11-28.nq.gz",
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@store_option
@quiet_option
def backup_command(*, file: Path, store: Path, quiet: bool) -> None:
    """Puts the whole store into FILE, which appears whole or not at all.

    Works while a build goes on: the file holds what was stored when it began. It is N-Quads
    compressed by gzip, which any RDF program reads, with a checksum that `kg restore` looks at.
    """
    from kg.backup import back_up

    done = back_up(store, file)
    if not quiet:
        click.echo(f"{done.quads} quads of {store} in {file}", err=True)


@click.command(
    "restore",
    short_help="Make a store of a backup.",
    epilog="Example: kg restore 2024-11-28.nq.gz --store restored",
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@store_option
@quiet_option
def restore_command(*, file: Path, store: Path, quiet: bool) -> None:
    """Makes a store of what `kg backup` wrote, whole or not at all.

    FILE is checked first: one that is cut off or altered is refused. The folder of the store must
    not be there yet.
    """
    from kg.backup import restore

    done = restore(file, store)
    if not quiet:
        click.echo(f"{done.quads} quads of {file} in {store}", err=True)


@click.command(
    "migrate",
    short_help="Bring a store of an older version up to date.",
    epilog="Example: kg migrate --store out/store",
)
@store_option
@quiet_option
def migrate_command(*, store: Path, quiet: bool) -> None:
    """Brings the store to the layout of this version, step by step, each whole or not at all.

    Commands that write do the same by themselves; those that only read ask for it.
    """
    from kg.migrations import SCHEMA
    from kg.store import open_to_change

    with open_to_change(store):
        pass
    if not quiet:
        click.echo(f"{store} has layout {SCHEMA}", err=True)


def _read_text(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise QueryError(f"{file}: no such file; check the name") from None
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{file}: {error}; expected a SPARQL update in UTF-8") from error
