"""`armature replay`: what would a drawn map or table have done with what was said before? Nothing is written."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from armature.arm.process_map.bpmn import LARGEST
from armature.arm.rule.finding import Unfit
from armature.cli import home
from armature.cli.maps import _limited, _read

if TYPE_CHECKING:
    from armature.crm.learn.replays.work import Bench, Compared

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN = 20


@click.command()
@click.option("--map", "drawing", type=_FILE, help="A map (BPMN); it is tried on everything.")
@click.option("--table", "tables", type=_FILE, multiple=True, help="A decision table (JSON) in place of the newest.")
@click.option("--last", type=click.IntRange(1, 10_000_000), default=1000, show_default=True, help="So many.")
@click.option("--demo", is_flag=True, help="Over the demo's past.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: interactions, changed, seconds, changes.")
@click.option("--child", hidden=True, default="", help="The worker's own use.")
def replay(
    drawing: Path | None, tables: Sequence[Path], last: int, demo: bool, as_json: bool, child: str
) -> None:  # fmt: skip
    """Judge the last interactions again with a drawn map or tables, and say what would have been otherwise.

    Facts are as they were known then; what people answered is taken from the record. Without a map and tables what is
    in force runs: over what it judged itself it differs in nothing.
    """
    with home.database("armature_demo" if demo else "armature", make=False):
        home.set_up()
        if child:
            from armature.crm.learn.replays import child as own

            own.work(child)
            return
        found = _compared(_tried(drawing, tables), last)
        _say(found, as_json)


def _tried(drawing: Path | None, tables: Sequence[Path]) -> dict[str, Any]:
    maps = {"*": _limited(drawing, LARGEST).decode(errors="replace")} if drawing else {}
    read = dict(_read(file) for file in tables)
    return {"maps": maps, "tables": {key: data.decode(errors="replace") for key, data in read.items()}}


def _compared(tried: Mapping[str, Any], last: int) -> dict[str, Any]:
    from armature.crm.learn.replays.tried import Tried
    from armature.crm.learn.replays.work import Bench

    begun, changes, done = time.monotonic(), list[dict[str, Any]](), 0
    try:
        ready = Tried(tried)
    except Unfit as unfit:
        raise click.ClickException("\n".join(one.words for one in unfit.findings) or str(unfit)) from unfit
    for one in _all(Bench(ready), {"direction": ready.direction}, last):
        done += 1
        if found := one.found:
            changes.append({"interaction": one.interaction.id, "changes": found})
    seconds = round(time.monotonic() - begun, 3)
    return {"interactions": done, "changed": len(changes), "seconds": seconds, "changes": changes}


def _all(bench: "Bench", over: Mapping[str, Any], last: int) -> "Iterator[Compared]":
    from armature.crm.learn.replays import past
    from armature.crm.learn.replays.work import CHUNK

    _total, first, upto = past.bounds({**over, "last": last})
    place = 0
    while them := past.numbers(over, first, place, upto, CHUNK):
        place = them[-1]
        yield from bench.compare(them)


def _say(found: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found["changes"][:SHOWN]:
        told = ", ".join(f"{name}: {before} -> {after}" for name, (before, after) in one["changes"].items())
        click.echo(f"{one['interaction']}  {told}")
    if len(found["changes"]) > SHOWN:
        click.echo(f"... and {len(found['changes']) - SHOWN:,} more; --json has all of them")
    click.echo(
        f"{found['interactions']:,} interactions, {found['changed']:,} would have gone otherwise "
        f"({found['seconds']} s). Nothing was sent or written.",
        err=True,
    )
