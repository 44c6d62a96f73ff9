"""Gold mentions and the scores of linking."""

from collections import Counter
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.mention_scores import evaluate_mentions, link_error_lines, link_scores_json, read_mentions
from kg.resources import data_dir

GOLD = data_dir() / "gold"
PARTS = ("dev", "held-out")
FURTHER = ("dev-2", "dev-3", "dev-4")


def test_gold_is_large_and_keeps_off_the_test_articles() -> None:
    counts: Counter[str] = Counter()
    names = [file.stem for part in PARTS for file in (GOLD / "mentions" / part).glob("*.tsv")]
    assert len(names) == len(set(names))
    for part in PARTS:
        for one in read_mentions(GOLD / "mentions" / part):
            counts[one.article.lang or ""] += len(one.mentions)
    assert min(counts["en"], counts["id"]) >= 400
    kept = {file.stem.partition(".")[0] for file in (GOLD / "test").glob("*.json")}
    assert {name.partition(".")[0] for name in names} & kept == set()


def test_linking_is_as_good_as_the_readme_says() -> None:
    """Dev and held-out together, with a little room below the figures of the README."""
    result = evaluate_mentions(
        [one for part in PARTS for one in read_mentions(GOLD / "mentions" / part)]
    )
    for score in result.languages:
        assert score.accuracy >= 0.88, score.lang
        assert score.f1 >= 0.92, score.lang
    assert result.pairs.precision >= 0.97
    assert result.pairs.recall >= 0.85


@pytest.mark.parametrize("part", FURTHER)
def test_linking_on_disputes_that_the_registry_hardly_knows(part: str) -> None:
    result = evaluate_mentions(read_mentions(GOLD / "mentions" / part))
    for score in result.languages:
        assert score.mentions >= 80, score.lang
        assert score.accuracy >= 0.74, score.lang
    assert result.pairs.precision >= 0.85
    assert result.pairs.recall >= 0.75


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.en.txt").write_text(
        "OpenAI sued Jane Doe. Meta criticized Doe. The artists praised her.", encoding="utf-8"
    )
    return tmp_path


def test_a_mention_stands_wherever_its_words_do(folder: Path) -> None:
    (folder / "a.en.tsv").write_text("openai\t[OpenAI]\n~doe|meta\t[Doe]\n", encoding="utf-8")
    [gold] = read_mentions(folder)
    spans = [gold.article.text[one.start : one.end] for one in gold.mentions]
    assert spans == ["OpenAI", "Doe", "Doe"]
    assert gold.mentions[1].readings == (frozenset({"~doe@a.en"}), frozenset({"meta"}))


def test_links_are_judged_by_what_they_stand_for(folder: Path) -> None:
    (folder / "a.en.tsv").write_text(
        "google\t[OpenAI]\n~doe\t[Jane Doe]\n~doe\tcriticized [Doe]\nmeta\t[Meta]\n"
        "artists|writers\t[The artists]\n~doe\t[her]\n",
        encoding="utf-8",
    )
    result = evaluate_mentions(read_mentions(folder))
    assert [one.right for one in result.linked] == [False, True, True, True, True, True]
    [score] = result.languages
    assert (score.mentions, score.right) == (6, 5)
    assert (score.precision, score.recall) == (1.0, 1.0)  # clusters do not care for names
    [line] = link_error_lines(result)
    assert "'OpenAI' is google, linked to openai byLabel" in line
    assert link_scores_json(result)["languages"]["en"]["accuracy"] == round(5 / 6, 4)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("openai OpenAI", "a tab"),
        ("openai\tOpenAI", "[mention]"),
        ("openai\t[Google]", "does not say"),
        ("open-ai-inc\t[OpenAI]", "not in the registry"),
        ("openai\t[penAI]", "does not say"),
    ],
)
def test_a_wrong_line_is_refused_with_its_place(folder: Path, line: str, reason: str) -> None:
    (folder / "a.en.tsv").write_text(f"meta\t[Meta]\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_mentions(folder)
    assert f"{folder / 'a.en.tsv'}:2: " in str(error.value)
    assert reason in str(error.value)


def test_gold_without_an_article_or_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no gold mentions"):
        read_mentions(tmp_path)
    (tmp_path / "nobody-knows.tsv").write_text("openai\t[OpenAI]\n", encoding="utf-8")
    with pytest.raises(DataError, match="no article"):
        read_mentions(tmp_path)
