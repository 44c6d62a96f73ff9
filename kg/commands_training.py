"""The command that makes the pipeline of a language: train."""

import os
import sys
from pathlib import Path

import click

from kg.errors import TrainingError, UsageError
from kg.options import quiet_option


@click.command(
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
    "--seed",
    "seeds",
    metavar="N",
    type=int,
    default=(1,),
    show_default=True,
    multiple=True,
    help="Seed of what is random; with --from any number of them: the weights of all are averaged.",
)
@click.option(
    "--without-teachers",
    is_flag=True,
    help="Train on treebanks and names alone, not on raw text that larger networks annotated.",
)
@click.option(
    "--from",
    "start",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Go on from this pipeline: only its parser learns, from treebanks and own sentences.",
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
@quiet_option
def train_command(
    *,
    code: str,
    treebanks: Path,
    ner: Path,
    text: Path | None,
    output: Path | None,
    work: Path | None,
    steps: int | None,
    seeds: tuple[int, ...],
    without_teachers: bool,
    start: Path | None,
    evaluate: bool,
    model: Path | None,
    quiet: bool,
) -> None:
    """Trains the spaCy pipeline of a language from treebanks, marked names and plain text.

    Complete stages are kept in the folder of the stages: after an interruption, the same command
    goes on where it stopped. Larger networks annotate the plain text first; they need the extra
    `teacher` (pip install 'dispute-kg[train,teacher]'). With `--from`, an earlier pipeline goes on
    learning instead, which takes a tenth of the time; with several seeds (`--seed 1 --seed 2`) it
    does so once with each, and the pipeline has the mean of their weights. With `--evaluate`, a
    pipeline is scored.
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
                seeds=seeds,
                teachers=not without_teachers,
                start=start,
                progress=silence if quiet else sys.stderr,
            )
    except ModuleNotFoundError as error:
        raise TrainingError(
            f"the package {error.name!r} is not installed;"
            " training needs: pip install 'dispute-kg[train,teacher]'"
        ) from None
    click.echo(folder)
