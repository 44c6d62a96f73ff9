"""Words that look like an entity and are another: ``lookalikes.toml``, in both languages.

These depend on what the trained pipelines make of a sentence, like ``test_cases.py``.
"""

import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter

from kg.clauses import Clauses
from kg.linking import Linker
from kg.pipeline import load_reader, parse
from kg.records import Article
from kg.registry import registry
from kg.vocabulary import is_a


class Case(BaseModel):
    """What the last word of a form in a text is, or is not."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    lang: str
    text: str
    word: str
    is_: str = ""
    isnt: str = ""
    type: str = ""


def read_cases() -> list[Case]:
    file = Path(__file__).parent / "lookalikes.toml"
    found = tomllib.loads(file.read_text(encoding="utf-8"))["case"]
    return TypeAdapter(list[Case]).validate_python(
        [{"is_" if key == "is" else key: value for key, value in one.items()} for one in found]
    )


CASES = read_cases()


def test_the_cases_are_whole() -> None:
    assert len(CASES) >= 80
    for lang in ("en", "id"):
        assert sum(case.lang == lang for case in CASES) >= 25
    for case in CASES:
        assert bool(case.is_) != bool(case.isnt), case
        assert (case.is_ or case.isnt) in registry().entities, case


@pytest.mark.parametrize("case", CASES, ids=[f"{one.lang}: {one.text}" for one in CASES])
def test_look_alikes_are_kept_apart(case: Case) -> None:
    reader = load_reader(case.lang)
    [(_, tree)] = parse(reader, [Article("trap", case.text, case.lang)])
    linker = Linker(Clauses(tree, reader.cues), reader.names, "trap")
    token = len(tree) - 1 - tree.word[::-1].index(case.word)
    name = linker.name_at(token)
    argument = linker.named(name) if name else linker.link(token)
    if case.is_:
        assert argument is not None
        assert argument.entity.slug == case.is_
    elif argument is not None:
        assert argument.entity.slug != case.isnt
        assert not case.type or is_a(argument.entity.type, case.type)
    else:
        assert not case.type
