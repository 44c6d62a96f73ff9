"""Where the names of a page lie: the same graph gives the same picture, and it is settled.

A drawing that is to be read, up to 150 names that hang together, is made by a force-directed method
from several starting points, of which the most legible is kept; its names and labels do not
overlap. A whole of more is an overview: communities as discs with their heaviest name in the
middle. Coordinates are canvas units, x to the right and y downwards.
"""

import itertools
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import networkx as nx
import numpy as np

Places = dict[str, tuple[int, int]]

_LARGEST_FORCE = 150
_LARGEST_APART = 300
_EDGE_LENGTH = 48.0
_TRIES = 8
_CROWDING = 4.0
_ROUNDS = 200
_NEAR = 26.0
_GUTTER = 40.0
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_LOOSE = 1.3
_WIDE = 1.5


def layout(
    boxes: Mapping[str, tuple[float, float]],
    links: Iterable[tuple[str, str]],
    weights: Mapping[str, int],
    *,
    tries: int = _TRIES,
    length: float | None = None,
) -> Places:
    """Coordinates by name, rounded to whole units; links of other names are passed over.

    ``boxes`` are half width and half height of each name with its label, ``weights`` how often it
    is named. ``length`` is how long links are that have a label of their own, as those of a few
    names do; ``tries`` are the starting points where they have none. Every connected component is
    laid out for itself and then put beside the others on shelves, the largest first. Boxes do not
    overlap in graphs of up to 300 names.

    >>> layout({"a": (30, 20), "b": (30, 20)}, [("a", "b")], {"a": 1, "b": 1})
    {'a': (30, 20), 'b': (102, 20)}
    """
    graph = nx.Graph()
    graph.add_nodes_from(sorted(boxes))
    inside = (
        pair for pair in links if pair[0] != pair[1] and pair[0] in graph and pair[1] in graph
    )
    graph.add_edges_from(sorted(inside))
    components = sorted(nx.connected_components(graph), key=lambda c: (-len(c), min(c)))
    small = len(graph) <= _LARGEST_APART
    placed = []
    for component in components:
        part, names = graph.subgraph(sorted(component)), sorted(component)
        half = np.array([boxes[name] for name in names], dtype=float)
        if len(names) > _LARGEST_FORCE or not small:
            points = _discs(part, names, half, weights)
            points = overlap_free(points, half) if small else points
        elif length is not None:
            points = overlap_free(_stress(_rows(part, names), length, half), half)
        else:
            points = _most_legible(part, names, half, tries=tries)
        placed.append(dict(zip(names, points, strict=True)))
    return _shelves(placed, boxes)


def overlap_free(points: Any, half: Any) -> Any:
    """The points stretched and pushed until boxes of these half sizes do not overlap.

    Time and memory grow with the square of their number.
    """
    while overlapping(points, half).sum() > _CROWDING * len(points):
        points = points * 1.1
    # Equal coordinates give no direction to push in; a tiny slant by rank does.
    order = np.arange(len(points))
    points = points + np.stack([order * 1e-3, order * 2e-3], axis=1)
    for turn in itertools.count(1):
        hit = overlapping(points, half)
        if not hit.any():
            break
        if turn % _ROUNDS == 0:
            points = points * 1.1
        gap = points[:, None, :] - points[None, :, :]
        room = half[:, None, :] + half[None, :, :]
        overlap = room - np.abs(gap)
        across = overlap[:, :, 0] / room[:, :, 0] < overlap[:, :, 1] / room[:, :, 1]
        push = np.where(np.stack([across, ~across], axis=2), overlap * np.sign(gap), 0.0)
        points = points + np.where(hit[:, :, None], push, 0.0).sum(axis=1) * 0.35
    return points


def overlapping(points: Any, half: Any) -> Any:
    """Which pairs of boxes overlap, as a square of booleans."""
    gap = np.abs(points[:, None, :] - points[None, :, :])
    hit = (gap < half[:, None, :] + half[None, :, :]).all(axis=2)
    np.fill_diagonal(hit, False)
    return hit


# --- One component, to be read --------------------------------------------------------------------


def _most_legible(graph: Any, names: Sequence[str], half: Any, *, tries: int) -> Any:
    """Points of a component; of a few starting points those of the most legible drawing."""
    edges = _rows(graph, names)
    seeds = range(tries if len(names) > 3 else 1)
    drawings = [overlap_free(_forces(graph, names, seed=seed), half) for seed in seeds]
    return drawings[max(seeds, key=lambda seed: (_legibility(drawings[seed], half, edges), -seed))]


def _stress(edges: Any, length: float, half: Any) -> Any:
    """Points whose distances are those along the edges, by stress majorization (Gansner, Koren and
    North, 2004), its long side across."""
    count = len(half)
    if count == 1:
        return np.zeros((1, 2))
    steps = np.full((count, count), np.inf)
    np.fill_diagonal(steps, 0)
    steps[edges[:, 0], edges[:, 1]] = steps[edges[:, 1], edges[:, 0]] = 1
    for middle in range(count):
        steps = np.minimum(steps, steps[:, middle, None] + steps[None, middle, :])
    wanted = steps * (length + half.mean())
    with np.errstate(divide="ignore"):
        weights = np.where(wanted > 0, wanted**-2.0, 0.0)
    inverse = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights)
    angle = 2 * math.pi * np.arange(count) / count
    points = wanted.max() / 2 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    for _ in range(_ROUNDS):
        apart = np.linalg.norm(points[:, None] - points[None, :], axis=2)
        np.fill_diagonal(apart, 1.0)
        pull = -weights * wanted / np.maximum(apart, 1e-9)
        np.fill_diagonal(pull, -pull.sum(axis=1))
        points = inverse @ pull @ points
    return _lying(points)


def _lying(points: Any) -> Any:
    """The points around their middle, their long side across."""
    points = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    # The sign of a singular vector is arbitrary; fixed, so that libraries do not mirror the page.
    return points @ (axes * np.where(axes[:, :1] < 0, -1.0, 1.0)).T


def _rows(graph: Any, names: Sequence[Any]) -> Any:
    """The edges of a graph as pairs of positions in ``names``, in one order."""
    rows = {name: row for row, name in enumerate(names)}
    return np.array(sorted(sorted((rows[a], rows[b])) for a, b in graph.edges), dtype=int).reshape(
        -1, 2
    )


def _forces(graph: Any, names: Sequence[Any], *, seed: int) -> Any:
    """Points of a ForceAtlas2 layout, its long side across, edges about one label long."""
    if len(names) <= 2:
        return np.array([[1.5 * _EDGE_LENGTH * rank, 0.0] for rank in range(len(names))])
    edges = _rows(graph, names)
    ordered = nx.Graph()
    ordered.add_nodes_from(range(len(names)))
    ordered.add_edges_from(edges.tolist())
    places = nx.forceatlas2_layout(ordered, seed=seed, max_iter=200)
    points = np.array([places[row] for row in range(len(names))])
    if not len(edges):
        return points - points.mean(axis=0)
    lengths = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
    return _lying(points * (_EDGE_LENGTH / max(float(np.median(lengths)), 1e-9)))


def _legibility(points: Any, half: Any, edges: Any) -> float:
    """How large a drawing can be shown on a 3:2 page, less what its edges hide."""
    extent = (points + half).max(axis=0) - (points - half).min(axis=0)
    return float(min(3 / extent[0], 2 / extent[1])) / (1 + _clutter(points, edges) / len(points))


def _clutter(points: Any, edges: Any) -> int:
    """How many pairs of edges cross, and how many names lie on an edge that is not theirs."""
    a, b = points[edges[:, 0]], points[edges[:, 1]]

    def side(p: Any, q: Any, r: Any) -> Any:
        (px, py), (qx, qy), (rx, ry) = (np.moveaxis(point, -1, 0) for point in (p, q, r))
        return np.sign((qx - px) * (ry - py) - (qy - py) * (rx - px))

    c, d = a[:, None], b[:, None]
    apart = (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)
    along = b - a
    reach = np.maximum((along**2).sum(axis=1), 1e-9)
    share = ((points[:, None] - a) * along).sum(axis=2) / reach
    near = np.linalg.norm(points[:, None] - (a + share[:, :, None] * along), axis=2) < _NEAR
    inside = near & (share > 0) & (share < 1)
    inside[edges[:, 0], np.arange(len(edges))] = False
    inside[edges[:, 1], np.arange(len(edges))] = False
    return int(apart.sum()) // 2 + int(inside.sum())


# --- A whole, as communities ----------------------------------------------------------------------


def _discs(graph: Any, names: Sequence[str], half: Any, weights: Mapping[str, int]) -> Any:
    """Louvain communities (Blondel and others, 2008) as discs that lie near those they touch."""
    if len(names) == 1:
        return np.zeros((1, 2))
    found = nx.community.louvain_communities(graph, seed=7)
    communities = sorted((sorted(community) for community in found), key=lambda c: (-len(c), c[0]))
    of = {name: number for number, community in enumerate(communities) for name in community}
    overview = nx.Graph()
    overview.add_nodes_from(range(len(communities)))
    overview.add_edges_from((of[a], of[b]) for a, b in graph.edges if of[a] != of[b])
    rows = {name: row for row, name in enumerate(names)}
    points = np.zeros((len(names), 2))
    outer = np.zeros((len(communities), 2))
    for number, community in enumerate(communities):
        order = _inside_out(graph, community, weights)
        own = [rows[name] for name in order]
        points[own] = _disc(half[own])
        outer[number] = np.abs(points[own]).max(axis=0) + half[own].max(axis=0) + _GUTTER
    centres = overlap_free(_forces(overview, range(len(communities)), seed=0), outer)
    return points + centres[[of[name] for name in names]]


def _inside_out(graph: Any, community: Collection[str], weights: Mapping[str, int]) -> list[str]:
    """The names of a community breadth first from its heaviest one."""
    own = set(community)
    heaviest = sorted(community, key=lambda name: (-weights[name], name))
    order: dict[str, None] = {}
    for root in heaviest:
        reached = [] if root in order else [root]
        order |= dict.fromkeys(reached)
        for name in reached:
            near = [other for other in graph[name] if other in own and other not in order]
            near.sort(key=lambda other: (-weights[other], other))
            order |= dict.fromkeys(near)
            reached += near
    return list(order)


def _disc(half: Any) -> Any:
    """Points from the middle outwards as the seeds of a sunflower lie (Vogel, 1979)."""
    area = 4 * half[:, 0] * half[:, 1] * _LOOSE
    # Each seed takes the room of its own box: the radius grows with the area that lies inside.
    radius = np.sqrt((np.cumsum(area) - area[0]) / math.pi)
    angle = _GOLDEN_ANGLE * np.arange(len(half))
    across = math.sqrt(_WIDE)
    return np.stack([across * radius * np.cos(angle), radius / across * np.sin(angle)], axis=1)


def _shelves(
    components: Sequence[Mapping[str, Any]], boxes: Mapping[str, tuple[float, float]]
) -> Places:
    """Components put side by side on shelves as wide as the widest, the whole about 3:2."""
    sizes = []
    for places in components:
        names = list(places)
        half = np.array([boxes[name] for name in names])
        points = np.array([places[name] for name in names])
        low, high = (points - half).min(axis=0), (points + half).max(axis=0)
        sizes.append((low, high - low))
    area = sum(float(size[0] * size[1]) for _, size in sizes)
    width = max([math.sqrt(area * _WIDE), *(float(size[0]) for _, size in sizes)], default=0.0)
    result: Places = {}
    left = top = height = 0.0
    for places, (low, size) in zip(components, sizes, strict=True):
        if left and left + size[0] > width:
            left, top, height = 0.0, top + height + _GUTTER, 0.0
        for name, (x, y) in places.items():
            result[name] = (
                round(float(x - low[0]) + left),
                round(float(y - low[1]) + top),
            )
        left += float(size[0]) + _GUTTER
        height = max(height, float(size[1]))
    return result
