"""Commands that read articles: build, extract, eval."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from kg.errors import ArticleError, UsageError
from kg.options import (
    accept_quiet,
    decisions_option,
    endpoint_options,
    lang_option,
    open_output,
    output_option,
    processes_option,
    progress_bar,
    quiet_option,
    tell_failures,
)

if TYPE_CHECKING:
    from kg.build import Build
    from kg.endpoint import Address
    from kg.records import Article
    from kg.statements import Extracted


@click.command(
    "build",
    short_help="Read articles into a store, a graph and a page.",
    epilog="Example: kg build data/articles -o out",
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--store",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of the store.  [default: OUT/store]",
)
@click.option(
    "-o",
    "--out",
    metavar="OUT",
    type=click.Path(path_type=Path),
    default=Path("out"),
    show_default=True,
    help="Folder for the results.",
)
@endpoint_options
@decisions_option
@lang_option
@processes_option
@quiet_option
def build_command(
    *,
    paths: tuple[str, ...],
    store: Path | None,
    server: "Address | None",
    out: Path,
    decisions: Path | None,
    lang: str | None,
    processes: int,
    quiet: bool,
) -> int:
    """The main job: reads articles, extracts and links what they state, keeps it in a store and
    writes OUT/graph.ttl and OUT/graph.html.

    Articles that cannot be read are left out and listed on standard error; the exit code is 0 all
    the same, unless none can be read.

    Run again it reads only articles that are new or have changed, or that a new decision about
    entities concerns (see kg entities); what the store holds of other articles stays.

    \b
    A PATH is a folder or a file: .txt (as it stands), .md, .html, .pdf, .csv (columns id, text,
    lang, title, date, source, dispute) or .jsonl (the same fields); - is text on standard input.
    """
    from kg.build import build

    with progress_bar(quiet) as step:
        done = build(
            paths,
            server=server,
            out=out,
            store=store,
            lang=lang,
            decisions=decisions,
            processes=processes,
            stdin=sys.stdin.buffer,
            progress=step,
        )
    tell_failures(done.failures)
    if not quiet:
        _print_summary(done)
    return 0


def _print_summary(done: "Build") -> None:
    from kg.tables import print_table

    given = done.new + done.changed + done.unchanged + len(done.failures)
    languages = ", ".join(f"{number} {language}" for language, number in done.by_language)
    counts = [
        (
            "articles given",
            f"{given}",
            f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged,"
            f" {len(done.failures)} left out",
        ),
        ("articles in the store", f"{done.articles}", languages),
        ("statements", f"{done.statements}", f"of {len(done.by_relation)} relations"),
        ("entities", f"{done.entities}", ""),
    ]
    print_table(sys.stdout, ("", "number", ""), counts, numbers=("number",))
    cells = [(name, str(number)) for name, number in done.by_relation]
    third = -(-len(cells) // 3)
    cells += [("", "")] * (3 * third - len(cells))
    rows = [sum(cells[row::third], ()) for row in range(third)]
    print_table(sys.stdout, ("relation", "number") * 3, rows, numbers=("number",))
    for what, path in (("store", done.store), ("graph", done.turtle), ("page", done.page)):
        click.echo(f"  {what:6}{path}")


@click.command(
    "extract",
    short_help="Print the statements of articles, without a store.",
    epilog="Example: kg extract news.txt --format table",
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["jsonl", "table", "ttl"]),
    default="jsonl",
    show_default=True,
    help="Form of the result.",
)
@click.option(
    "--open",
    "open_",
    is_flag=True,
    help="Open clauses, in the articles' own words, instead of statements.",
)
@click.option(
    "--least-confidence",
    "least",
    metavar="X",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Leave out statements that are less sure than X, from 0 to 1.",
)
@click.option(
    "--decisions",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Decisions about entities to obey; see kg entities.",
)
@lang_option
@processes_option
@output_option
@quiet_option
def extract_command(
    *,
    paths: tuple[str, ...],
    format_: str,
    open_: bool,
    least: float,
    decisions: Path | None,
    lang: str | None,
    processes: int,
    output: str,
    quiet: bool,
) -> int:
    """Extraction alone, without a store: prints the statements of articles.

    Articles that cannot be read are told on standard error and make the exit code 1.

    \b
    A PATH is a folder or a file: .txt (as it stands), .md, .html, .pdf, .csv (columns id, text,
    lang, title, date, source, dispute) or .jsonl (the same fields); - is text on standard input.
    """
    if open_ and format_ == "ttl":
        raise UsageError("open clauses have no Turtle: use --format jsonl or table with --open")
    if open_ and least:
        raise UsageError("open clauses have no confidence: leave out --least-confidence or --open")
    if open_ and decisions:
        raise UsageError("open clauses have no entities to decide on: leave --decisions out")
    if open_ and processes > 1:
        raise UsageError("open clauses are read in one process: leave out --processes or --open")
    from kg.articles import none_readable, read_articles
    from kg.decisions import read_decisions
    from kg.statements import extract

    decided = read_decisions(decisions)
    failures: list[ArticleError] = []
    articles = read_articles(paths, lang=lang, stdin=sys.stdin.buffer, on_error=failures.append)
    with open_output(output) as out, progress_bar(quiet) as step:
        if open_:
            read = _write_clauses(out, articles, format_, step)
        else:
            found = extract(articles, decisions=decided, processes=processes)
            read = _write_statements(out, found, format_, least, step)
        if not read and failures:
            raise none_readable(failures)
    tell_failures(failures)
    return 1 if failures else 0


def _write_clauses(
    out: TextIO, articles: Iterator["Article"], format_: str, step: Callable[["Article"], None]
) -> int:
    from kg.jsonlines import clause_json, json_line
    from kg.statements import extract_open
    from kg.tables import print_clauses

    read = 0
    for article, clauses in extract_open(articles):
        read += 1
        if format_ == "table":
            print_clauses(out, article, clauses)
        else:
            out.writelines(json_line(clause_json(clause)) + "\n" for clause in clauses)
        step(article)
    return read


def _write_statements(
    out: TextIO,
    extracted: Iterator["Extracted"],
    format_: str,
    least: float,
    step: Callable[["Article"], None],
) -> int:
    from kg.build import extractor_version
    from kg.formats import turtle
    from kg.graph import article_quads
    from kg.iris import reported_graph_iri
    from kg.jsonlines import json_line, statement_json
    from kg.tables import print_statements

    quads = []
    read = 0
    for article, found in extracted:
        read += 1
        statements = [one for one in found if one.confidence >= least]
        if format_ == "table":
            print_statements(out, article, statements)
        elif format_ == "jsonl":
            out.writelines(json_line(statement_json(one)) + "\n" for one in statements)
        else:
            extractor = extractor_version(article.lang or "")
            hidden = f"<{reported_graph_iri(article.id)}>"
            quads += [
                quad
                for quad in article_quads(article, statements, extractor=extractor)
                if str(quad.graph_name) != hidden
            ]
        step(article)
    if format_ == "ttl":
        out.write(turtle(quads))
    return read


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
    import json

    if entities and (baseline or open_ or format_ == "markdown"):
        raise UsageError(
            "--entities goes with --format table or json, without --baseline or --open"
        )
    if entities:
        _eval_entities(gold_dir, format_, errors, output)
        return
    from kg.evaluate import error_lines, evaluate, read_gold, scores_json
    from kg.tables import print_scores

    if format_ == "markdown" and baseline is None:
        raise UsageError("--format markdown is for the table of --baseline: add it or leave it out")
    if baseline is not None and (open_ or errors is not None):
        raise UsageError("--baseline prints one table: leave --open and --errors out")
    if open_:
        _score_open(gold_dir, format_, errors, output)
        return
    if baseline is not None:
        _compare(gold_dir, baseline, format_, output)
        return

    result = evaluate(read_gold(gold_dir))
    with open_output(output) as out:
        if format_ == "json":
            out.write(json.dumps(scores_json(result), ensure_ascii=False, indent=1) + "\n")
        else:
            print_scores(out, result)
    if errors is not None:
        with open_output(errors) as out:
            out.writelines(line + "\n" for line in error_lines(result))


def _compare(gold_dir: Path, baseline: str, format_: str, output: str) -> None:
    import json

    from kg.baseline import LANG, triples_as_statements
    from kg.evaluate import compare, compared_rows, read_gold
    from kg.tables import print_table

    compared = compare(read_gold(gold_dir), triples_as_statements, reads=LANG)
    header, rows = compared_rows(compared, baseline)
    with open_output(output) as out:
        if format_ == "json":
            cells = [dict(zip(header, row, strict=True)) for row in rows]
            out.write(json.dumps(cells, ensure_ascii=False, indent=1) + "\n")
        elif format_ == "markdown":
            for row in (header, ["---"] * len(header), *rows):
                out.write("| " + " | ".join(row) + " |\n")
        else:
            print_table(out, header, rows, numbers=header[1:])


def _eval_entities(gold_dir: Path, format_: str, errors: str | None, output: str) -> None:
    import json

    from kg.mention_scores import (
        evaluate_mentions,
        link_error_lines,
        link_scores_json,
        read_mentions,
    )
    from kg.tables import print_link_scores

    result = evaluate_mentions(read_mentions(gold_dir))
    with open_output(output) as out:
        if format_ == "json":
            out.write(json.dumps(link_scores_json(result), ensure_ascii=False, indent=1) + "\n")
        else:
            print_link_scores(out, result)
    if errors is not None:
        with open_output(errors) as out:
            out.writelines(line + "\n" for line in link_error_lines(result))


def _score_open(gold_dir: Path, format_: str, errors: str | None, output: str) -> None:
    import json

    from kg.open_scores import open_error_lines, open_scores_json, read_open_gold, score_open
    from kg.tables import print_open_scores

    score, misses = score_open(read_open_gold(gold_dir))
    with open_output(output) as out:
        if format_ == "json":
            out.write(json.dumps(open_scores_json(score), indent=1) + "\n")
        else:
            print_open_scores(out, score)
    if errors is not None:
        with open_output(errors) as out:
            out.writelines(line + "\n" for line in open_error_lines(misses))
