"""`armature table check FILE`: is a table of rules fit to be published? No server, no database."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import click

from armature.arm.rule import FACTS
from armature.arm.rule.finding import Finding, errors
from armature.arm.rule.sheet import from_cells
from armature.arm.rule.table import LARGEST, DecisionTable, read_table
from armature.arm.rule.trial import looked_at

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("table")
def tables() -> None:
    """Work with tables of rules (CSV or our JSON)."""


@tables.command("check")
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: the findings by row.")
def check(file: Path, as_json: bool) -> None:
    """Say what must be mended in a table before it can be published.

    Findings go by row; notes do not forbid publishing. Teams are taken as they are written; lists must stand in the
    JSON. Exit code 1 when something must be mended.
    """
    with file.open("rb") as source:
        data = source.read(LARGEST + 1)
    table, faults = _read(file, data)
    found = faults + (list(looked_at(table, FACTS).findings) if table else [])
    if as_json:
        findings = [{"row": one.place, "field": one.field, "words": one.words, "error": one.error} for one in found]
        click.echo(json.dumps({"table": table.label if table else "", "findings": findings}, ensure_ascii=False))
    else:
        _say(file, table, found)
    if errors(found):
        raise click.exceptions.Exit(1)


def _read(file: Path, data: bytes) -> tuple[DecisionTable | None, list[Finding]]:
    if len(data) > LARGEST or data.lstrip()[:1] == b"{":
        return read_table(data)
    try:
        text = data.decode("utf-8-sig").replace("\x00", "")
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
        cells = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    except UnicodeDecodeError:
        raise click.ClickException(f"{file}: this is not UTF-8; save the file as UTF-8, then try again") from None
    except csv.Error as problem:
        raise click.ClickException(f"{file}: this is no CSV that can be read: {problem}") from None
    bare = [[_as_written(cell) for cell in line] for line in cells]
    table, faults = from_cells(bare, key=file.stem, label=file.stem, catalogue=FACTS)
    return table, faults


def _as_written(cell: str) -> str:
    from armature.crm.listen.imports.tables import as_written

    return as_written(cell)


def _say(file: Path, table: DecisionTable | None, found: Sequence[Finding]) -> None:
    for one in found:
        words = "".join(sign if sign.isprintable() else " " for sign in one.words)
        click.echo(f"{'' if one.error else 'Note: '}{words}")
    wrong, name = len(errors(found)), table.label if table else file
    click.echo(f"{name}: {f'{wrong} to mend' if wrong else 'fit to be published'}.", err=True)
