"""A served store under load: ``make load`` asks for a minute, several clients at a time.

Every answer must be right, and the memory of the server must not grow after the first third.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from claims import GUILD, GUILD_CLAIMS, SORA, SORA_CLAIMS

from kg.store import open_store

ARTICLES = 200
CLIENTS = 8
_QUERIES = (
    ("SELECT ?who ?whom { ?who dkg:sues ?whom }", 1),
    ("SELECT ?s { ?s a dkg:Statement } LIMIT 5", 5),
    ("SELECT ?g { GRAPH ?g { ?s dkg:relation dkg:sues } } LIMIT 2", 2),
    ("SELECT ?type (COUNT(*) AS ?n) { ?s a ?type } GROUP BY ?type ORDER BY ?type LIMIT 2", 2),
)


@dataclass(slots=True)
class Load:
    """What clients saw: answers by status, what was wrong, memory in megabytes over time."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def fill(path: Path, articles: int = ARTICLES) -> None:
    """A store with as many articles, each with the claims of both that tests use."""
    with open_store(path) as store:
        store.replace_articles(
            (
                (replace(of, id=f"a{n}"), [replace(one, article=f"a{n}") for one in claims], "f")
                for n in range(articles)
                for of, claims in (((SORA, SORA_CLAIMS), (GUILD, GUILD_CLAIMS))[n % 2],)
            ),
            extractor="kg load",
        )


@contextmanager
def served(store: Path, *arguments: str, token: str = "") -> Iterator[tuple[str, int]]:
    """The address of a server of its own, started by the command, and its process id."""
    environment = {**os.environ, "KG_TOKEN": token} if token else dict(os.environ)
    command = [sys.executable, "-m", "kg", "serve", "--store", str(store), "--port", "0"]
    with subprocess.Popen(
        [*command, *arguments], stderr=subprocess.PIPE, text=True, env=environment
    ) as server:
        assert server.stderr is not None
        line = server.stderr.readline()
        try:
            assert " is served at http://" in line, line
            yield line.split(" at ")[1].split()[0], server.pid
        finally:
            server.terminate()
            rest = server.communicate(timeout=20)[1]
    assert (server.returncode, rest) == (0, "")


def ask_for(address: str, seconds: float, clients: int, pid: int) -> Load:
    """What as many clients see that ask for so long."""
    load = Load()
    end = time.monotonic() + seconds

    def ask(number: int) -> None:
        with httpx.Client(timeout=60) as client:
            while time.monotonic() < end:
                number += 1
                query, rows = _QUERIES[number % len(_QUERIES)]
                try:
                    answer = client.get(f"{address}sparql", params={"query": query})
                    load.statuses[answer.status_code] += 1
                    if len(answer.json()["results"]["bindings"]) != rows:
                        load.wrong.append(f"{query}: {answer.text[:200]}")
                except (httpx.HTTPError, ValueError) as error:
                    load.wrong.append(repr(error))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    while time.monotonic() < end:
        load.memory.append(memory(pid))
        time.sleep(min(1, seconds / 10))
    for thread in threads:
        thread.join()
    return load


def memory(pid: int) -> float:
    """Megabytes that a process and its children hold."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6 + sum(memory(int(one)) for one in children)


def growth(load: Load) -> float:
    """Megabytes by which the last third is above the second one, at their highest."""
    third = len(load.memory) // 3
    return max(load.memory[2 * third :]) - max(load.memory[third : 2 * third])


def main() -> None:
    parser = argparse.ArgumentParser(description="A served store under load.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "store")
        with served(Path(folder) / "store") as (address, pid):
            load = ask_for(address, given.seconds, given.clients, pid)
    print(f"{load.statuses.total()} answers in {given.seconds:g} s to {given.clients} clients")
    print(f"statuses {dict(load.statuses)}, wrong {len(load.wrong)} {load.wrong[:3]}")
    print(f"memory {load.memory[0]:.0f} .. {max(load.memory):.0f} MB, growth {growth(load):.1f} MB")
    if load.wrong or set(load.statuses) != {200}:
        sys.exit(1)


if __name__ == "__main__":
    main()
