"""`armature map check FILE.bpmn`: is a drawn map fit to be published? No server, no database."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from armature.arm.process_map import examine, parse
from armature.arm.process_map.bpmn import LARGEST
from armature.arm.rule.finding import Finding, errors
from armature.arm.rule.table import LARGEST as LARGEST_TABLE
from armature.arm.rule.table import read_table

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("map")
def maps() -> None:
    """Work with process maps (BPMN 2.0 files)."""


@maps.command("check")
@click.argument("file", type=_FILE)
@click.option("--table", "tables", type=_FILE, multiple=True, help="A decision table (JSON) that the map names.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: the findings by element.")
def check(file: Path, tables: Sequence[Path], as_json: bool) -> None:
    """Say what must be mended in a map before it can be published.

    Tables that the map names and that are not given are those that ship. Findings go by element; notes do not forbid
    publishing. Exit code 1 when something must be mended.
    """
    xml, given = _limited(file, LARGEST), _shipped() | dict(_read(table) for table in tables)
    found = examine(xml, given)
    process = parse(xml)[0]
    if as_json:
        click.echo(
            json.dumps({"map": process.name, "findings": [_as_object(one) for one in found]}, ensure_ascii=False)
        )
    else:
        _say(file, process.name, found)
    if errors(found):
        raise click.exceptions.Exit(1)


def _shipped() -> dict[str, bytes]:
    from armature.crm import baseline

    return baseline.files()[1]


def _read(file: Path) -> tuple[str, bytes]:
    """The table's key with its bytes; what is wrong inside is a finding of the map, what has no key is refused here."""
    data = _limited(file, LARGEST_TABLE)
    table, faults = read_table(data)
    if table is None or not table.key:
        raise click.ClickException(f"{file}: {faults[0].words if faults else 'the table has no key'}")
    return table.key, data


def _limited(file: Path, most: int) -> bytes:
    """The file, or one byte more than is read, so that what is too large is refused unread."""
    with file.open("rb") as source:
        return source.read(most + 1)


def _as_object(one: Finding) -> dict[str, object]:
    return {"element": one.place, "field": one.field, "words": one.words, "error": one.error}


def _say(file: Path, name: str, found: Sequence[Finding]) -> None:
    for one in found:
        words = "".join(sign if sign.isprintable() else " " for sign in one.words)
        place = f" [{one.place}]" if one.place and one.place.isprintable() else ""
        click.echo(f"{'' if one.error else 'Note: '}{words}{place}")
    wrong = len(errors(found))
    if not wrong:
        click.echo(f"{name or file}: fit to be published.", err=True)
    else:
        click.echo(f"{name or file}: {wrong} to mend.", err=True)
