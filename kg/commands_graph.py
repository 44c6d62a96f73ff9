"""Commands that work on the graph: query, export, view."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.errors import QueryError, UsageError
from kg.options import (
    STDOUT,
    accept_quiet,
    endpoint_options,
    open_output,
    opened_store,
    output_option,
    read_selection,
    selection_options,
    store_option,
    time_limit,
)

if TYPE_CHECKING:
    from kg.endpoint import Address
    from kg.sparql import Result
    from kg.store import Store


@click.command(
    "query",
    short_help="Ask the graph in SPARQL.",
    epilog="Example: kg query 'SELECT * { ?who dkg:sues ?whom }' --format csv",
)
@click.argument("arguments", metavar="[QUERY] [FILE.ttl]", nargs=-1)
@click.option("-f", "--file", "file", metavar="FILE.rq", help="Take the query from a file.")
@click.option("-n", "--name", metavar="NAME", help="Take a query of the project, see --list.")
@click.option(
    "-p",
    "--param",
    "--parameter",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    help="Set a parameter of a named query.",
)
@click.option("--list", "list_", is_flag=True, help="List the named queries with what they answer.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "csv", "tsv", "json", "xml", "turtle"]),
    default="table",
    show_default=True,
    help="Form of the result.",
)
@click.option(
    "--reported",
    is_flag=True,
    help="Let direct triples that are only reported count like the others.",
)
@click.option("--inferred", is_flag=True, help="Let what `kg infer` found count like the others.")
@click.option("--federated", is_flag=True, help="Let the query call other servers by SERVICE.")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(0),
    help="Give only the first N rows or triples.  [default: all, but of a named query as a table no"
    " more than can be read, 1,000 at most]",
)
@click.option(
    "--timeout",
    "seconds",
    metavar="SECONDS",
    type=click.FloatRange(0, min_open=True),
    help="Stop after this time.  [default: never]",
)
@endpoint_options
@store_option
@output_option
@accept_quiet
def query_command(
    *,
    arguments: tuple[str, ...],
    file: str | None,
    name: str | None,
    parameters: tuple[str, ...],
    list_: bool,
    format_: str,
    reported: bool,
    inferred: bool,
    federated: bool,
    limit: int | None,
    seconds: float | None,
    server: "Address | None",
    store: Path,
    output: str,
) -> None:
    """Asks the graph in SPARQL 1.1: the store, an RDF file or a SPARQL server.

    The project's prefixes (dkg:, entity:, article: and those of the vocabularies that it uses) need
    not be declared. QUERY may be - for standard input.
    """
    if list_:
        _list_queries(output)
        return
    texts, files = _split_arguments(arguments, file, name)
    for text in texts:
        _refuse_update(text)
    if parameters and name is None:
        raise UsageError("-p is for named queries; write the value into the query")
    with (
        time_limit(seconds),
        opened_store(store, files[0] if files else None, server=server) as opened,
    ):
        if name is None:
            result = opened.query(
                texts[0], reported=reported, inferred=inferred, federated=federated
            )
        else:
            result = _answer(
                opened,
                name,
                bindings=dict(_parameter(given) for given in parameters),
                reported=reported,
                inferred=inferred,
                is_to_read=limit is None and format_ == "table",
            )
        if limit is not None:
            from kg.results import limited

            result = limited(result, limit)
        _write_result(result, format_, output)


def _answer(
    opened: "Store",
    name: str,
    *,
    bindings: dict[str, str],
    reported: bool,
    inferred: bool,
    is_to_read: bool,
) -> "Result":
    """The answer to a named query, or some of it where it is to read and there is too much."""
    from kg.queries import run_query, run_query_to_read

    if not is_to_read:
        return run_query(opened, name, bindings=bindings, reported=reported, inferred=inferred)
    result, are_more = run_query_to_read(
        opened, name, bindings=bindings, reported=reported, inferred=inferred
    )
    if are_more:
        click.echo(
            "this is only some of the answer: ask for less by a parameter (-p), or for all of it"
            " in a form for programs (--format csv) or by a --limit that is high enough",
            err=True,
        )
    return result


def _split_arguments(
    arguments: tuple[str, ...], file: str | None, name: str | None
) -> tuple[list[str], list[Path]]:
    """The text of the query, empty for a named one, and the file to ask where there is one."""
    rest = list(arguments)
    if file is not None and name is not None:
        raise UsageError("both -f and --name were given: give one of them")
    if rest and (file is not None or name is not None) and _is_query(rest[0]):
        raise UsageError("a query and -f or --name were given: give one of them")
    texts = []
    if file is not None:
        texts.append(_query_text(file))
    elif name is None:
        if not rest:
            raise UsageError("no query; give one, -f FILE.rq or --name NAME (--list shows them)")
        first = rest.pop(0)
        texts.append(sys.stdin.read() if first == STDOUT else first)
    if len(rest) > 1:
        raise UsageError(f"{rest[1]!r} is one argument too many; see kg query --help")
    return texts, [Path(one) for one in rest]


def _is_query(argument: str) -> bool:
    """Whether an argument is a query rather than the name of an RDF file."""
    if argument == STDOUT:
        return True
    return "{" in argument and not os.path.exists(argument)


def _refuse_update(text: str) -> None:
    from kg.sparql import is_update

    if is_update(text):
        raise QueryError(
            "this is an update; queries only read: ask with SELECT, ASK …, or use `kg update`"
        )


def _query_text(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise QueryError(f"{file}: no such file; check the name") from None
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{file}: {error}; expected a SPARQL query in UTF-8") from error


def _parameter(given: str) -> tuple[str, str]:
    name, sign, value = given.partition("=")
    if not sign:
        raise UsageError(f"-p {given}: expected NAME=VALUE; kg query --list shows the names")
    return name, value


def _list_queries(output: str) -> None:
    from kg.queries import named_queries
    from kg.tables import print_table

    rows = [
        (query.name, query.answers, " ".join(one.name for one in query.parameters))
        for query in named_queries()
    ]
    with open_output(output) as out:
        print_table(out, ("name", "answers", "parameters"), rows)


def _write_result(result: "Result", format_: str, output: str) -> None:
    from kg.results import result_rows, result_text

    if format_ != "table":
        text = result_text(result, format_)
        with open_output(output) as out:
            out.write(text)
        return
    from kg.tables import print_table

    columns, rows = result_rows(result)
    with open_output(output) as out:
        print_table(out, columns, rows)


@click.command(
    "export",
    short_help="Write the graph, or a part of it, as RDF, network or table.",
    epilog="Example: kg export --format trig --around OpenAI -o openai.trig",
)
@click.argument("file", metavar="[FILE.ttl]", type=click.Path(path_type=Path), required=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice(
        ["turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml", "graphml", "gexf", "csv"]
    ),
    default="turtle",
    show_default=True,
    help="Form of the result; trig and nquads keep the named graphs.",
)
@selection_options
@click.option("--reported", is_flag=True, help="With the direct triples of what is only reported.")
@click.option("--inferred", is_flag=True, help="With what `kg infer` found.")
@click.option("--ontology", is_flag=True, help="With the ontology.")
@click.option(
    "--rdf12",
    is_flag=True,
    help="In RDF 1.2: each statement reifies its triple (turtle, trig, nquads, ntriples).",
)
@endpoint_options
@store_option
@output_option
@accept_quiet
def export_command(
    *,
    file: Path | None,
    format_: str,
    article: str | None,
    dispute: str | None,
    around: str,
    relations: tuple[str, ...],
    since: str,
    until: str,
    reported: bool,
    inferred: bool,
    ontology: bool,
    rdf12: bool,
    server: "Address | None",
    store: Path,
    output: str,
) -> None:
    """What is in the store, or a part of it: as RDF, as a network for Gephi and the like (graphml,
    gexf) or as a table with a row for each statement (csv). The same content is the same file."""
    from kg.exports import export

    selection = read_selection(around, relations, since, until)
    with opened_store(store, file, server=server) as opened:
        text = export(
            opened,
            format_,
            article=article,
            dispute=dispute,
            selection=selection,
            reported=reported,
            inferred=inferred,
            ontology=ontology,
            rdf12=rdf12,
        )
    with open_output(output) as out:
        out.write(text)


@click.command(
    "view",
    short_help="Make one interactive HTML page.",
    epilog="Example: kg view --around openai -o openai.html",
)
@click.argument("file", metavar="[FILE.ttl]", type=click.Path(path_type=Path), required=False)
@selection_options
@click.option("--title", default="dispute-kg", show_default=True, help="Title of the page.")
@endpoint_options
@store_option
@output_option
@accept_quiet
def view_command(
    *,
    file: Path | None,
    article: str | None,
    dispute: str | None,
    around: str,
    relations: tuple[str, ...],
    since: str,
    until: str,
    title: str,
    server: "Address | None",
    store: Path,
    output: str,
) -> None:
    """Makes one interactive HTML file that opens in any browser without a network."""
    if output == STDOUT and sys.stdout.isatty():
        raise UsageError("the page is a long HTML file: name it with -o FILE.html")
    from kg.page import page_html
    from kg.selection import select

    selection = read_selection(around, relations, since, until)
    with opened_store(store, file, server=server) as opened:
        statements = list(opened.statements(article=article, dispute=dispute))
        articles = {one.id: one for one in opened.articles()}
    kept = select(statements, selection, articles=articles)
    text = page_html(kept, articles=articles, title=title)
    with open_output(output) as out:
        out.write(text)
