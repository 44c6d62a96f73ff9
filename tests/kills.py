"""Writers that are killed at any moment, and what they leave: ``make kills``.

A writer is a fork of a small process that has the store loaded and no pipeline: it changes a store
from prepared statements, round by round, until it is killed. Which articles it changes and how is
drawn from a seed, so that the killer knows what the store held before and after each round.
"""

import argparse
import multiprocessing
import os
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pyoxigraph as ox
from claims import GUILD, GUILD_CLAIMS, SORA, SORA_CLAIMS

import kg.build
from kg.changes import Change
from kg.embedded import Embedded
from kg.records import Article, Statement
from kg.store import Store, open_store

CHANGES, BUILDS = 200, 60
_WRITING = -1  # the word of a writer that is about to commit
_ARTICLES = 6
_FIRST = 60
_AT_ONCE = 15  # articles of a transaction: above the limit at which the bulk loader is used
_EXTRACTOR = "kg kills"

Writer = Callable[[Path, int, Connection], None]
Reading = tuple[Article, list[Statement], str]


def reading(number: int, version: int) -> Reading:
    """An article in one of its versions: other claims, another title, another fingerprint."""
    of, claims = ((SORA, SORA_CLAIMS), (GUILD, GUILD_CLAIMS))[version % 2]
    article = replace(of, id=f"a{number}", title=f"version {version}", dispute=f"d{version % 3}")
    chosen = random.Random(version).sample(list(claims), k=version % len(claims))
    return article, [replace(one, article=article.id) for one in chosen], str(version)


def round_of(seed: int, number: int) -> tuple[str, dict[int, int]]:
    """What a round does (replace, remove or many) to which articles, and their new versions."""
    draw = random.Random(f"{seed} {number}")
    what = draw.choices(("replace", "many", "remove"), (6, 2, 2))[0]
    articles = draw.sample(range(_ARTICLES), 1 if what == "replace" else 3)
    return what, {article: 10 * number + article for article in articles}


def states(seed: int) -> Iterator[dict[int, int]]:
    """Article -> its version before the first round, after it, and so on."""
    now: dict[int, int] = {}
    number = 0
    while True:
        yield dict(now)
        what, changed = round_of(seed, number)
        for article, version in changed.items():
            if what == "remove":
                now.pop(article, None)
            else:
                now[article] = version
        number += 1


def change_for_ever(path: Path, seed: int, begun: Connection) -> None:
    """A writer: tells each round that it begins and then makes it."""
    now = states(seed)
    tell_commits(begun)
    with open_store(path) as store:
        number = 0
        while True:
            before = next(now)
            begun.send(number)
            what, changed = round_of(seed, number)
            if what == "remove":
                store.remove_articles(f"a{one}" for one in changed if one in before)
            elif what == "many":
                readings = [reading(*pair) for pair in changed.items()]
                store.replace_articles(readings, extractor=_EXTRACTOR)
            else:
                [(article, claims, fingerprint)] = [reading(*pair) for pair in changed.items()]
                store.replace_article(
                    article, claims, extractor=_EXTRACTOR, fingerprint=fingerprint
                )
            number += 1


def build_for_ever(folder: Path, seed: int, begun: Connection) -> None:
    """A writer: builds of a folder of articles, by the real build with prepared statements."""

    def extract(
        articles: Iterator[Article], **_: object
    ) -> Iterator[tuple[Article, list[Statement]]]:
        for article in articles:
            version = int(article.text)
            yield article, first_claims(article.id, version)

    @contextmanager
    def extractor(**_: object) -> Iterator[object]:
        yield extract

    kg.build.extractor = extractor
    tell_commits(begun)
    kg.build._AT_ONCE = _AT_ONCE
    source = folder / "articles.jsonl"
    for version in (seed, seed + 1):
        source.write_text(
            "".join(f'{{"id": "b{n}", "text": "{version}", "lang": "en"}}\n' for n in range(_FIRST))
        )
        begun.send(version)
        kg.build.build([source], out=folder / "out")
    time.sleep(60)


def tell_commits(begun: Connection) -> None:
    """Makes the process say a word before each transaction."""
    apply = Embedded.apply

    def told(self: Embedded, change: Change) -> None:
        begun.send(_WRITING)
        apply(self, change)

    Embedded.apply = told  # type: ignore[method-assign]


def first_claims(id: str, version: int) -> list[Statement]:
    claims = (*GUILD_CLAIMS, *SORA_CLAIMS)
    chosen = random.Random(version).sample(claims, k=len(claims) - 2)
    return [replace(one, article=id) for one in chosen]


def kill_changers(folder: Path, kills: int, seed: int) -> Counter[str]:
    """Kills as many writers that change a store; the next goes on in the same store's place.

    AssertionError where what is left is neither the state before nor after the round.
    """
    draw = random.Random(seed)
    seen: Counter[str] = Counter()
    for number in range(kills):
        path = folder / f"changes-{number}"
        last = killed(change_for_ever, path, number, draw)
        if last is None:
            seen["before the first round"] += 1
            last = 0
        now = states(number)
        before, after = [next(now) for _ in range(last + 2)][-2:]
        quads = left_in(path)
        if quads == expected(after):
            seen["after the round"] += 1
        elif quads == expected(before):
            seen["before the round"] += 1
        else:
            raise AssertionError(f"seed {number}, round {last}: the store holds neither")
        shutil.rmtree(path, ignore_errors=True)
    return seen


def kill_builders(folder: Path, kills: int, seed: int) -> Counter[str]:
    """Kills as many builds; whatever articles are there are whole, of one of their versions."""
    draw = random.Random(seed)
    seen: Counter[str] = Counter()
    for number in range(kills):
        place = folder / f"builds-{number}"
        place.mkdir()
        killed(build_for_ever, place, number, draw)
        store = place / "out" / "store"
        seen[f"{check_built(store, number)} of {_FIRST} articles"] += 1
        for file in ("graph.ttl", "graph.html"):
            text = place / "out" / file
            if text.exists():
                end = text.read_text(encoding="utf-8").rstrip()[-7:]
                assert end.endswith((".", "</html>")), f"seed {number}: {file} is cut off"
        shutil.rmtree(place)
    return seen


def killed(work: Writer, place: Path, seed: int, draw: random.Random) -> int | None:
    """Starts a writer and kills it; the last round that it said it had begun.

    One of ten is killed while it opens the store, three at any moment, six in a transaction.
    """
    context = multiprocessing.get_context("forkserver")
    receiver, sender = context.Pipe(duplex=False)
    writer = context.Process(target=work, args=(place, seed, sender))
    writer.start()
    sender.close()
    said: list[int] = []
    moment = draw.random()
    if moment < 0.1:
        time.sleep(draw.uniform(0, 0.1))
    elif moment < 0.4:
        said.append(receiver.recv())
        time.sleep(draw.uniform(0, 0.4))
    else:
        commits = draw.randint(1, 6)
        while said.count(_WRITING) < commits:
            said.append(receiver.recv())  # EOFError where the writer failed by itself
        time.sleep(draw.uniform(0, 0.02))
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    with suppress(EOFError):
        while True:
            said.append(receiver.recv())
    receiver.close()
    return next((one for one in reversed(said) if one != _WRITING), None)


def left_in(path: Path) -> set[ox.Quad]:
    """All that a store holds, opened to write as the next build does."""
    if not path.exists():
        return expected({})
    with open_store(path) as store:
        assert {one.id for one in store.articles()} == set(store.fingerprints())
        return set(store._held.store)


def expected(state: dict[int, int]) -> set[ox.Quad]:
    with open_store(None) as fresh:
        fresh.replace_articles(
            (reading(number, version) for number, version in state.items()), extractor=_EXTRACTOR
        )
        return set(fresh._held.store)


def check_built(store: Path, seed: int) -> int:
    """How many articles a killed build has left; AssertionError where one of them is not whole."""
    if not store.exists():
        return 0
    with open_store(store) as opened:
        ids = [one.id for one in opened.articles()]
        assert set(ids) == set(opened.fingerprints())
        for id in ids:
            found = set(opened.statements(article=id))
            versions = [set(first_claims(id, version)) for version in (seed, seed + 1)]
            assert found in versions, f"seed {seed}: half of article {id}"
            _check_default(opened)
    return len(ids)


def _check_default(store: Store) -> None:
    """What the graphs of articles hold, the default graph holds too."""
    graphs = "GRAPH ?g { ?s ?p ?o } FILTER (CONTAINS(STR(?g), '/graph/article/'))"
    lost = f"ASK {{ {graphs} FILTER NOT EXISTS {{ ?s ?p ?o }} }}"
    assert not bool(store._held.store.query(lost))


def preload() -> None:
    """What writers need is loaded once, in the process that they are forked from."""
    # That process does not take over sys.path before Python 3.13.
    paths = [str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    multiprocessing.get_context("forkserver").set_forkserver_preload([__name__])


def main() -> None:
    parser = argparse.ArgumentParser(description="Kills writers and looks at what they leave.")
    parser.add_argument("--changes", type=int, default=CHANGES, help="writers to kill")
    parser.add_argument("--builds", type=int, default=BUILDS, help="builds to kill")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    preload()
    with tempfile.TemporaryDirectory() as folder:
        for kill, kills in ((kill_changers, given.changes), (kill_builders, given.builds)):
            start = time.perf_counter()
            seen = kill(Path(folder), kills, given.seed)
            print(
                f"{kill.__name__}: {kills} kills in {time.perf_counter() - start:.0f} s", flush=True
            )
            for what, count in sorted(seen.items()):
                print(f"  {what}: {count}")
    print("no store lost, no half article")


if __name__ == "__main__":
    import kills  # by its name, under which the writers find it

    kills.main()
