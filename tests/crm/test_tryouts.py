"""Own last messages tried out: what would have been done with them; nothing else happens, and nothing of it stays."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from armature.crm import jobs
from armature.crm.accounts.access import Refused
from armature.crm.act import trying, tryout_figures, tryouts
from armature.crm.act.models import Tryout
from armature.crm.act.own_addresses import guessed
from armature.crm.listen.imports import kept, newest
from armature.crm.listen.imports.records import NotReadable
from house import House

UTC = ZoneInfo("UTC")
KETTLE = "My kettle leaks and your support does not answer, this is a terrible service!"
MAILS = [
    ("1", "", "ann@people.example", "help@shop.example", "Kettle", KETTLE, "02 Mar 2026 10:00:00"),
    ("2", "1", "help@shop.example", "ann@people.example", "Re: Kettle", "We send another one.", "02 Mar 2026 12:00:00"),
    ("3", "", "bob@else.example", "help@shop.example", "Where", "Where is my parcel?", "03 Mar 2026 09:00:00"),
    ("4", "2", "ann@people.example", "help@shop.example", "Re: Kettle", "It leaks again!", "04 Mar 2026 10:00:00"),
    ("5", "", "cat@people.example", "help@shop.example", "Ordering", "How much is it in red?", "05 Mar 2026 10:00:00"),
]  # fmt: skip


def mbox(*mails: tuple[str, ...]) -> bytes:
    """A file as mail programs write it."""
    return "".join(
        f"From x Mon Mar  2 10:00:00 2026\nMessage-ID: <{name}@x>\nFrom: {who}\nTo: {to}\nSubject: {subject}\n"
        f"Date: {at} +0000\n{f'In-Reply-To: <{answers}@x>' if answers else 'X-A: b'}\n\n{text}\n\n"
        for name, answers, who, to, subject, text, at in mails
    ).encode()


def tried(house: House, body: bytes, name: str = "own.mbox") -> Tryout:
    """Dropped by Leo, and judged."""
    job = tryouts.try_out(house.leo, house.brand, "email", name, [body])
    jobs.try_out()
    job.refresh_from_db()
    return job


def figures(job: Tryout) -> tryout_figures.Figures:
    """Its report."""
    return tryout_figures.of(job.said, job.ours, UTC)


def rows_everywhere() -> dict[str, int]:
    """How many rows every table has."""
    return {model._meta.db_table: model._default_manager.count() for model in apps.get_models()}


def test_a_mailbox_tells_who_waits_longest_and_what_nobody_answered(house: House) -> None:
    job = tried(house, mbox(*MAILS))
    found = figures(job)
    assert (job.state, job.total, job.ours) == ("done", 5, ["help@shop.example"])
    assert (found.heard, found.ours, found.people) == (4, 1, 3)
    waits = [(one.said["who"], one.waited, one.answered_before) for one in found.waiting]
    assert waits == [
        ("bob@else.example", timedelta(days=2, hours=1), False),
        ("ann@people.example", timedelta(days=1), True),
        ("cat@people.example", timedelta(0), False),
    ]
    assert [one.said["who"] for one in found.unanswered] == ["bob@else.example", "cat@people.example"]
    first = job.said[0]
    assert first["intent"] == "complaint" and first["words"], "the words that say why stand beside it"
    assert first["team"] and first["rows"]["business_rules"], "which team and rule it would have gone to"


def test_nothing_but_its_own_row_and_the_log_is_written_and_the_file_is_gone(house: House) -> None:
    before = rows_everywhere()
    job = tried(house, mbox(*MAILS))
    house.settle()
    more = {table: n - before[table] for table, n in rows_everywhere().items() if n != before[table]}
    more.pop("accounts_auditseal", None)
    assert more == {"act_tryout": 1, "accounts_auditentry": 1, "accounts_auditvalue": 1}
    assert not list((Path(settings.FILES_FOLDER) / "tried").iterdir())
    tryouts.throw_away(house.leo, job)
    assert not Tryout.objects.exists()


def test_only_the_newest_thousand_are_judged_wherever_they_stand_in_the_file(house: House) -> None:
    lines = [f"2026-01-{n % 28 + 1:02}T{n % 24:02}:00,ann{n}@people.example,Where is parcel {n}?" for n in range(1300)]
    job = tried(house, ("date,from,text\n" + "\n".join(lines)).encode(), "own.csv")
    assert (job.total, len(job.said)) == (1300, newest.MOST)
    assert min(one["at"] for one in job.said) >= sorted(line.split(",")[0] for line in lines)[300]


def test_a_table_with_words_alone_is_judged_and_says_nothing_about_waiting(house: House) -> None:
    job = tried(house, b"message\nWhere is my parcel?\nThank you!\n", "own.csv")
    found = figures(job)
    assert (found.heard, found.first, found.tells_waits) == (2, None, False)


def test_a_column_for_the_direction_goes_before_any_guess(house: House) -> None:
    rows = (
        b"date,from,to,subject,direction,text\n2026-01-01 10:00,ann@p.example,us,Kettle,in,It is broken\n"
        b"2026-01-01 11:00,us,ann@p.example,Re: Kettle,out,Sorry\n"
        b"2026-01-02 10:00,bob@p.example,us,x,in,Where is it?\n"
    )
    found = figures(tried(house, rows, "own.csv"))
    assert (found.heard, found.ours) == (2, 1)
    assert [one.said["who"] for one in found.unanswered] == ["bob@p.example"], "an answer stands with what it answers"


def test_a_person_says_which_addresses_are_ours_and_all_is_counted_anew(house: House) -> None:
    job = tried(house, mbox(*MAILS))
    tryouts.say_ours(house.leo, job, ["ann@people.example", "nobody@else.example"])
    assert job.ours == ["ann@people.example"], "only addresses of the file"
    assert figures(job).ours == 2


def test_a_mailbox_of_one_person_at_a_public_home_makes_no_colleagues_of_its_customers() -> None:
    said: list[dict[str, Any]] = [
        {"who": f"c{n}@gmail.com", "to": ["shop@gmail.com"], "own": None} for n in range(9)
    ]  # fmt: skip
    assert guessed(said) == {"shop@gmail.com"}


def test_what_is_no_file_of_messages_is_refused_with_the_mend_and_not_kept(house: House) -> None:
    for body, words in ((b"date,from\n1,2\n", "Rename the one"), (b"BEGIN:VCARD\nFN:A\nEND:VCARD\n", "address book")):
        with pytest.raises(NotReadable, match=words):
            tryouts.try_out(house.leo, house.brand, "email", "x", [body])
    assert not Tryout.objects.exists() and not list((Path(settings.FILES_FOLDER) / "tried").iterdir())


def test_what_is_thrown_away_while_it_is_read_does_not_come_back(house: House) -> None:
    job = tryouts.try_out(house.leo, house.brand, "email", "x", [mbox(*MAILS)])
    tryouts.throw_away(house.leo, job)
    jobs.try_out()
    assert not Tryout.objects.exists()


def test_it_goes_by_itself_after_a_day(house: House) -> None:
    job = tried(house, mbox(*MAILS))
    assert tryouts.forget_old() == 0
    Tryout.objects.filter(pk=job.pk).update(at=timezone.now() - timedelta(hours=25))
    assert not tryouts.tryouts_for(house.leo).exists()
    assert tryouts.forget_old() == 1 and not Tryout.objects.exists()


def test_a_file_that_nobody_waits_for_goes_from_the_disk(house: House) -> None:
    """The machine stopped while it came in."""
    job = tried(house, mbox(*MAILS))
    orphan, fresh = trying.folder() / "orphan", trying.folder() / "fresh"
    for one in (orphan, fresh):
        one.write_bytes(b"secret words")
    os.utime(orphan, (0, 0))
    tryouts.forget_old()
    assert not orphan.exists() and fresh.exists() and Tryout.objects.get() == job


def test_no_file_is_taken_while_the_disk_is_nearly_full(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LEAST_FREE", 1.0)
    with pytest.raises(Refused, match="nearly full"):
        tryouts.try_out(house.leo, house.brand, "email", "own.mbox", [mbox(*MAILS)])
    assert not list(trying.folder().iterdir())
