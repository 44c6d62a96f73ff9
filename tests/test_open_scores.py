"""Open clauses against facts: the measures, the gold, the command."""

import json
from pathlib import Path

import pytest

from kg.cli import main
from kg.errors import DataError
from kg.open_scores import OpenSentence, read_open_gold, score_open, triple_of
from kg.records import Article
from kg.statements import extract_open

GOLD = Path(__file__).parent.parent / "data" / "gold" / "open"
LEAST = 0.75  # F1 of whole triples on the sentences for tuning; far below is a fault of a rule


def sentence(text: str, *facts: list[str]) -> OpenSentence:
    return OpenSentence.model_validate({"text": text, "facts": facts})


def told(text: str, lang: str = "en") -> list[tuple[str, str, str]]:
    [(_, clauses)] = extract_open([Article("a", text, lang)])
    return [triple_of(clause) for clause in clauses]


def test_a_clause_is_right_when_it_is_a_triple_word_for_word() -> None:
    text = "Artists sued the old company on Monday."
    score, [miss] = score_open(
        [sentence(text, ["Artists | sued | the [old] company"], ["Artists | sued on | Friday"])]
    )
    assert (score.facts, score.found, score.clauses, score.right) == (2, 1, 2, 1)
    assert score.exact == (0.5, 0.5, 0.5)
    assert miss.missed == ("Artists | sued on | Friday",)
    assert miss.wrong == (("Artists", "sued the old company on", "Monday"),)


def test_words_in_common_are_counted_slot_by_slot() -> None:
    score, _ = score_open([sentence("Artists sued OpenAI.", ["Artists | sued | OpenAI Global"])])
    assert score.exact == (0, 0, 0)
    assert score.overlap == pytest.approx((1.0, 0.75, 6 / 7))
    score, _ = score_open([sentence("Artists sued OpenAI.", ["OpenAI | sued | Artists"])])
    assert score.overlap == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def test_two_readings_of_a_fact_are_one_fact() -> None:
    score, misses = score_open(
        [sentence("Artists sued OpenAI.", ["x | y | z", "Artists | sued | OpenAI"])]
    )
    assert (score.exact, misses) == ((1, 1, 1), [])


@pytest.mark.parametrize(
    "fact", ["no bars", "one | bar", "a | b | c | d", " | b | c", "a | [b | c", "a | | c"]
)
def test_a_broken_fact_is_refused(tmp_path: Path, fact: str) -> None:
    file = tmp_path / "one.toml"
    file.write_text(f'[[sentence]]\ntext = "x"\nfacts = [["{fact}"]]\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"one\.toml: facts: "):
        read_open_gold(tmp_path)


def test_a_folder_without_facts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no facts"):
        read_open_gold(tmp_path)


def test_there_are_enough_sentences() -> None:
    tune, kept_out = read_open_gold(GOLD / "tune"), read_open_gold(GOLD / "test")
    assert len(tune) >= 60
    assert len(kept_out) >= 40
    assert not {one.text for one in tune} & {one.text for one in kept_out}


def test_kg_eval_open_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    errors = tmp_path / "errors.txt"
    arguments = ["eval", "--open", str(GOLD / "tune"), "--errors", str(errors)]
    assert main([*arguments, "--format", "json"]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert scores["exact"]["f1"] >= LEAST
    assert scores["overlap"]["f1"] >= LEAST
    assert errors.read_text(encoding="utf-8").count("\n- ") == scores["facts"] - scores["found"]
    assert main(["eval", "--open", str(GOLD / "tune"), "--baseline", "textacy"]) == 2
    assert main(["eval", "--open", str(GOLD / "tune")]) == 0
    assert "whole triples" in capsys.readouterr().out


TRIPLES = {
    "passive": (
        "OpenAI was sued by the guild.", [("OpenAI", "was sued by", "the guild")],
    ),
    "object in the relation": (
        "They left him there for five hours.",
        [("They", "left", "him"), ("They", "left him there for", "five hours")],
    ),
    "tokenised": (
        "The lake -LRB- discovered in 1901 -RRB- does n't freeze .",
        [("The lake", "discovered in", "1901"), ("The lake", "does n't freeze", "")],
    ),
    "chain": ("The farmers want to sell milk.", [("The farmers", "want to sell", "milk")]),
    "report": (
        "The minister said that taxes would rise.",
        [("The minister", "said", "taxes would rise"), ("taxes", "would rise", "")],
    ),
    "relative clause": (
        "The coach praised the defenders who had stopped the champions.",
        [
            ("The coach", "praised", "the defenders"),
            ("the defenders", "had stopped", "the champions"),
        ],
    ),
    "adjective": (
        "The town is famous for its cheese.",
        [("The town", "is", "famous"), ("The town", "is famous for", "its cheese")],
    ),
    "gerund": ("The drug works by blocking a protein.",
               [("The drug", "works by", "blocking a protein")]),
    "recipient": (
        "He gave his daughter a violin.", [("He", "gave his daughter", "a violin")],
    ),
    "quantity": ("Hundreds of fans gathered outside the stadium.",
                 [("Hundreds of fans", "gathered outside", "the stadium")]),
    "one place": ("The theatre stands between the station and the market.",
                  [("The theatre", "stands between", "the station and the market")]),
    "question inside": ("Nobody knows who painted the portrait.",
                        [("Nobody", "knows", "who painted the portrait")]),
}  # fmt: skip


@pytest.mark.parametrize("name", TRIPLES)
def test_english_triples_are_complete_and_minimal(name: str) -> None:
    text, wanted = TRIPLES[name]
    assert sorted(told(text)) == sorted(wanted)


INDONESIAN = {
    "copula": (
        "Gunung tersebut adalah gunung tertinggi di pulau itu.",
        ("Gunung tersebut", "adalah", "gunung tertinggi di pulau itu"),
    ),
    "chain": ("Petani ingin menjual susu.", ("Petani", "ingin menjual", "susu")),
    "passive": (
        "Perusahaan itu didirikan oleh dua insinyur.",
        ("Perusahaan itu", "didirikan oleh", "dua insinyur"),
    ),
    "bare agent": ("Novel itu ditulis Pramoedya.", ("Novel itu", "ditulis", "Pramoedya")),
}


@pytest.mark.parametrize("name", INDONESIAN)
def test_indonesian_triples(name: str) -> None:
    text, wanted = INDONESIAN[name]
    assert wanted in told(text, "id")
