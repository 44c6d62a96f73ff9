"""Layouts of a store, and the way from an older one to this one.

A layout is how the bookkeeping and the graphs lie. Each migration makes one change, which the store
applies in one transaction together with the new number: killed in between, the store is of the one
layout or the other, and the next opening goes on.
"""

import json
from collections.abc import Callable, Mapping

import pyoxigraph as ox

from kg.changes import ENTITY, Change, Held
from kg.errors import StoreError

SCHEMA = "2"
"""The layout that this version writes and reads."""


def _name_fields_of_entities(held: Held) -> Change:
    """1 -> 2: an article's view of an entity names its fields; it was a list."""
    change = Change()
    for quad in held.find(predicate=ENTITY):
        assert isinstance(quad.object, ox.Literal)
        given = json.loads(quad.object.value)
        if isinstance(given, dict):  # versions between the releases wrote both
            continue
        slug, type, label, labels, known = given
        fields = {"slug": slug, "type": type, "label": label, "labels": labels, "known": known}
        view = ox.Literal(json.dumps(fields, sort_keys=True))
        change.removed.add(quad)
        change.added.add(ox.Quad(quad.subject, quad.predicate, view, quad.graph_name))
    return change


MIGRATIONS: Mapping[str, tuple[str, Callable[[Held], Change]]] = {
    "1": ("2", _name_fields_of_entities),
}
"""Layout -> the next one and what makes it."""


def next_layout(held: Held, layout: str, *, where: str) -> tuple[str, Change]:
    """The layout after an older one and the change that leads to it.

    StoreError for a layout that no migration starts from: one of a newer version.
    """
    if layout not in MIGRATIONS:
        raise StoreError(
            f"{where}: written by a newer version of dispute-kg (layout {layout}, this one knows up"
            f" to {SCHEMA}); update dispute-kg, or build the store again elsewhere"
        )
    following, change_of = MIGRATIONS[layout]
    return following, change_of(held)
