"""How sure a statement is: the probability that a reader agrees, fitted on annotated articles.

A logistic regression with a ridge penalty over what can be seen of a finding: its expression's own
confidence, how its arguments were linked and how far they stand, what the trigger is. The weights
are data (``data/languages/confidence.toml``), made by ``kg calibrate``.
"""

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.clauses import Clauses
from kg.errors import DataError
from kg.findings import Finding
from kg.records import Argument
from kg.resources import data_dir
from kg.syntax import NOMINAL, VERBAL, Tree
from kg.vocabulary import is_a

Features = dict[str, float]
"""What can be seen of a finding, by name; most values lie between 0 and 1."""

_ALWAYS = "always"  # the intercept
_RIDGE = 10.0  # penalty on every weight but the intercept; 5 and 20 calibrate no better
_STEPS = 50
_CLOSE = 1e-9
_SURE = (0.02, 0.98)  # the confidence of an expression is kept between these
_LONGEST_SENTENCE = 60  # words
_LONGEST_PHRASE = 12
_DEEPEST = 8
_FARTHEST = 300  # characters
_MOST = 0.99  # no statement is surer: nobody has annotated enough to know
BINS = 10


def features_of(
    finding: Finding, clauses: Clauses, *, lang: str, modality: str, reported: bool
) -> Features:
    """What can be seen of a finding, and of the statement made of it: its language, how it is
    meant, whether somebody says so."""
    tree, trigger = clauses.tree, finding.trigger
    first, end = tree.bounds[tree.sentence[trigger]]
    base = min(max(finding.confidence, _SURE[0]), _SURE[1])
    found = {
        _ALWAYS: 1.0,
        "expression": math.log(base / (1 - base)),
        "noun": float(tree.pos[trigger] in NOMINAL),
        "adjective": float(tree.pos[trigger] not in (*NOMINAL, *VERBAL)),
        "passive": float(tree.passive[trigger]),
        "depth": min(tree.depth(trigger), _DEEPEST) / _DEEPEST,
        "long sentence": min(end - first, _LONGEST_SENTENCE) / _LONGEST_SENTENCE,
        "reported": float(reported),
        "negated": float(finding.negated),
        f"language {lang}": 1.0,
        f"modality {modality}": 1.0,
        f"relation {finding.relation}": 1.0,
        f"role {tree.role[trigger]}": 1.0,
    }
    for side, argument in (("subject", finding.subject), ("object", finding.object)):
        for name, value in _of_argument(argument, trigger, tree):
            found[f"{side} {name}"] = value
    return found


def _of_argument(argument: Argument, trigger: int, tree: Tree) -> Iterator[tuple[str, float]]:
    entity, span = argument.entity, argument.span
    first, end = tree.bounds[tree.sentence[trigger]]
    here = range(tree.start[first], tree.end[end - 1])
    between = range(min(span.end, tree.end[trigger]), max(span.start, tree.start[trigger]))
    yield "known", float(entity.known)
    yield "actor", float(is_a(entity.type, "Actor"))
    yield "concept", float(entity.type == "Concept")
    yield "unsure link", 1 - argument.score
    yield f"by {argument.method or 'phrase'}", 1.0
    yield "long", min(len(span.text.split()), _LONGEST_PHRASE) / _LONGEST_PHRASE
    yield "in front", float(span.end <= tree.start[trigger])
    yield "elsewhere", float(span.start not in here)
    yield "far", min(math.log1p(len(between)) / math.log1p(_FARTHEST), 1.0)
    yield "comma between", float("," in tree.article[between.start : between.stop])


def confidence(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The probability that a statement is right, in (0, 1), to three places.

    >>> confidence({"always": 1.0, "noun": 1.0}, {"always": 2.0, "noun": -0.5})
    0.818
    """
    total = sum(value * weights.get(name, 0.0) for name, value in features.items())
    return round(min(1 / (1 + math.exp(-total)), _MOST), 3)


@cache
def weights() -> Mapping[str, float]:
    """The weights that ship with the package. Raises DataError where they are broken."""
    return read_weights(data_dir() / "languages" / "confidence.toml")


def read_weights(file: Path) -> Mapping[str, float]:
    """The weights in a file, by the name of what they weigh. Raises DataError."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        return {str(name): float(weight) for name, weight in content["weights"].items()}
    except FileNotFoundError:
        raise DataError(f"{file}: missing; install the package again or run kg calibrate") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: not a TOML file: {error}") from None
    except (KeyError, AttributeError, TypeError, ValueError):
        raise DataError(
            f"{file}: expected a table `weights` of names and numbers; make it with kg calibrate"
        ) from None


def weights_toml(weights: Mapping[str, float], *, made_by: str, statements: int) -> str:
    """Weights as the file that `read_weights` reads, the command that made them on top."""
    lines = [f'"{name}" = {weight:g}' for name, weight in sorted(weights.items())]
    return (
        f"# How sure a statement is: weights of a logistic regression on {statements} statements,\n"
        f"# made by: {made_by}\n\n[weights]\n" + "\n".join(lines) + "\n"
    )


def fit(rows: Sequence[Mapping[str, float]], right: Sequence[bool]) -> dict[str, float]:
    """Weights of a logistic regression, by Newton's method (Hastie, Tibshirani & Friedman 2009,
    4.4.1): the same rows give the same weights. Raises ValueError without any row.

    >>> made = fit([{"always": 1.0}] * 4, [True, True, True, False])
    >>> round(confidence({"always": 1.0}, made), 2)
    0.75
    """
    if not rows:
        raise ValueError("no statements to learn from; expected at least one")
    names = sorted({name for row in rows for name in row})
    table: NDArray[np.float64] = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    target = np.array(right, dtype=float)
    penalty = np.array([0.0 if name == _ALWAYS else _RIDGE for name in names])
    found = np.zeros(len(names))
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-table @ found))
        slope = table.T @ (chance - target) + penalty * found
        curve = (table.T * (chance * (1 - chance))) @ table + np.diag(penalty + _CLOSE)
        step = np.linalg.solve(curve, slope)
        found -= step
        if float(np.abs(step).max()) < _CLOSE:
            break
    return {name: round(float(weight), 4) for name, weight in zip(names, found, strict=True)}


@dataclass(frozen=True, slots=True)
class Bin:
    """Statements of about the same confidence: how many, the mean that they state, the share that
    is right; ``low`` and ``high`` bound the confidence, the upper bound not included."""

    low: float
    high: float
    statements: int
    stated: float
    right: float


def reliability(rated: Iterable[tuple[float, bool]]) -> list[Bin]:
    """The bins, a tenth each, that hold statements, of pairs of stated confidence and truth.

    >>> reliability([(0.95, True), (0.91, False)])
    [Bin(low=0.9, high=1.0, statements=2, stated=0.93, right=0.5)]
    """
    groups: dict[int, list[tuple[float, bool]]] = {}
    for stated, right in rated:
        groups.setdefault(min(int(stated * BINS), BINS - 1), []).append((stated, right))
    return [
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            statements=len(group),
            stated=round(sum(stated for stated, _ in group) / len(group), 4),
            right=round(sum(right for _, right in group) / len(group), 4),
        )
        for number, group in sorted(groups.items())
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error (Naeini, Cooper & Hauskrecht 2015): by how much the stated
    confidence misses the share that is right, on the average statement. In [0, 1].

    >>> calibration_error(reliability([(0.95, True), (0.91, False)]))
    0.43
    """
    total = sum(one.statements for one in bins)
    missed = sum(one.statements * abs(one.stated - one.right) for one in bins)
    return round(missed / total, 4) if total else 0.0
