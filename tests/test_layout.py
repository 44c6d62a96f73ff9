"""Places of names: settled, the same for the same graph, without overlaps."""

import itertools
import random
import time

import numpy as np
import pytest

from kg.layout import layout, overlapping


def star_and_pairs(names: int) -> tuple[list[str], list[tuple[str, str]]]:
    """A hub with spokes, a ring through them, and small groups that touch nothing else."""
    ids = [f"n{number:05}" for number in range(names)]
    half = names // 2
    links = [(ids[0], one) for one in ids[1:half]]
    links += list(itertools.pairwise(ids[1:half]))
    links += [(ids[i], ids[i + 1]) for i in range(half, names - 1, 2)]
    return ids, links


def boxes(ids: list[str]) -> dict[str, tuple[float, float]]:
    return {one: (30.0 + 5 * (number % 7), 18.0) for number, one in enumerate(ids)}


@pytest.mark.parametrize("names", [1, 2, 3, 60, 149, 300])
def test_boxes_do_not_overlap(names: int) -> None:
    ids, links = star_and_pairs(names)
    half = boxes(ids)
    places = layout(half, links, dict.fromkeys(ids, 1), tries=2)
    assert set(places) == set(ids)
    points = np.array([places[one] for one in ids], dtype=float)
    # Places are rounded to whole units.
    assert not overlapping(points, np.array([half[one] for one in ids]) - 1).any()


@pytest.mark.parametrize("names", [1, 2, 3, 9])
def test_links_with_labels_have_room_for_them(names: int) -> None:
    ids = [f"n{number}" for number in range(names)]
    links = [(ids[0], one) for one in ids[1:]]
    half = boxes(ids)
    places = layout(half, links, dict.fromkeys(ids, 1), length=170)
    lengths = [np.hypot(*np.subtract(places[a], places[b])) for a, b in links]
    assert all(length > 120 for length in lengths)
    points = np.array([places[one] for one in ids], dtype=float)
    assert not overlapping(points, np.array([half[one] for one in ids]) - 1).any()
    # The same in any order.
    assert layout(half, links[::-1], dict.fromkeys(ids, 1), length=170) == places


def test_neither_order_nor_chance_changes_a_place() -> None:
    ids, links = star_and_pairs(260)
    weights = {one: number % 9 for number, one in enumerate(ids)}
    once = layout(boxes(ids), links, weights, tries=2)
    half = boxes(ids)
    turned = {one: half[one] for one in random.Random(4).sample(ids, len(ids))}
    others = [pair[::-1] for pair in random.Random(5).sample(links, len(links))]
    assert layout(turned, others, weights, tries=2) == once


def test_links_of_other_names_and_of_one_name_with_itself_are_passed_over() -> None:
    half = boxes(["a", "b"])
    alone = layout(half, [], {"a": 1, "b": 1})
    assert layout(half, [("a", "a"), ("a", "elsewhere")], {"a": 1, "b": 1}) == alone


def test_the_heaviest_of_a_community_lies_in_its_middle() -> None:
    ids, links = star_and_pairs(1200)
    weights = dict.fromkeys(ids, 1) | {ids[0]: 600}
    places = layout(boxes(ids), links, weights)
    hub = np.array([places[one] for one in ids[:600]])
    low, high = hub.min(axis=0), hub.max(axis=0)
    share = (np.array(places[ids[0]]) - low) / (high - low)
    assert np.all((share > 0.25) & (share < 0.75))


def test_ten_thousand_names_take_seconds() -> None:
    ids, links = star_and_pairs(10_000)
    rank = random.Random(6)
    links += [(ids[rank.randrange(5000)], ids[rank.randrange(5000)]) for _ in range(3000)]
    started = time.process_time()
    places = layout(boxes(ids), links, dict.fromkeys(ids, 1))
    assert time.process_time() - started < 12
    assert len(set(places.values())) > 9_900
