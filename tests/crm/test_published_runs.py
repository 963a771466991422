"""Whatever can be put in force runs: no number, time or name that passes the check stops what comes in."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from armature.arm.calendar import HORIZON, Calendar
from armature.arm.process_map.terms import LONGEST, Duration
from armature.arm.rule.finding import Unfit
from armature.crm.accounts.access import Refused
from armature.crm.accounts.models import User
from armature.crm.decide import company_facts, drafts, plans, publishing, tables, versions
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import Judgement, ProcessMap
from house import House

pytestmark = pytest.mark.django_db


def _table(house: House, **then: Any) -> Draft:
    body = json.loads(versions.newest_tables()["business_rules"].body)
    for row in body["rows"]:
        row["then"] |= then
    return drafts.begin(house.leo, "table", "business_rules", name="Rules", body=json.dumps(body))


def _map(house: House, find: str, put: str) -> Draft:
    body = versions.newest_maps()["reactive"].body
    assert re.search(find, body)
    return drafts.begin(house.leo, "map", "reactive", name="Reactive", body=re.sub(find, put, body))


def _judged(house: House) -> int:
    house.hear("Please cancel my subscription.", author="new@people.example", public=False)
    house.settle()
    return Judgement.objects.count()


@pytest.mark.parametrize("minutes", [525_601, 2_200_000_000, 10**12, 10**28])
def test_a_promise_of_more_than_a_year_is_refused_by_row_and_field(house: House, anna: User, minutes: int) -> None:
    with pytest.raises(Unfit, match=r"R04, Minutes to answer: .* is not a number from 1 to 525600"):
        publishing.publish(anna, [_table(house, sla_minutes=minutes)], "Later")


@pytest.mark.parametrize("after", ["3651 days", "999999999 minutes", "999999999 days"])
def test_a_timer_of_more_than_ten_years_is_refused_by_step(house: House, anna: User, after: str) -> None:
    with pytest.raises(Unfit, match="a timer waits at most ten years"):
        publishing.publish(anna, [_map(house, 'arm:after="[^"]+"', f'arm:after="{after}"')], "Later")


def test_an_id_that_open_work_cannot_be_kept_under_is_refused_by_step(house: House, anna: User) -> None:
    with pytest.raises(Unfit, match="its id is longer than 80 characters"):
        publishing.publish(anna, [_map(house, r"\bJudge\b", "J" * 81)], "A long id")
    assert publishing.publish(anna, [_renamed(house, "J" * 80)], "The longest") and _judged(house)


def _renamed(house: House, key: str) -> Draft:
    drafts.give_up(house.leo, Draft.objects.get())
    return _map(house, r'(?<=id=")Judge(?=")|(?<=Ref=")Judge(?=")|(?<=Element=")Judge(?=")|(?<=>)Judge(?=<)', key)


def test_the_longest_promise_and_timer_run_in_whatever_hours(house: House, anna: User) -> None:
    drawn = [_table(house, sla_minutes=525_600), _map(house, 'arm:after="[^"]+"', 'arm:after="3650 days"')]
    publishing.publish(anna, drawn, "The longest")
    assert _judged(house)
    seldom = plans.Hours(1, Calendar((((0, 1),), *((),) * 6), ZoneInfo("UTC")))
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert plans.due(seldom, now, 525_600) == now + timedelta(days=HORIZON)


def test_what_was_published_before_there_was_a_longest_time_runs_on(house: House) -> None:
    newest = versions.newest_maps()["reactive"]
    body = re.sub('arm:after="[^"]+"', 'arm:after="999999999 days"', newest.body)
    ProcessMap.objects.filter(pk=newest.pk).update(body=body)
    rules = newest.tables.get(key="business_rules")
    changed = json.loads(rules.body)
    for row in changed["rows"]:
        row["then"]["sla_minutes"] = 10**12
    rules.body = json.dumps(changed)
    rules.save()
    plans._PLANS.clear()
    assert _judged(house)
    assert Duration(field="sla_minutes").of({"sla_minutes": 10**12}) == LONGEST


@pytest.mark.parametrize("escape", ["\\ud800", "\\u0000"])
def test_an_escape_that_no_text_can_hold_stays_a_text_and_is_found_fault_with(house: House, escape: str) -> None:
    from armature.arm.rule import read_table
    from armature.arm.rule.sheet import cell_raw

    cell = f'{{"one_of": ["{escape}"]}}'
    assert cell_raw(cell) == cell
    draft = _table(house)
    kept = drafts.keep(house.leo, draft, draft.body.replace('"cancel"', f'"{escape}"'), revision=draft.revision)
    read, faults = read_table(kept.body.encode())
    assert read is None and "not readable JSON" in faults[0].words
    assert publishing.findings([kept])


def test_a_rule_with_the_longest_names_is_counted_when_its_outcome_comes(house: House) -> None:
    draft = tables.new_table(house.leo, "a table that decides " * 4)
    assert len(f"{draft.key}_99:{'R' * 40}") <= 80


def test_the_catalogue_for_drawing_is_strict_and_the_one_for_running_takes_what_was_published() -> None:
    strict, lenient = company_facts.for_drawing(), company_facts.for_running()
    assert not strict["sla_minutes"].accepts(525_601) and lenient["sla_minutes"].accepts(525_601)


def test_a_draft_begun_anew_is_no_wording_that_somebody_looked_at_before(house: House, anna: User) -> None:
    first = _table(house, team="legal")
    drafts.give_up(house.leo, first)
    second = _table(house, team="support")
    assert second.revision != first.revision
    with pytest.raises(Refused):
        drafts.keep(house.leo, second, "{}", revision=first.revision)
