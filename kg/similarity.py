"""Entities that look alike and are kept apart.

String similarity is rapidfuzz's. Only names that share the beginning of a word or their initials
are compared, so that cost grows with the number of entities, not with its square.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz, utils

from kg.records import Entity

LEAST = 0.85
"""Similarity in [0, 1] from which two entities count as look-alikes."""

_PREFIX = 4  # letters of a word by which names are gathered
_COMMON = 100  # entities in a gathering; what more share tells nothing
_INITIALS = 0.9
_ACRONYM = (2, 8)  # letters


@dataclass(frozen=True, slots=True)
class LookAlikes:
    """Two entities with the names by which they look alike and how alike these are, in [0, 1]."""

    first: Entity
    second: Entity
    names: tuple[str, str]
    similarity: float


def look_alikes(entities: Iterable[Entity], *, least: float = LEAST) -> list[LookAlikes]:
    """Pairs of entities with names that are at least so alike, the most alike first.

    What narrows or mentions the other is no look-alike, nor are things of two disputes.

    >>> one, two = Entity("person-s-altman", "Person", "S. Altman"), Entity("x", "Person", "Altman")
    >>> [round(pair.similarity, 2) for pair in look_alikes([one, two], least=0.8)]
    [0.86]
    """
    known = {entity.slug: entity for entity in entities}
    names = {slug: list(_names(entity)) for slug, entity in known.items()}
    gathered: dict[str, set[str]] = {}
    for slug, found in names.items():
        for name in found:
            for key in _keys(name):
                gathered.setdefault(key, set()).add(slug)
    pairs = {
        pair
        for slugs in gathered.values()
        if len(slugs) <= _COMMON
        for pair in combinations(sorted(slugs), 2)
    }
    result = []
    for first, second in pairs:
        if _belong_together(known[first], known[second]):
            continue
        similarity, one, other = max(
            (_similarity(one, other), one, other) for one in names[first] for other in names[second]
        )
        if similarity >= least:
            result.append(LookAlikes(known[first], known[second], (one, other), similarity))
    return sorted(result, key=lambda pair: (-pair.similarity, pair.first.slug, pair.second.slug))


def _names(entity: Entity) -> Iterator[str]:
    pairs = (*entity.labels, *entity.names)
    yield from dict.fromkeys((entity.label, *(name for _, name in pairs)))


def _belong_together(first: Entity, second: Entity) -> bool:
    within = {
        *(one.slug for one in (*first.broader, *first.mentions)),
        *(one.slug for one in (*second.broader, *second.mentions)),
    }
    scope, other = first.slug.partition("--")[2], second.slug.partition("--")[2]
    apart = bool(scope and other) and scope != other  # each is a thing of its own dispute
    return bool(within & {first.slug, second.slug}) or apart


def _keys(name: str) -> Iterator[str]:
    words = _plain(name).split()
    for word in words:
        if len(word) >= 3:
            yield word[:_PREFIX]
    initials = "".join(word[0] for word in words)
    if len(words) > 1 and _ACRONYM[0] <= len(initials) <= _ACRONYM[1]:
        yield "=" + initials
    if name.isupper() and len(words) == 1:
        yield "=" + words[0]


def _is_shortened(one: list[str], other: list[str]) -> bool:
    """The same last word, and a first word that is the initial of the other: "J. Doe"."""
    if len(one) < 2 or len(other) < 2 or one[-1] != other[-1] or one[0] == other[0]:
        return False
    return min(len(one[0]), len(other[0])) == 1 and one[0][0] == other[0][0]


def _plain(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return utils.default_process(plain or name)


def _similarity(one: str, other: str) -> float:
    plain, second = _plain(one), _plain(other)
    if _is_shortened(plain.split(), second.split()):
        return _INITIALS
    if one.isupper() != other.isupper():
        words, acronym = (second.split(), plain) if one.isupper() else (plain.split(), second)
        if len(words) > 1 and "".join(word[0] for word in words) == acronym:
            return _INITIALS
    whole = fuzz.ratio(plain, second)
    return float(max(whole, fuzz.token_sort_ratio(plain, second))) / 100
