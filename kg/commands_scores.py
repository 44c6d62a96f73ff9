"""Commands that measure extraction on annotated articles: eval, calibrate."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import click

from kg.errors import TrainingError, UsageError
from kg.options import accept_quiet, open_output, output_option


@click.command(
    "eval",
    short_help="Score extraction against annotated articles.",
    epilog="Example: kg eval data/gold/dev",
)
@click.argument("gold_dir", metavar="GOLD_DIR", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    show_default=True,
    help="Form of the result; markdown is for --baseline.",
)
@click.option(
    "--errors",
    metavar="FILE",
    help="List the sentences with missed and wrong statements, or the wrong links, in FILE.",
)
@click.option(
    "--open",
    "open_",
    is_flag=True,
    help="Score open clauses against facts: GOLD_DIR holds *.toml (data/gold/open/README.md).",
)
@click.option(
    "--baseline",
    type=click.Choice(["textacy"]),
    help="F1 of every relation beside that of textacy's triples (English).",
)
@click.option("--entities", is_flag=True, help="Score linking against gold mentions instead.")
@output_option
@accept_quiet
def eval_command(
    *,
    gold_dir: Path,
    format_: str,
    errors: str | None,
    open_: bool,
    baseline: str | None,
    entities: bool,
    output: str,
) -> None:
    """How good extraction is: precision, recall and F1 against annotated articles.

    With --entities how good linking is: accuracy and B-cubed by language, the share of entities
    that are one node in both languages of a dispute, and by method. GOLD_DIR then holds *.tsv, one
    article each, as in data/gold/mentions.

    \b
    GOLD_DIR holds *.json, one article each:
    {"id", "lang", "source", "date", "title", "sentences": [{"i", "text", "statements":
      [{"s": [forms], "p": [relations], "o": [forms], "neg": false, "mod": [modalities],
        "attr": [forms], "core": true}]}]}
    Lists hold every acceptable value. Recall counts core statements; negation, modality and
    attribution are scored on the statements that match.
    """
    if entities and (baseline or open_ or format_ == "markdown"):
        raise UsageError(
            "--entities goes with --format table or json, without --baseline or --open"
        )
    if format_ == "markdown" and baseline is None:
        raise UsageError("--format markdown is for the table of --baseline: add it or leave it out")
    if baseline is not None and (open_ or errors is not None):
        raise UsageError("--baseline prints one table: leave --open and --errors out")
    if entities:
        report = _score_links(gold_dir)
    elif open_:
        report = _score_clauses(gold_dir)
    elif baseline is not None:
        report = _compare(gold_dir, baseline)
    else:
        report = _score_statements(gold_dir)
    with open_output(output) as out:
        if format_ == "json":
            out.write(json.dumps(report.values, ensure_ascii=False, indent=1) + "\n")
        else:
            report.write_as[format_](out)
    if errors is not None:
        with open_output(errors) as out:
            out.writelines(line + "\n" for line in report.errors)


class _Report(NamedTuple):
    """What one comparison with annotated articles has to tell, in every form it can be told in."""

    values: Any
    write_as: Mapping[str, Callable[[TextIO], None]]
    errors: Iterable[str] = ()


def _score_statements(gold_dir: Path) -> _Report:
    from kg.evaluate import error_lines, evaluate, read_gold, scores_json
    from kg.tables import print_scores

    result = evaluate(read_gold(gold_dir))
    table = partial(print_scores, result=result)
    return _Report(scores_json(result), {"table": table}, error_lines(result))


def _score_links(gold_dir: Path) -> _Report:
    from kg.mention_scores import (
        evaluate_mentions,
        link_error_lines,
        link_scores_json,
        read_mentions,
    )
    from kg.tables import print_link_scores

    result = evaluate_mentions(read_mentions(gold_dir))
    table = partial(print_link_scores, result=result)
    return _Report(link_scores_json(result), {"table": table}, link_error_lines(result))


def _score_clauses(gold_dir: Path) -> _Report:
    from kg.open_scores import open_error_lines, open_scores_json, read_open_gold, score_open
    from kg.tables import print_open_scores

    score, misses = score_open(read_open_gold(gold_dir))
    table = partial(print_open_scores, score=score)
    return _Report(open_scores_json(score), {"table": table}, open_error_lines(misses))


def _compare(gold_dir: Path, baseline: str) -> _Report:
    from kg.baseline import LANG, triples_as_statements
    from kg.evaluate import compare, compared_rows, read_gold
    from kg.tables import print_markdown, print_table

    compared = compare(read_gold(gold_dir), triples_as_statements, reads=LANG)
    header, rows = compared_rows(compared, baseline)
    forms = {
        "table": partial(print_table, columns=header, rows=rows, numbers=header[1:]),
        "markdown": partial(print_markdown, header=header, rows=rows),
    }
    return _Report([dict(zip(header, row, strict=True)) for row in rows], forms)


@click.command(
    "calibrate",
    short_help="Fit the confidence of statements on annotated articles.",
    epilog="Example: kg calibrate data/gold/train data/gold/dev",
)
@click.argument(
    "gold_dirs", metavar="GOLD_DIR...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="File of the weights.  [default: data/languages/confidence.toml]",
)
@accept_quiet
def calibrate_command(*, gold_dirs: tuple[Path, ...], output: Path | None) -> None:
    """Fits how sure statements are to the share of them that is right, and keeps the weights.

    Prints stated confidence beside that share on articles left out of the fit, a tenth at a time.
    Give folders that are not needed for a final score; see kg eval for what they hold.
    """
    from kg.confidence import fit, reliability, weights_toml
    from kg.evaluate import left_out, rate, read_gold
    from kg.files import write_if_changed
    from kg.resources import data_dir
    from kg.tables import print_reliability

    rated = rate([article for folder in gold_dirs for article in read_gold(folder)])
    if not rated:
        raise TrainingError(
            "no statements are found in these articles; expected some to learn from"
        )
    weights = fit([one.features for one in rated], [one.right for one in rated])
    target = output or data_dir() / "languages" / "confidence.toml"
    command = "kg calibrate " + " ".join(folder.as_posix() for folder in gold_dirs)
    write_if_changed(target, weights_toml(weights, made_by=command, statements=len(rated)))
    print_reliability(sys.stdout, reliability(left_out(rated)))
    click.echo(f"  {target}")
