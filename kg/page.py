"""The interactive page: statements as a graph with their sentences, in one file without requests.

pyvis holds the graph and brings the vis-network bundle; the HTML is this project's own template.
Article text reaches the page only as JSON data and is shown by ``textContent``. Graphs with more
lines than vis-network can move are drawn by sigma.js, whose bundle is then in the page as well.
"""

import html
import math
import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pyvis.network import Network

from kg import vocabulary
from kg.files import whole_file
from kg.graph import best_entity
from kg.iris import BASE, content_hash, evidence_iri, name_in_iri, statement_iri
from kg.layout import Places, layout
from kg.page_files import environment, look, words
from kg.records import Argument, Article, Entity, Sentence, Span, Statement
from kg.registry import registry


@dataclass(frozen=True, slots=True)
class View:
    """A page for notebooks: shows itself in an isolated frame; ``html`` is the whole document."""

    html: str
    height: int = 760

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" title="dispute-kg" '
            'sandbox="allow-scripts allow-popups allow-downloads" '
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

    ``articles`` gives title, date, source and dispute by article id; an article that is not there
    is shown by its id. ``limit`` is how many names the first view shows (the whole is one click
    away); without it a graph that is too crowded to be read opens with its most important names,
    as ``[view]`` in ``kg/templates/look.toml`` says. The order of the statements does not matter
    and equal ones count once: equal input gives equal bytes. No statements give a page that says
    so.

    >>> page_html([], title="Sora & co").startswith("<!DOCTYPE html>")
    True
    """
    ordered = sorted(set(statements), key=lambda s: _reading_order(s, articles))
    entities = _entities(ordered)
    weights = _weights(ordered)
    first = _first_view(ordered, entities, weights, limit)
    # A whole that waits behind a button is drawn once; several tries are for what is seen first.
    places = _places(ordered, entities, weights, tries=8 if first is None else 1)
    near = places if first is None else _places(ordered, _only(entities, first), weights, tries=8)
    bundles = _bundles(ordered)

    network = Network(directed=True, cdn_resources="in_line")
    # Not by add_node and add_edge, which look through all that is there and so take minutes.
    network.nodes = [
        {
            "id": slug,
            **_names(entity),
            "type": entity.type,
            "weight": weights[slug],
            "whole": places[slug],
            "first": near.get(slug),
        }
        for slug, entity in entities.items()
    ]
    network.edges = [
        {"from": source, "to": target, "group": group, "statements": numbers}
        for (source, target, group), numbers in bundles.items()
    ]
    network.options = look()["network"]
    data = _page_data(ordered, entities, articles, partial=first is not None)
    large = len(bundles) > look()["view"]["most_lines"]
    network.templateEnv = environment(title, data, large=large)
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
    with whole_file(Path(path)) as file:
        file.write(content)


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
    return (*place, repr(statement))


def _entities(statements: Sequence[Statement]) -> dict[str, Entity]:
    """Subjects and objects by slug, sorted; of records with one slug the best known one."""
    found: dict[str, list[Entity]] = {}
    for statement in statements:
        for entity in (statement.subject.entity, statement.object.entity):
            found.setdefault(entity.slug, []).append(entity)
    return {slug: best_entity(found[slug]) for slug in sorted(found)}


def _only(entities: Mapping[str, Entity], slugs: frozenset[str]) -> dict[str, Entity]:
    return {slug: entity for slug, entity in entities.items() if slug in slugs}


def _weights(statements: Sequence[Statement]) -> Counter[str]:
    return Counter(
        slug
        for statement in statements
        for slug in {statement.subject.entity.slug, statement.object.entity.slug}
    )


def _first_view(
    statements: Sequence[Statement],
    entities: Mapping[str, Entity],
    weights: Counter[str],
    limit: int | None,
) -> frozenset[str] | None:
    """The names to show first, or None for all: the most important ones, with whom they touch.

    Phrases of no known kind that are mentioned once are folded away first. The script of the page
    takes the first names of a selection by the same rule.
    """
    measures = look()["view"]
    kept = set(weights)
    if limit is None and len(kept) > measures["few_names"]:
        kept = {slug for slug in kept if weights[slug] > 1 or entities[slug].type != "Concept"}
    crowded, wanted = (measures["crowded"], measures["first"]) if limit is None else (limit, limit)
    if len(kept) == len(weights) <= crowded:
        return None

    def importance(slug: str) -> tuple[float, str]:
        acts = vocabulary.is_a(entities[slug].type, "Actor")
        return -weights[slug] * (1 if acts else measures["things"]), slug

    near: dict[str, set[str]] = {slug: set() for slug in kept}
    for statement in statements:
        one, other = statement.subject.entity.slug, statement.object.entity.slug
        if one != other and one in near and other in near:
            near[one].add(other)
            near[other].add(one)
    linked = [slug for slug in sorted(kept, key=importance) if near[slug]]
    if len(kept) <= crowded:
        return frozenset(linked or kept or weights)
    shown: set[str] = set()
    for slug in linked:
        room = max(wanted, 2) - len(shown)
        if slug not in shown and room > 0 and not near[slug].isdisjoint(shown):
            shown.add(slug)
        elif slug not in shown and room > 1:  # one that touches none of these brings its own
            brought = sorted(near[slug], key=importance)[: measures["brought"]]
            shown |= {slug, *brought[: room - 1]}
    return frozenset(shown or kept or weights)


def _bundles(statements: Sequence[Statement]) -> dict[tuple[str, str, str], list[int]]:
    bundles: dict[tuple[str, str, str], list[int]] = {}
    for number, statement in enumerate(statements):
        group = vocabulary.relation(statement.relation).group
        key = (statement.subject.entity.slug, statement.object.entity.slug, group)
        bundles.setdefault(key, []).append(number)
    return bundles


def _places(
    statements: Sequence[Statement],
    entities: Mapping[str, Entity],
    weights: Counter[str],
    *,
    tries: int,
) -> Places:
    heaviest = max(weights.values(), default=1)
    boxes = {slug: _box(entity, weights[slug], heaviest) for slug, entity in entities.items()}
    ends = [(s.subject.entity.slug, s.object.entity.slug) for s in statements]
    links = {pair for pair in ends if pair[0] in boxes and pair[1] in boxes}
    measures = look()["view"]
    length = measures["labelled_line"] if len(links) <= measures["few_lines"] else None
    return layout(boxes, links, weights, tries=tries, length=length)


def _box(entity: Entity, weight: int, heaviest: int) -> tuple[float, float]:
    """Half width and half height of a name with its label beneath, as the script draws them."""
    node, label = look()["node"], look()["label"]
    share = math.sqrt(weight / heaviest)
    size = node["smallest"] + (node["largest"] - node["smallest"]) * share
    height = label["smallest"] + (label["largest"] - label["smallest"]) * share
    texts = (entity.label, *dict(entity.labels).values())
    if _is_unnamed(entity):
        texts = tuple(
            own["unnamed"].format(name=text) for own in words().values() for text in texts
        )
    longest = max(map(_letters, texts))
    letters = min(longest, label["columns"]) * label["width"]
    return max(size, letters * height / 2) + 6, size + height / 2 + 10


def _letters(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _names(entity: Entity) -> dict[str, Any]:
    """Labels of an entity and, where it is known, its further names and identifiers."""
    found: dict[str, Any] = {"label": entity.label, "labels": dict(entity.labels)}
    shown = {entity.label, *found["labels"].values()}
    found |= {"unnamed": True} if _is_unnamed(entity) else {}
    if entity.known:
        found["known"] = True
        further = [name for name in _further_names().get(entity.slug, ()) if name not in shown]
        if further:
            found["names"] = further
        if entity.slug in registry().wikidata:
            found["wikidata"] = registry().wikidata[entity.slug]
    return found


def _is_unnamed(entity: Entity) -> bool:
    """Whether a text speaks of somebody by a single common noun only: "the company", "timnya"."""
    acts = vocabulary.is_a(entity.type, "Actor") and entity.type != "Group"
    # Common words have a language, which names that a text mentions first do not have.
    return acts and not entity.known and bool(entity.labels) and len(entity.label.split()) == 1


@cache
def _further_names() -> dict[str, list[str]]:
    """Further names by slug, whatever their language, each once and sorted."""
    found: dict[str, set[str]] = {}
    for pairs in registry().names.values():
        for name, slug in pairs:
            found.setdefault(slug, set()).add(name)
    return {slug: sorted(names) for slug, names in found.items()}


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
        "words": words(),
        "look": look(),
        "base": BASE,
        "prefixes": {name: vocabulary.PREFIXES[name] for name in _PREFIXES},
        "partial": partial,
        "groups": {g.name: dict(g.labels) for g in vocabulary.groups()},
        "relations": {
            r.name: {"group": r.group, "sign": r.sign, "labels": dict(r.labels)}
            for r in vocabulary.relations()
            if r.name in relations
        },
        "types": {
            t.name: {"labels": dict(t.labels), "acts": vocabulary.is_a(t.name, "Actor")}
            for t in vocabulary.entity_types()
        },
        "modalities": {m.name: dict(m.labels) for m in vocabulary.modalities()},
        "speakers": {
            e.slug: {**_names(e), "type": e.type} for e in speakers if e.slug not in entities
        },
        "articles": {
            name: _article_data(name, articles.get(name))
            for name in sorted({s.article for s in statements})
        },
        "sentences": _columns(_sentence_data(*key) for key in numbers),
        "statements": _columns(
            _statement_data(s, numbers[s.article, s.lang, s.sentence]) for s in statements
        ),
    }


def _columns(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows with the same keys as one list for each key, which is half as long to write."""
    columns: dict[str, list[Any]] = {}
    for row in rows:
        for key, value in row.items():
            columns.setdefault(key, []).append(value)
    return columns


_PREFIXES = ("dkg", "dcterms", "oa", "rdf", "rdfs", "skos", "wd", "xsd")


def _article_data(name: str, article: Article | None) -> dict[str, str]:
    known = article or Article(name, "")
    return {
        "title": known.title or name,
        "date": known.date,
        "source": known.source,
        "lang": known.lang or "",
        "dispute": known.dispute,
    }


def _sentence_data(article: str, lang: str, sentence: Sentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "lang": lang,
        "index": sentence.index,
        "start": sentence.start,
        "span": content_hash(article, sentence.start, sentence.end, sentence.text),
    }


def _statement_data(statement: Statement, sentence: int) -> dict[str, Any]:
    spans = {
        "subject": statement.subject.span,
        "trigger": statement.trigger,
        "object": statement.object.span,
    }
    if statement.attributed_to is not None:
        spans["speaker"] = statement.attributed_to.span
    marks = [_mark(span, statement) for span in spans.values()]
    return {
        "id": name_in_iri(statement_iri(statement)),
        "evidence": name_in_iri(evidence_iri(statement)),
        "article": statement.article,
        "sentence": sentence,
        "subject": statement.subject.entity.slug,
        "relation": statement.relation,
        "object": statement.object.entity.slug,
        "negated": statement.negated,
        "modality": statement.modality,
        "speaker": _slug(statement.attributed_to),
        "time": statement.time,
        "role": statement.role,
        "confidence": round(statement.confidence, 3),
        # In the order of the roles; words that lie outside of the sentence stand for themselves.
        "marks": [
            span.text if mark is None else mark
            for span, mark in zip(spans.values(), marks, strict=True)
        ],
    }


def _slug(argument: Argument | None) -> str | None:
    return None if argument is None else argument.entity.slug


def _mark(span: Span, statement: Statement) -> list[int] | None:
    """Where the span lies in its sentence, in code points; None where it lies outside of it."""
    start = span.start - statement.sentence.start
    end = span.end - statement.sentence.start
    inside = 0 <= start < end <= len(statement.sentence.text)
    return [start, end] if inside else None
