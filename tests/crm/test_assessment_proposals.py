"""What an assessment proposes goes into drafts, one by one, once; what does not fit is refused in words."""

import json
from typing import Any

import pytest

from armature.arm.process_map import parse
from armature.crm import jobs
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import AuditEntry, Membership, Role, Team, User
from armature.crm.decide import drafts, tables, versions
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import DecisionTable
from armature.crm.learn.assessments import commands, taking
from armature.crm.learn.assessments.models import Assessment
from armature.crm.understand.models import Reading
from house import House
from said_before import bring, many


def assessed(house: House) -> Assessment:
    """All that there is, by Leo."""
    job = commands.begin(house.leo)
    while jobs.assess():
        pass
    job.refresh_from_db()
    return job


def number_of(job: Assessment, kind: str, side: str = "") -> int:
    """The proposal of this kind and side."""
    return next(n for n, one in enumerate(job.proposals) if (one["kind"], one["side"]) == (kind, side))


@pytest.fixture
def job(house: House) -> Assessment:
    """Thirty questions about invoices, which Billing answered by its own address, and thirty that Support answered."""
    Team.objects.create(key="billing", name="Billing")
    house.let_the_reader_judge()
    bring(house, [
        *many(30), *many(30, "s", intent="problem", issue="support", by="help.desk@shop.example"),
        *many(25, "c", intent="complaint", issue="delivery", took=None),
    ])  # fmt: skip
    return assessed(house)


def row_of(draft: Draft, row: str) -> dict[str, Any]:
    """A row of a drawn table."""
    return dict(next(one for one in json.loads(draft.body)["rows"] if one["id"] == row))


def test_an_address_with_the_name_of_a_team_stands_for_it_and_others_stay_desks(job: Assessment) -> None:
    assert {(one["kind"], one["side"]) for one in job.proposals} == {
        ("lane", "a:help.desk@shop.example"), ("lane", "billing"), ("routing", "a:help.desk@shop.example"),
        ("routing", "billing"), ("judging", ""),
    }  # fmt: skip


def test_an_accepted_row_stands_in_the_draft_above_the_row_that_takes_it_now(house: House, job: Assessment) -> None:
    number = number_of(job, "routing", "billing")
    before = json.loads(versions.newest_tables()["business_rules"].body)["rows"]
    at = taking.accept(house.leo, job, number, note="Thirty of thirty.")
    draft = Draft.objects.get(kind="table", key="business_rules")
    row = row_of(draft, at["row"])
    assert row["when"] == {"channel": {"one_of": ["email"]}, "intent": {"one_of": ["question"]},
                           "issue_type": {"one_of": ["billing"]}}  # fmt: skip
    assert (row["then"]["team"], row["then"]["sla_minutes"], row["note"]) == ("billing", 60, "Thirty of thirty.")
    ids = [one["id"] for one in json.loads(draft.body)["rows"]]
    below = job.proposals[number]["above"]
    assert ids[ids.index(at["row"]) + 1] == below and below in [one["id"] for one in before]
    now = next(one for one in before if one["id"] == below)
    kept = ("priority", "reply", "approval", "template", "mode")
    assert {key: row["then"][key] for key in kept} == {key: now["then"][key] for key in kept}
    assert DecisionTable.objects.filter(key="business_rules").count() == 1, "nothing is published"
    entry = AuditEntry.objects.get(verb="accepted a proposal")
    assert entry.actor == house.leo and entry.value.values["evidence"] == "Thirty of thirty."


def test_accepting_twice_writes_once_in_the_same_assessment_and_in_the_next(house: House, job: Assessment) -> None:
    number = number_of(job, "routing", "billing")
    first = taking.accept(house.leo, job, number)
    body = Draft.objects.get(kind="table").body
    assert taking.accept(house.leo, job, number) == first
    again = assessed(house)
    assert taking.accept(house.leo, again, number_of(again, "routing", "billing"))["row"] == first["row"]
    assert Draft.objects.get(kind="table").body == body


def test_a_lane_is_drawn_once_for_the_team(house: House, job: Assessment) -> None:
    number = number_of(job, "lane", "billing")
    taking.accept(house.leo, job, number)
    taking.accept(house.leo, job, number)
    drawn = parse(Draft.objects.get(kind="map", key="reactive").body.encode())[0]
    assert [lane.name for lane in drawn.lanes if lane.team == "billing"] == ["Billing"]


def test_what_a_desk_answered_needs_a_team_that_there_is(house: House, job: Assessment) -> None:
    number = number_of(job, "lane", "a:help.desk@shop.example")
    for chosen in ("", "nobody", "x\x00"[:1]):
        with pytest.raises(Refused, match="team"):
            taking.accept(house.leo, job, number, team=chosen)
    assert not Draft.objects.exists(), "a refusal leaves no draft behind"
    assert taking.accept(house.leo, job, number, team="support")["team"] == "support"


def test_a_person_looks_where_complaints_were_never_answered(house: House, job: Assessment) -> None:
    at = taking.accept(house.leo, job, number_of(job, "judging"))
    row = row_of(Draft.objects.get(key="who_judges"), at["row"])
    assert row["then"]["judging"] == "suggest" and row["then"]["judge_team"] == "evaluation"
    assert row["when"]["intent"] == {"one_of": ["complaint"]} and row["when"]["confidence"] == {">=": 0.8}


def test_people_who_said_otherwise_than_the_reader_are_evidence(house: House) -> None:
    house.let_the_reader_judge()
    bring(house, many(30))
    for one in list(Reading.objects.filter(current=True, interaction__direction="in")):
        Reading.objects.filter(pk=one.pk).update(current=False)
        one.pk, one.user, one.intent_id, one.confidence = None, house.mona, "complaint", 1.0
        one.save()
    job = assessed(house)
    found = next(one for one in job.proposals if one["kind"] == "judging")
    assert (found["why"], found["numbers"]["count"], found["numbers"]["intent"]) == ("differs", 30, "question")


def test_a_row_that_would_never_fire_is_refused_in_words(house: House, job: Assessment) -> None:
    number = number_of(job, "routing", "billing")
    body = json.loads(versions.newest_tables()["business_rules"].body)
    wide = {**body["rows"][-1], "id": "R50", "when": {"intent": {"one_of": ["question"]}}}
    body["rows"].insert(0, wide)
    body["rows"] = [one for one in body["rows"] if one["id"] not in ("R11", "R12")]
    draft = drafts.begin(house.leo, "table", "business_rules", name="Rules", body=json.dumps(body))
    with pytest.raises(Refused, match="does not fit into the draft"):
        taking.accept(house.leo, job, number)
    draft.refresh_from_db()
    assert not draft.before.exists() and not Assessment.objects.get(pk=job.pk).answers


def test_a_row_whose_place_is_gone_and_a_draft_with_faults_are_refused(house: House, job: Assessment) -> None:
    number = number_of(job, "routing", "billing")
    body = json.loads(versions.newest_tables()["business_rules"].body)
    above = job.proposals[number]["above"]
    renamed = [{**one, "id": "R99" if one["id"] == above else one["id"]} for one in body["rows"]]
    draft = drafts.begin(house.leo, "table", "business_rules", name="Rules",
                         body=json.dumps({**body, "rows": renamed}))  # fmt: skip
    with pytest.raises(Refused, match="not in the draft any more"):
        taking.accept(house.leo, job, number)
    body["rows"][0]["then"]["team"] = "no such team"
    tables.drafts.keep(house.leo, draft, json.dumps(body), revision=draft.revision)
    with pytest.raises(Refused, match="Mend the draft"):
        taking.accept(house.leo, job, number)


def test_what_was_put_away_stays_away_and_is_logged(house: House, job: Assessment) -> None:
    taking.put_away(house.leo, job, 0)
    taking.put_away(house.leo, job, 0)
    job.refresh_from_db()
    assert job.answers["0"]["what"] == "dismissed"
    assert AuditEntry.objects.filter(verb="put a proposal away").count() == 1
    with pytest.raises(Refused, match="none of its proposals"):
        taking.put_away(house.leo, job, 99)


def test_nobody_else_accepts(house: House, job: Assessment) -> None:
    other = User.objects.create_user("lea@shop.example", "Lea", "a good password")
    Membership.objects.create(user=other, role=Role.LEAD)
    for user in (other, house.mona):
        with pytest.raises(NotAllowed):
            taking.accept(user, job, 0)
    assert not Draft.objects.exists()


def test_without_a_map_in_force_nothing_can_be_drawn(house: House, job: Assessment) -> None:
    Assessment.objects.update(map=None)
    for number in range(len(job.proposals)):
        with pytest.raises(Refused):
            taking.accept(house.leo, job, number, team="support")
