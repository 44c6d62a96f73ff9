"""Sentences and what they state, one file for each construction: ``tests/cases/<language>/*.toml``.

A case has a ``name``, a ``text`` of one to three sentences, ``statements`` that must come out and
patterns under ``absent`` of which none may. In a statement every value may be a list of acceptable
ones; ``neg`` is false, ``mod`` asserted and ``attr`` empty (the article itself) where not given;
``time`` and ``role`` count where they are given, empty where none is told; ``date`` is the
article's. A pattern names only what it is about: ``{ s = "OpenAI", r = "sues" }`` refuses any
object, ``{}`` any statement. A case that is not met yet has ``xfail``, the reason.

These are the only tests of this folder that depend on what the trained pipelines make of a
sentence: every failure names the pipeline. The rules of grammar have tests of their own on parses
written by hand (``test_clauses.py``, ``test_frames.py``).
"""

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from kg.evaluate import argument_matches
from kg.languages import MODALITIES, languages
from kg.pipeline import load_reader
from kg.records import Argument, Article, Statement
from kg.statements import extract
from kg.vocabulary import relations

FOLDER = Path(__file__).parent / "cases"
LEAST = 450
"""Cases of a language: fewer, and a file of them was lost."""
LEAST_MET = 0.8  # share of the cases of a language; below, the pipeline is at fault, not a rule


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Values = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Expected(BaseModel):
    """A statement that must come out; every tuple holds the acceptable values."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    s: Annotated[Values, Field(min_length=1)]
    r: Annotated[Values, Field(min_length=1)]
    o: Annotated[Values, Field(min_length=1)]
    neg: bool = False
    mod: Values = ("asserted",)
    attr: Values = ("",)
    time: Values | None = None
    role: Values | None = None


class Pattern(BaseModel):
    """What must not come out; a value that is not given stands for every one."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    s: Values | None = None
    r: Values | None = None
    o: Values | None = None
    neg: bool | None = None
    mod: Values | None = None
    attr: Values | None = None
    time: Values | None = None
    role: Values | None = None


class Case(BaseModel):
    """A text with what a careful reader takes from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Annotated[str, Field(min_length=1)]
    text: Annotated[str, Field(min_length=1)]
    date: str = ""
    statements: tuple[Expected, ...] = ()
    absent: tuple[Pattern, ...] = ()
    xfail: str = ""


def read_cases(lang: str) -> dict[str, Case]:
    """The cases of a language by ``<file>/<name>``."""
    found = {}
    for file in sorted((FOLDER / lang).glob("*.toml")):
        for entry in tomllib.loads(file.read_text(encoding="utf-8"))["case"]:
            case = Case.model_validate(entry)
            assert f"{file.stem}/{case.name}" not in found, f"{file}: {case.name!r} stands twice"
            found[f"{file.stem}/{case.name}"] = case
    return found


CASES = {lang: read_cases(lang) for lang in languages()}


@cache
def extracted(lang: str) -> dict[str, list[Statement]]:
    """The statements of every case of a language: all cases are read in one go."""
    articles = [Article(key, case.text, lang, date=case.date) for key, case in CASES[lang].items()]
    return {article.id: statements for article, statements in extract(articles)}


def source_matches(source: Argument | None, forms: Values) -> bool:
    if source is None:
        return "" in forms
    return argument_matches(source, [form for form in forms if form])


def meets(statement: Statement, wanted: Expected | Pattern) -> bool:
    return (
        (wanted.r is None or statement.relation in wanted.r)
        and (wanted.s is None or argument_matches(statement.subject, wanted.s))
        and (wanted.o is None or argument_matches(statement.object, wanted.o))
        and (wanted.neg is None or statement.negated == wanted.neg)
        and (wanted.mod is None or statement.modality in wanted.mod)
        and (wanted.attr is None or source_matches(statement.attributed_to, wanted.attr))
        and (wanted.time is None or (statement.time or "") in wanted.time)
        and (wanted.role is None or statement.role in wanted.role)
    )


def is_met(case: Case, statements: list[Statement]) -> bool:
    return not complaints(case, statements)


def complaints(case: Case, statements: list[Statement]) -> list[str]:
    """What a case finds wrong with the statements of its text."""
    missing = [
        f"missing: {wanted}" for wanted in case.statements
        if not any(meets(one, wanted) for one in statements)
    ]  # fmt: skip
    return missing + [
        f"refused: {told(one)}"
        for one in statements
        if any(meets(one, pattern) for pattern in case.absent)
    ]


def told(one: Statement) -> str:
    """A statement in one line."""
    source = one.attributed_to.entity.label if one.attributed_to else ""
    words = (one.subject.entity.label, one.relation, one.object.entity.label, one.role)
    return " | ".join(
        (*words, "not" * one.negated, one.modality, f"from {source!r}", one.time or "no time")
    )


@pytest.mark.parametrize(
    ("lang", "key"),
    [
        pytest.param(
            lang,
            key,
            id=f"{lang}-{key}",
            marks=[pytest.mark.xfail(strict=True, reason=case.xfail)] if case.xfail else [],
        )
        for lang, cases in CASES.items()
        for key, case in cases.items()
    ],
)
def test_a_text_states_what_a_careful_reader_takes_from_it(lang: str, key: str) -> None:
    case = CASES[lang][key]
    statements = extracted(lang)[key]
    wrong = complaints(case, statements)
    report = [
        f"pipeline: {load_reader(lang).version}", f"text: {case.text}", *wrong,
        *(f"found: {told(one)}" for one in statements),
    ]  # fmt: skip
    assert not wrong, "\n".join(report)


@pytest.mark.parametrize("lang", languages())
def test_every_case_is_gathered(lang: str) -> None:
    assert len(CASES[lang]) >= LEAST


@pytest.mark.parametrize("lang", languages())
def test_every_case_asks_for_something(lang: str) -> None:
    assert [key for key, case in CASES[lang].items() if not case.statements + case.absent] == []


@pytest.mark.parametrize("lang", languages())
def test_cases_use_the_words_of_the_ontology(lang: str) -> None:
    known = {relation.name for relation in relations()}
    for key, case in CASES[lang].items():
        for wanted in (*case.statements, *case.absent):
            assert set(wanted.r or ()) <= known, key
            assert set(wanted.mod or ()) <= set(MODALITIES), key


@pytest.mark.parametrize("lang", languages())
def test_every_relation_has_a_case(lang: str) -> None:
    first = {wanted.r[0] for case in CASES[lang].values() for wanted in case.statements}
    assert {relation.name for relation in relations()} - first == set()


@pytest.mark.parametrize("lang", languages())
def test_both_directions_of_every_contention_have_a_case(lang: str) -> None:
    """Each pair of files' cases swaps the two actors, or tells the act in the passive."""
    swapped = [c for key, c in CASES[lang].items() if key.startswith("swapped-actors/")]
    told_once = Counter(wanted.r[0] for case in swapped for wanted in case.statements)
    contention = {relation.name for relation in relations() if relation.group == "contends"}
    assert contention == set(told_once)
    assert set(told_once.values()) == {2}


@pytest.mark.parametrize("lang", languages())
def test_most_cases_are_met(lang: str) -> None:
    """Says in one line how a new pipeline fares: how many of the cases it meets."""
    cases = CASES[lang]
    met = sum(is_met(case, extracted(lang)[key]) for key, case in cases.items())
    assert met >= LEAST_MET * len(cases), f"{load_reader(lang).version}: {met} of {len(cases)}"


def test_a_swapped_statement_is_no_match() -> None:
    """The gathering itself can fail."""
    case = Case.model_validate(
        {
            "name": "wrong way round",
            "text": "Artists sued Midjourney.",
            "statements": [{"s": "Midjourney", "r": "sues", "o": "artists"}],
            "absent": [{"s": "artists"}],
        }
    )
    [(_, statements)] = extract([Article("a", case.text, "en")])
    assert [line.split(":")[0] for line in complaints(case, statements)] == ["missing", "refused"]
