"""Every week what is automatic is held against people; they have it back by itself where it got worse."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from armature.arm.let_through import Count
from armature.crm import jobs, rows
from armature.crm.accounts.access import Refused
from armature.crm.accounts.models import AuditEntry, User
from armature.crm.act.models import Notice
from armature.crm.decide import publishing, tables, versions
from armature.crm.decide.drawn import Draft, Publisher
from armature.crm.decide.models import DecisionTable, Judgement, MapAssignment, ProcessMap
from armature.crm.learn.who_judges import bound, checking
from armature.crm.learn.who_judges.models import JudgesCheck, JudgesRule
from house import House
from labelled import SURE, labelled
from test_who_judges import KEY, drawn, in_force


def worse(house: House, right: int = 28, wrong: int = 4) -> None:
    house.let_the_reader_judge()
    labelled(house, right, wrong)


def test_the_weekly_check_gives_people_back_what_got_worse_and_tells_whoever_may_publish(
    house: House, anna: User
) -> None:
    Publisher.objects.create(user=house.mona, given_by=anna)
    worse(house)
    draft = drawn(house, "J01", "off")
    assert checking.look() == 1
    assert in_force().rows[3].then["judging"] == "suggest"
    newest = versions.newest_tables()[KEY]
    assert newest.version == 3 and newest.published_by is None
    assert "J04: 28 of 32 right" in newest.note and "asked for: 95 %" in newest.note
    assert MapAssignment.objects.get().map.tables.get(key=KEY) == newest, "in force from the next message on"
    told = Notice.objects.filter(kind=Notice.Kind.JUDGES)
    assert {one.user for one in told} == {anna, house.mona} and "J04" in told[0].text
    assert AuditEntry.objects.filter(verb="took automatic back", actor=None).count() == 1
    assert JudgesCheck.objects.get().result == JudgesCheck.Result.TAKEN_BACK
    assert Draft.objects.filter(pk=draft.pk, revision=draft.revision).exists(), "what somebody draws stays"
    with pytest.raises(Refused, match="published since"):
        publishing.publish(anna, [draft], "Undo it unseen")
    house.hear(SURE, author="new@people.example", public=False)
    house.settle()
    assert Judgement.objects.latest("id").outcome == "intent", "a person is asked"


def test_work_that_runs_stays_on_its_own_version(house: House, anna: User) -> None:
    worse(house)
    before = set(Judgement.objects.values_list("map__version", flat=True))
    checking.look()
    assert set(Judgement.objects.values_list("map__version", flat=True)) == before
    assert ProcessMap.objects.filter(key="reactive").count() == len(before | {1}) + 1


def test_what_keeps_the_bound_stays_and_too_few_change_nothing(house: House) -> None:
    house.let_the_reader_judge()
    labelled(house, 20, 9)
    assert checking.look() == 1
    check = JudgesCheck.objects.get()
    assert (check.result, check.cases, check.missing) == (JudgesCheck.Result.TOO_FEW, 29, 1)
    labelled(house, 100)
    JudgesRule.objects.update(checked_at=timezone.now() - timedelta(days=7), bound=Count(129, 120).lower)
    assert checking.look() == 1
    assert JudgesCheck.objects.latest("id").result == JudgesCheck.Result.KEPT
    assert versions.newest_tables()[KEY].version == 2


def test_what_was_read_more_than_ninety_days_ago_is_not_checked(house: House) -> None:
    worse(house)
    rows.run("UPDATE understand_reading SET read_at = read_at - interval '91 days'", [])
    checking.look()
    assert JudgesCheck.objects.get().cases == 0 and in_force().rows[3].then["judging"] == "automatic"


def test_raising_the_bound_breaks_nothing_until_the_next_check(house: House, anna: User) -> None:
    house.let_the_reader_judge()
    labelled(house, 40)
    bound.say(anna, 0.9)
    checking.look()
    bound.say(anna, 0.999)
    jobs.hourly()
    assert in_force().rows[3].then["judging"] == "automatic"
    JudgesRule.objects.update(checked_at=timezone.now() - timedelta(days=7))
    jobs.hourly()
    assert in_force().rows[3].then["judging"] == "suggest"


def test_once_a_week_is_once_a_week(house: House) -> None:
    worse(house)
    assert checking.look() == 1 and checking.look() == 0
    house.let_the_reader_judge()
    assert checking.look(timezone.now() + timedelta(days=6, hours=23)) == 0
    assert checking.look(timezone.now() + timedelta(days=7, minutes=1)) == 1
    assert JudgesCheck.objects.count() == 2


def test_an_earlier_form_of_the_table_goes_back_to_people_too(house: House) -> None:
    body = json.loads(in_force().to_json())
    body["outputs"] = ["needs_evaluation", *body["outputs"][1:]]
    for one in body["rows"]:
        one["then"].pop("judging")
        one["then"]["needs_evaluation"] = one["id"] != "J04"
    xml = ProcessMap.objects.get().body
    earlier = xml.replace("judging = automatic", "needs_evaluation = no")
    ProcessMap.objects.update(body=earlier)
    table = tables.published(DecisionTable(key=KEY, body=json.dumps(body)))
    publishing.replace(table, "As it was")
    labelled(house, 20, 15)
    assert checking.look() == 1
    assert in_force().rows[3].then["needs_evaluation"] is True


def test_killed_in_the_middle_nothing_is_half_done(house: House, anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    worse(house)
    monkeypatch.setattr(checking.notices, "tell", lambda *_any, **_more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        checking.look()
    assert versions.newest_tables()[KEY].version == 2
    assert not JudgesCheck.objects.exists() and bound.rule().checked_at is None
    monkeypatch.undo()
    assert checking.look() == 1 and versions.newest_tables()[KEY].version == 3


@pytest.mark.parametrize(("right", "wrong", "version"), [(28, 4, 3), (3, 0, 2)])
def test_two_workers_that_check_at_once_check_it_once(open_house: House, right: int, wrong: int, version: int) -> None:
    worse(open_house, right, wrong)
    JudgesRule.objects.create(pk=1)
    done: list[int] = []

    def work() -> None:
        try:
            done.append(checking.look())
        finally:
            connection.close()

    both = [threading.Thread(target=work) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(done) == [0, 1]
    assert versions.newest_tables()[KEY].version == version and JudgesCheck.objects.count() == 1
