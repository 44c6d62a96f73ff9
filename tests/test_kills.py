"""A few writers killed at any moment; ``make kills`` kills hundreds."""

import multiprocessing
from pathlib import Path

import kills
import pytest

from kg.store import open_store


@pytest.fixture(scope="module", autouse=True)
def _preloaded() -> None:
    kills.preload()


def test_a_store_holds_what_was_before_or_after_the_kill(tmp_path: Path) -> None:
    seen = kills.kill_changers(tmp_path, 8, seed=7)
    assert seen.total() == 8 + seen["before the first round"]


def test_readers_see_whole_articles_while_someone_writes(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    receiver, sender = context.Pipe(duplex=False)
    path = tmp_path / "store"
    writer = context.Process(target=kills.change_for_ever, args=(path, 1, sender))
    writer.start()
    sender.close()
    try:
        said = [receiver.recv()]
        known = kills.states(1)
        states = [next(known)]

        def round_begun() -> int:
            while receiver.poll():
                said.append(receiver.recv())
            while len(states) < max(said) + 2:
                states.append(next(known))
            return max(said)

        while round_begun() < 3:
            said.append(receiver.recv())
        for _ in range(6):
            first = round_begun()
            with open_store(path, read_only=True) as reader:
                quads = set(reader._held.store)
            last = round_begun()
            assert any(quads == kills.expected(state) for state in states[first : last + 2])
    finally:
        writer.kill()
        writer.join()
        receiver.close()


def test_a_killed_build_leaves_whole_articles(tmp_path: Path) -> None:
    seen = kills.kill_builders(tmp_path, 2, seed=7)
    assert seen.total() == 2


def test_half_an_article_is_seen(tmp_path: Path) -> None:
    """The check itself can fail."""
    with open_store(tmp_path / "store") as store:
        article, claims, fingerprint = kills.reading(1, 5)
        store.replace_article(article, claims, extractor="x", fingerprint=fingerprint)
    with pytest.raises(AssertionError, match="half of article a1"):
        kills.check_built(tmp_path / "store", 3)
