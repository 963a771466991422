"""`armature reader train` and `score`: a reader of your own labels, at the terminal, without a server."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from armature.cli import reader_files

if TYPE_CHECKING:
    from armature.arm.understand.learned.measure import Figures

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object instead of words and a table.")


@click.group()
def reader() -> None:
    """Learn to read from texts with labels, and measure it. No server, no database."""


@reader.command()
@FILE
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The model's folder.")
@click.option("--promise", default=0.95, show_default=True, type=click.FloatRange(0.5, 0.999),
              help="Precision that named labels must keep; below it the answer is: I do not know.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31), help="Another order of learning.")
@JSON
def train(file: Path, out: Path, promise: float, seed: int, as_json: bool) -> None:
    """Learn from FILE (JSON Lines with text and label; - is standard input) and write the model into a folder.

    The same file and seed give the same model.
    """
    from armature.crm.understand import model_file, taught

    examples = reader_files.read(file)
    began = time.process_time()
    try:
        model = taught.learn_from(examples, promise=promise, seed=seed)
    except ValueError as problem:
        raise click.ClickException(f"{reader_files.called(file)}: {problem}") from None
    took = round(time.process_time() - began, 2)
    try:
        about = model_file.save(out, model, {
            "texts": len(examples), "seed": seed, "cpu_seconds": took, "rows": reader_files.digest(examples),
        })  # fmt: skip
    except OSError as problem:
        raise click.ClickException(f"{out}: the model cannot be written there: {problem.strerror}") from None
    sure = [label for label, least in zip(model.labels, model.thresholds.tolist(), strict=True) if least <= 1]
    if as_json:
        kept = ("digest", "texts", "labels", "columns", "promise", "seed", "cpu_seconds")
        click.echo(
            json.dumps({**{key: about[key] for key in kept}, "named": sure, "out": str(out)}, ensure_ascii=False)
        )
        return
    click.echo(f"Learned {len(model.labels)} labels from {len(examples)} texts in {took} CPU seconds: {out}")
    click.echo(
        f"{len(sure)} of them can be named at a precision of {promise:.0%}; of the others it says: I do not know."
    )


@reader.command()
@click.option("--model", "folder", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="The folder that train wrote.")  # fmt: skip
@FILE
@JSON
def score(folder: Path, file: Path, as_json: bool) -> None:
    """Measure a model on FILE (JSON Lines with text and label; - is standard input) that it did not learn from."""
    from armature.crm.understand import model_file, taught

    try:
        model, about = model_file.load(folder)
    except model_file.Unfit as problem:
        raise click.ClickException(f"{folder}: {problem}") from None
    if len(model.hints) != taught.HINTS:
        raise click.ClickException(f"{folder}: this model goes with another starter reader; train it again")
    examples = reader_files.read(file)
    if about.get("rows") == reader_files.digest(examples):
        click.echo("The model learned from these very rows: the figures say nothing of how it reads others.", err=True)
    scored = taught.score(model, examples)
    said = as_object(scored.figures, scored.per_second, model.promise, str(about["digest"]))
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        _show(scored.figures, said)


def as_object(figures: "Figures", per_second: float, promise: float, digest: str) -> dict[str, Any]:
    """Figures under the names that docs/reader.md tells."""
    low, high = figures.between
    precision = figures.precision
    return {
        "model": digest, "texts": figures.texts, "macro_f1": round(figures.macro_f1, 4),
        "accuracy": round(figures.accuracy, 4), "accuracy_interval": [round(low, 4), round(high, 4)],
        "promised_precision": promise, "coverage": round(figures.coverage, 4),
        "precision": None if precision is None else round(precision, 4),
        "named": figures.told, "named_right": figures.told_right,
        "calibration_error": round(figures.calibration_error, 4), "texts_per_cpu_second": round(per_second),
        "classes": {
            one.label: {
                "texts": one.true, "read": one.read, "precision": round(one.precision, 4),
                "recall": round(one.recall, 4), "f1": round(one.f1, 4),
            }
            for one in figures.classes
        },
    }  # fmt: skip


def _show(figures: "Figures", said: dict[str, Any]) -> None:
    """The same for people."""
    wide = max([len(one.label) for one in figures.classes] + [5])
    click.echo(f"{'label':{wide}}  texts  precision  recall     F1")
    for one in figures.classes:
        click.echo(f"{one.label:{wide}}  {one.true:5}  {one.precision:9.3f}  {one.recall:6.3f}  {one.f1:5.3f}")
    low, high = said["accuracy_interval"]
    right = "nothing was named" if said["precision"] is None else f"{said['precision']:.1%} of that right"
    click.echo(f"\nmacro-F1           {figures.macro_f1:.3f}")
    click.echo(f"accuracy           {figures.accuracy:.3f} ({low:.3f} to {high:.3f})")
    click.echo(
        f"named at {said['promised_precision']:.0%}       {figures.coverage:.1%} of {figures.texts} texts, {right}"
    )
    click.echo(f"calibration error  {figures.calibration_error:.3f}")
    click.echo(f"texts per CPU s    {said['texts_per_cpu_second']}")
