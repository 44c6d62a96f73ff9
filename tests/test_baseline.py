"""The baseline: textacy's triples as statements, and the table that sets them beside ours."""

import builtins
import json
from pathlib import Path

import pytest

from kg.baseline import triples_as_statements
from kg.cli import main
from kg.errors import DataError
from kg.records import Article

GOLD = {
    "id": "a", "lang": "en", "source": "", "date": "", "title": "",
    "sentences": [
        {"i": 0, "text": "Getty Images sued Stability AI.", "statements": [
            {"s": ["Getty Images"], "p": ["sues"], "o": ["Stability AI"], "neg": False,
             "mod": ["asserted"], "attr": [], "core": True}]},
        {"i": 1, "text": "OpenAI was criticized by artists.", "statements": [
            {"s": ["artists"], "p": ["criticizes"], "o": ["OpenAI"], "neg": False,
             "mod": ["asserted"], "attr": [], "core": True}]},
    ],
}  # fmt: skip


def told(text: str, lang: str = "en") -> list[tuple[str, str, str]]:
    [(_, statements)] = triples_as_statements([Article("a", text, lang)])
    return [(one.subject.span.text, one.relation, one.object.span.text) for one in statements]


def test_a_verb_of_the_lexicon_gives_a_statement() -> None:
    assert told("Getty Images sued Stability AI.") == [("Getty Images", "sues", "Stability AI")]


def test_other_verbs_give_none() -> None:
    assert told("The committee ate a large cake.") == []


def test_other_languages_give_none() -> None:
    assert told("Getty Images menggugat Stability AI.", "id") == []


def test_offsets_are_those_of_the_article() -> None:
    text = "A headline\n\nGetty Images sued Stability AI."
    [(_, [one])] = triples_as_statements([Article("a", text, "en")])
    for span in (one.subject.span, one.trigger, one.object.span):
        assert text[span.start : span.end] == span.text
    assert text[one.sentence.start : one.sentence.end].strip() == one.sentence.text.strip()


def test_without_textacy_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name.startswith("textacy"):
            raise ModuleNotFoundError(name=name)
        return whole(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DataError, match=r"dispute-kg\[baseline\]"):
        list(triples_as_statements([Article("a", "x", "en")]))


def test_the_table_sets_both_side_by_side(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(GOLD), encoding="utf-8")
    indonesian = GOLD | {"id": "b", "lang": "id", "sentences": []}
    (tmp_path / "b.json").write_text(json.dumps(indonesian), encoding="utf-8")
    assert main(["eval", str(tmp_path), "--baseline", "textacy", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows[0] == {
        "relation": "all",
        "en": "1.00",
        "en, textacy": "0.50",
        "id": "0.00",
        "core": "2",
    }
    assert [row["relation"] for row in rows[1:]] == ["criticizes", "sues"]
    assert rows[1]["en, textacy"] == "0.00"  # the passive is not undone
    assert rows[1]["id"] == "–"
    assert main(["eval", str(tmp_path), "--baseline", "textacy", "--format", "markdown"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "| relation | en | en, textacy | id | core |"
    assert len(lines) == 5
    assert main(["eval", str(tmp_path), "--format", "markdown"]) == 2
    assert "--baseline" in capsys.readouterr().err
