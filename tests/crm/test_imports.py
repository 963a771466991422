"""The past is brought in from files: understood, tried out, brought in once, resumed; it troubles nobody."""

import os
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from armature.crm import jobs
from armature.crm.accounts.access import Refused
from armature.crm.accounts.models import Membership, Role
from armature.crm.act.models import Case, Clock, Notice
from armature.crm.channels.lines import Demo
from armature.crm.decide.models import Judgement, Wait
from armature.crm.identify.models import Identity
from armature.crm.listen.imports import commands, kept, queries, work
from armature.crm.listen.imports.models import Import, ImportTodo
from armature.crm.listen.imports.records import NotReadable
from armature.crm.listen.models import Channel, Interaction
from armature.crm.understand.models import Reading
from house import MONDAY, House

HEADS = "Datum;Absender;Betreff;Nachricht;Ticket\n"
ROWS = (
    "03.02.2024 14:30;ingrid@people.example;Kettle;My kettle is broken and I am angry;T-1\n"
    "04.02.2024 09:00;hello@shop.example;Re: Kettle;We send a new one;T-1\n"
    "05.02.2024 10:00;per@people.example;Tent;Where is my parcel?;T-2\n"
)


@pytest.fixture
def lead(house: House) -> House:
    """Leo leads all teams of the brand, which is what it takes."""
    assert Membership.objects.filter(user=house.leo, role=Role.LEAD).exists()
    return house


def given(house: House, text: str | bytes, what: str = "said", name: str = "old.csv") -> Import:
    """A file that Leo uploaded."""
    body = text.encode() if isinstance(text, str) else text
    return commands.upload(house.leo, house.brand, what, name, [body])


def mapped(house: House, job: Import, channel: Channel | None = None, **options: str) -> Import:
    """The file with the mapping that was guessed, to be said in the mailbox."""
    chosen = channel or house.mailbox if job.what == "said" else None
    given_options = {"zone": "UTC", "order": job.options.get("order", "day"), **options}
    assert commands.map_columns(house.leo, job, channel=chosen, meant=job.mapping, options=given_options) == {}
    job.refresh_from_db()
    return job


def tried(house: House, job: Import) -> Import:
    """The file after a dry run."""
    commands.try_out(house.leo, job)
    house.settle()
    job.refresh_from_db()
    assert job.state == "checked", job.problem
    return job


def brought(house: House, job: Import) -> Import:
    """The file after a dry run and a run."""
    commands.run(house.leo, tried(house, job))
    house.settle()
    job.refresh_from_db()
    return job


def some(job: Import) -> dict[str, int]:
    """The counts that are not nothing."""
    return {what: number for what, number in job.counts.items() if number}


def test_columns_are_guessed_by_german_names_and_dates_are_read_day_first(lead: House) -> None:
    job = given(lead, HEADS + ROWS)
    assert job.options["delimiter"] == ";" and job.options["order"] == "day"
    assert {job.heads[column]: key for key, column in job.mapping.items()} == {
        "Datum": "when", "Absender": "who", "Betreff": "subject", "Nachricht": "text", "Ticket": "conversation",
    }  # fmt: skip


def test_a_dry_run_brings_nothing_in_and_a_run_all_of_it_once(lead: House) -> None:
    job = tried(lead, mapped(lead, given(lead, HEADS + ROWS)))
    assert some(job) == {"new": 3} and not Interaction.objects.exists()
    commands.run(lead.leo, job)
    lead.settle()
    job.refresh_from_db()
    assert (job.state, some(job), job.percent) == ("done", {"new": 3}, 100)
    kettle = Interaction.objects.get(author="ingrid@people.example")
    assert kettle.occurred_at == datetime(2024, 2, 3, 14, 30, tzinfo=UTC) and kettle.historic
    assert Interaction.objects.get(direction="out").conversation_id == kettle.conversation_id
    again = brought(lead, mapped(lead, given(lead, HEADS + ROWS)))
    assert some(again) == {"known": 3} and Interaction.objects.count() == 3


def test_what_was_brought_in_is_read_and_judged_but_asks_nothing_of_anybody(lead: House) -> None:
    brought(lead, mapped(lead, given(lead, HEADS + ROWS)))
    reading = Reading.objects.get(interaction__author="ingrid@people.example")
    assert reading.current and reading.intent_id
    assert set(Judgement.objects.values_list("stop", flat=True)) == {"end"}
    assert not Wait.objects.exists() and not Clock.objects.exists()
    assert not Notice.objects.exclude(kind="import").exists()
    case = Case.objects.get(identity__address="ingrid@people.example")
    assert case.status == "closed" and case.ended_at == datetime(2024, 2, 3, 14, 30, tzinfo=UTC)


def test_a_past_in_the_conversation_of_an_open_case_changes_nothing_of_it(
    lead: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = lead.hear("My kettle broke")
    lead.settle()
    Case.objects.update(assignee=lead.mona, changed_at=MONDAY)
    before = Case.objects.get()
    monkeypatch.setattr(Demo, "polls", True)
    Channel.objects.filter(pk=lead.mailbox.pk).update(begun_at=timezone.now())
    lead.hear("Long ago", in_reply_to=live, occurred_at="2024-01-01T10:00:00Z")
    lead.settle()
    assert Interaction.objects.get(historic=True).conversation_id == before.conversation_id
    after = Case.objects.get()
    assert (after.status, after.changed_at, after.last_in_at) == (before.status, MONDAY, before.last_in_at)
    assert not Notice.objects.filter(user=lead.mona).exists()


def test_a_faulty_row_is_named_with_its_line_field_and_mend(lead: House) -> None:
    bad = "31.02.2024 10:00;per@people.example;;Hello;T-3\n07.02.2124 10:00;per@people.example;;Hello;T-3\n"
    bad += "07.02.2024 10:00;;;Hello;T-3\n07.02.2024 10:00;per@people.example;;;T-3\n"
    job = tried(lead, mapped(lead, given(lead, HEADS + ROWS + bad)))
    assert some(job) == {"new": 3, "faulty": 4}
    told = [(row.place, row.field) for row in job.rows.order_by("number")]
    assert told == [("line 5", "when"), ("line 6", "when"), ("line 7", "who"), ("line 8", "text")]
    assert "write it like 2024-03-31 14:30" in job.rows.get(number=4).why


def test_what_has_the_same_number_and_other_words_is_changed_and_what_came_in_by_itself_is_not(lead: House) -> None:
    heads = "id,when,who,text\n"
    brought(lead, mapped(lead, given(lead, heads + "a1,2024-02-03 10:00,per@people.example,Helo\n")))
    live = lead.hear("It came in by itself")
    lead.settle()
    changed = "a1,2024-02-03 10:00,per@people.example,Hello\n"
    job = brought(lead, mapped(lead, given(lead, f"{heads}{changed}{live},2024-02-03 10:00,per@people.example,Else\n")))
    assert some(job) == {"changed": 1, "conflict": 1}
    assert Interaction.objects.get(external_id="a1").text == "Hello"
    assert Interaction.objects.get(external_id=live).text == "It came in by itself"


def test_a_worker_that_dies_in_the_middle_leaves_nothing_twice_and_nothing_out(
    lead: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "CHUNK", 10)
    rows = [f"2024-02-03 10:{n:02},a{n}@people.example,Text {n}\n" for n in range(45)]
    job = tried(lead, mapped(lead, given(lead, "when,who,text\n" + "".join(rows))))
    commands.run(lead.leo, job)
    for _ in range(2):
        jobs.bring_in()
    job.refresh_from_db()
    assert job.position == 20
    _die(monkeypatch, lambda: jobs.bring_in())
    work.close(job.pk)  # another worker takes it up
    ImportTodo.objects.update(leased_until=None)
    lead.settle()
    job.refresh_from_db()
    assert (job.state, some(job)) == ("done", {"new": 45}) and Interaction.objects.count() == 45


def _die(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    """The process ends when the chunk is accepted and not yet committed."""

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as during:
        during.setattr(work, "_again", killed)
        with pytest.raises(Killed):
            deed()


def test_it_can_be_stopped_and_goes_on_where_it_was(lead: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "CHUNK", 10)
    rows = [f"2024-02-03 10:{n:02},a{n}@people.example,Text {n}\n" for n in range(45)]
    job = tried(lead, mapped(lead, given(lead, "when,who,text\n" + "".join(rows))))
    commands.run(lead.leo, job)
    jobs.bring_in()
    commands.cancel(lead.leo, job)
    lead.settle()
    job.refresh_from_db()
    assert (job.state, job.position) == ("cancelled", 10)
    commands.resume(lead.leo, job)
    lead.settle()
    job.refresh_from_db()
    assert (job.state, some(job)) == ("done", {"new": 45})


def test_a_mapping_is_remembered_for_the_next_file_with_these_heads(lead: House) -> None:
    job = given(lead, "A,B,C\n2024-02-03 10:00,per@people.example,Hello\n")
    assert job.mapping == {}
    commands.map_columns(
        lead.leo, job, channel=lead.mailbox, meant={"when": 0, "who": 1, "text": 2},
        options={"zone": "Europe/Oslo", "order": "day"},
    )  # fmt: skip
    second = given(lead, "A,B,C\n2024-02-04 10:00,per@people.example,Again\n")
    assert second.mapping == {"when": 0, "who": 1, "text": 2} and second.options["zone"] == "Europe/Oslo"


def test_agents_bring_nothing_in_and_see_no_file(lead: House) -> None:
    from armature.crm.accounts.access import NotAllowed
    from armature.crm.listen.imports import queries

    job = given(lead, HEADS + ROWS)
    with pytest.raises(NotAllowed):
        commands.upload(lead.mona, lead.brand, "said", "x.csv", [b"a"])
    with pytest.raises(Import.DoesNotExist):
        queries.import_for(lead.mona, job.pk)


def test_a_dry_run_that_breaks_off_is_begun_again_and_brings_in_nothing(
    lead: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had been tried out before: going on from its middle left out all rows before it, and called that done."""
    monkeypatch.setattr(work, "CHUNK", 1)
    job = tried(lead, mapped(lead, given(lead, HEADS + ROWS)))
    commands.try_out(lead.leo, job)
    jobs.bring_in()
    work.give_up(job.pk, "the disk")
    with pytest.raises(Refused):
        commands.resume(lead.leo, job)
    lead.settle()
    assert not Interaction.objects.exists()


def test_whoever_is_brought_in_as_a_person_is_one_in_the_cases_they_have(lead: House) -> None:
    lead.hear("My kettle broke", author="ingrid@people.example")
    lead.settle()
    assert Case.objects.get().person is None
    brought(lead, given_people(lead))
    assert Case.objects.get().person == Identity.objects.get(address="ingrid@people.example").person is not None


def given_people(house: House) -> Import:
    """Two people in a file."""
    rows = "E-mail,Name\ningrid@people.example,Ingrid\nper@people.example,Per\n"
    return mapped(house, given(house, rows, "people"))


def test_a_file_that_is_refused_is_not_kept(lead: House) -> None:
    with pytest.raises(NotReadable):
        given(lead, b"\x00\x01\x02\x03" * 50)
    assert not list(kept.folder().iterdir())


def test_a_file_and_what_is_to_be_mended_go_a_month_after_the_run_and_what_came_in_stays(lead: House) -> None:
    done = brought(lead, mapped(lead, given(lead, HEADS + ROWS + "31.02.2024 10:00;per@people.example;;Hello;T-3\n")))
    same = given(lead, HEADS + ROWS + "31.02.2024 10:00;per@people.example;;Hello;T-3\n")
    Import.objects.filter(pk=done.pk).update(at=MONDAY - kept.KEPT * 2, finished_at=timezone.now())
    assert kept.forget_old() == 0 and done.rows.count() == 1
    Import.objects.filter(pk=done.pk).update(finished_at=MONDAY - kept.KEPT * 2)
    kept.path(same.digest).touch()
    assert kept.forget_old() == 1 and done.rows.count() == 0 and kept.path(same.digest).exists()
    Import.objects.filter(pk=same.pk).update(at=MONDAY - kept.KEPT * 2)
    os.utime(kept.path(same.digest), (0, 0))
    assert kept.forget_old() == 2 and not list(kept.folder().iterdir())
    assert Interaction.objects.count() == 3
    done.refresh_from_db()
    with pytest.raises(NotReadable):
        queries.first(done)
