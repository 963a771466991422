"""`armature import FILE`: bring in a past of any size: the same mapping, dry run and run as the page, here and now."""

import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from armature.cli import home
from armature.cli.calls import _channel

if TYPE_CHECKING:
    from armature.crm.accounts.models import User
    from armature.crm.listen.imports.models import Import

PIECE = 1_000_000
SHOWN = 10


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, path_type=Path), required=False)
@click.option("--as", "who", default="", help="E-mail address of the user who brings it in; a lead or administrator.")
@click.option("--what", type=click.Choice(["said", "people"]), default="said", show_default=True)
@click.option("--channel", default="", help="Address or number of the channel where it was said.")
@click.option("--past", default="", help="Instead of --channel: the name of a channel of its own.")
@click.option("--place", default="email", show_default=True, help="What sort of place such a channel is.")
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="What a column means, by its head.")
@click.option("--zone", default="", help="Zone of times that name none, like Europe/Oslo; the company's by default.")
@click.option("--order", type=click.Choice(["", "day", "month"]), default="", help="What comes first in 03/04/2024.")
@click.option("--ours", multiple=True, help="An address of our own: what it wrote was said by us.")
@click.option("--country", default="", help="Country of phone numbers without +, like NO.")
@click.option("--currency", default="", help="Currency of amounts that name none, like EUR.")
@click.option("--dry-run", is_flag=True, help="Only say what would come in.")
@click.option("--go-on", type=int, default=0, metavar="NUMBER", help="Go on with an import that was broken off.")
@click.option("--to-mend", type=click.Path(path_type=Path), help="Write what was not taken to this file.")
@click.option("--demo", is_flag=True, help="Into the demo.")
def imports(file: Path | None, go_on: int, dry_run: bool, to_mend: Path | None, demo: bool, **asked: Any) -> None:
    """Bring in what was said, or people, from CSV, XLSX, JSON Lines, mbox, EML (a folder or a zip), Zendesk, Chatwoot
    or vCard. It can be stopped with Ctrl-C and go on later, or be shared with workers that run.
    """
    with home.database("armature_demo" if demo else "armature", make=False):
        home.set_up()
        job = _known(go_on) if go_on else _uploaded(file, asked)
        click.echo(f"import {job.pk}: {job.name}, {job.kind}", err=True)
        try:
            _go(job, dry_run)
        except KeyboardInterrupt:
            click.echo(f"Stopped. Go on with: armature import --go-on {job.pk}", err=True)
            raise click.Abort from None
        _end(job, to_mend)


def _known(number: int) -> "Import":
    from armature.crm.listen.imports.models import Import

    job = Import.objects.filter(pk=number).first()
    if job is None:
        raise click.ClickException(f"There is no import {number}.")
    return job


def _user(who: str) -> "User":
    from armature.crm.accounts.models import Membership, Role, User

    if who:
        user = User.objects.filter(email=who).first()
    else:
        held = Membership.objects.filter(role=Role.ADMIN, team=None, brand=None, user__is_active=True)
        first = held.select_related("user").order_by("pk").first()
        user = first.user if first else None
    if user is None:
        raise click.ClickException("There is no such user: name one with --as ADDRESS.")
    return user


def _uploaded(file: Path | None, asked: dict[str, Any]) -> "Import":
    from armature.crm.accounts.access import NotAllowed, Refused
    from armature.crm.listen.imports import commands, mapping
    from armature.crm.listen.imports.records import NotReadable

    if file is None:
        raise click.ClickException("Name a file, or --go-on NUMBER.")
    user, what = _user(asked["who"]), asked["what"]
    channel = _channel(asked["channel"]) if asked["channel"] else None
    try:
        brand = channel.brand if channel else _brand(user)
        job = commands.upload(user, brand, what, file.name, _pieces(file))
        if what == "said" and channel is None:
            name = asked["past"] or f"Past: {file.stem}"
            channel = commands.past_channel(user, brand, name, asked["place"])
        meant = {**job.mapping, **_pairs(asked["pairs"], job.heads, [one.key for one in mapping.fields(what)])}
        options = {**job.options, "ours": [one.casefold() for one in asked["ours"]]}
        options |= {key: asked[key] for key in ("zone", "order", "country", "currency") if asked[key]}
        options["order"] = options.get("order") or "day"
        problems = commands.map_columns(user, job, channel=channel, meant=meant, options=options)
    except (NotReadable, Refused, NotAllowed) as refused:
        raise click.ClickException(f"{file.name}: {refused}") from None
    if problems:
        heads = ", ".join(job.heads[:40])
        words = "; ".join(f"--map {field}=…: {words}" for field, words in problems.items())
        raise click.ClickException(f"{file.name}: {words} The columns are: {heads}")
    job.refresh_from_db()
    return job


def _brand(user: "User") -> Any:
    from armature.crm.listen.imports import queries

    brand = queries.brands_for(user).first()
    if brand is None:
        raise click.ClickException("This user leads all teams of no brand, which is what bringing in takes.")
    return brand


def _pairs(pairs: tuple[str, ...], heads: list[str], fields: list[str]) -> dict[str, int]:
    meant: dict[str, int] = {}
    for pair in pairs:
        field, _, head = pair.partition("=")
        if field not in fields:
            raise click.ClickException(f"--map {pair}: there is no field {field}; fields are {', '.join(fields)}")
        if head not in heads:
            raise click.ClickException(f"--map {pair}: no column “{head}”; columns are {', '.join(heads[:40])}")
        meant[field] = heads.index(head)
    return meant


def _pieces(file: Path) -> Iterator[bytes]:
    """The bytes of a file; a folder of mails is packed first."""
    if not file.is_dir():
        with file.open("rb") as stream:
            while piece := stream.read(PIECE):
                yield piece
        return
    with tempfile.TemporaryFile() as kept:
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as packed:
            for mail in sorted(file.rglob("*.eml")):
                packed.write(mail, str(mail.relative_to(file)))
        kept.seek(0)
        while piece := kept.read(PIECE):
            yield piece


def _go(job: "Import", dry_run: bool) -> None:
    """The dry run, then the run; one that was broken off goes on."""
    from armature.crm.listen.imports import commands

    if job.state in ("cancelled", "failed"):
        commands.resume(job.user, job)
    elif job.state == "mapping":
        commands.try_out(job.user, job)
    _work(job)
    if job.state == "checked":
        click.echo(f"dry run: {_counted(job)}", err=True)
        if not dry_run:
            commands.run(job.user, job)
            _work(job)


def _work(job: "Import") -> None:
    """Do it here, beside the workers that may run; what came in is opened and judged between the chunks."""
    from armature.crm import jobs

    job.refresh_from_db()
    told = 0.0
    while job.moving:
        done = jobs.bring_in(only=job.pk) + jobs.open_envelopes() + jobs.judge_conversations()
        job.refresh_from_db()
        if time.monotonic() - told > 1:
            told = time.monotonic()
            _tell(job)
        if not done:
            time.sleep(0.2)
    while jobs.open_envelopes() + jobs.judge_conversations():
        pass
    _tell(job)


def _tell(job: "Import") -> None:
    from armature.crm.listen.imports import queries

    pace = queries.pace(job)
    left = f", {pace.left} left" if pace.left is not None else ""
    end = "\r" if sys.stderr.isatty() and job.moving else "\n"
    sys.stderr.write(f"{job.state} {job.percent} %, {job.position} records, {pace.rate} a second{left}{end}")
    sys.stderr.flush()


def _counted(job: "Import") -> str:
    return ", ".join(f"{number} {what}" for what, number in job.counts.items() if number) or "nothing"


def _end(job: "Import", to_mend: Path | None) -> None:
    from armature.crm.listen.imports import faults, queries

    click.echo(f"{job.state}: {_counted(job)}", err=True)
    if job.problem:
        click.echo(job.problem, err=True)
    bad = 0
    for row in queries.faulty(job):
        bad += 1
        if bad <= SHOWN:
            click.echo(f"{row.place}: {row.field}: {row.why}" if row.field else f"{row.place}: {row.why}", err=True)
    if to_mend and bad:
        with to_mend.open("wb") as out:
            out.writelines(faults.written(job))
    if bad or job.state == "failed":
        raise click.exceptions.Exit(2)
