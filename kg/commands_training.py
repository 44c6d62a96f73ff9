"""Commands that make what the extractor ships with: train, calibrate."""

import os
import sys
from pathlib import Path

import click

from kg.errors import TrainingError, UsageError
from kg.options import accept_quiet, quiet_option


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
