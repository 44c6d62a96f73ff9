"""Confidence: the fit, the table of reliability, the weights that ship."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.cli import main
from kg.confidence import (
    calibration_error,
    confidence,
    fit,
    read_weights,
    reliability,
    weights,
    weights_toml,
)
from kg.errors import DataError
from kg.evaluate import Rated, left_out
from kg.records import Article
from kg.statements import extract

NAMES = ["always", "noun", "reported", "subject far"]
FEATURES = st.dictionaries(st.sampled_from(NAMES), st.floats(-5, 5))


def drawn(number: int, seed: int = 1) -> list[Rated]:
    """Statements of which those with a noun are right in three of ten, the others in nine."""
    dice = random.Random(seed)
    rated = []
    for at in range(number):
        noun = float(dice.random() < 0.5)
        right = dice.random() < (0.3 if noun else 0.9)
        rated.append(Rated(f"article {at % 40}", {"always": 1.0, "noun": noun}, right))
    return rated


@given(features=FEATURES, made=FEATURES)
def test_a_confidence_is_a_probability(features: dict[str, float], made: dict[str, float]) -> None:
    assert 0 <= confidence(features, made) < 1


def test_what_is_fitted_is_what_was_drawn() -> None:
    rated = drawn(2000)
    made = fit([one.features for one in rated], [one.right for one in rated])
    assert confidence({"always": 1.0, "noun": 1.0}, made) == pytest.approx(0.3, abs=0.04)
    assert confidence({"always": 1.0, "noun": 0.0}, made) == pytest.approx(0.9, abs=0.04)


def test_the_same_rows_give_the_same_weights_in_any_order() -> None:
    rated = drawn(300)
    mixed = random.Random(2).sample(rated, len(rated))
    one, other = (
        fit([row.features for row in rows], [row.right for row in rows]) for rows in (rated, mixed)
    )
    assert one == pytest.approx(other, abs=1e-3)


def test_without_rows_nothing_is_fitted() -> None:
    with pytest.raises(ValueError, match="no statements to learn from"):
        fit([], [])


def test_every_statement_is_rated_by_weights_that_have_not_seen_its_article() -> None:
    rated = drawn(2000)
    pairs = left_out(rated)
    assert len(pairs) == len(rated)
    assert calibration_error(reliability(pairs)) < 0.1


def test_left_out_articles_are_not_seen() -> None:
    """An article whose statements are all wrong cannot know it of itself."""
    rated = [
        Rated(f"a{at}", {"always": 1.0, f"only a{at}": 1.0}, at != 0)
        for at in range(20)
        for _ in range(5)
    ]
    assert min(stated for stated, _ in left_out(rated)) > 0.8


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_bins_hold_every_statement_once(rated: list[tuple[float, bool]]) -> None:
    bins = reliability(rated)
    assert sum(one.statements for one in bins) == len(rated)
    assert all(one.low - 1e-4 <= one.stated <= one.high + 1e-4 for one in bins)
    assert 0 <= calibration_error(bins) <= 1


def test_weights_come_back_from_their_file(tmp_path: Path) -> None:
    made = {"always": 1.25, "relation sues": -0.5}
    file = tmp_path / "confidence.toml"
    file.write_text(weights_toml(made, made_by="kg calibrate x", statements=3), encoding="utf-8")
    assert read_weights(file) == made
    assert "made by: kg calibrate x" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["", "weights = 3", '[weights]\nnoun = "much"', "[[["])
def test_a_broken_file_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "confidence.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"confidence\.toml: "):
        read_weights(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="missing"):
        read_weights(tmp_path / "confidence.toml")


def test_the_weights_that_ship_are_made_by_the_command() -> None:
    assert len(weights()) > 20
    assert weights()["expression"] > 0


def test_statements_state_different_confidences() -> None:
    text = (
        "Getty Images sued Stability AI. "
        "The company, critics of the industry said after the hearing, in a way replaces workers."
    )
    [(_, statements)] = extract([Article("a", text, "en")])
    told = [one.confidence for one in statements]
    assert max(told) > 0.8
    assert all(0 < one < 1 for one in told)


GOLD = {
    "id": "a", "lang": "en", "source": "", "date": "2024-11-29", "title": "",
    "sentences": [
        {"i": 0, "text": "Getty Images sued Stability AI.", "statements": [
            {"s": ["Getty Images"], "p": ["sues"], "o": ["Stability AI"], "neg": False,
             "mod": ["asserted"], "attr": [], "core": True}]},
        {"i": 1, "text": "Artists criticized OpenAI.", "statements": []},
    ],
}  # fmt: skip


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(GOLD), encoding="utf-8")
    (folder / "b.json").write_text(json.dumps(GOLD | {"id": "b"}), encoding="utf-8")
    return folder


def test_kg_eval_tells_reliability(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", str(gold), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["reliability"]
    assert sum(one["statements"] for one in told["bins"]) == 4
    assert sum(one["right"] * one["statements"] for one in told["bins"]) == pytest.approx(2)
    assert 0 < told["expected_calibration_error"] < 1
    assert main(["eval", str(gold)]) == 0
    assert "mean difference" in capsys.readouterr().out


def test_kg_calibrate_writes_weights_twice_the_same(
    gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    assert main(["calibrate", str(gold), "-o", str(one)]) == 0
    assert "mean difference" in capsys.readouterr().out
    assert main(["calibrate", str(gold), "-o", str(other)]) == 0
    assert one.read_bytes() == other.read_bytes()
    assert read_weights(one)["relation sues"] > 0 > read_weights(one)["relation criticizes"]


def test_kg_extract_leaves_out_what_is_less_sure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.txt"
    file.write_text(
        "Getty Images sued Stability AI. It has, they say, replaced workers.", encoding="utf-8"
    )
    assert main(["extract", str(file), "--lang", "en"]) == 0
    every = [json.loads(line)["confidence"] for line in capsys.readouterr().out.splitlines()]
    least = max(every)
    assert main(["extract", str(file), "--lang", "en", "--least-confidence", str(least)]) == 0
    kept = [json.loads(line)["confidence"] for line in capsys.readouterr().out.splitlines()]
    assert kept == [one for one in every if one >= least]
    assert len(kept) < len(every)
    assert main(["extract", str(file), "--open", "--least-confidence", "0.5"]) == 2
    assert "no confidence" in capsys.readouterr().err
