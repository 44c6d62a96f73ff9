"""Commands that read articles: build, extract."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from kg.errors import ArticleError, UsageError
from kg.options import (
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
    from pyoxigraph import Quad

    from kg.build import Build
    from kg.endpoint import Address
    from kg.records import Article, Statement
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
    from kg.formats import turtle
    from kg.jsonlines import json_line, statement_json
    from kg.tables import print_statements

    quads: list[Quad] = []
    read = 0
    for article, found in extracted:
        read += 1
        statements = [one for one in found if one.confidence >= least]
        if format_ == "table":
            print_statements(out, article, statements)
        elif format_ == "jsonl":
            out.writelines(json_line(statement_json(one)) + "\n" for one in statements)
        else:
            quads += _own_quads(article, statements)
        step(article)
    if format_ == "ttl":
        out.write(turtle(quads))
    return read


def _own_quads(article: "Article", statements: list["Statement"]) -> "list[Quad]":
    """An article as quads, but for what it only reports."""
    from kg.build import extractor_version  # with the page: as long to load as the pipeline
    from kg.graph import article_quads
    from kg.iris import reported_graph_iri

    extractor = extractor_version(article.lang or "")
    hidden = f"<{reported_graph_iri(article.id)}>"
    quads = article_quads(article, statements, extractor=extractor)
    return [quad for quad in quads if str(quad.graph_name) != hidden]
