"""Results as tables for people: statements beside their sentences, summaries, lists."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from itertools import groupby
from typing import TYPE_CHECKING, Any, TextIO

from rich import box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kg.records import Article, Clause, Sentence, Statement

if TYPE_CHECKING:
    from kg.confidence import Bin
    from kg.evaluate import Evaluation, Score
    from kg.mention_scores import LinkEvaluation
    from kg.open_scores import OpenScore

_WIDTH = 160  # columns where the output is no terminal and COLUMNS does not say
_NARROW = 16  # no column that could fill more is made narrower; records are stacked instead
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _console(out: TextIO) -> Console:
    """In the width of a terminal or of COLUMNS; no colours where the output is no terminal."""
    if out.isatty():
        return Console(file=out, highlight=False, markup=False, emoji=False)
    given = os.environ.get("COLUMNS", "")
    width = int(given) if given.isdecimal() and int(given) > 0 else _WIDTH
    return Console(
        file=StringIO(), width=width, highlight=False, markup=False, emoji=False, no_color=True
    )


def _print(out: TextIO, *things: RenderableType) -> None:
    """To what is no terminal without blanks at line ends."""
    console = _console(out)
    if out.isatty():
        console.print(*things, sep="\n")
        return
    with console.capture() as text:
        console.print(*things, sep="\n")
    out.writelines(line.rstrip() + "\n" for line in text.get().split("\n")[:-1])


def _widths(rows: Sequence[Sequence[Text]], width: int) -> list[int] | None:
    """Widths of the columns that together fill at most ``width``, None where they do not fit.

    Each has room for its longest word, and for all its text or `_NARROW` cells of it; what is left
    goes to the columns that need most.
    """
    columns = list(zip(*rows, strict=True))
    words = [max(_longest(cell.plain.split()) for cell in column) for column in columns]
    whole = [max(_longest(cell.plain.splitlines()) for cell in column) for column in columns]
    for level in range(max(_NARROW, *whole), _NARROW - 1, -1):
        found = [max(word, min(most, level)) for word, most in zip(words, whole, strict=True)]
        if sum(found) <= width:
            return found
    return None


def _longest(texts: Iterable[str]) -> int:
    return max(map(cell_len, texts), default=0)


def _stack(columns: Sequence[Text], rows: Iterable[Sequence[Text]]) -> RenderableType:
    """Records one under the other, a line for each column, a blank line between records."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for number, row in enumerate(rows):
        if number:
            table.add_row()
        for column, cell in zip(columns, row, strict=True):
            table.add_row(column, cell)
    return table


def _cell(text: str, style: str = "") -> Text:
    """Text as it is, but for control characters, which could steer a terminal."""
    return Text(_CONTROL.sub("\ufffd", text), style=style)


def print_table(
    out: TextIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    title: str = "",
    numbers: Sequence[str] = (),
) -> None:
    """A plain table; ``numbers`` names the columns that are set flush right.

    Where the columns do not fit the width without breaking words, records are stacked: a line for
    each column, a blank line between records.
    """
    heading = _cell(title, "bold") if title else None
    head = [_cell(column) for column in columns]
    cells = [[_cell(text) for text in row] for row in rows]
    # A column has a blank on either side, and one more before it and after the last.
    widths = _widths([head, *cells], _console(out).width - 3 * len(head) - 1)
    if widths is None:
        shown = _stack(head, cells) if cells else _cell("  ".join(columns))
        _print(out, *filter(None, (heading,)), shown)
        return
    table = Table(box=box.SIMPLE_HEAD, title=heading, title_justify="left")
    for column, width in zip(head, widths, strict=True):
        table.add_column(
            column,
            width=width,
            justify="right" if column.plain in numbers else "left",
            overflow="fold",
        )
    for row in cells:
        table.add_row(*row)
    _print(out, table)


def print_markdown(out: TextIO, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows as a table of Markdown, as a README takes it."""
    for row in (header, ["---"] * len(header), *rows):
        out.write("| " + " | ".join(row) + " |\n")


def print_statements(out: TextIO, article: Article, statements: Iterable[Statement]) -> None:
    """An article's statements in text order, under each sentence what it states."""
    rows = [
        (
            one.sentence,
            (
                _cell(one.subject.entity.label),
                _cell(one.relation, "red" if one.negated else "bold"),
                _cell(one.object.entity.label),
                _cell(_manner(one)),
            ),
        )
        for one in statements
    ]
    _print_reading(out, article, rows)


def print_clauses(out: TextIO, article: Article, clauses: Iterable[Clause]) -> None:
    """An article's open clauses, laid out as `print_statements` does."""
    rows = []
    for clause in clauses:
        parts = ["not"] if clause.negated else []
        parts += [clause.modality] if clause.modality != "asserted" else []
        parts += [f"says {clause.source.text}"] if clause.source else []
        cells = (
            _cell(clause.subject.text),
            _cell(clause.predicate, "bold"),
            _cell(clause.object.text if clause.object else ""),
            _cell(", ".join(parts)),
        )
        rows.append((clause.sentence, cells))
    _print_reading(out, article, rows)


_READING = ("subject", "relation", "object", "manner")


def _print_reading(
    out: TextIO, article: Article, rows: Iterable[tuple[Sentence, tuple[Text, ...]]]
) -> None:
    title = " · ".join(filter(None, (article.id, article.title, article.date)))
    shown: list[RenderableType] = [_cell(title, "bold underline")]
    rows = list(rows)
    # Indented by 3; a column has a blank on either side.
    widths = _widths([cells for _, cells in rows], _console(out).width - 3 - 8) if rows else None
    for sentence, group in groupby(rows, key=lambda row: row[0]):
        words = f"[{sentence.index}] " + " ".join(sentence.text.split())
        shown.append(Padding(_cell(words, "dim"), (1, 0, 0, 0)))
        if widths is None:
            records = [cells for _, cells in group]
            shown.append(Padding(_stack([_cell(name) for name in _READING], records), (0, 0, 0, 4)))
            continue
        table = Table(box=None, show_header=False, padding=(0, 1))
        for width in widths:
            table.add_column(width=width, overflow="fold")
        for _, cells in group:
            table.add_row(*cells)
        shown.append(Padding(table, (0, 0, 0, 3)))
    _print(out, *shown, Text())


def _manner(statement: Statement) -> str:
    parts = ["not"] if statement.negated else []
    parts += [statement.modality] if statement.modality != "asserted" else []
    speaker = statement.attributed_to
    parts += [f"says {speaker.entity.label}"] if speaker else []
    parts += [statement.time] if statement.time else []
    return ", ".join(parts)


def print_catalogue(out: TextIO, catalogue: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """What `kg.catalogue.catalogue` gives, one table for each kind with a column a language."""
    further = {"relations": "group", "types": "above", "entities": "type"}
    for kind, things in catalogue.items():
        languages = sorted({lang for thing in things for lang in thing["labels"]})
        column = further.get(kind)
        rows = []
        for thing in things:
            row = [str(thing["id"]), *(thing["labels"].get(lang, "") for lang in languages)]
            if column:
                value = thing[column]
                row.append(value if isinstance(value, str) else ", ".join(value))
            rows.append(row)
        columns = ("id", *languages, *([column] if column else []))
        print_table(out, columns, rows, title=f"{kind} ({len(rows)})")


_SCORES = ("F1", "precision", "recall", "core", "found", "said", "right", "neg.", "mod.", "attr.")


_RELIABILITY = ("stated", "right", "statements")


def print_link_scores(out: TextIO, result: "LinkEvaluation") -> None:
    """Scores of linking: by language, across languages, by method."""
    languages = [
        (one.lang, str(one.mentions), *(f"{rate:.3f}" for rate in one.rates))
        for one in result.languages
    ]
    rates = ("accuracy", "B³ precision", "B³ recall", "B³ F1")
    print_table(out, ("language", "mentions", *rates), languages, numbers=("mentions", *rates))
    pairs = result.pairs
    row = (str(pairs.gold), str(pairs.predicted), f"{pairs.precision:.3f}", f"{pairs.recall:.3f}")
    columns = ("are", "made one", "precision", "recall")
    print_table(
        out,
        ("entities of a dispute", *columns),
        [("one in both languages", *row)],
        numbers=columns,
    )
    methods = [
        (one.method, str(one.mentions), f"{one.right / one.mentions:.3f}", f"{one.stated:.3f}")
        for one in result.methods
    ]
    numbers = ("mentions", "right", "score")
    print_table(out, ("linked", *numbers), methods, numbers=numbers)


def print_scores(out: TextIO, result: "Evaluation") -> None:
    """Scores overall and by language, then by relation, the most frequent relation first."""
    languages = sorted(result.by_language.items())
    rows = [("all", result.overall), *languages]
    print_table(
        out,
        ("language", *_SCORES),
        [(name, *_score_cells(score)) for name, score in rows],
        numbers=_SCORES,
    )
    relations = sorted(result.by_relation.items(), key=lambda item: (-item[1].core, item[0]))
    print_table(
        out,
        ("relation", *_SCORES),
        [(name, *_score_cells(score)) for name, score in relations],
        numbers=_SCORES,
    )
    from kg.confidence import reliability  # noqa: PLC0415  queries need not wait for it

    print_reliability(out, reliability(result.rated))
    _print(
        out,
        _cell(
            "core: statements that must be found; said: predictions that count; neg., mod., attr.:"
            " share of the matched statements with the right negation, modality and speaker"
        ),
    )


_OPEN_SCORES = ("F1", "precision", "recall", "facts", "found", "said", "right")


def print_open_scores(out: TextIO, score: "OpenScore") -> None:
    """Scores of open clauses, word for word and by words in common."""
    rows = []
    for name, rates, counts in (
        ("whole triples", score.exact, (score.facts, score.found, score.clauses, score.right)),
        ("words in common", score.overlap, ()),
    ):
        precision, recall, f1 = (f"{rate:.3f}" for rate in rates)
        rows.append((name, f1, precision, recall, *map(str, counts), *[""] * (4 - len(counts))))
    print_table(out, ("measure", *_OPEN_SCORES), rows, numbers=_OPEN_SCORES)


def print_reliability(out: TextIO, bins: "Sequence[Bin]") -> None:
    """Stated confidence beside the share of statements that is right, the lowest first."""
    from kg.confidence import calibration_error  # noqa: PLC0415

    cells = [
        (
            f"{one.low:.1f} to {one.high:.1f}",
            f"{one.stated:.3f}",
            f"{one.right:.3f}",
            str(one.statements),
        )
        for one in bins
    ]
    count = str(sum(one.statements for one in bins))
    cells.append(("mean difference", f"{calibration_error(bins):.3f}", "", count))
    print_table(out, ("confidence", *_RELIABILITY), cells, numbers=_RELIABILITY)


def _score_cells(score: "Score") -> Iterator[str]:
    yield from (f"{rate:.3f}" for rate in (score.f1, score.precision, score.recall))
    yield from map(str, (score.core, score.found, score.predicted, score.right))
    for right in (score.negation, score.modality, score.attribution):
        yield f"{right / score.matched:.3f}" if score.matched else "–"
