"""Assessments: what was said so far is counted once in each part, by whoever may count it, and proposals come of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from armature.crm import jobs, lease
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import AuditEntry, Brand, Membership, Role, Team, User
from armature.crm.act import endings
from armature.crm.act.models import Case, Restriction
from armature.crm.learn.assessments import commands, past, queries, sums, work
from armature.crm.learn.assessments.models import Assessment, AssessmentExchange, AssessmentTodo
from armature.crm.learn.cells import bucket_of
from armature.crm.listen.models import Channel, Interaction
from armature.crm.understand.models import Reading
from house import MONDAY, House
from said_before import Asked, bring, many

OURS = {"learn_assessment", "learn_assessmenttodo", "learn_assessmentexchange"}


def assessed(user: User, **over: Any) -> Assessment:
    """To its end."""
    job = commands.begin(user, **over)
    while jobs.assess():
        pass
    job.refresh_from_db()
    assert job.state == "done", job.problem
    return job


def counts(job: Assessment, *head: str, part: int = 0) -> dict[str, int]:
    """Counts by one part of their names."""
    return dict(sums.by(job.sums["counts"], *head, part=part))


def a_past(house: House) -> None:
    """Twelve questions: nine answered, two never, one thanks."""
    bring(house, [
        *many(5), *many(4, "s", intent="problem", issue="support", by="support@shop.example", took=120),
        *many(2, "n", took=None), Asked("t@people.example", intent="thanks", took=None),
    ])  # fmt: skip


def test_each_message_counts_once_in_each_part_and_each_exchange_in_one_state(house: House) -> None:
    a_past(house)
    job = assessed(house.leo)
    assert job.messages == 12 == Interaction.objects.filter(direction="in").count()
    for part in (sums.CHANNEL, sums.INTENT, sums.HOUR, sums.LANGUAGE, sums.MONTH):
        assert sum(counts(job, part).values()) == 12, part
    assert counts(job, sums.EXCHANGE) == {"answered": 9, "never": 2, "quiet": 1}
    assert counts(job, sums.INTENT) == {"question": 7, "problem": 4, "thanks": 1}
    assert counts(job, sums.BY) == {"a:billing@shop.example": 5, "a:support@shop.example": 4}
    assert job.sums["counts"][sums.OURS] == 9


def test_how_long_answers_took_is_measured_in_business_hours_and_round_the_clock(house: House) -> None:
    bring(house, [Asked("a@people.example", took=60), Asked("b@people.example", took=24 * 60)])
    job = assessed(house.leo)
    clock = counts(job, sums.FIRST, "all", "clock", "")
    business = counts(job, sums.FIRST, "all", "open", "")
    assert clock == {str(bucket_of(60)): 1, str(bucket_of(24 * 60)): 1}
    assert business == {str(bucket_of(60)): 1, str(bucket_of(8 * 60)): 1}


def test_what_was_never_answered_is_a_list_as_long_as_its_number(house: House) -> None:
    a_past(house)
    job = assessed(house.leo)
    found = queries.exchanges_for(house.leo, job, "never", {})
    assert {one.interaction.author for one in found} == {"n0@people.example", "n1@people.example"}
    assert found.filter(intent="question").count() == counts(job, sums.EXCHANGE, "never", part=1)["question"] == 2
    slow = queries.exchanges_for(house.leo, job, "first", {})
    assert slow[0].minutes == 120 and slow.count() == 9


def test_nobody_of_the_past_waited_longer_than_to_its_last_words(house: House) -> None:
    bring(house, [Asked("a@people.example", took=None), Asked("b@people.example", after=300, took=60)])
    assessed(house.leo)
    assert AssessmentExchange.objects.get(kind="never").minutes == 360


def test_what_came_in_live_counts_as_well_and_can_be_left_out(house: House) -> None:
    a_past(house)
    house.hear("Where is my parcel?", occurred_at=timezone.now().isoformat())
    house.hear("I am away.", author="m@people.example")
    house.settle()
    Interaction.objects.filter(author="m@people.example").update(automatic="auto-reply")
    whole, only = assessed(house.leo), assessed(house.leo, live_too=False)
    assert (whole.messages, only.messages) == (13, 12)
    assert whole.sums["counts"][sums.MACHINES] == 1


def test_what_somebody_ended_without_an_answer_was_decided_not_forgotten(house: House) -> None:
    house.hear("Buy my watches.", author="w@people.example", public=False)
    house.hear("Where is my parcel?", author="v@people.example", public=False)
    house.settle()
    endings.end(house.mona, house.case("w@people.example"), how="no_response", reason="an offer")
    house.settle()
    Reading.objects.update(intent="question")
    states = counts(assessed(house.leo), sums.EXCHANGE)
    assert states == {"decided": 1, "never": 1}


def test_only_the_days_that_were_asked_for_are_counted(house: House) -> None:
    bring(house, [Asked("a@people.example"), Asked("b@people.example", after=3 * 24 * 60)])
    job = assessed(house.leo, since=MONDAY + timedelta(days=2), until=MONDAY + timedelta(days=9))
    assert job.messages == 1 and counts(job, sums.EXCHANGE) == {"answered": 1}
    with pytest.raises(Refused, match="later one"):
        commands.begin(house.leo, since=MONDAY, until=MONDAY)


def test_nothing_is_written_but_the_assessment_itself_and_the_log(house: House) -> None:
    a_past(house)
    job = commands.begin(house.leo)
    held = lease.claim(AssessmentTodo, 1)
    before = _written()
    commands.carry_out(held)
    after = _written()
    assert {name for name, count in after.items() if count != before.get(name, 0)} <= OURS
    assert AuditEntry.objects.filter(verb="assessed", subject=f"assessment {job.pk}").count() == 1


def _written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


@pytest.fixture
def two_brands(house: House) -> Channel:
    """A second brand with a past of its own."""
    other = Brand.objects.create(key="other", name="Other")
    box = Channel.objects.create(kind="demo", place="email", address="o@other.example", name="Other box", brand=other,
                                 settings={"network": "email"})  # fmt: skip
    a_past(house)
    bring(house, many(3, "secret", took=None), box)
    return box


def lead_of(brand: Brand | None, team: str = "", role: str = Role.LEAD) -> User:
    """Somebody with one role."""
    user = User.objects.create_user("lea@shop.example", "Lea", "a good password")
    Membership.objects.create(
        user=user, role=role, brand=brand, team=Team.objects.get(key=team) if team else None
    )  # fmt: skip
    return user


def test_a_lead_of_one_brand_counts_nothing_of_another(house: House, two_brands: Channel) -> None:
    lea = lead_of(house.brand)
    job = assessed(lea)
    assert job.messages == 12
    assert str(two_brands.pk) not in counts(job, sums.CHANNEL)
    assert not AssessmentExchange.objects.filter(assessment=job, channel=two_brands.pk).exists()
    with pytest.raises(Refused, match="channels"):
        commands.begin(lea, channels=[two_brands])
    with pytest.raises(Refused, match="no channel"):
        commands.begin(lea, brand=two_brands.brand)


def test_a_lead_of_one_team_counts_what_it_owns(house: House) -> None:
    a_past(house)
    Case.objects.filter(identity__address__startswith="n").update(team="sales")
    job = assessed(lead_of(house.brand, "sales"))
    assert job.messages == 2 and counts(job, sums.EXCHANGE) == {"never": 2}
    assert sums.OURS not in job.sums["counts"]


def test_what_is_restricted_counts_for_administrators_alone(house: House) -> None:
    a_past(house)
    secret = Case.objects.get(identity__address="n0@people.example").conversation
    Restriction.objects.create(conversation=secret, made_by=house.leo)
    assert assessed(house.leo).messages == 11
    assert assessed(lead_of(None, role=Role.ADMIN)).messages == 12


def test_a_report_goes_out_of_sight_with_the_rights_it_was_counted_with(house: House, two_brands: Channel) -> None:
    lea = lead_of(None)
    job = assessed(lea)
    assert job.messages == 15 and queries.assessment_for(lea, job.pk)
    Membership.objects.filter(user=lea).update(brand=house.brand)
    assert queries.assessment_for(lea, job.pk) is None and queries.assessments_for(lea) == []
    assert queries.assessment_for(house.leo, job.pk) is None, "another lead reads it no more than theirs is read"


def test_who_leads_nothing_assesses_nothing(house: House) -> None:
    with pytest.raises(NotAllowed):
        commands.begin(house.mona)
    assert queries.assessments_for(house.mona) == []


def test_a_worker_that_dies_leaves_nothing_counted_twice(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    a_past(house)
    monkeypatch.setattr(work, "CHUNK", 5)
    job = commands.begin(house.leo)
    dead = lease.claim(AssessmentTodo, 1)
    work.step(Assessment.objects.get(pk=job.pk), work.begun(job), dead)
    AssessmentTodo.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    late = Assessment.objects.get(pk=job.pk)
    assert (late.done, late.total) == (5, 12)
    counted, other = work.begun(late), lease.claim(AssessmentTodo, 1)
    with pytest.raises(lease.LeaseLost):
        work.step(late, counted, dead)
    commands.carry_out(other)
    job.refresh_from_db()
    assert (job.state, job.messages, job.done) == ("done", 12, 12)
    assert AssessmentExchange.objects.filter(kind="never").count() == 2


def test_one_that_is_stopped_keeps_what_it_counted_and_goes_with_all_it_has(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_past(house)
    monkeypatch.setattr(work, "CHUNK", 5)
    job = commands.begin(house.leo)
    work.step(job, work.begun(job), lease.claim(AssessmentTodo, 1))
    assert commands.cancel(house.leo, job) and not commands.cancel(house.leo, job)
    assert not jobs.assess()
    job.refresh_from_db()
    assert (job.state, job.messages, job.proposals) == ("cancelled", 5, [])
    commands.throw_away(house.leo, job)
    assert not Assessment.objects.exists() and not AssessmentExchange.objects.exists()


def test_three_of_one_user_wait_at_most(house: House) -> None:
    a_past(house)
    for _ in range(commands.MOST_WAITING):
        commands.begin(house.leo)
    with pytest.raises(Refused, match="still run"):
        commands.begin(house.leo)


def test_a_chunk_takes_as_many_statements_whatever_it_holds(house: House) -> None:
    def took(count: int, name: str) -> int:
        bring(house, many(count, name))
        job = commands.begin(house.leo)
        counted, held = work.begun(job), lease.claim(AssessmentTodo, 1)
        with CaptureQueriesContext(connection) as statements:
            work.step(job, counted, held)
        commands.cancel(house.leo, job)
        return len(statements)

    assert took(3, "few") == took(60, "many")


def test_a_chunk_holds_no_more_than_so_many_messages_but_at_least_one_conversation(house: House) -> None:
    a_past(house)
    channels = [house.mailbox.pk]
    them = past.numbers(channels, 0, 10**9, 100, 6)
    assert 3 <= len(them) < 12 and Interaction.objects.filter(conversation__in=them).count() <= 6
    assert len(past.numbers(channels, 0, 10**9, 100, 1)) == 1
