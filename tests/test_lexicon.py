"""How wide the lexicons are, and that one expression does not say two things by accident.

``lexicon.toml`` beside this file holds the least number of expressions for each relation, and the
expressions that are meant to stand under two relations, with the reason.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from kg.languages import NO_RELATION, Frame, language_pack, languages, type_fits
from kg.vocabulary import entity_types, relations

RULES = tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text(encoding="utf-8"))
TYPES = tuple(kind.name for kind in entity_types())


def words_of(frame: Frame) -> Iterator[tuple[str, str]]:
    for kind, words in (
        ("verb", frame.verbs),
        ("noun", frame.nouns),
        ("adjective", frame.adjectives),
    ):
        for word in words:
            yield kind, word


def expressions(code: str, relation: str) -> set[tuple[str, str]]:
    return {word for frame in language_pack(code).frames[relation] for word in words_of(frame)}


def doubles(code: str) -> Iterator[tuple[str, tuple[str, Frame], tuple[str, Frame]]]:
    """Expressions that stand under two relations, with the two groups that have them."""
    groups = defaultdict(list)
    for relation, frames in language_pack(code).frames.items():
        for frame in frames if relation != NO_RELATION else ():
            for word in words_of(frame):
                groups[word].append((relation, frame))
    for (_, word), places in groups.items():
        for one, other in combinations(places, 2):
            if one[0] != other[0]:
                yield word, one, other


def covered(wanted: tuple[str, ...]) -> frozenset[str]:
    fitting = (kind for kind in TYPES if any(type_fits(kind, type_) for type_ in wanted))
    return frozenset(fitting if wanted else TYPES)


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("relation", [relation.name for relation in relations()])
def test_a_relation_has_many_expressions(code: str, relation: str) -> None:
    assert len(expressions(code, relation)) >= RULES["least"]


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("relation", [relation.name for relation in relations()])
def test_a_relation_is_said_by_verbs_nouns_and_idioms(code: str, relation: str) -> None:
    found = expressions(code, relation)
    kinds = [kind for kind, _ in found]
    assert kinds.count("verb") >= RULES["least"]
    few = relation in RULES["few_nouns"][code]
    assert (kinds.count("noun") < 6) == few
    assert any(" " in word for _, word in found)


@pytest.mark.parametrize("code", languages())
def test_idioms_that_say_nothing_are_listed(code: str) -> None:
    assert len(expressions(code, NO_RELATION)) >= 400


@pytest.mark.parametrize("code", languages())
def test_no_expression_says_two_things_of_the_same_arguments(code: str) -> None:
    """Types, slots or negation part the relations of a word."""
    alike = [
        (word, one[0], other[0])
        for word, one, other in doubles(code)
        if covered(one[1].subject_types) == covered(other[1].subject_types)
        and covered(one[1].object_types) == covered(other[1].object_types)
        and set(one[1].objects) == set(other[1].objects)
        and set(one[1].subjects) == set(other[1].subjects)
        and one[1].negated == other[1].negated
    ]
    assert alike == []


@pytest.mark.parametrize("code", languages())
def test_a_word_without_types_under_two_relations_is_meant(code: str) -> None:
    found = {
        (*sorted((one[0], other[0])), word)
        for word, one, other in doubles(code)
        if not any(
            (frame.subject_types, frame.object_types) != ((), ()) for frame in (one[1], other[1])
        )
        and one[1].subjects == other[1].subjects
    }
    meant = {
        (*sorted(rule["relations"]), word)
        for rule in RULES["meant"]
        if rule["lang"] == code and rule["reason"]
        for word in rule["words"]
    }
    assert found == meant
