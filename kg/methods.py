"""How words were taken for an entity, and how sure that is.

Each method is an individual of ``dkg:LinkMethod`` in the ontology.
"""

from collections.abc import Mapping
from types import MappingProxyType

from kg.records import Argument, Entity, Span

# The share of links that are right by each method, on the articles of data/gold/mentions that are
# not kept out (`kg eval --entities`), rounded to five hundredths; nothing made by rule is certain.
SCORES: Mapping[str, float] = MappingProxyType(
    {
        "byDecision": 1.0,
        "byLabel": 0.95,
        "byAlias": 0.95,
        "byAcronym": 0.95,
        "byShortName": 0.9,
        "byRecognition": 0.85,
        "byTerm": 0.9,
        "byMaker": 0.9,
        "byApposition": 0.85,
        "byDescription": 0.75,
        "byPronoun": 0.75,
        "byParty": 0.7,
        "byContext": 0.6,
        "byWords": 0.7,
    }
)
"""Methods with their score in [0, 1]; a link's own score may be lower, never higher."""

BEFORE = 0.05
"""What a link loses for each sentence that lies between words and antecedent."""


def linked(entity: Entity, span: Span, method: str, *, factor: float = 1.0) -> Argument:
    """An argument with its method and score; ``factor`` in [0, 1] for what makes it less sure.

    >>> linked(Entity("x", "Company", "X"), Span("it", 0, 2), "byPronoun", factor=0.8).score
    0.6
    """
    return Argument(entity, span, method, round(SCORES[method] * factor, 3))
