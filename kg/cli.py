"""Arguments and exit codes of the command ``kg``; the work is done by the modules that it calls.

Results go to standard output, everything else to standard error. Exit code 0 is success, 1 a run
that failed, 2 a command that cannot be meant. Modules are imported where they are used, so that
``kg --help`` does not load what only extraction needs.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

import kg
from kg.errors import ArticleError, DataError, KgError, QueryError, TrainingError, UsageError

if TYPE_CHECKING:
    from kg.build import Build
    from kg.records import Article
    from kg.store import Result, Store

STDOUT = "-"
DEFAULT_STORE = "out/store"

_UPDATE = re.compile(
    r"(?:\s|#[^\n]*|PREFIX\s+[^\s:]*:\s*<[^>]*>|BASE\s*<[^>]*>)*+"
    r"(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b",
    re.IGNORECASE,
)

_F = TypeVar("_F", bound=Callable[..., Any])


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns its exit code. Errors become one line on standard error."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = _kg.main(arguments, prog_name="kg", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return _tell("interrupted; what was being written is not there", 130)
    except KgError as error:
        return _tell(" ".join(str(error).split()), error.exit_code)
    except BrokenPipeError:
        # Whoever read the output has enough. Python would complain when it flushes at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _tell(f"{error.filename or 'output'}: {error.strerror}; check it and its disk", 1)
    return code if isinstance(code, int) else 0


def _tell(message: str, code: int) -> int:
    click.echo(f"kg: {message}", err=True)
    return code


# ---- what several commands share


def _lang_option(command: _F) -> _F:
    return click.option(
        "--lang", metavar="CODE", help="Language of all articles; found for each where not given."
    )(command)


def _quiet_option(command: _F) -> _F:
    return click.option("-q", "--quiet", is_flag=True, help="No progress, no messages but errors.")(
        command
    )


def _accept_quiet(command: _F) -> _F:
    """For commands that say nothing but errors anyway; every command takes ``--quiet``."""
    return click.option(
        "-q", "--quiet", is_flag=True, expose_value=False, help="No messages but errors."
    )(command)


def _output_option(command: _F) -> _F:
    return click.option(
        "-o",
        "--output",
        metavar="FILE",
        default=STDOUT,
        help="Write to FILE, which appears whole or not at all.  [default: standard output]",
    )(command)


def _store_option(command: _F) -> _F:
    return click.option(
        "--store",
        metavar="DIR",
        type=click.Path(path_type=Path),
        default=Path(DEFAULT_STORE),
        show_default=True,
        help="Folder of the store.",
    )(command)


@contextmanager
def _open_output(name: str) -> Iterator[TextIO]:
    if name == STDOUT:
        yield sys.stdout
        return
    from kg.files import whole_file

    with whole_file(Path(name)) as file:
        yield file


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[["Article"], None]]:
    """A function to call after each article; a bar where standard error is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda article: None
        return
    from tqdm import tqdm

    with tqdm(unit=" articles", file=sys.stderr, leave=False) as bar:

        def step(article: "Article") -> None:
            bar.set_postfix_str(article.id, refresh=False)
            bar.update()

        yield step


def _tell_failures(failures: Sequence[object]) -> None:
    for failure in failures:
        _tell(f"left out: {failure}", 1)


# ---- commands


@click.group(
    name="kg",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: kg build data/articles, then: kg query --name who-against-whom",
)
@click.version_option(kg.__version__, prog_name="kg")
def _kg() -> None:
    """Reads news on AI-ethics disputes, in Indonesian and English, and makes a knowledge graph:
    who protests, sues or criticizes whom, who says so, from which words of which article."""


@_kg.command(
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
@_lang_option
@_quiet_option
def _build(
    *, paths: tuple[str, ...], store: Path | None, out: Path, lang: str | None, quiet: bool
) -> int:
    """The main job: reads articles, extracts and links what they state, keeps it in a store and
    writes OUT/graph.ttl and OUT/graph.html.

    Articles that cannot be read are left out and listed on standard error; the exit code is 0 all
    the same, unless none can be read.

    Run again it reads only articles that are new or have changed; what the store holds of other
    articles stays.

    \b
    A PATH is a folder or a file: .txt (as it stands), .md, .html, .pdf, .csv (columns id, text,
    lang, title, date, source, dispute) or .jsonl (the same fields); - is text on standard input.
    """
    from kg.build import build

    with _progress(quiet) as step:
        done = build(paths, out=out, store=store, lang=lang, stdin=sys.stdin.buffer, progress=step)
    _tell_failures(done.failures)
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


@_kg.command(
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
@_lang_option
@_output_option
@_quiet_option
def _extract(
    *, paths: tuple[str, ...], format_: str, open_: bool, lang: str | None, output: str, quiet: bool
) -> int:
    """Extraction alone, without a store: prints the statements of articles.

    Articles that cannot be read are told on standard error and make the exit code 1.

    \b
    A PATH is a folder or a file: .txt (as it stands), .md, .html, .pdf, .csv (columns id, text,
    lang, title, date, source, dispute) or .jsonl (the same fields); - is text on standard input.
    """
    if open_ and format_ == "ttl":
        raise UsageError("open clauses have no Turtle: use --format jsonl or table with --open")
    from kg.articles import none_readable, read_articles

    failures: list[ArticleError] = []
    articles = read_articles(paths, lang=lang, stdin=sys.stdin.buffer, on_error=failures.append)
    write = _write_clauses if open_ else _write_statements
    with _open_output(output) as out, _progress(quiet) as step:
        if not write(out, articles, format_, step) and failures:
            raise none_readable(failures)
    _tell_failures(failures)
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
    out: TextIO, articles: Iterator["Article"], format_: str, step: Callable[["Article"], None]
) -> int:
    from kg.build import extractor_version
    from kg.graph import article_quads, reported_graph_iri, turtle
    from kg.jsonlines import json_line, statement_json
    from kg.statements import extract
    from kg.tables import print_statements

    quads = []
    read = 0
    for article, statements in extract(articles):
        read += 1
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


@_kg.command(
    "query",
    short_help="Ask the graph in SPARQL.",
    epilog="Example: kg query 'SELECT * { ?who dkg:sues ?whom }' --format csv",
)
@click.argument("arguments", metavar="[QUERY] [FILE.ttl]", nargs=-1)
@click.option("-f", "--file", "file", metavar="FILE.rq", help="Take the query from a file.")
@click.option("-n", "--name", metavar="NAME", help="Take a query of the project, see --list.")
@click.option(
    "-p",
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
@click.option("--endpoint", metavar="URL", help="Ask a SPARQL server instead of a store.")
@_store_option
@_output_option
@_accept_quiet
def _query(
    *,
    arguments: tuple[str, ...],
    file: str | None,
    name: str | None,
    parameters: tuple[str, ...],
    list_: bool,
    format_: str,
    reported: bool,
    endpoint: str | None,
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
    if parameters and (name is None or endpoint):
        raise UsageError(
            "-p is for named queries on a store or file; write the value into the query"
        )
    if endpoint and files:
        raise UsageError(f"both {files[0]} and --endpoint were given: choose one")
    if endpoint:
        from kg.endpoint import ask_endpoint
        from kg.queries import named_query

        text = named_query(name).text if name is not None else texts[0]
        _write_result(ask_endpoint(endpoint, text), format_, output)
        return
    with _opened(store, files[0] if files else None) as opened:
        if name is None:
            result = opened.query(texts[0], reported=reported)
        else:
            from kg.queries import run_query

            bindings = dict(_parameter(given) for given in parameters)
            result = run_query(opened, name, bindings=bindings, reported=reported)
        _write_result(result, format_, output)


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
    if _UPDATE.match(text):
        raise QueryError("this is an update; queries are read-only: ask with SELECT, ASK …")


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
    with _open_output(output) as out:
        print_table(out, ("name", "answers", "parameters"), rows)


@contextmanager
def _opened(store: Path, file: Path | None = None) -> Iterator["Store"]:
    from kg.store import open_store

    if file is None:
        with open_store(store, read_only=True) as opened:
            yield opened
        return
    if not os.path.exists(file):
        raise DataError(f"{file}: no such file; check the name")
    with open_store(None) as opened:
        opened.load(file)
        yield opened


def _write_result(result: "Result", format_: str, output: str) -> None:
    from kg.results import result_rows, result_text

    if format_ != "table":
        text = result_text(result, format_)
        with _open_output(output) as out:
            out.write(text)
        return
    from kg.tables import print_table

    columns, rows = result_rows(result)
    with _open_output(output) as out:
        print_table(out, columns, rows)


@_kg.command(
    "export",
    short_help="Write the graph, or a part of it, as RDF.",
    epilog="Example: kg export --format trig -o graph.trig",
)
@click.argument("file", metavar="[FILE.ttl]", type=click.Path(path_type=Path), required=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["turtle", "trig", "nquads", "jsonld", "rdfxml"]),
    default="turtle",
    show_default=True,
    help="Form of the result; trig and nquads keep the named graphs.",
)
@click.option("--article", metavar="ID", help="Only what this article states.")
@click.option("--dispute", metavar="ID", help="Only what the articles of this dispute state.")
@click.option("--reported", is_flag=True, help="With the direct triples of what is only reported.")
@click.option("--ontology", is_flag=True, help="With the ontology.")
@_store_option
@_output_option
@_accept_quiet
def _export(
    *,
    file: Path | None,
    format_: str,
    article: str | None,
    dispute: str | None,
    reported: bool,
    ontology: bool,
    store: Path,
    output: str,
) -> None:
    """What is in the store, or a part of it, as RDF."""
    with _opened(store, file) as opened:
        text = opened.export(
            format_, article=article, dispute=dispute, reported=reported, ontology=ontology
        )
    with _open_output(output) as out:
        out.write(text)


@_kg.command(
    "view",
    short_help="Make one interactive HTML page.",
    epilog="Example: kg view --around openai -o openai.html",
)
@click.argument("file", metavar="[FILE.ttl]", type=click.Path(path_type=Path), required=False)
@click.option("--article", metavar="ID", help="Only what this article states.")
@click.option("--dispute", metavar="ID", help="Only what the articles of this dispute state.")
@click.option(
    "--around",
    metavar="ENTITY",
    default="",
    help="Only what this entity does, suffers or says; a name or its id.",
)
@click.option(
    "--relation",
    "relations",
    metavar="R",
    multiple=True,
    help="Only this relation or group; may be given again.",
)
@click.option(
    "--from",
    "since",
    metavar="DATE",
    default="",
    help="Only articles of this date or later, as in 2024-11-28.",
)
@click.option(
    "--to", "until", metavar="DATE", default="", help="Only articles of this date or earlier."
)
@click.option("--title", default="dispute-kg", show_default=True, help="Title of the page.")
@_store_option
@_output_option
@_accept_quiet
def _view(
    *,
    file: Path | None,
    article: str | None,
    dispute: str | None,
    around: str,
    relations: tuple[str, ...],
    since: str,
    until: str,
    title: str,
    store: Path,
    output: str,
) -> None:
    """Makes one interactive HTML file that opens in any browser without a network."""
    if output == STDOUT and sys.stdout.isatty():
        raise UsageError("the page is a long HTML file: name it with -o FILE.html")
    from kg.articles import iso_date
    from kg.page import page_html
    from kg.selection import Selection, select

    try:
        since, until = iso_date(since), iso_date(until)
    except ValueError as error:
        raise UsageError(f"--from, --to: {error}") from None
    with _opened(store, file) as opened:
        statements = list(opened.statements(article=article, dispute=dispute))
        articles = {one.id: one for one in opened.articles()}
    selection = Selection(around, relations, since, until)
    kept = select(statements, selection, articles=articles)
    text = page_html(kept, articles=articles, title=title)
    with _open_output(output) as out:
        out.write(text)


@_kg.command(
    "eval",
    short_help="Score extraction against annotated articles.",
    epilog="Example: kg eval data/gold/dev",
)
@click.argument("gold_dir", metavar="GOLD_DIR", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="Form of the result.",
)
@click.option(
    "--errors", metavar="FILE", help="List the sentences with missed and wrong statements in FILE."
)
@_output_option
@_accept_quiet
def _eval(*, gold_dir: Path, format_: str, errors: str | None, output: str) -> None:
    """How good extraction is: precision, recall and F1 against annotated articles.

    \b
    GOLD_DIR holds *.json, one article each:
    {"id", "lang", "source", "date", "title", "sentences": [{"i", "text", "statements":
      [{"s": [forms], "p": [relations], "o": [forms], "neg": false, "mod": [modalities],
        "attr": [forms], "core": true}]}]}
    Lists hold every acceptable value. Recall counts core statements; negation, modality and
    attribution are scored on the statements that match.
    """
    import json

    from kg.evaluate import error_lines, evaluate, read_gold, scores_json
    from kg.tables import print_scores

    result = evaluate(read_gold(gold_dir))
    with _open_output(output) as out:
        if format_ == "json":
            out.write(json.dumps(scores_json(result), ensure_ascii=False, indent=1) + "\n")
        else:
            print_scores(out, result)
    if errors is not None:
        with _open_output(errors) as out:
            out.writelines(line + "\n" for line in error_lines(result))


@_kg.command(
    "ontology",
    short_help="List relations, types and known entities.",
    epilog="Example: kg ontology --format json",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "turtle"]),
    default="table",
    show_default=True,
    help="Form of the result.",
)
@_output_option
@_accept_quiet
def _ontology(*, format_: str, output: str) -> None:
    """Relations, entity types, modalities and known entities, with labels in every language."""
    import json

    from kg.catalogue import catalogue, ontology_turtle
    from kg.tables import print_catalogue

    with _open_output(output) as out:
        if format_ == "turtle":
            out.write(ontology_turtle())
        elif format_ == "json":
            out.write(json.dumps(catalogue(), ensure_ascii=False, indent=1) + "\n")
        else:
            print_catalogue(out, catalogue())


@_kg.command(
    "train",
    short_help="Train the spaCy pipeline of a language.",
    epilog="Example: kg train id --treebanks treebanks --ner ner --text text",
)
@click.argument("code", metavar="CODE")
@click.option(
    "--treebanks",
    metavar="DIR",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder of the treebanks.",
)
@click.option(
    "--ner",
    metavar="DIR",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder of the texts with marked names.",
)
@click.option(
    "--text",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of the plain text (not needed with --evaluate).",
)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of the pipeline.  [default: data/models/NAME]",
)
@click.option(
    "--work",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder for the stages.  [default: training-CODE]",
)
@click.option(
    "--steps", metavar="N", type=click.IntRange(min=1), help="Stop training after N steps."
)
@click.option(
    "--seed", metavar="N", type=int, default=1, show_default=True, help="Seed of what is random."
)
@click.option(
    "--without-teachers",
    is_flag=True,
    help="Train on treebanks and names alone, not on raw text that larger networks annotated.",
)
@click.option(
    "--evaluate",
    is_flag=True,
    help="Train nothing: score a pipeline, beside its goals and what others published.",
)
@click.option(
    "--model",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Pipeline to score with --evaluate.  [default: data/models/NAME]",
)
@_quiet_option
def _train(
    *,
    code: str,
    treebanks: Path,
    ner: Path,
    text: Path | None,
    output: Path | None,
    work: Path | None,
    steps: int | None,
    seed: int,
    without_teachers: bool,
    evaluate: bool,
    model: Path | None,
    quiet: bool,
) -> None:
    """Trains the spaCy pipeline of a language from treebanks, marked names and plain text.

    Complete stages are kept in the folder of the stages: after an interruption, the same command
    goes on where it stopped. Larger networks annotate the plain text first; they need the extra
    `teacher` (pip install 'dispute-kg[train,teacher]'). With `--evaluate`, a pipeline is scored
    instead.
    """
    if not evaluate and text is None:
        raise UsageError("--text DIR: missing; give the folder of the plain text, or --evaluate")
    try:
        from kg import training

        if evaluate or text is None:
            lines = training.score(code, treebanks=treebanks, ner=ner, model=model)
            click.echo("\n".join(lines))
            return
        with open(os.devnull, "w", encoding="utf-8") as silence:
            folder = training.train(
                code,
                treebanks=treebanks,
                ner=ner,
                text=text,
                output=output,
                work=work,
                steps=steps,
                seed=seed,
                teachers=not without_teachers,
                progress=silence if quiet else sys.stderr,
            )
    except ModuleNotFoundError as error:
        raise TrainingError(
            f"the package {error.name!r} is not installed;"
            " training needs: pip install 'dispute-kg[train,teacher]'"
        ) from None
    click.echo(folder)
