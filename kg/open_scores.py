"""How good open clauses are, against facts that people wrote.

A fact is a set of triples that say the same, every one acceptable (Gashteovski et al. 2022,
BenchIE): a clause is right when it is one of them word for word, words in square brackets being
optional; a fact is found when some clause is one of its triples. Beside it, the looser measure of
CaRB (Bhardwaj et al. 2019): words in common, slot by slot.
"""

import itertools
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kg.errors import DataError, first_problem
from kg.records import Article, Clause
from kg.statements import extract_open

Triple = tuple[str, str, str]
_WORD = re.compile(r"\w+(?:['’.,]\w+)*|[^\w\s]")
_MOST_OPTIONAL = 10  # brackets in one slot: each doubles its readings


class OpenSentence(BaseModel):
    """A sentence with its facts, each a list of triples ``subject | relation | object``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    text: Annotated[str, Field(min_length=1)]
    facts: tuple[Annotated[tuple[str, ...], Field(min_length=1)], ...]

    @field_validator("facts")
    @classmethod
    def _triples(cls, facts: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        for triple in itertools.chain.from_iterable(facts):
            slots = triple.split("|")
            if len(slots) != 3 or not slots[0].strip() or not slots[1].strip():
                raise ValueError(f"{triple!r}: expected `subject | relation | object`")
            for slot in slots:
                if slot.count("[") != slot.count("]") or slot.count("[") > _MOST_OPTIONAL:
                    raise ValueError(f"{slot.strip()!r}: brackets that do not close, or too many")
        return facts


def read_open_gold(folder: Path) -> list[OpenSentence]:
    """The sentences of the ``*.toml`` files of a folder, by file name.

    Raises DataError for a folder without such files and for a broken one, with the place.
    """
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if not files:
        raise DataError(f"{folder}: no facts; expected a folder with *.toml files")
    found: list[OpenSentence] = []
    for file in files:
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
            found += [OpenSentence.model_validate(one) for one in content.get("sentence", ())]
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DataError(f"{file}: not a TOML file: {error}") from None
        except ValidationError as error:
            raise DataError(f"{file}: {first_problem(error)}; mend the entry") from None
    return found


@dataclass(slots=True)
class OpenScore:
    """Counts over sentences; the rates lie in [0, 1], 0 where nothing is counted."""

    facts: int = 0
    found: int = 0
    clauses: int = 0
    right: int = 0
    overlap_precision: float = 0.0
    overlap_recall: float = 0.0

    @property
    def exact(self) -> tuple[float, float, float]:
        """Precision, recall and F1 of whole triples, word for word."""
        return _rates(self.right, self.clauses, self.found, self.facts)

    @property
    def overlap(self) -> tuple[float, float, float]:
        """Precision, recall and F1 of words in common."""
        return _rates(self.overlap_precision, self.clauses, self.overlap_recall, self.facts)


def _rates(right: float, told: int, found: float, wanted: int) -> tuple[float, float, float]:
    precision = right / told if told else 0.0
    recall = found / wanted if wanted else 0.0
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class OpenMiss:
    """A sentence with the facts that were not found and the triples that are no fact."""

    text: str
    missed: tuple[str, ...]
    wrong: tuple[Triple, ...]


def score_open(
    sentences: Iterable[OpenSentence], *, lang: str = "en"
) -> tuple[OpenScore, list[OpenMiss]]:
    """Reads every sentence by itself and compares its open clauses with its facts."""
    gold = list(sentences)
    articles = [Article(str(at), one.text, lang) for at, one in enumerate(gold)]
    score, misses = OpenScore(), []
    for sentence, (_, clauses) in zip(gold, extract_open(articles), strict=True):
        triples = list(dict.fromkeys(map(triple_of, clauses)))
        matched = [
            {at for at, fact in enumerate(sentence.facts) if any(_is(triple, t) for t in fact)}
            for triple in triples
        ]
        found = set().union(*matched) if matched else set()
        score.facts += len(sentence.facts)
        score.found += len(found)
        score.clauses += len(triples)
        score.right += sum(map(bool, matched))
        precision, recall = _overlap(triples, sentence.facts)
        score.overlap_precision += precision
        score.overlap_recall += recall
        missed = tuple(fact[0] for at, fact in enumerate(sentence.facts) if at not in found)
        wrong = tuple(triple for triple, hit in zip(triples, matched, strict=True) if not hit)
        if missed or wrong:
            misses.append(OpenMiss(sentence.text, missed, wrong))
    return score, misses


def triple_of(clause: Clause) -> Triple:
    """Subject, relation and object of a clause as text, the object empty where there is none."""
    return clause.subject.text, clause.predicate, clause.object.text if clause.object else ""


def _is(triple: Triple, wanted: str) -> bool:
    return all(
        _words(told) in _readings(slot)
        for told, slot in zip(triple, wanted.split("|"), strict=True)
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower()))


@cache
def _readings(slot: str) -> frozenset[tuple[str, ...]]:
    """All ways to read a slot with optional words.

    >>> sorted(_readings("the [old] ship"))
    [('the', 'old', 'ship'), ('the', 'ship')]
    """
    inner = re.search(r"\[([^\[\]]*)\]", slot)
    if inner is None:
        return frozenset({_words(slot)})
    before, after = slot[: inner.start()], slot[inner.end() :]
    return _readings(f"{before}{inner[1]}{after}") | _readings(f"{before} {after}")


def _overlap(triples: Sequence[Triple], facts: Sequence[tuple[str, ...]]) -> tuple[float, float]:
    """Summed precision of the triples, each with one fact of its own, and summed recall of the
    facts by the triple that covers each best; a relation without a word in common does not match.
    """
    gold = [[re.sub(r"[\[\]]", "", one).split("|") for one in fact] for fact in facts]
    shares = [
        [max((_shared(triple, one) for one in fact), key=sum) for fact in gold]
        for triple in triples
    ]
    recall = sum(max((row[at][1] for row in shares), default=0.0) for at in range(len(facts)))
    precision, rows, columns = 0.0, set(range(len(triples))), set(range(len(facts)))
    while rows and columns:
        best, row, column = max((shares[r][c][0], -r, -c) for r in rows for c in columns)
        precision += best
        rows.remove(-row)
        columns.remove(-column)
    return precision, recall


def _shared(triple: Triple, wanted: Sequence[str]) -> tuple[float, float]:
    """The share of a triple's words that a fact has in the same slot, and the other way round."""
    common = told = gold = 0
    for number, (one, other) in enumerate(zip(triple, wanted, strict=True)):
        words, rest = _words(one), list(_words(other))
        told, gold, here = told + len(words), gold + len(rest), 0
        for word in words:
            if word in rest:
                rest.remove(word)
                here += 1
        if number == 1 and not here:
            return 0.0, 0.0
        common += here
    return common / told, common / gold


def open_scores_json(score: OpenScore) -> dict[str, Any]:
    """Counts and rates; rates lie in [0, 1]."""
    names = ("precision", "recall", "f1")
    return {
        "facts": score.facts,
        "found": score.found,
        "clauses": score.clauses,
        "right": score.right,
        "exact": dict(zip(names, (round(rate, 4) for rate in score.exact), strict=True)),
        "overlap": dict(zip(names, (round(rate, 4) for rate in score.overlap), strict=True)),
    }


def open_error_lines(misses: Iterable[OpenMiss]) -> Iterable[str]:
    """Sentences with errors as lines to read: ``-`` a fact missed, ``+`` a triple that is none."""
    for miss in misses:
        yield ""
        yield miss.text
        yield from (f"- {fact}" for fact in miss.missed)
        yield from (f"+ {' | '.join(triple)}" for triple in miss.wrong)
