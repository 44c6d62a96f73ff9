"""Commands about what the graph is made of and what follows: ontology, validate, infer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from kg.options import (
    accept_quiet,
    endpoint_options,
    open_output,
    opened_store,
    output_option,
    quiet_option,
    store_option,
)

if TYPE_CHECKING:
    from kg.endpoint import Address
    from kg.validation import Finding

_SHOWN = 20  # findings of one kind that a table lists; more is for a program to read


@click.command(
    "ontology",
    short_help="List relations, types and known entities.",
    epilog="Example: kg ontology --format html -o ontology.html",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "turtle", "html"]),
    default="table",
    show_default=True,
    help="Form of the result; html is the documentation of the ontology.",
)
@output_option
@accept_quiet
def ontology_command(*, format_: str, output: str) -> None:
    """Relations, entity types, modalities and known entities, with labels in every language."""
    import json

    from kg.catalogue import catalogue, ontology_turtle
    from kg.tables import print_catalogue

    with open_output(output) as out:
        if format_ == "turtle":
            out.write(ontology_turtle())
        elif format_ == "html":
            from kg.documentation import ontology_page

            out.write(ontology_page())
        elif format_ == "json":
            out.write(json.dumps(catalogue(), ensure_ascii=False, indent=1) + "\n")
        else:
            print_catalogue(out, catalogue())


@click.command(
    "validate",
    short_help="Check the graph against the shapes of the ontology.",
    epilog="Example: kg validate graph.ttl --format json",
)
@click.argument("file", metavar="[FILE.ttl]", type=click.Path(path_type=Path), required=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "turtle"]),
    default="table",
    show_default=True,
    help="Form of the report; turtle is a SHACL validation report.",
)
@endpoint_options
@store_option
@output_option
@accept_quiet
def validate_command(
    *, file: Path | None, format_: str, server: "Address | None", store: Path, output: str
) -> int:
    """Checks a store or an RDF file: shapes of single things, and what must fit together.

    Tells what is wrong, where, and what to do. The exit code is 1 where something is wrong;
    warnings, which are readings worth a look, leave it at 0.
    """
    import json

    from kg.validation import VIOLATION, findings_turtle, validate

    with opened_store(store, file, server=server) as opened:
        findings = validate(opened)
    with open_output(output) as out:
        if format_ == "json":
            rows = [asdict(finding) for finding in findings]
            out.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        elif format_ == "turtle":
            out.write(findings_turtle(findings))
        else:
            _print_findings(out, findings)
    return int(any(finding.severity == VIOLATION for finding in findings))


def _print_findings(out: TextIO, findings: "Sequence[Finding]") -> None:
    """The findings of one check together, the first of them by name."""
    from kg.iris import shortened
    from kg.tables import print_table

    counts = Counter(finding.severity for finding in findings)
    told = [f"{counts[kind]} {kind}{'s' * (counts[kind] != 1)}" for kind in sorted(counts)]
    out.write((", ".join(told) or "the graph is as it should be") + "\n")
    for (severity, expected, advice), group in groupby(
        findings, key=lambda finding: (finding.severity, finding.expected, finding.advice)
    ):
        found = list(group)
        out.write(f"\n{severity}: expected that {expected}; where not, {advice}\n")
        rows = [(shortened(one.focus), shortened(one.found)) for one in found[:_SHOWN]]
        print_table(out, ("where", "found"), rows)
        if len(found) > _SHOWN:
            out.write(f"  and {len(found) - _SHOWN} more; --format json has them all\n")


@click.command(
    "infer",
    short_help="Infer what follows from the graph, into a graph of its own.",
    epilog="Example: kg infer && kg query --inferred 'SELECT * { ?a dkg:contends ?b }'",
)
@click.option("--drop", is_flag=True, help="Take out what was inferred before.")
@store_option
@quiet_option
def infer_command(*, drop: bool, store: Path, quiet: bool) -> None:
    """Applies the rules of OWL 2 RL to the store. What follows lies in graph:inferred and is seen
    only with --inferred; any change of the articles drops it."""
    from kg.inference import infer
    from kg.store import open_to_change

    with open_to_change(store) as opened:
        if drop:
            opened.replace_inferred(())
        else:
            count = infer(opened)
            if not quiet:
                click.echo(f"{count:,} triples in graph:inferred")
