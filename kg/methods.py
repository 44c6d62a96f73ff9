"""How words were taken for an entity, and how sure that is.

Each method is an individual of ``dkg:LinkMethod`` in the ontology.
"""

from collections.abc import Mapping
from types import MappingProxyType

from kg.records import Argument, Entity, Span

# About the share of links that are right by each method on data/gold/mentions/dev
# (`kg eval --entities`), rounded to five hundredths; nothing made by rule is certain. Words that
# make an entity of their own are worst: often something known goes by them.
SCORES: Mapping[str, float] = MappingProxyType(
    {
        "byDecision": 1.0,
        "byLabel": 0.95,
        "byAlias": 0.95,
        "byAcronym": 0.95,
        "byShortName": 0.9,
        "byTranslation": 0.9,
        "byRecognition": 0.7,
        "byTerm": 0.9,
        "byMaker": 0.9,
        "byApposition": 0.8,
        "byDescription": 0.85,
        "byPronoun": 0.85,
        "byParty": 0.5,
        "byContext": 0.6,
        "byWords": 0.5,
    }
)
"""Methods with their score in [0, 1]; a link's own score may be lower, never higher."""


def linked(entity: Entity, span: Span, method: str, *, factor: float = 1.0) -> Argument:
    """An argument with its method and score; ``factor`` in [0, 1] for what makes it less sure.

    >>> linked(Entity("x", "Company", "X"), Span("it", 0, 2), "byContext", factor=0.5).score
    0.3
    """
    return Argument(entity, span, method, round(SCORES[method] * factor, 3))
