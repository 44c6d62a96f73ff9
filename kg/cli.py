"""Arguments and exit codes of the command ``kg``; the work is done by the modules that it calls.

Results go to standard output, everything else to standard error. Exit code 0 is success, 1 a run
that failed, 2 a command that cannot be meant. Modules are imported where they are used, so that
``kg --help`` does not load what only extraction needs.
"""

import os
import sys
from collections.abc import Sequence

import click

import kg
from kg.commands_articles import build_command, extract_command
from kg.commands_entities import entities_command
from kg.commands_graph import export_command, query_command, view_command
from kg.commands_ontology import infer_command, ontology_command, validate_command
from kg.commands_scores import calibrate_command, eval_command
from kg.commands_serve import serve_command
from kg.commands_store import (
    backup_command,
    migrate_command,
    remove_command,
    restore_command,
    update_command,
)
from kg.commands_training import train_command
from kg.errors import KgError
from kg.options import tell


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
        return tell("interrupted; what was being written is not there", 130)
    except KgError as error:
        return tell(" ".join(str(error).split()), error.exit_code)
    except BrokenPipeError:
        # Whoever read the output has enough. Python would complain when it flushes at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return tell(f"{error.filename or 'output'}: {error.strerror}; check it and its disk", 1)
    return code if isinstance(code, int) else 0


@click.group(
    name="kg",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: kg build data/articles, then: kg query --name who-against-whom",
)
@click.version_option(kg.__version__, prog_name="kg")
def _kg() -> None:
    """Reads news on AI-ethics disputes, in Indonesian and English, and makes a knowledge graph:
    who protests, sues or criticizes whom, who says so, from which words of which article."""


for _command in (
    build_command,
    extract_command,
    query_command,
    export_command,
    view_command,
    entities_command,
    eval_command,
    ontology_command,
    validate_command,
    infer_command,
    train_command,
    remove_command,
    update_command,
    backup_command,
    restore_command,
    migrate_command,
    calibrate_command,
    serve_command,
):
    _kg.add_command(_command)
