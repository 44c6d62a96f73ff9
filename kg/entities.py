"""What a store knows of its entities: where each is mentioned, by which words, linked how."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kg.errors import UsageError
from kg.graph import best_entity
from kg.records import Entity, Statement
from kg.registry import registry
from kg.selection import slugs_named


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that stand for an entity: how often, in how many articles, by which method they were
    linked and how sure that is, as the mean of the scores, in [0, 1]."""

    text: str
    method: str
    mentions: int
    articles: int
    score: float


@dataclass(frozen=True, slots=True)
class Known:
    """An entity with what statements say of it.

    ``statements`` counts those it is subject, object or speaker of, ``mentions`` its places in the
    texts; ``wordings`` are in the order of how often they come.
    """

    entity: Entity
    statements: int
    mentions: int
    articles: tuple[str, ...]
    wordings: tuple[Wording, ...]


def known_entities(statements: Iterable[Statement]) -> list[Known]:
    """The entities of statements, the most mentioned first, then by slug.

    The statements are taken one by one; what is kept grows with the places where entities are
    mentioned.
    """
    described: dict[str, set[Entity]] = {}
    stated: Counter[str] = Counter()
    places: dict[str, dict[tuple[str, int, int], tuple[str, str, float]]] = {}
    for statement in statements:
        arguments = (statement.subject, statement.object, statement.attributed_to)
        for argument in filter(None, arguments):
            slug, span = argument.entity.slug, argument.span
            described.setdefault(slug, set()).add(argument.entity)
            place = (statement.article, span.start, span.end)
            told = (span.text, argument.method, argument.score)
            at = places.setdefault(slug, {})
            at[place] = max(told, at.get(place, told))
        stated.update({argument.entity.slug for argument in filter(None, arguments)})
    found = [
        Known(
            entity=best_entity(described[slug]),
            statements=stated[slug],
            mentions=len(at),
            articles=tuple(sorted({article for article, _, _ in at})),
            wordings=_wordings(at),
        )
        for slug, at in places.items()
    ]
    return sorted(found, key=lambda one: (-one.mentions, one.entity.slug))


def _wordings(
    places: dict[tuple[str, int, int], tuple[str, str, float]],
) -> tuple[Wording, ...]:
    groups: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for (article, _, _), (text, method, score) in places.items():
        groups.setdefault((" ".join(text.split()), method), []).append((article, score))
    found = [
        Wording(
            text=text,
            method=method,
            mentions=len(told),
            articles=len({article for article, _ in told}),
            score=round(sum(score for _, score in told) / len(told), 3),
        )
        for (text, method), told in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.mentions, one.text, one.method)))


def entity_named(known: Iterable[Known], name: str) -> Known:
    """The entity that a slug or a name in any language and case stands for.

    UsageError where there is none, with the names that come near, and where there are several.
    """
    by_slug = {one.entity.slug: one for one in known}
    names = [
        (text, slug)
        for slug, one in by_slug.items()
        for text in (one.entity.label, *(text for _, text in _all_names(one.entity)))
    ]
    replaced = [(old, slug) for slug, one in by_slug.items() for old in one.entity.replaces]
    slugs = sorted(slugs_named(name, [*names, *replaced]))
    if name in by_slug:
        slugs = [name]
    if len(slugs) > 1:
        raise UsageError(f"{name!r} may be {' or '.join(slugs)}: give one of these")
    return by_slug[slugs[0]]


def _all_names(entity: Entity) -> tuple[tuple[str, str], ...]:
    own = (*entity.labels, *entity.names)
    if not entity.known:
        return own
    names = registry().names.items()
    return (*own, *((lang, n) for lang, pairs in names for n, of in pairs if of == entity.slug))


def further_names(entity: Entity) -> tuple[str, ...]:
    """The names that an entity goes by beside its labels, sorted."""
    labels = {entity.label, *(label for _, label in entity.labels)}
    return tuple(sorted({name for _, name in _all_names(entity)} - labels))
