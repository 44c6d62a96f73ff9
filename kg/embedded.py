"""Oxigraph in this process: a folder on disk, or memory.

One process can write to a folder at a time; others read beside it what was there when they opened.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path
from time import sleep
from typing import TypeVar

import pyoxigraph as ox

from kg.changes import Change, Triple
from kg.errors import QueryError, StoreError
from kg.sparql import Result, data_block, parse_error

_DEFAULT = ox.DefaultGraph()
_MANY_QUADS = 10_000
_MUCH_LOG = 2**24  # bytes
_TRIES, _PAUSE = 30, 0.1  # seconds

_T = TypeVar("_T")


class Embedded:
    """The quads of a folder or of memory. Made by `open_embedded`, usable until it is closed.

    Functions keep no store in a variable of their own: the frames of an error that somebody holds
    would keep the folder locked.
    """

    is_kept = True
    articles_at_once = 250

    def __init__(self, store: ox.Store, where: str, *, read_only: bool) -> None:
        self._open_store: ox.Store | None = store
        self.where = where
        self.read_only = read_only

    @property
    def store(self) -> ox.Store:
        """The store of Oxigraph; StoreError once it is closed."""
        if self._open_store is None:
            raise StoreError(f"{self.where}: already closed; open it again")
        return self._open_store

    def find(
        self,
        *,
        subjects: Collection[ox.NamedNode | ox.BlankNode] | None = None,
        predicate: ox.NamedNode | None = None,
        object: ox.NamedNode | ox.BlankNode | None = None,
        graphs: Collection[ox.NamedNode | ox.DefaultGraph] | None = None,
    ) -> Iterator[ox.Quad]:
        """The quads that fit; None fits all. Without ``graphs`` the named and the default one."""
        with self._renamed_errors("read"):
            for subject, graph in product(_each(subjects), _each(graphs)):
                yield from self.store.quads_for_pattern(subject, predicate, object, graph)

    def in_default(self, triples: Iterable[Triple]) -> set[Triple]:
        """Those of the triples that the default graph holds."""
        with self._renamed_errors("read"):
            return {triple for triple in triples if ox.Quad(*triple) in self.store}

    def said_elsewhere(
        self, triples: Iterable[Triple], start: str, replaced: Collection[ox.NamedNode]
    ) -> set[Triple]:
        """Those that a graph holds whose name begins with ``start`` and is not replaced."""
        with self._renamed_errors("read"):
            return {
                triple
                for triple in triples
                if any(
                    isinstance(found.graph_name, ox.NamedNode)
                    and found.graph_name.value.startswith(start)
                    and found.graph_name not in replaced
                    for found in self.store.quads_for_pattern(*triple, None)
                )
            }

    def graph_names(self) -> list[ox.NamedNode]:
        """The named graphs."""
        with self._renamed_errors("read"):
            names = list(self.store.named_graphs())
        return [name for name in names if isinstance(name, ox.NamedNode)]

    def is_empty(self) -> bool:
        """Whether there is no quad at all."""
        with self._renamed_errors("read"):
            return next(iter(self.store), None) is None

    def apply(self, change: Change) -> None:
        """Makes a change in one transaction: Oxigraph runs each of these calls as one.

        Its bulk loader writes tables instead of the log: twice as fast, too much for few quads.
        """
        with self._renamed_errors("write to"):
            removed = {quad for quad in change.removed - change.added if quad in self.store}
            if not removed and not change.dropped:
                many = len(change.added) >= _MANY_QUADS
                (self.store.bulk_extend if many else self.store.extend)(change.added)
                return
            self.store.update(
                f"DELETE DATA {{ {data_block(removed)} }} ;"
                f" INSERT DATA {{ {data_block(change.added)} }}"
                + "".join(f" ; DROP SILENT GRAPH {name}" for name in change.dropped)
            )

    def update(self, text: str, *, prefixes: Mapping[str, str]) -> None:
        """Runs a SPARQL 1.1 update as one transaction; QueryError for one that does not parse."""
        try:
            with self._renamed_errors("write to"):
                self.store.update(text, prefixes=dict(prefixes))
        except SyntaxError as error:
            raise QueryError(parse_error(text, error)) from error

    def query(
        self,
        text: str,
        *,
        prefixes: Mapping[str, str],
        default: Sequence[ox.NamedNode | ox.DefaultGraph] | None,
        named: Sequence[ox.NamedNode] | None,
        bindings: Mapping[str, ox.NamedNode | ox.Literal],
    ) -> Result:
        """The result of a query over the graphs given; None leaves them to the query's FROM."""
        try:
            return self.store.query(
                text,
                prefixes=dict(prefixes),
                default_graph=None if default is None else list(default),
                named_graphs=None if named is None else list(named),
                substitutions={ox.Variable(name): value for name, value in bindings.items()},
            )
        except SyntaxError as error:
            raise QueryError(parse_error(text, error)) from error
        except (ValueError, RuntimeError) as error:
            raise QueryError(f"the query cannot be run: {error}") from error
        except OSError as error:
            raise StoreError(f"{self.where}: cannot read: {error}") from error

    def flush(self) -> None:
        """Turns the log into tables, which a reader opens faster."""
        with self._renamed_errors("write to"):
            self.store.flush()

    def tidy(self) -> None:
        """Merges the tables that many changes have left, which queries would read side by side.

        RocksDB does so by itself while a store stays open; a short process ends before.
        """
        with self._renamed_errors("write to"):
            self.store.optimize()

    def close(self) -> None:
        """Writes out what is pending and lets go of the folder."""
        try:
            if self._open_store is not None and not self.read_only:
                self.flush()
        finally:
            self._open_store = None
        if not self.read_only:
            self._sweep()

    def _sweep(self) -> None:
        """Takes away logs whose quads lie in tables: RocksDB does so when it opens a folder."""
        logs = sum(file.stat().st_size for file in Path(self.where).glob("*.log"))
        if logs >= _MUCH_LOG:
            with suppress(OSError, RuntimeError):  # whoever writes to it by now has done it
                ox.Store(self.where)

    @contextmanager
    def _renamed_errors(self, action: str) -> Iterator[None]:
        try:
            yield
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"{self.where}: cannot {action} it: {error};"
                " see that the disk has room and works; what was stored before is untouched"
            ) from error


def _each(things: Collection[_T] | None) -> Collection[_T | None]:
    return (None,) if things is None else things


def open_embedded(path: Path | None, *, read_only: bool = False) -> Embedded:
    """Opens a folder, made if there is none; memory where ``path`` is None.

    Raises StoreError for a folder that is missing, held by another process, damaged or no store.
    """
    where = "the store in memory" if path is None else str(path)
    return Embedded(_open(path, read_only), where, read_only=read_only)


def is_folder_of_store(path: Path) -> bool:
    """Whether a folder holds a store of Oxigraph."""
    return (path / "CURRENT").is_file()


def _open(path: Path | None, read_only: bool) -> ox.Store:
    if path is None:
        return ox.Store()
    if path.exists() and not path.is_dir():
        raise StoreError(f"{path}: a file; a store is a folder, give another name")
    is_store = is_folder_of_store(path)
    if read_only and not is_store:
        raise StoreError(f"{path}: no store here; make one with `kg build`, or give its folder")
    try:
        if not is_store and path.is_dir() and not all(map(_is_begun, path.iterdir())):
            raise StoreError(
                f"{path}: a folder with other things in it; give an empty or a new folder"
            )
        if read_only:
            return _open_to_read(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        return ox.Store(path)
    except (OSError, RuntimeError) as error:
        if "lock" in str(error).lower():
            raise StoreError(
                f"{path}: {_holder(path)} is writing to this store and only one can;"
                " wait until it is done or use another store"
            ) from error
        raise StoreError(
            f"{path}: cannot be opened as a store: {error};"
            " see that the folder may be read and written, or build it again elsewhere"
        ) from error


def _is_begun(file: Path) -> bool:
    """Whether a file is one that the making of a store begins with, and may have been killed at."""
    names = ("LOG*", "LOCK", "IDENTITY", "MANIFEST-*", "OPTIONS-*", "*.dbtmp")
    return any(fnmatchcase(file.name, name) for name in names)


def _open_to_read(path: Path) -> ox.Store:
    """Opens beside a writer, which may take a file away just then: tries for three seconds."""
    for _ in range(_TRIES - 1):
        try:
            return ox.Store.read_only(str(path))
        except RuntimeError:
            sleep(_PAUSE)
    return ox.Store.read_only(str(path))


def _holder(path: Path) -> str:
    """Who holds the lock of a store, by the kernel's table of locks where there is one."""
    try:
        inode = str((path / "LOCK").stat().st_ino)
        for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
            fields = line.split()
            if inode in [part.rpartition(":")[2] for part in fields if part.count(":") == 2]:
                return f"process {fields[4]}"
    except OSError:
        pass
    return "another process"
