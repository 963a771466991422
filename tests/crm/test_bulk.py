"""One deed for many cases: exact counts, rights looked at when it is done, refusals in words, undo, no half work."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from armature.crm import jobs
from armature.crm.accounts.models import AuditEntry, Membership
from armature.crm.act import assigning, bulk, bulk_deeds, commands, marking, queries
from armature.crm.act.models import BulkItem, BulkJob, BulkTodo, Case, CaseField, Notice, Tagging
from armature.crm.act.work import Refused
from armature.crm.decide.models import Wait
from house import House
from test_endings import broken
from visitors import stranger, to_answer


def _many(house: House, count: int = 5) -> None:
    for number in range(count):
        house.hear("My parcel is broken.", author=f"p{number}@people.example")
    house.settle()


def _ask(house: House, deed: str, **values: Any) -> BulkJob:
    return bulk.ask(house.mona, deed=deed, values=values, chosen=queries.cases_for(house.mona))


def _run(job: BulkJob) -> dict[str, int]:
    while jobs.bulk_work():
        pass
    job.refresh_from_db()
    return {state: count for state, count in bulk.counts(job).items() if count}


ASKED: dict[str, dict[str, Any]] = {
    "assign": {}, "tag": {"tag": "flood"}, "priority": {"priority": 1},
    "snooze": {"until": timezone.now() + timedelta(days=3)}, "end": {"how": "no_response", "reason": "one cause"},
}  # fmt: skip


def _picture() -> list[tuple[Any, ...]]:
    shown = ("pk", "status", "form", "assignee", "priority", "priority_fixed", "snoozed_until", "due_at", "asks")
    return list(Case.objects.order_by("pk").values_list(*shown)) + list(Tagging.objects.values_list("case", "tag"))


@pytest.mark.parametrize("deed", ASKED)
def test_each_deed_is_done_to_all_and_undone(house: House, deed: str) -> None:
    _many(house)
    before = _picture()
    values = ASKED[deed] | ({"to": house.leo.pk} if deed == "assign" else {})
    job = _ask(house, deed, **values)
    assert job.total == 5
    assert _picture() == before
    assert _run(job) == {"done": 5}
    assert (job.state, BulkTodo.objects.count()) == ("done", 0)
    assert _picture() != before
    assert broken() == []
    assert AuditEntry.objects.filter(verb=f"bulk: {deed}", actor=house.mona).count() == 5
    bulk.undo(house.mona, job)
    assert _run(job) == {"undone": 5}
    assert _picture() == before
    assert broken() == []
    with pytest.raises(Refused):
        bulk.undo(house.mona, job)


def test_many_chunks_take_the_same_statements_each(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _many(house, 30)
    costs = []
    for deed, values in ASKED.items():
        for size in (2, 20):
            monkeypatch.setattr(bulk, "CHUNK", size)
            BulkTodo.objects.all().delete()
            _ask(house, deed, **values, to=house.leo.pk)
            with CaptureQueriesContext(connection) as captured:
                jobs.bulk_work()
            costs.append(len(captured))
        assert costs[-1] <= costs[-2] + 2, deed


def test_what_cannot_be_done_is_refused_one_by_one_and_the_rest_is_done(house: House) -> None:
    _many(house)
    first, second = Case.objects.order_by("pk")[:2]
    commands.judge_intent(house.mona, queries.case_for(house.mona, first.pk), intent="complaint")
    CaseField.objects.create(key="cost", label="Cost", kind="number")
    Case.objects.exclude(pk=second.pk).update(fields={"cost": 1})
    job = _ask(house, "end", how="resolved")
    assert _run(job) == {"done": 3, "refused": 2}
    words = dict(job.items.filter(state="refused").values_list("case", "words"))
    assert "moving on" in words[first.pk]
    assert words[second.pk] == "It lacks: Cost."
    house.settle()
    assert broken() == []


def test_rights_that_went_away_meanwhile_count(house: House) -> None:
    _many(house)
    job = _ask(house, "tag", tag="flood")
    Membership.objects.filter(user=house.mona).delete()
    assert _run(job) == {"refused": 5}
    assert set(job.items.values_list("words", flat=True)) == {"It is not yours to see any more."}
    assert not Tagging.objects.exists()


def test_who_only_drafts_is_refused_each(house: House) -> None:
    _many(house)
    job = bulk.ask(house.nia, deed="priority", values={"priority": 1}, chosen=queries.cases_for(house.nia))
    assert _run(job) == {"refused": 5}


def test_a_case_is_not_given_to_somebody_of_another_team(house: House) -> None:
    _many(house)
    sam = stranger("legal")
    Case.objects.filter(pk=Case.objects.first().pk).update(team="legal")  # type: ignore[union-attr]
    job = _ask(house, "assign", to=sam.pk)
    assert _run(job) == {"done": 1, "refused": 4}
    assert Notice.objects.get(user=sam).text == "1 case was given to you."


def test_what_changed_since_is_left_as_it_is(house: House) -> None:
    _many(house)
    job = _ask(house, "assign", to=house.leo.pk)
    _run(job)
    first = queries.case_for(house.mona, Case.objects.order_by("pk")[0].pk)
    assigning.assign(house.leo, first, to=house.nia, seen=house.leo.pk)
    bulk.undo(house.mona, job)
    assert _run(job) == {"undone": 4, "done": 1}
    assert Case.objects.get(pk=first.pk).assignee == house.nia


def test_an_end_is_not_undone_where_they_wrote_again(house: House) -> None:
    case = to_answer(house)
    job = _ask(house, "end", how="closed")
    _run(job)
    house.hear("Hello?", in_reply_to="said-1")
    house.settle()
    waiting = Wait.objects.filter(state="open").count()
    bulk.undo(house.mona, job)
    assert _run(job) == {"done": 1}
    assert Wait.objects.filter(state="open").count() == waiting
    assert Case.objects.get(pk=case.pk).ended_at is None


def test_undoing_a_tag_leaves_it_where_it_was_before(house: House) -> None:
    _many(house)
    first = queries.case_for(house.mona, Case.objects.order_by("pk")[0].pk)
    marking.tag(house.leo, first, name="flood")
    job = _ask(house, "tag", tag="flood")
    _run(job)
    bulk.undo(house.mona, job)
    _run(job)
    assert list(Tagging.objects.values_list("case", flat=True)) == [first.pk]


def test_a_worker_that_dies_half_way_leaves_whole_chunks(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _many(house)
    monkeypatch.setattr(bulk, "CHUNK", 2)
    job = _ask(house, "tag", tag="flood")
    jobs.bulk_work()
    assert bulk.counts(job)["done"] == Tagging.objects.count() == 2
    assert _run(job) == {"done": 5}


def test_a_job_that_always_fails_ends_with_the_fault_in_words(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _many(house, 2)
    job = _ask(house, "tag", tag="flood")

    def fail(*_: object) -> None:
        raise ValueError("no")

    monkeypatch.setitem(bulk_deeds.DEEDS, "tag", (fail, fail))
    for _ in range(3):
        BulkTodo.objects.update(leased_until=None)
        jobs.bulk_work()
    assert _run(job) == {"refused": 2}
    assert "A fault of ours: ValueError: no" in set(job.items.values_list("words", flat=True))


@pytest.mark.parametrize(
    ("deed", "values"),
    [
        ("assign", {"to": 0}), ("tag", {"tag": ""}), ("priority", {"priority": 7}), ("snooze", {"until": None}),
        ("snooze", {"until": timezone.now() - timedelta(1)}), ("end", {"how": "x"}), ("end", {"how": "no_response"}),
        ("erase", {}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_before_anything_is_kept(house: House, deed: str, values: Any) -> None:
    _many(house, 1)
    with pytest.raises(Refused):
        _ask(house, deed, **values)
    assert not BulkJob.objects.exists()


def test_no_cases_are_no_job_and_only_its_user_undoes_it(house: House) -> None:
    with pytest.raises(Refused, match="No case is chosen"):
        _ask(house, "tag", tag="x")
    _many(house, 1)
    job = _ask(house, "tag", tag="x")
    _run(job)
    with pytest.raises(Refused):
        bulk.undo(house.leo, job)
    assert BulkItem.objects.get().state == "done"
