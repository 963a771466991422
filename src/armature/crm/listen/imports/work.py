"""Going through a file in chunks, with a lease: what a chunk became is committed together with the note of how far.

A worker that dies leaves its lease to run out; whoever goes on opens the file and passes over what is done. So that
this happens once and not for each chunk, a worker keeps the files that it is reading open between chunks.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from armature.crm import live, rows
from armature.crm.accounts import audit
from armature.crm.lease import Claim, LeaseLost
from armature.crm.listen.imports import kept, kinds
from armature.crm.listen.imports.models import Import, ImportRow, ImportTodo
from armature.crm.listen.imports.records import NotReadable, Record, Source
from armature.crm.listen.imports.results import CHANGED, CONFLICT, FAULTY, Result, counted

CHUNK = 500
HELD = 10
"""Seconds that a chunk may take before another worker takes it up; only one of them can write then."""
MOST_BYTES = 16_000_000
"""Bytes of mails in one chunk: however large they are, a worker holds no more, or one mail."""
MOST_FAULTY = 100_000
EXAMPLES = 200
"""Of those that are changed so many are kept to look at."""
RENEW = 20_000
_KEPT_CELLS = 100_000
"""Characters of a faulty row that are kept for the error file."""


class Taker(Protocol):
    """What makes something of records: in a dry run it only says what they are."""

    def __call__(self, job: Import, records: Sequence[Record], *, dry: bool, now: datetime) -> list[Result]: ...


@dataclass(slots=True)
class Open:
    """A file that this worker is reading, and how many records of it were handed out."""

    run: tuple[int, datetime | None]
    source: Source
    records: Generator[Record, None, None]
    position: int = 0


_open: dict[int, Open] = {}
"""By import. A worker reads few at a time, and closes those that are over."""


def go_on(held: Claim, takers: Mapping[str, Taker], tell: Callable[[Import], None]) -> int:
    """The next chunk of an import; how many records it had, at least 1. ``tell`` hears of one that is over."""
    job = Import.objects.select_related("user").get(pk=held.keys[0])
    with translation.override(job.user.language or settings.LANGUAGE_CODE):  # reasons are kept in words
        return _chunk(job, held, takers, tell)


def _chunk(job: Import, held: Claim, takers: Mapping[str, Taker], tell: Callable[[Import], None]) -> int:
    try:
        here = _at(job, held)
        records = _next(here)
    except NotReadable as problem:
        _break_off(held, str(problem))
        return 1
    try:
        with transaction.atomic():
            job = Import.objects.select_for_update().get(pk=held.keys[0])
            _take(job, records, takers[job.what], here)
            if records and job.moving:
                _again(held)
            else:
                _end(job)
                tell(job)
                _finish(held)
            job.save()
            live.tell()
    except BaseException:
        close(job.pk)  # what was read and not kept is read again
        raise
    return max(1, len(records))


def _take(job: Import, records: Sequence[Record], taker: Taker, here: Open) -> None:
    """What these records become, counted and noted."""
    dry = job.state == Import.State.CHECKING
    results = taker(job, records, dry=dry, now=timezone.now()) if records else []
    for what, number in counted(results).items():
        job.counts[what] = job.counts.get(what, 0) + number
    _note(job, results)
    job.position += len(records)
    job.share = min(1.0, job.position / job.total) if job.total else here.source.share
    if job.counts.get(FAULTY, 0) > MOST_FAULTY:
        job.state = Import.State.FAILED
        job.problem = _("More than %(most_faulty)s records are faulty: most likely the columns are mapped wrongly.") % {
            "most_faulty": MOST_FAULTY
        }


def _note(job: Import, results: Sequence[Result]) -> None:
    examples = EXAMPLES - job.counts.get(CHANGED, 0) + sum(one.what == CHANGED for one in results)
    kept = [one for one in results if one.what in (FAULTY, CONFLICT)]
    kept += [one for one in results if one.what == CHANGED][: max(0, examples)]
    ImportRow.objects.bulk_create(
        [
            ImportRow(
                job=job, number=one.record.number, place=one.record.place[:40], result=one.what, field=one.field[:40],
                why=one.why[:300], cells=[cell[:_KEPT_CELLS] for cell in one.record.cells],
            )
            for one in kept
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _end(job: Import) -> None:
    """The file is at its end, or somebody stopped it."""
    close(job.pk)
    job.finished_at = timezone.now()
    if job.state == Import.State.CHECKING:
        job.state, job.total = Import.State.CHECKED, job.position
    elif job.state == Import.State.RUNNING:
        job.state, job.total = Import.State.DONE, job.position
        audit.log(job.user, "brought in a file", f"import {job.pk}", {"file": job.name, **job.counts})


def _at(job: Import, held: Claim) -> Open:
    """The file, opened where the note says; what is done is passed over, and the lease held meanwhile."""
    here = _open.get(job.pk)
    if here is None or here.run != (job.pk, job.begun_at) or here.position > job.position:
        source = kinds.opened(kept.path(job.digest), job.kind, job.options)
        here = Open((job.pk, job.begun_at), source, source.records())
        for over in [number for number in _open if number != job.pk][3:]:
            close(over)
        close(job.pk)
        _open[job.pk] = here
    while here.position < job.position:
        passed = sum(1 for _ in islice(here.records, min(RENEW, job.position - here.position)))
        if not passed:
            raise NotReadable(_("The file is shorter than it was: upload it once more."))
        here.position += passed
        _renew(held)
    return here


def close(number: int) -> None:
    """This worker reads an import no further."""
    if (here := _open.pop(number, None)) is not None:
        here.records.close()
        here.source.close()


def _next(here: Open) -> list[Record]:
    """The next records: so many, or so many bytes of mail."""
    records, weight = list[Record](), 0
    for record in here.records:
        records.append(record)
        weight += len(record.raw)
        if len(records) >= CHUNK or weight > MOST_BYTES:
            break
    here.position += len(records)
    return records


def _renew(held: Claim) -> None:
    sql = """
        UPDATE listen_importtodo SET leased_until = statement_timestamp() + %s * interval '1 second'
        WHERE job_id = %s AND token = %s
    """
    if rows.run(sql, [HELD, held.keys[0], held.token]) != 1:
        raise LeaseLost("this import is no longer ours")


def _again(held: Claim) -> None:
    sql = """
        UPDATE listen_importtodo SET leased_until = NULL, token = NULL, attempts = 0 WHERE job_id = %s AND token = %s
    """
    if rows.run(sql, [held.keys[0], held.token]) != 1:
        raise LeaseLost("this import is no longer ours")


def _finish(held: Claim) -> None:
    if rows.run("DELETE FROM listen_importtodo WHERE job_id = %s AND token = %s", [held.keys[0], held.token]) != 1:
        raise LeaseLost("this import is no longer ours")


@transaction.atomic
def _break_off(held: Claim, words: str) -> None:
    _finish(held)
    _failed(held.keys[0], words)


def give_up(number: int, words: str) -> None:
    """An import that fails again and again; what is done stays done, and it can be started once more."""
    ImportTodo.objects.filter(pk=number).delete()
    _failed(number, f"A fault of ours: {words}"[:2000])


def _failed(number: int, words: str) -> None:
    close(number)
    moving = [Import.State.CHECKING, Import.State.RUNNING]
    Import.objects.filter(pk=number, state__in=moving).update(
        state=Import.State.FAILED, problem=words, finished_at=timezone.now()
    )
    live.tell()
