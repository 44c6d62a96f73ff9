"""A few writers killed at any moment; ``make kills`` kills hundreds."""

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
