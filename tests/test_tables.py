"""Tables for people: nothing is lost or broken, however narrow the line."""

from dataclasses import replace
from io import StringIO

import pytest
from claims import GUILD, GUILD_CLAIMS, SORA, SORA_CLAIMS

from kg.records import Argument
from kg.tables import print_statements, print_table
from kg.vocabulary import relations

SENTENCE = "The guild sued the company over books that it had copied without asking anybody first."
COLUMNS = ("actor", "relation", "object", "modality", "sentence", "article")
ROWS = [
    ("Authors Guild", "discriminates against", "OpenAI", "asserted", SENTENCE, "guild.en"),
    ("Meta", "sues", "", "alleged", SENTENCE, "meta-suit.id"),
]


def table(monkeypatch: pytest.MonkeyPatch, width: int | None, **options: object) -> list[str]:
    if width is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", str(width))
    out = StringIO()
    print_table(out, COLUMNS, ROWS, **options)  # type: ignore[arg-type]
    return out.getvalue().splitlines()


def test_what_fits_is_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = table(monkeypatch, None)
    assert lines[1].split() == list(COLUMNS)
    assert max(map(len, lines)) <= 160
    [row] = [line for line in lines if "Authors Guild" in line]
    for cell in ROWS[0][:4]:
        assert cell in row
    assert max(map(len, table(monkeypatch, 250))) > 160


@pytest.mark.parametrize("width", [30, 60, 80, 100, 120, 160])
def test_no_word_is_broken(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    lines = table(monkeypatch, width)
    assert max(map(len, lines)) <= width
    words = " ".join(lines).split()
    for row in ROWS:
        for cell in row:
            assert set(cell.split()) <= set(words)


def test_what_does_not_fit_is_stacked(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = table(monkeypatch, 60, title="Evidence")
    assert lines[:5] == [
        "Evidence",
        "actor     Authors Guild",
        "relation  discriminates against",
        "object    OpenAI",
        "modality  asserted",
    ]
    assert lines[5:7] == [
        "sentence  The guild sued the company over books that it had",
        "          copied without asking anybody first.",
    ]
    assert lines[7:12] == [
        "article   guild.en", "", "actor     Meta", "relation  sues", "object",
    ]  # fmt: skip


def test_a_word_longer_than_the_line_is_broken_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    out = StringIO()
    address = "https://example.org/" + "a" * 60
    print_table(out, ("id", "address"), [("x", address)])
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 40
    assert "".join(line[9:] for line in lines[1:]) == address


def test_no_rows_leave_the_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    out = StringIO()
    print_table(out, COLUMNS, [])
    assert out.getvalue().split() == list(COLUMNS)


@pytest.mark.parametrize("width", [50, 80, 160])
def test_a_reading_breaks_no_relation(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    longest = max((relation.name for relation in relations()), key=len)
    words = SORA_CLAIMS[6]
    long = replace(words, relation=longest, object=_named(words.object, SENTENCE))
    out = StringIO()
    print_statements(out, SORA, [long, *SORA_CLAIMS])
    lines = out.getvalue().splitlines()
    assert longest in out.getvalue().split()
    assert max(map(len, lines)) <= width
    assert (width < 80) == any(line.split()[:1] == ["relation"] for line in lines)


def _named(argument: Argument, label: str) -> Argument:
    return replace(argument, entity=replace(argument.entity, label=label))


def test_a_reading_without_statements_is_its_title() -> None:
    out = StringIO()
    print_statements(out, GUILD, [])
    assert out.getvalue().split("\n")[0] == "guild · On guild · 2023-09-20"
    out = StringIO()
    print_statements(out, GUILD, GUILD_CLAIMS[:1])
    assert out.getvalue().splitlines()[3].split() == [
        "Authors", "Guild", "sues", "OpenAI", "2023-09-19",
    ]  # fmt: skip
