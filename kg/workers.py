"""Queries in processes of their own, which are ended where a query takes too long.

Oxigraph cannot break a query off, so each runs in a worker: a process that has the store open to
read and that is killed at the time limit and replaced. So is one that a query wants more memory of
than it may have: the system refuses it, where it can (not on Windows), and the process ends. A
worker looks before each job whether the store has changed on disk since it opened it, and opens it
again.
"""

import contextlib
import io
import multiprocessing
import os
import queue
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

import pyoxigraph as ox

from kg.errors import KgError, QueryError
from kg.iris import prefixes
from kg.records import Article, Statement
from kg.selection import Selection, select
from kg.sparql import Dataset
from kg.store import Store, open_store

_MEGABYTE = 1_000_000
_PAGE_SECONDS = 300.0

TABLES: Mapping[str, ox.QueryResultsFormat] = {
    one.media_type.partition(";")[0]: one
    for one in (
        ox.QueryResultsFormat.TSV,
        ox.QueryResultsFormat.CSV,
        ox.QueryResultsFormat.XML,
        ox.QueryResultsFormat.JSON,
    )
}
"""Media types of rows and truth values, the one to prefer last."""

GRAPHS: Mapping[str, ox.RdfFormat] = {
    one.media_type: one
    for one in (
        ox.RdfFormat.JSON_LD,
        ox.RdfFormat.RDF_XML,
        ox.RdfFormat.N_TRIPLES,
        ox.RdfFormat.TURTLE,
    )
}
"""Media types of graphs, the one to prefer last."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query with the media types that its answer may have: of a table and of a graph, or ""."""

    text: str
    table: str
    graph: str
    dataset: Dataset | None = None
    reported: bool = False


@dataclass(frozen=True, slots=True)
class PageOf:
    """What a page is to show; see `kg view`."""

    selection: Selection
    dispute: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker says: ``kind`` tells what became of the job, ``media`` of which type it is.

    ``kind`` is done, wrong (the query or what it asks for), format (none that is acceptable), large
    (over the limit), slow (over the time), gone (its process ended, as for want of memory), busy
    (no worker was free in time) or failed.
    """

    kind: Literal["done", "wrong", "format", "large", "slow", "gone", "busy", "failed"]
    media: str = "text/plain"
    data: bytes = b""


class Workers:
    """Processes that answer questions on one store. Usable until `close`.

    ``seconds`` is the time limit of a query, ``megabytes`` the limit of an answer and ``memory``,
    in megabytes too, that of what a query takes; ``count`` is how many queries run at once, others
    wait their turn. Pages are not limited so: what they show is the server's own question.
    """

    def __init__(
        self,
        store: Path,
        *,
        count: int = 2,
        seconds: float = 30,
        megabytes: float = 100,
        memory: float = 2_000,
    ):
        self.seconds = seconds
        self._store = store
        self._limits = _Limits(int(megabytes * _MEGABYTE), int(memory * _MEGABYTE))
        self._idle: queue.Queue[_Worker] = queue.Queue()
        for _ in range(count):
            self._idle.put(_Worker(store, self._limits))
        self._count = count

    def ask(self, job: Question | PageOf) -> Answer:
        """The answer to a job; waits for a worker, then for it, each at most the time limit."""
        limit = _PAGE_SECONDS if isinstance(job, PageOf) else self.seconds
        try:
            worker = self._idle.get(timeout=limit)
        except queue.Empty:
            return Answer("busy", data=b"too many queries at once; ask again later")
        answer = worker.ask(job, limit)
        if answer.kind in ("slow", "gone"):
            worker.end()
            worker = _Worker(self._store, self._limits)
        self._idle.put(worker)
        return answer

    def close(self) -> None:
        """Ends all workers, whatever they are at."""
        for _ in range(self._count):
            with contextlib.suppress(queue.Empty):
                self._idle.get(timeout=self.seconds + 1).end()


@dataclass(frozen=True, slots=True)
class _Limits:
    """The bytes that an answer may have, and those that a process may take."""

    answer: int
    memory: int


class _Worker:
    """One process and the line to it."""

    def __init__(self, store: Path, limits: _Limits) -> None:
        context = multiprocessing.get_context("spawn")
        self._memory = limits.memory
        self._line, other = context.Pipe()
        self._process = context.Process(target=_work, args=(store, limits, other), daemon=True)
        self._process.start()
        other.close()
        self._is_ready = False

    def ask(self, job: Question | PageOf, seconds: float) -> Answer:
        """The answer; after one that is slow or gone the process is of no more use."""
        try:
            if not self._is_ready:  # the start of the process is not the time of the query
                self._line.recv()
                self._is_ready = True
            self._line.send(job)
            if not self._line.poll(seconds):
                told = f"stopped after {seconds:g} seconds; ask for less or allow more time"
                return Answer("slow", data=told.encode())
            answer = self._line.recv()
        except (EOFError, OSError):
            told = (
                "the query ended its process, most likely for want of memory:"
                f" {self._memory / _MEGABYTE:g} MB are allowed; ask for less, as without ORDER BY"
            )
            return Answer("gone", data=told.encode())
        assert isinstance(answer, Answer)
        return answer

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()
        self._line.close()


def _work(path: Path, limits: _Limits, line: Connection) -> None:
    """What a worker does: takes jobs until the line is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends it
    os.environ["RUST_BACKTRACE"] = "0"  # one line where memory is refused
    line.send("ready")
    stack = ExitStack()
    store: Store | None = None
    seen: object = None
    allow = _memory_limit(limits.memory)
    while True:
        try:
            job = line.recv()
        except (EOFError, OSError):  # the server is gone
            return
        try:
            now = state_of(path)
            if store is None or now != seen:
                stack.close()
                allow(False)
                store = stack.enter_context(open_store(path, read_only=True))
                seen = now
                allow = _memory_limit(limits.memory)  # what an open store takes does not count
            allow(isinstance(job, Question))
            answer = _answer(store, job, limits.answer)
        except (KgError, OSError) as error:
            store = None
            answer = Answer("failed", data=str(error).encode())
        try:
            line.send(answer)
        except OSError:
            return


def _memory_limit(more: int) -> Callable[[bool], None]:
    """A function that keeps this process from taking so many bytes more than now, or lets it.

    It does nothing where the system is not known to keep such a limit.
    """
    if sys.platform != "linux":
        return lambda is_limited: None
    import resource  # noqa: PLC0415  there is none on Windows

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + more
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    # Oxigraph aborts where memory is refused: no image of the process is wanted on disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return lambda is_limited: resource.setrlimit(
        resource.RLIMIT_AS, (most if is_limited else hard, hard)
    )


def state_of(path: Path) -> frozenset[tuple[str, int, int]] | None:
    """Something that differs once the store in a folder has changed."""
    try:
        found = [(file.name, file.stat()) for file in path.iterdir()]
    except OSError:
        return None
    return frozenset(
        (name, info.st_size, info.st_mtime_ns)
        for name, info in found
        if name != "LOCK" and not name.startswith("LOG")
    )


def _answer(store: Store, job: Question | PageOf, limit: int) -> Answer:
    try:
        if isinstance(job, PageOf):
            return _page(store, job)
        result = store.query(job.text, reported=job.reported, dataset=job.dataset)
        is_graph = isinstance(result, ox.QueryTriples)
        media = job.graph if is_graph else job.table
        if not media:
            offered = ", ".join(GRAPHS if is_graph else TABLES)
            return Answer("format", data=f"this query can be answered in: {offered}".encode())
        out = _Limited(limit)
        if isinstance(result, ox.QueryTriples):
            ox.serialize(result, out, format=GRAPHS[media], prefixes=_used(media, store))
        else:
            result.serialize(out, format=TABLES[media])
    except _TooLargeError:
        told = f"the answer is larger than {limit / _MEGABYTE:g} MB; ask for less, as by LIMIT"
        return Answer("large", data=told.encode())
    except (KgError, ValueError, RuntimeError) as error:
        if isinstance(error, QueryError | ValueError | RuntimeError) or error.exit_code == 2:
            return Answer("wrong", data=str(error).encode())
        raise
    return Answer("done", media, out.getvalue())


def _used(media: str, store: Store) -> dict[str, str] | None:
    return prefixes(base=store.base) if media == ox.RdfFormat.TURTLE.media_type else None


def _page(store: Store, job: PageOf) -> Answer:
    from kg.page import page_html  # noqa: PLC0415  pyvis is slow to load and queries need it not

    articles: dict[str, Article] = {one.id: one for one in store.articles()}
    given: list[Statement] = list(store.statements(article=job.article, dispute=job.dispute))
    kept = select(given, job.selection, articles=articles)
    return Answer("done", "text/html", page_html(kept, articles=articles).encode())


class _TooLargeError(Exception):
    """An answer that is over the limit."""


class _Limited(io.BytesIO):
    """Bytes up to a limit."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._left = limit

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self._left -= len(data)
        if self._left < 0:
            raise _TooLargeError
        return super().write(data)
