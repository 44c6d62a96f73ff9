"""The gold data: enough of it, of one form, split by dispute, and told right in its README."""

import re
from pathlib import Path

import pytest

from kg.evaluate import GoldArticle, read_gold
from kg.languages import MODALITIES, language_pack, languages
from kg.vocabulary import relations

GOLD = Path(__file__).parent.parent / "data" / "gold"
PARTS = ("train", "dev", "test")
LEAST_SENTENCES = 600


@pytest.fixture(scope="module")
def gold() -> dict[str, list[GoldArticle]]:
    return {part: read_gold(GOLD / part) for part in PARTS}


@pytest.mark.parametrize("lang", languages())
def test_there_are_enough_sentences(lang: str, gold: dict[str, list[GoldArticle]]) -> None:
    articles = [article for part in PARTS for article in gold[part] if article.lang == lang]
    assert sum(len(article.sentences) for article in articles) >= LEAST_SENTENCES


def test_a_dispute_is_in_one_part_only(gold: dict[str, list[GoldArticle]]) -> None:
    disputes = [{article.id.rsplit(".", 1)[0] for article in gold[part]} for part in PARTS]
    assert len(set.union(*disputes)) == sum(map(len, disputes))


def test_the_words_are_those_of_the_ontology(gold: dict[str, list[GoldArticle]]) -> None:
    known = {relation.name for relation in relations()}
    for article in (article for part in PARTS for article in gold[part]):
        for sentence in article.sentences:
            for statement in sentence.statements:
                assert set(statement.p) <= known, article.id
                assert set(statement.mod) <= set(MODALITIES), article.id


def test_sentences_are_numbered_in_order(gold: dict[str, list[GoldArticle]]) -> None:
    for article in (article for part in PARTS for article in gold[part]):
        assert [s.i for s in article.sentences] == list(range(len(article.sentences)))


def test_the_readme_counts_right(gold: dict[str, list[GoldArticle]]) -> None:
    text = (GOLD / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)`, (\w+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$",
                      text, re.MULTILINE)  # fmt: skip
    names = {language_pack(code).name: code for code in languages()}
    assert len(rows) == len(PARTS) * len(names)
    for part, name, *shown in rows:
        articles = [article for article in gold[part] if article.lang == names[name]]
        sentences = [sentence for article in articles for sentence in article.sentences]
        statements = [one for sentence in sentences for one in sentence.statements]
        counted = [len(articles), len(sentences), len(statements), sum(s.core for s in statements)]
        assert [int(one.replace(",", "")) for one in shown] == counted, (part, name)
