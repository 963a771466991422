"""`armature calls FILE --channel NUMBER`: bring in a list of calls; bad rows are told by line, good ones taken once."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from armature.cli import home

if TYPE_CHECKING:
    from armature.crm.listen.models import Channel

LAYOUTS = ("asterisk", "header")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--channel", required=True, help="The address or the number of the channel that the calls belong to.")
@click.option(
    "--layout", type=click.Choice(LAYOUTS), default="header", show_default=True, help="How the file is laid out."
)
@click.option("--zone", default="", help="Zone of times that name none, like Europe/Oslo; the company's by default.")
def calls(file: Path, channel: str, layout: str, zone: str) -> None:
    """Bring in a list of calls.

    The layout asterisk is Master.csv as Asterisk writes it. The layout header is a table whose first line names the
    columns call_id, direction (in or out), from, to, start, result (answered, missed, busy, failed, voicemail), and
    where known answer, end, talked (seconds), agent, name, recording, disposition, note.
    """
    with home.database(make=False):
        home.set_up()
        taken, known, bad = _bring_in(file, channel, layout, zone)
    click.echo(f"{taken} calls taken, {known} known already, {bad} rows left out.", err=True)
    if bad:
        raise click.exceptions.Exit(2)


def _bring_in(file: Path, named: str, layout: str, zone: str) -> tuple[int, int, int]:
    """How many were new, known already, and no calls."""
    from django.conf import settings

    from armature.crm.listen import lists

    channel, taken, known, bad = _channel(named), 0, 0, 0
    if not lists.takes(channel):
        raise click.ClickException(f"“{channel.name}” is of the kind {channel.kind}, which takes no lists.")
    try:
        with file.open(encoding="utf-8", errors="replace", newline="") as rows:
            for part in lists.batches(channel, rows, layout, zone or settings.TIME_ZONE):
                taken, known, bad = taken + part.taken, known + part.known, bad + len(part.bad)
                for one in part.bad:
                    click.echo(f"{file.name}, line {one.line}: {one.why}", err=True)
    except ValueError as problem:
        raise click.ClickException(f"{file.name}: {problem}") from None
    return taken, known, bad


def _channel(named: str) -> "Channel":
    from armature.crm.listen.models import Channel

    try:
        return Channel.objects.get(pk=int(named)) if named.isdecimal() else Channel.objects.get(address=named)
    except (Channel.DoesNotExist, Channel.MultipleObjectsReturned):
        raise click.ClickException(
            f"There is no channel “{named}”, or several: give the number in the address of its page."
        ) from None
