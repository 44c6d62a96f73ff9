"""The interactive page: statements as a graph with their sentences, in one file without requests.

pyvis holds the graph and brings the vis-network bundle; the HTML is this project's own template,
filled with autoescaping on. Article text reaches the page only as JSON data and is shown by
``textContent``; a Content-Security-Policy lets nothing run but the two scripts
that it names by their hashes.
"""

import base64
import hashlib
import html
import json
import math
import os
import tempfile
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import networkx as nx
import numpy as np
from markupsafe import Markup
from pyvis.network import Network

from kg import vocabulary
from kg.errors import DataError, OutputError
from kg.records import Argument, Article, Entity, Span, Statement

CROWDED = 200
FIRST_VIEW = 120
_LARGEST_FORCE = 150
_LARGEST_PRECISE = 1000
_EDGE_LENGTH = 48.0
_TRIES = 8
_CROWDING = 4.0
_ROUNDS = 200
_NEAR = 26.0
_GUTTER = 40.0
_LANE = 24.0
_TEMPLATES = files("kg") / "templates"
_BUNDLE = ("templates", "lib", "vis-9.1.2", "vis-network.min.js")


@dataclass(frozen=True, slots=True)
class View:
    """A page for notebooks: shows itself in an isolated frame; ``html`` is the whole document."""

    html: str
    height: int = 760

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" sandbox="allow-scripts allow-popups" '
            f'style="width:100%;height:{self.height}px;border:0"></iframe>'
        )


def page_html(
    statements: Iterable[Statement],
    *,
    articles: Mapping[str, Article] = {},
    title: str = "dispute-kg",
    limit: int | None = None,
) -> str:
    """One self-contained HTML document with the statements as graph, evidence and table.

    ``articles`` gives title, date and source by article id; an article that is not there is shown
    by its id. ``limit`` is how many names the first view shows (the whole is one click away);
    without it a graph of more than 200 names opens with its 120 best connected. The order of the
    statements does not matter and equal ones count once: equal input gives equal bytes. No
    statements give a page that says so.

    >>> page_html([], title="Sora & co").startswith("<!DOCTYPE html>")
    True
    """
    ordered = sorted(set(statements), key=lambda s: _reading_order(s, articles))
    entities = _entities(ordered)
    weights = _weights(ordered)
    first = _first_view(ordered, weights, limit)
    # A whole that waits behind a button is drawn once; several tries are for what is seen first.
    places = _layout(ordered, entities, weights, tries=_TRIES if first is None else 1)
    first_places = places if first is None else _layout(ordered, entities, weights, within=first)

    network = Network(directed=True, cdn_resources="in_line")
    for slug, entity in entities.items():
        near = first_places.get(slug)
        network.add_node(
            slug,
            label=entity.label,
            type=entity.type,
            labels=_labels(entity),
            size=_node_size(weights[slug]),
            letters=_letter_size(weights[slug]),
            weight=weights[slug],
            whole=list(places[slug]),
            first=list(near) if near else None,
        )
    for (source, target, group), numbers in _bundles(ordered).items():
        network.add_edge(
            source,
            target,
            id=f"{source} {group} {target}",
            group=group,
            statements=numbers,
        )
    network.options = _look()["network"]
    data = _page_data(ordered, entities, articles, partial=first is not None)
    network.templateEnv = _environment(title, data)
    network.path = "page.html"
    return str(network.generate_html())


def write_page(
    path: str | os.PathLike[str],
    statements: Iterable[Statement],
    *,
    articles: Mapping[str, Article] = {},
    title: str = "dispute-kg",
    limit: int | None = None,
) -> None:
    """Write ``page_html`` of the same arguments to ``path`` as UTF-8: the whole file or nothing.

    OutputError where the file cannot be written; what was there before is then untouched.
    """
    content = page_html(statements, articles=articles, title=title, limit=limit)
    target = Path(path)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(content)
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(name, 0o666 & ~mask)
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise OutputError(
            f"{target}: the page could not be written ({error.strerror}); "
            "give a file in a folder that exists and can be written to"
        ) from error


def view(
    statements: Iterable[Statement],
    *,
    articles: Mapping[str, Article] = {},
    title: str = "dispute-kg",
    limit: int | None = None,
    height: int = 760,
) -> View:
    """The page as an object that a notebook shows, ``height`` CSS pixels high; else `page_html`."""
    content = page_html(statements, articles=articles, title=title, limit=limit)
    return View(content, height)


# --- What the page shows ------------------------------------------------------------------------


def _reading_order(statement: Statement, articles: Mapping[str, Article]) -> tuple[Any, ...]:
    """Oldest article first, then as the text has it; the rest of the record settles ties."""
    date = articles[statement.article].date if statement.article in articles else ""
    place = (date, statement.article, statement.sentence.start, statement.trigger.start)
    return (*place, json.dumps(astuple(statement)))


def _entities(statements: Sequence[Statement]) -> dict[str, Entity]:
    """Subjects and objects by slug, sorted; of records with one slug the best known one."""
    found: dict[str, Entity] = {}
    for statement in statements:
        for entity in (statement.subject.entity, statement.object.entity):
            kept = found.setdefault(entity.slug, entity)
            if (entity.known, len(entity.labels)) > (kept.known, len(kept.labels)):
                found[entity.slug] = entity
    return dict(sorted(found.items()))


def _weights(statements: Sequence[Statement]) -> Counter[str]:
    return Counter(
        slug
        for statement in statements
        for slug in {statement.subject.entity.slug, statement.object.entity.slug}
    )


def _node_size(weight: int) -> int:
    return round(min(7 + 4 * math.sqrt(weight), 34))


def _letter_size(weight: int) -> int:
    label = _look()["label"]
    return int(min(label["smallest"] + weight / 4, label["largest"]))


def _first_view(
    statements: Sequence[Statement], weights: Counter[str], limit: int | None
) -> frozenset[str] | None:
    """The names to show first, or None for all: the heaviest ones that touch one another."""
    if len(weights) <= (CROWDED if limit is None else limit):
        return None
    wanted = FIRST_VIEW if limit is None else max(limit, 1)
    top = {
        slug for slug, _ in sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:wanted]
    }
    ends = [(s.subject.entity.slug, s.object.entity.slug) for s in statements]
    linked = {slug for pair in ends if pair[0] in top and pair[1] in top for slug in pair}
    return frozenset(linked or top)


def _bundles(statements: Sequence[Statement]) -> dict[tuple[str, str, str], list[int]]:
    bundles: dict[tuple[str, str, str], list[int]] = {}
    for number, statement in enumerate(statements):
        group = vocabulary.relation(statement.relation).group
        key = (statement.subject.entity.slug, statement.object.entity.slug, group)
        bundles.setdefault(key, []).append(number)
    return bundles


def _labels(entity: Entity) -> dict[str, str]:
    return dict(entity.labels)


def _page_data(
    statements: Sequence[Statement],
    entities: Mapping[str, Entity],
    articles: Mapping[str, Article],
    *,
    partial: bool,
) -> dict[str, Any]:
    keys = dict.fromkeys((s.article, s.lang, s.sentence) for s in statements)
    numbers = {key: number for number, key in enumerate(keys)}
    speakers = [s.attributed_to.entity for s in statements if s.attributed_to is not None]
    relations = {s.relation for s in statements}
    return {
        "words": _words(),
        "look": _look(),
        "partial": partial,
        "groups": {g.name: dict(g.labels) for g in vocabulary.groups()},
        "relations": {
            r.name: {"group": r.group, "labels": dict(r.labels)}
            for r in vocabulary.relations()
            if r.name in relations
        },
        "types": {t.name: dict(t.labels) for t in vocabulary.entity_types()},
        "modalities": {m.name: dict(m.labels) for m in vocabulary.modalities()},
        "speakers": {
            e.slug: {"label": e.label, "labels": _labels(e)}
            for e in speakers
            if e.slug not in entities
        },
        "articles": {
            name: _article_data(name, articles.get(name))
            for name in sorted({s.article for s in statements})
        },
        "sentences": [{"text": key[2].text, "lang": key[1]} for key in numbers],
        "statements": [
            _statement_data(s, numbers[s.article, s.lang, s.sentence]) for s in statements
        ],
    }


def _article_data(name: str, article: Article | None) -> dict[str, str]:
    known = article or Article(name, "")
    return {"title": known.title or name, "date": known.date, "source": known.source}


def _statement_data(statement: Statement, sentence: int) -> dict[str, Any]:
    spans = {
        "subject": statement.subject.span,
        "trigger": statement.trigger,
        "object": statement.object.span,
    }
    if statement.attributed_to is not None:
        spans["speaker"] = statement.attributed_to.span
    return {
        "article": statement.article,
        "sentence": sentence,
        "subject": statement.subject.entity.slug,
        "relation": statement.relation,
        "object": statement.object.entity.slug,
        "negated": statement.negated,
        "modality": statement.modality,
        "speaker": _slug(statement.attributed_to),
        "time": statement.time,
        "confidence": round(statement.confidence, 3),
        "words": {role: span.text for role, span in spans.items()},
        "marks": {role: _mark(span, statement) for role, span in spans.items()},
    }


def _slug(argument: Argument | None) -> str | None:
    return None if argument is None else argument.entity.slug


def _mark(span: Span, statement: Statement) -> list[int] | None:
    """Where the span lies in its sentence, in code points; None where it lies outside of it."""
    start = span.start - statement.sentence.start
    end = span.end - statement.sentence.start
    inside = 0 <= start < end <= len(statement.sentence.text)
    return [start, end] if inside else None


# --- Places of the names ------------------------------------------------------------------------

_Places = dict[str, tuple[int, int]]


def _layout(
    statements: Sequence[Statement],
    entities: Mapping[str, Entity],
    weights: Counter[str],
    *,
    within: frozenset[str] | None = None,
    tries: int = _TRIES,
) -> _Places:
    """Coordinates by slug, the same for the same graph; names and their labels do not overlap.

    Every connected component is laid out for itself and then put beside the others on shelves,
    the largest first: by a force-directed method, whose time grows with the square of the names,
    up to 1,000 names; beyond by rings around its heaviest name, in n log n.
    """
    graph = nx.Graph()
    graph.add_nodes_from(slug for slug in entities if within is None or slug in within)
    for statement in statements:
        ends = (statement.subject.entity.slug, statement.object.entity.slug)
        if ends[0] != ends[1] and ends[0] in graph and ends[1] in graph:
            graph.add_edge(*ends)
    boxes = {slug: _box(entities[slug], weights[slug]) for slug in graph}
    components = sorted(nx.connected_components(graph), key=lambda c: (-len(c), min(c)))
    if len(graph) > _LARGEST_PRECISE:
        placed = [_rings(graph, component, boxes, weights) for component in components]
    else:
        placed = [
            _component(graph.subgraph(sorted(component)), boxes, tries=tries)
            for component in components
        ]
    return _shelves(placed, boxes)


def _box(entity: Entity, weight: int) -> tuple[float, float]:
    """Half width and half height of a name with its label beneath, in canvas units."""
    longest = max(_columns(label) for label in (entity.label, *dict(entity.labels).values()))
    letters = min(longest, _look()["label"]["columns"]) * _look()["label"]["width"]
    size, height = _node_size(weight), _letter_size(weight)
    return max(size, letters * height / 2) + 6, size + height / 2 + 12


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _component(
    graph: Any, boxes: Mapping[str, tuple[float, float]], *, tries: int
) -> dict[str, Any]:
    """Points by name; of a few starting points the one with the most legible drawing."""
    names = sorted(graph)
    half = np.array([boxes[name] for name in names])
    if len(names) > _LARGEST_FORCE:
        return dict(zip(names, _by_communities(graph, names, half), strict=True))
    edges = _rows(graph, names)
    seeds = range(tries if len(names) > 3 else 1)
    drawings = [_apart(_forces(graph, names, seed=seed), half) for seed in seeds]
    best = max(seeds, key=lambda seed: (_legibility(drawings[seed], half, edges), -seed))
    return dict(zip(names, drawings[best], strict=True))


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
    points = points - points.mean(axis=0)
    lengths = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
    points = points * (_EDGE_LENGTH / max(float(np.median(lengths)), 1e-9))
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    # The sign of a singular vector is arbitrary; fixed, so that libraries do not mirror the page.
    return points @ (axes * np.where(axes[:, :1] < 0, -1.0, 1.0)).T


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


def _by_communities(graph: Any, names: Sequence[str], half: Any) -> Any:
    """Points of a large component: Louvain communities, each laid out as one box among boxes."""
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
        own = [rows[name] for name in community]
        inner = _forces(graph.subgraph(community), community, seed=0)
        inner = _apart(inner, half[own])
        low, high = (inner - half[own]).min(axis=0), (inner + half[own]).max(axis=0)
        points[own] = inner - (low + high) / 2
        outer[number] = (high - low) / 2 + _GUTTER
    centres = _apart(_forces(overview, range(len(communities)), seed=0), outer)
    return points + centres[[of[name] for name in names]]


def _apart(points: Any, half: Any) -> Any:
    """The points stretched and pushed until boxes of these half sizes do not overlap."""
    while _overlapping(points, half).sum() > _CROWDING * len(points):
        points = points * 1.1
    # Equal coordinates give no direction to push in; a tiny slant by rank does.
    order = np.arange(len(points))
    points = points + np.stack([order * 1e-3, order * 2e-3], axis=1)
    for _ in range(_ROUNDS):
        hit = _overlapping(points, half)
        if not hit.any():
            break
        gap = points[:, None, :] - points[None, :, :]
        room = half[:, None, :] + half[None, :, :]
        overlap = room - np.abs(gap)
        across = overlap[:, :, 0] / room[:, :, 0] < overlap[:, :, 1] / room[:, :, 1]
        push = np.where(np.stack([across, ~across], axis=2), overlap * np.sign(gap), 0.0)
        points = points + np.where(hit[:, :, None], push, 0.0).sum(axis=1) * 0.35
    return points


def _overlapping(points: Any, half: Any) -> Any:
    """Which pairs of boxes overlap, as a square of booleans."""
    gap = np.abs(points[:, None, :] - points[None, :, :])
    hit = (gap < half[:, None, :] + half[None, :, :]).all(axis=2)
    np.fill_diagonal(hit, False)
    return hit


def _rings(
    graph: Any,
    component: Collection[str],
    boxes: Mapping[str, tuple[float, float]],
    weights: Counter[str],
) -> dict[str, Any]:
    """Points by name in n log n: a radial drawing of a breadth-first tree, put into a grid.

    The tree grows from the heaviest name; every name gets a sector as wide as its share of the
    names beneath (Eades, Drawing Free Trees, 1992), so that neighbours come to lie side by side.
    """
    root = min(component, key=lambda name: (-weights[name], name))
    beneath: dict[str, list[str]] = {root: []}
    order = [root]
    for name in order:
        for other in sorted(graph[name]):
            if other not in beneath:
                beneath[other] = []
                beneath[name].append(other)
                order.append(other)
    size = dict.fromkeys(order, 1)
    for name in reversed(order):
        size[name] += sum(size[child] for child in beneath[name])
    begin, depth = {root: 0}, {root: 0}
    for name in order:
        at = begin[name] + 1
        for child in beneath[name]:
            begin[child], depth[child] = at, depth[name] + 1
            at += size[child]
    middle = np.array([begin[name] + size[name] / 2 for name in order])
    angle = middle * (2 * math.pi / len(order))
    radius = np.array([depth[name] for name in order])
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    half = np.array([boxes[name] for name in order])
    return dict(zip(order, _in_grid(points.round(6), half), strict=True))


def _in_grid(points: Any, half: Any) -> Any:
    """Boxes of these half sizes in columns about 3:2, ordered across and down as the points are."""
    rows = np.arange(len(points))
    width, height = (2 * half + _LANE).mean(axis=0)
    wanted = round(math.sqrt(len(points) * 1.5 * height / width))
    columns = min(max(wanted, 1), len(points))
    placed = np.zeros((len(points), 2))
    left = 0.0
    for column in np.array_split(np.lexsort((rows, points[:, 0])), columns):
        down = column[np.lexsort((column, points[column, 1]))]
        spans = 2 * half[down, 1] + _LANE
        wide = float(half[down, 0].max())
        placed[down, 0] = left + wide
        placed[down, 1] = np.cumsum(spans) - spans / 2 - spans.sum() / 2
        left += 2 * wide + _LANE
    return placed


def _shelves(
    components: Sequence[Mapping[str, Any]], boxes: Mapping[str, tuple[float, float]]
) -> _Places:
    """Components put side by side on shelves as wide as the widest, the whole about 3:2."""
    sizes = []
    for places in components:
        names = list(places)
        half = np.array([boxes[name] for name in names])
        points = np.array([places[name] for name in names])
        low, high = (points - half).min(axis=0), (points + half).max(axis=0)
        sizes.append((low, high - low))
    area = sum(float(size[0] * size[1]) for _, size in sizes)
    width = max([math.sqrt(area * 1.5), *(float(size[0]) for _, size in sizes)], default=0.0)
    result: _Places = {}
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


# --- Files of the page --------------------------------------------------------------------------


@cache
def _words() -> dict[str, dict[str, str]]:
    """The words of the page by language; DataError where the languages do not say the same."""
    words: dict[str, dict[str, str]] = tomllib.loads(_own_file("words.toml"))
    first, *others = words
    for language in others:
        if missing := words[first].keys() ^ words[language].keys():
            raise DataError(
                f"kg/templates/words.toml: [{language}] and [{first}] differ in "
                f"{', '.join(sorted(missing))}; every language needs the same keys"
            )
    return words


@cache
def _look() -> dict[str, Any]:
    return tomllib.loads(_own_file("look.toml"))


def _own_file(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _library() -> str:
    """The vis-network bundle that pyvis carries."""
    return files("pyvis").joinpath(*_BUNDLE).read_text(encoding="utf-8")


def _environment(title: str, page: Mapping[str, Any]) -> jinja2.Environment:
    """Templates with autoescaping on, and with what pyvis itself does not hand over."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_own_file),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    style, library, script = _own_file("page.css"), _library(), _own_file("page.js")
    environment.filters["fromjson"] = json.loads
    # The order of our mappings is meant: languages, groups and types are shown in it.
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False}
    environment.globals.update(
        title=title,
        page=page,
        words=next(iter(_words().values())),
        policy=_policy(style, library, script),
        # Our own files and the pinned bundle; nothing that came from an article.
        style=Markup(style),
        library=Markup(library),
        script=Markup(script),
    )
    return environment


def _policy(style: str, *scripts: str) -> str:
    """A Content-Security-Policy that runs these very texts and loads nothing."""
    allowed = " ".join(_source_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_source_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _source_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
