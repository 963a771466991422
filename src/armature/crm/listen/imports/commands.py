"""What people do with a file: upload it, say what its columns mean, try it, bring it in, stop it."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm import live
from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import Brand, User
from armature.crm.listen.imports import kept, kinds, mapping, queries
from armature.crm.listen.imports.models import Import, ImportMapping, ImportTodo
from armature.crm.listen.imports.records import NotReadable
from armature.crm.listen.imports.tickets import HEADS as OF_TICKETS
from armature.crm.listen.imports.values import ORDERS, order_of
from armature.crm.listen.models import Channel

PIECE = 1_000_000


def upload(user: User, brand: Brand, what: str, name: str, pieces: Iterable[bytes]) -> Import:
    """Keep a file, tell what it is, and guess what its columns mean; raises ``Refused``, ``NotReadable``."""
    _may(user, brand.pk, what)
    digest, size = _kept(pieces)
    try:
        return _told(user, brand, what, name, digest, size)
    except (Refused, NotReadable):
        kept.refuse(digest)
        raise


def _told(user: User, brand: Brand, what: str, name: str, digest: str, size: int) -> Import:
    """What the file is, and the row of it."""
    found = kinds.known(kept.path(digest))
    if (found.kind == kinds.CARDS) != (what == Import.What.PEOPLE) and found.kind not in kinds.TABLES:
        raise Refused(
            _("An address book (vCard) holds people: choose “people” above.")
            if found.kind == kinds.CARDS
            else _("This file holds messages, not people: choose “what was said” above.")
        )
    options: dict[str, Any] = {**found.options, "zone": timezone.get_current_timezone_name()}
    with closing(kinds.opened(kept.path(digest), found.kind, options)) as source:
        heads = list(source.heads)
    meant, remembered = _meant(brand, what, found.kind, heads)
    options |= remembered
    with transaction.atomic():
        job = Import.objects.create(
            user=user, brand=brand, what=what, kind=found.kind, name=name.replace("\x00", "")[:200], digest=digest,
            size=size, options=options, heads=heads, mapping=meant,
        )  # fmt: skip
        if "order" not in remembered:
            job.options["order"] = _order(job)
            job.save(update_fields=["options"])
        audit.log(user, "uploaded a file to bring in", f"import {job.pk}", {"file": job.name, "bytes": size})
    return job


def _kept(pieces: Iterable[bytes]) -> tuple[str, int]:
    """The bytes on disk under their digest, without ever holding all of them."""
    folder = kept.folder()
    folder.mkdir(parents=True, exist_ok=True)
    kept.refuse_full_disk()
    whole, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as draft:
        try:
            for piece in pieces:
                whole.update(piece)
                size += len(piece)
                draft.write(piece)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).replace(folder / whole.hexdigest())
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    return whole.hexdigest(), size


def _meant(brand: Brand, what: str, kind: str, heads: Sequence[str]) -> tuple[dict[str, int], dict[str, Any]]:
    """What the columns meant the last time, else what their names say."""
    if kind in kinds.TICKETS:
        return {key: OF_TICKETS.index(key) for key in OF_TICKETS}, {"zone": "UTC"}
    if kind in kinds.MAILS:
        return {}, {}
    last = ImportMapping.objects.filter(brand=brand, what=what, heads=mapping.digest(heads)).first()
    if last is not None:
        return {str(key): int(column) for key, column in last.mapping.items()}, dict(last.options)
    return mapping.guessed(what, heads), {}


def _order(job: Import) -> str:
    """Whether day or month comes first, by the first rows."""
    column = job.mapping.get("when", job.mapping.get("bought_at"))
    few = [] if column is None else queries.first(job, 200)
    return order_of([one.cells[column] for one in few if column is not None and one.cells])


@transaction.atomic
def map_columns(
    user: User, job: Import, *, channel: Channel | None, meant: Mapping[str, int], options: Mapping[str, Any]
) -> dict[str, str]:
    """What the columns mean, and where it goes; kept for the next file with these heads. What is wrong, by field."""
    _may(user, job.brand_id, job.what)
    job = _held(job, [Import.State.MAPPING, Import.State.CHECKED, Import.State.CANCELLED, Import.State.FAILED])
    problems = {} if job.kind in kinds.MAILS else mapping.wrong(job.what, meant, job.heads)
    if job.what == Import.What.SAID and channel is None:
        problems["channel"] = _("Choose where it was said.")
    if options.get("order") not in ORDERS:
        problems["order"] = _("Choose what comes first in a date.")
    if not _is_zone(str(options.get("zone"))):
        problems["zone"] = _("There is no such zone: give one like Europe/Oslo.")
    if problems:
        return problems
    job.channel, job.mapping, job.options = channel, dict(meant), {**job.options, **options}
    job.state, job.counts, job.total, job.problem = Import.State.MAPPING, {}, None, ""
    job.save()
    job.rows.all().delete()
    if job.kind in kinds.TABLES:
        ImportMapping.objects.update_or_create(
            brand=job.brand, what=job.what, heads=mapping.digest(job.heads),
            defaults={"mapping": dict(meant), "options": dict(options), "at": timezone.now()},
        )  # fmt: skip
    audit.log(user, "mapped a file", f"import {job.pk}", {"columns": dict(meant)})
    return {}


@transaction.atomic
def read_otherwise(user: User, job: Import, *, encoding: str, delimiter: str) -> None:
    """Read a CSV with another encoding or delimiter; what its columns mean is guessed anew. Raises ``NotReadable``."""
    _may(user, job.brand_id, job.what)
    job = _held(job, [Import.State.MAPPING, Import.State.CHECKED, Import.State.CANCELLED, Import.State.FAILED])
    job.options |= {"encoding": encoding, "delimiter": delimiter}
    with closing(kinds.opened(kept.path(job.digest), job.kind, job.options)) as source:
        job.heads = list(source.heads)
    job.mapping, _remembered = _meant(job.brand, job.what, job.kind, job.heads)
    job.state, job.counts, job.total = Import.State.MAPPING, {}, None
    job.save()
    audit.log(user, "read a file otherwise", f"import {job.pk}", {"encoding": encoding, "delimiter": delimiter})


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


@transaction.atomic
def try_out(user: User, job: Import) -> None:
    """A dry run over the whole file: what would be new, changed, conflicting, faulty. Nothing of it is brought in."""
    _begin(user, job, Import.State.CHECKING, [Import.State.MAPPING, Import.State.CHECKED], "tried out a file")


@transaction.atomic
def run(user: User, job: Import) -> None:
    """Bring it in; what is faulty or conflicting is left out, and listed."""
    _begin(user, job, Import.State.RUNNING, [Import.State.CHECKED], "began to bring in a file")


@transaction.atomic
def resume(user: User, job: Import) -> None:
    """Go on where it was stopped, or broke off."""
    _may(user, job.brand_id, job.what)
    job = _held(job, [Import.State.CANCELLED, Import.State.FAILED])
    if job.total is None:
        raise Refused(_("The dry run was stopped: begin it again."))
    if job.begun_at and job.finished_at:  # the time between is not counted
        job.begun_at += timezone.now() - job.finished_at
    job.state, job.problem, job.finished_at = Import.State.RUNNING, "", None
    job.save()
    ImportTodo.objects.get_or_create(job=job)
    audit.log(user, "went on bringing in a file", f"import {job.pk}", {"position": job.position})
    live.wake()


def _begin(user: User, job: Import, state: str, after: Sequence[str], verb: str) -> None:
    _may(user, job.brand_id, job.what)
    job = _held(job, after)
    if job.what == Import.What.SAID and job.channel_id is None:
        raise Refused(_("First say what the columns mean, and where it was said."))
    job.state, job.position, job.share, job.counts, job.problem = state, 0, 0.0, {}, ""
    job.begun_at, job.finished_at = timezone.now(), None
    if state == Import.State.CHECKING:
        job.total = None  # a dry run that breaks off is begun again; nothing goes on from the middle of it
    job.save()
    job.rows.all().delete()
    ImportTodo.objects.get_or_create(job=job)
    audit.log(user, verb, f"import {job.pk}", {"file": job.name})
    live.wake()


@transaction.atomic
def cancel(user: User, job: Import) -> None:
    """Stop: what was brought in stays, the rest is left; it can go on later."""
    _may(user, job.brand_id, job.what)
    job = _held(job, [Import.State.CHECKING, Import.State.RUNNING])
    dry = job.state == Import.State.CHECKING
    job.state = Import.State.MAPPING if dry else Import.State.CANCELLED
    job.finished_at = timezone.now()
    job.save()
    ImportTodo.objects.filter(job=job).delete()
    audit.log(user, "stopped bringing in a file", f"import {job.pk}", {"position": job.position})
    live.tell()


def past_channel(user: User, brand: Brand, name: str, place: str) -> Channel:
    """A channel that holds a past of its own: nothing is fetched or sent there."""
    _may(user, brand.pk, Import.What.SAID)
    with transaction.atomic():
        channel, made = Channel.objects.get_or_create(
            kind="lines", address=f"past: {name}"[:254],
            defaults={"brand": brand, "name": name[:120], "place": place, "settings": {}, "begun_at": timezone.now()},
        )  # fmt: skip
        if channel.brand_id != brand.pk:
            raise Refused(_("A channel with this name belongs to another brand: choose another name."))
        if made:
            audit.log(user, "made a channel for a past", f"channel {channel.pk}", {"name": channel.name})
    return channel


def _held(job: Import, states: Sequence[str]) -> Import:
    """The import as it stands now, nobody else changing it; raises ``Refused`` when it is in none of these states."""
    now_it_is = Import.objects.select_for_update().get(pk=job.pk)
    if now_it_is.state not in states:
        raise Refused(_("Somebody, or the worker, was quicker: look at how it stands now."))
    return now_it_is


def _may(user: User, brand_id: int, what: str) -> None:
    if not queries.may(user, brand_id, what):
        raise NotAllowed(
            _("Leads and administrators of all teams of the brand bring in files.")
            if what == Import.What.SAID
            else _("Leads and administrators of all teams and brands bring in people.")
        )
