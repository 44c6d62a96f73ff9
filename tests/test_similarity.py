"""Look-alikes: found by their names, whatever belongs together by nature left out."""

import pytest

from kg.records import Entity
from kg.similarity import look_alikes


def entity(slug: str, label: str, **fields: tuple[Entity, ...]) -> Entity:
    return Entity(slug, "Organization", label, (), False, **fields)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Acme Robotics", "ACME Robotics", True),
        ("Robotics Acme", "Acme Robotics", True),
        ("J. Doe", "Jane Doe", True),
        ("J. Doe", "Mary Doe", False),
        ("Serikat Pekerja Digital", "SPD", True),
        ("Serikat Pekerja Digital", "SPA", False),
        ("Zoë Ångström", "Zoe Angstrom", True),
        ("Acme Robotics", "Umbrella Foods", False),
    ],
)
def test_names_that_look_alike_are_told(one: str, other: str, alike: bool) -> None:
    found = look_alikes([entity("a", one), entity("b", other)])
    assert [(pair.first.slug, pair.second.slug) for pair in found] == [("a", "b")] * alike
    assert all(0 <= pair.similarity <= 1 for pair in found)


def test_what_belongs_together_is_no_look_alike() -> None:
    wide = entity("a", "content review")
    narrow = entity("b", "content reviews", broader=(wide,))
    assert look_alikes([wide, narrow]) == []
    assert look_alikes([entity("lawsuits--x", "lawsuit"), entity("suits--y", "lawsuits")]) == []


def test_the_most_alike_come_first_whatever_the_order() -> None:
    entities = [
        entity("a", "Acme Robotics"),
        entity("b", "Acme Robotic"),
        entity("c", "Acme Robots"),
    ]
    straight, turned = look_alikes(entities), look_alikes(reversed(entities))
    assert straight == turned
    assert [pair.similarity for pair in straight] == sorted(
        (pair.similarity for pair in straight), reverse=True
    )
