"""SPARQL servers of other makers, started for tests and stopped after them."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from kg.endpoint import Address

_SECONDS = 60
_VIRTUOSO = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = {rows}
"""


def missing(name: str) -> str:
    """Why a server cannot be started here; empty where it can."""
    program = {"oxigraph": _oxigraph(), "virtuoso": shutil.which("virtuoso-t")}[name]
    return "" if program else f"{name} is not installed"


@contextmanager
def oxigraph() -> Iterator[Address]:
    """The server of Oxigraph, in memory."""
    port = _free_port()
    program = str(_oxigraph())
    command = [program, "serve", "--bind", f"127.0.0.1:{port}"]
    with _running(command, f"http://127.0.0.1:{port}/query?query=ASK%20%7B%7D") as _:
        address = f"http://127.0.0.1:{port}"
        yield Address(f"{address}/query", f"{address}/update")


@contextmanager
def virtuoso(rows: int = 10_000) -> Iterator[Address]:
    """Virtuoso, with a new database and its default limit of rows in an answer."""
    port, sql = _free_port(), _free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = Path(folder, "virtuoso.ini")
        settings.write_text(_VIRTUOSO.format(folder=folder, port=port, sql=sql, rows=rows))
        command = ["virtuoso-t", "+foreground", "+configfile", str(settings)]
        with _running(command, f"http://127.0.0.1:{port}/sparql?query=ASK%20%7B%7D"):
            # What every new Virtuoso is set up with.
            yield Address(f"http://127.0.0.1:{port}/sparql-auth", user="dba", password="dba")


@contextmanager
def _running(command: list[str], probe: str) -> Iterator[None]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            end = time.monotonic() + _SECONDS
            while True:
                assert server.poll() is None, f"{command[0]} ended"
                assert time.monotonic() < end, f"{command[0]} does not answer"
                try:
                    if httpx.get(probe, timeout=5).status_code == 200:
                        break
                except httpx.HTTPError:
                    pass
                time.sleep(0.2)
            yield
        finally:
            server.kill()
            server.wait()


def _oxigraph() -> str | None:
    """The program of the package oxigraph, beside the Python that runs the tests."""
    beside = Path(sys.executable).parent / "oxigraph"
    return str(beside) if beside.exists() else shutil.which("oxigraph")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
