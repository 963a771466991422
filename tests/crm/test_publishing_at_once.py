"""Two people draw, ask, give up, publish and assign in the same moment: nobody's words get in force or lost unseen."""

import json
import threading
from typing import Any

import pytest
from django.db import connection, transaction

from armature.crm.accounts.access import Refused
from armature.crm.accounts.models import AuditEntry, User
from armature.crm.decide import assigning, drafts, publishing, rule_lists, versions
from armature.crm.decide.drawn import Draft, RuleList
from armature.crm.decide.models import DecisionTable, MapAssignment, ProcessMap
from armature.crm.learn.replays import commands, work
from armature.crm.learn.replays.models import Replay, ReplayChange, ReplayTodo
from armature.crm.lease import Claim
from crm.together import together, well
from house import House, administrator


@pytest.fixture
def anna(open_house: House) -> User:
    """Administrator of the company."""
    return administrator()


def _rules(house: House, **change: object) -> Draft:
    body = json.loads(versions.newest_tables()["business_rules"].body)
    next(row for row in body["rows"] if row["id"] == "R04")["then"].update(change)
    return drafts.begin(house.leo, "table", "business_rules", name="Rules", body=json.dumps(body))


def _map(house: House) -> Draft:
    body = versions.newest_maps()["reactive"].body.replace('name="Judge intent"', 'name="Say why"')
    return drafts.begin(house.leo, "map", "reactive", name="Reactive", body=body)


def test_who_asks_asks_for_the_wording_that_they_looked_at(open_house: House, anna: User) -> None:
    publishing.say(anna, four_eyes=True)
    looked_at = _rules(open_house, team="legal")
    drafts.keep(anna, looked_at, looked_at.body.replace('"legal"', '"support"'), revision=looked_at.revision)
    with pytest.raises(drafts.DrawnMeanwhile, match="Anna"):
        drafts.ask(open_house.leo, looked_at, "Cancellations go to legal")
    with pytest.raises(Refused, match="asks for it first"):
        publishing.publish(anna, [Draft.objects.get()], "Mine alone")


def test_what_somebody_drew_meanwhile_is_not_given_up_unseen(open_house: House, anna: User) -> None:
    looked_at = _rules(open_house)
    drafts.keep(anna, looked_at, "{}", revision=looked_at.revision)
    with pytest.raises(drafts.DrawnMeanwhile):
        drafts.give_up(open_house.leo, looked_at)
    drafts.give_up(open_house.leo, Draft.objects.get())
    assert not Draft.objects.exists() and AuditEntry.objects.filter(verb="gave up a draft of a table").count() == 1


def test_no_list_changes_between_asking_and_publishing_where_two_must_publish(open_house: House, anna: User) -> None:
    publishing.say(anna, four_eyes=True)
    vips = rule_lists.keep(open_house.leo, "VIPs", ["ingrid@people.example"])
    body = json.loads(versions.newest_tables()["business_rules"].body)
    next(row for row in body["rows"] if row["id"] == "R04")["when"]["author"] = {"in_list": "vips"}
    body["inputs"].append("author")
    draft = drafts.begin(open_house.leo, "table", "business_rules", name="Rules", body=json.dumps(body))
    drafts.ask(open_house.leo, draft, "VIPs")
    rule_lists.keep(anna, "VIPs", ["anna@shop.example"], vips)
    with pytest.raises(Refused, match="The list “VIPs” changed since"):
        publishing.publish(anna, [Draft.objects.get()], "With a friend on the list")
    drafts.ask(open_house.leo, Draft.objects.get(), "VIPs, with Anna")
    assert publishing.publish(anna, [Draft.objects.get()], "Two of us")


def test_of_two_who_change_a_list_at_once_the_second_is_told(open_house: House, anna: User) -> None:
    vips = rule_lists.keep(open_house.leo, "VIPs", ["ingrid"])
    known = vips.reads_as
    rule_lists.keep(anna, "VIPs", ["ingrid", "bo"], RuleList.objects.get(), known=known)
    with pytest.raises(rule_lists.ChangedMeanwhile, match=r"Anna changed this list meanwhile.*bo"):
        rule_lists.keep(open_house.leo, "VIPs", ["ingrid", "cy"], RuleList.objects.get(), known=known)
    assert RuleList.objects.get().entries == ["ingrid", "bo"]
    rule_lists.remove(anna, RuleList.objects.get())
    with pytest.raises(Refused, match="removed meanwhile"):
        rule_lists.keep(open_house.leo, "VIPs", ["ingrid"], vips, known=known)


def test_of_two_who_publish_the_same_draft_at_once_one_does(open_house: House, anna: User) -> None:
    draft = _rules(open_house, team="legal")
    came = together(*[lambda: publishing.publish(anna, [draft], "Twice")] * 2)
    assert len(well(came)) == 1
    assert list(DecisionTable.objects.filter(key="business_rules").values_list("version", flat=True)) == [1, 2]
    assert MapAssignment.objects.get().map.version == 2


def test_a_map_and_its_table_published_by_two_at_once_end_in_one_newest_version(open_house: House, anna: User) -> None:
    drawn = [_rules(open_house, team="legal"), _map(open_house)]
    came = together(*(lambda one=one: publishing.publish(anna, [one], "At once") for one in drawn))  # type: ignore[misc]
    assert len(well(came)) == 2
    newest = ProcessMap.objects.latest("version")
    assert (newest.version, MapAssignment.objects.get().map) == (3, newest)
    assert newest.tables.get(key="business_rules").version == 2 and "Say why" in newest.body


def test_what_is_put_in_force_while_its_next_version_is_published_is_the_next_version(
    open_house: House, anna: User
) -> None:
    draft, went = _map(open_house), threading.Event()

    def publish() -> None:
        with transaction.atomic():
            publishing.publish(anna, [draft], "The next one")
            went.set()
            _wait_until_blocked()

    def assign() -> None:
        assert went.wait(60)
        assigning.assign(anna, "reactive", channel=open_house.mailbox)

    assert well(together(publish, assign)) == [None, None]
    assert set(MapAssignment.objects.values_list("map__version", flat=True)) == {2}


def _wait_until_blocked() -> None:
    """Until somebody waits for a lock, or has gone on without one."""
    for _each in range(40):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.05)")


def _replay(house: House) -> tuple[Replay, Claim]:
    house.hear("Please cancel my subscription.", public=False)
    house.settle()
    job = commands.begin(house.leo, [_rules(house, team="legal")], {})
    ReplayTodo.objects.update(token=7)
    return job, Claim(7, (job.pk,))


@pytest.mark.parametrize("deed", [commands.cancel, commands.throw_away])
def test_a_replay_that_is_stopped_while_its_worker_writes_is_stopped(open_house: House, deed: Any) -> None:
    job, held = _replay(open_house)
    wrote = threading.Event()

    def writes() -> None:
        mine = Replay.objects.get()
        with transaction.atomic():
            work.step(mine, work.bench(mine), held)
            wrote.set()
            _wait_until_blocked()

    def stops() -> None:
        assert wrote.wait(60)
        deed(open_house.leo, Replay.objects.get(pk=job.pk))

    came = together(writes, stops)
    assert not [one for one in came if isinstance(one, BaseException)]
    commands.carry_out(held)
    left = Replay.objects.first()
    assert left is None or left.state == Replay.State.CANCELLED
    assert left is not None or not ReplayChange.objects.exists()


def test_a_worker_that_is_about_to_write_while_a_replay_is_stopped_writes_no_more(open_house: House) -> None:
    job, held = _replay(open_house)
    begun, mine = threading.Event(), Replay.objects.get()

    def stops() -> None:
        with transaction.atomic():
            commands.cancel(open_house.leo, job)
            begun.set()
            _wait_until_blocked()

    def writes() -> None:
        bench = work.bench(mine)
        assert begun.wait(60)
        work.step(mine, bench, held)

    _stopped, wrote = together(stops, writes)
    assert "LeaseLost" in type(wrote).__name__
    assert Replay.objects.get().state == Replay.State.CANCELLED and not ReplayChange.objects.exists()
