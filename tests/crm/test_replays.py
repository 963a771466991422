"""Replays over a company's own past: what is in force gives no difference, a changed row exactly its own."""

import json
import os
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from armature.crm import jobs, lease
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import AuditEntry, Membership, Role, Team, User
from armature.crm.act import commands, endings
from armature.crm.act.models import Case
from armature.crm.decide import drafts, versions
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import Judgement
from armature.crm.learn.replays import child, past, queries, work
from armature.crm.learn.replays import commands as replays
from armature.crm.learn.replays.models import Replay, ReplayChange, ReplayTodo
from armature.crm.listen.models import Interaction, Revision
from house import House
from visitors import to_approve

OURS = {"learn_replay", "learn_replaytodo", "learn_replaychange"}


def table(house: House, row: str, key: str = "business_rules", **then: object) -> Draft:
    """A draft in which one row says something else."""
    body = json.loads(versions.newest_tables()[key].body)
    next(one for one in body["rows"] if one["id"] == row)["then"].update(then)
    return drafts.begin(house.leo, "table", key, name="Rules", body=json.dumps(body))


def busy(house: House) -> House:
    """People wrote: one was judged, one answered and approved, one ended by hand, some wait, one is set aside."""
    house.let_the_reader_judge()
    to_approve(house)
    house.hear("Please cancel my subscription.", author="a@people.example", public=False)
    house.hear("Where is my parcel?", author="b@people.example", public=False)
    house.hear("This is a terrible service!", author="c@people.example")
    house.hear("I am away.", author="d@people.example", automatic="auto-reply")
    house.settle()
    endings.end(house.mona, house.case("b@people.example"), how="closed")
    commands.judge_intent(house.mona, house.case("c@people.example"), intent="complaint")
    house.settle()
    return house


def run(house: House, *drawn: Draft, over: dict[str, Any] | None = None, **more: Any) -> Replay:
    """To its end, in this process."""
    job = replays.begin(house.leo, drawn, over or {}, **more)
    replays.carry_out(lease.claim(ReplayTodo, 1))
    job.refresh_from_db()
    return job


def rows_everywhere() -> dict[str, int]:
    """How many rows every table was ever given, or had changed or taken away, in this transaction or before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


def test_what_is_in_force_over_its_own_past_differs_in_nothing(house: House) -> None:
    busy(house)
    job = run(house)
    assert (job.state, job.changed, job.done, job.total) == (
        "done",
        0,
        Interaction.objects.filter(direction="in").count(),
        job.done,
    )
    assert job.total >= 5
    assert not ReplayTodo.objects.exists()


def test_the_reader_in_use_and_the_facts_of_now_differ_in_nothing_right_after(house: House) -> None:
    busy(house)
    assert run(house, reader=0).changed == 0
    assert run(house, today=True).changed == 0


def test_a_complaint_does_not_count_itself_among_those_of_today(house: House) -> None:
    house.hear("This is a terrible service, I complain!", occurred_at=timezone.now().isoformat())
    house.settle()
    commands.judge_intent(house.mona, house.case(), intent="complaint")
    house.settle()
    one = next(iter(work.Bench(work.Tried({}), today=True).compare(past.numbers({}, 0, 0, 10**9, 10))))
    assert one.after.moments[-1].facts["complaints_30d"] == 0


def test_one_changed_row_gives_exactly_what_it_decided(house: House) -> None:
    busy(house)
    job = run(house, table(house, "R04", team="legal"))
    found = ReplayChange.objects.select_related("interaction")
    assert {one.interaction.author for one in found} == {"ingrid@people.example", "a@people.example"}
    fired = Judgement.objects.filter(current=True, rows__contains=["business_rules:R04"])
    assert {one.interaction_id for one in found} == set(fired.values_list("interaction", flat=True))
    was = found[0].changes["team"][0]
    assert all(one.changes == {"team": [was, "legal"]} for one in found)
    assert job.sums[f"move:{was}>legal"] == job.changed == 2
    assert job.sums[f"load:before:{was}:10"] >= 2


def test_a_person_who_would_be_needed_and_was_not_is_counted(house: House) -> None:
    busy(house)
    everybody = {"judging": "draft", "judge_team": "evaluation", "judge_minutes": 30}
    job = run(house, table(house, "J04", "who_judges", **everybody))
    assert job.sums["would_ask:intent"] == job.changed > 0


def test_nothing_is_written_but_its_own_tables(house: House) -> None:
    busy(house)
    drawn = table(house, "R04", team="legal")
    job = replays.begin(house.leo, [drawn], {}, today=True, reader=0)
    before = rows_everywhere()
    replays.carry_out(lease.claim(ReplayTodo, 1))
    after = rows_everywhere()
    assert {name for name, count in after.items() if count != before.get(name, 0)} <= OURS
    assert Replay.objects.get(pk=job.pk).state == "done"
    assert {model._meta.db_table for model in apps.get_models()} >= OURS


def test_a_chunk_costs_the_same_few_statements_however_many_there_are(house: House) -> None:
    busy(house)
    bench = work.Bench(work.Tried({}), today=True)

    def cost(them: list[int]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            list(bench.compare(them))
        return len(found)

    them = past.numbers({}, 0, 0, 10**9, 100)
    cost(them)
    assert cost(them) == cost(them[:1])


def test_it_goes_on_where_it_was_after_a_restart(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    busy(house)
    monkeypatch.setattr(work, "CHUNK", 2)
    job = replays.begin(house.leo, [], {})
    turns = iter([True, False])
    work.go_on(lease.claim(ReplayTodo, 1), lambda: next(turns))
    job.refresh_from_db()
    assert (job.done, job.state) == (2, "running")
    ReplayTodo.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    replays.carry_out(lease.claim(ReplayTodo, 1))
    job.refresh_from_db()
    assert (job.done, job.state) == (job.total, "done")


def test_one_that_is_stopped_writes_no_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    busy(house)
    monkeypatch.setattr(work, "CHUNK", 1)
    job = replays.begin(house.leo, [], {})
    held, turns = lease.claim(ReplayTodo, 1), []

    def going() -> bool:
        turns.append(1)
        return len(turns) < 2 or replays.cancel(house.leo, job)

    replays.carry_out(held, going)
    job.refresh_from_db()
    assert (job.state, job.done) == ("cancelled", 1)
    assert not replays.cancel(house.leo, job)
    assert AuditEntry.objects.filter(verb="stopped a replay").count() == 1


def test_a_draft_that_cannot_run_is_refused_with_what_to_mend(house: House) -> None:
    drawn = table(house, "R04", sla_minutes="many")
    with pytest.raises(Refused, match="cannot run yet"):
        replays.begin(house.leo, [drawn], {})
    assert not Replay.objects.exists()


def test_only_leads_begin_one_and_see_it(house: House) -> None:
    with pytest.raises(NotAllowed):
        replays.begin(house.mona, [], {})
    job = run(house)
    assert list(queries.replays_for(house.leo)) == [job]
    assert not queries.replays_for(house.mona)
    other = User.objects.create_user("lea@shop.example", "Lea", "a good password")
    Membership.objects.create(user=other, role=Role.LEAD)
    assert not queries.replays_for(other)


def test_three_at_once_are_enough(house: House) -> None:
    for _ in range(replays.MOST_WAITING):
        replays.begin(house.leo, [], {})
    with pytest.raises(Refused, match="still run"):
        replays.begin(house.leo, [], {})


def test_the_list_holds_only_cases_one_may_see_and_says_how_many_are_left_out(house: House) -> None:
    busy(house)
    job = run(house, table(house, "R04", team="legal"))
    legal = User.objects.create_user("lou@shop.example", "Lou", "a good password")
    Membership.objects.create(user=legal, role=Role.LEAD, team=Team.objects.get(key="marketing"))
    assert queries.changes_for(house.leo, job).count() == 2
    assert queries.changes_for(legal, job).count() == 0
    assert queries.left_out(job, "", 0) == (2, 0)
    job.changed = 12
    assert queries.left_out(job, "", 1) == (1, 10)


@pytest.mark.parametrize(
    ("over", "count"),
    [
        ({"last": 2}, 2),
        ({"intent": "complaint"}, None),
        ({"since": "2030-01-01T00:00:00+00:00"}, 0),
        ({"until": "2030-01-01T00:00:00+00:00"}, None),
        ({"team": "nobody"}, 0),
        ({"channel": 10**9}, 0),
        ({"brand": 10**9}, 0),
    ],
)
def test_a_part_of_the_past(house: House, over: dict[str, Any], count: int | None) -> None:
    busy(house)
    job = run(house, over=over)
    assert (job.state, job.changed) == ("done", 0)
    assert job.done == job.total
    assert job.total == count if count is not None else job.total > 0


def test_what_was_edited_since_is_read_as_it_was_then(house: House) -> None:
    house.hear("Please cancel my subscription.", public=False)
    house.settle()
    one = Interaction.objects.get(direction="in")
    for kind, text in (("original", one.text), ("edited", "there was a lawsuit")):
        Revision.objects.create(
            channel=one.channel, external_id=one.external_id, interaction=one, kind=kind, at=timezone.now(), text=text,
            digest=kind,
        )  # fmt: skip
    Interaction.objects.update(text="there was a lawsuit", edited_at=timezone.now())
    assert run(house).changed == 0
    bench = work.Bench(work.Tried({}), records=past.Past(words=False))
    assert next(iter(bench.compare([one.pk]))).found


def test_both_sides_of_a_change_are_reckoned_anew(house: House) -> None:
    busy(house)
    job = run(house, table(house, "R04", team="legal"))
    both = queries.both(job, ReplayChange.objects.latest("id"))
    assert both is not None
    assert both.after.said["team"] == "legal"
    assert both.before.rows == both.after.rows
    assert isinstance(queries.case_of(house.leo, ReplayChange.objects.latest("id")), Case)


def test_one_that_fails_again_and_again_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    job = replays.begin(house.leo, [], {})
    monkeypatch.setattr(child, "run", lambda held: 1 / 0)
    for _ in range(lease.TRIES):
        ReplayTodo.objects.update(leased_until=None)
        jobs.replay()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "division" in job.problem
    assert not ReplayTodo.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_runs_in_a_process_of_its_own(open_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    open_house.hear("Please cancel my subscription.", public=False)
    open_house.settle()
    job = replays.begin(open_house.leo, [], {})
    there = connection.settings_dict
    monkeypatch.setenv("DATABASE_URL", address(there))
    monkeypatch.setenv("PGOPTIONS", "-c synchronous_commit=on")  # other tests set their database to be quick
    assert jobs.replay() == 1
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 1)


def address(there: dict[str, Any]) -> str:
    """The test's own database, as a child is told of it."""
    host = there["HOST"] or os.environ.get("PGHOST", "")
    return f"postgres://{there['USER']}:{there['PASSWORD']}@/{there['NAME']}?host={host}&port={there['PORT']}"
