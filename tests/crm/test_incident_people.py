"""Who joins an incident and who does not, whom it reaches, and what its leads hear."""

from datetime import timedelta

import pytest
from django.utils import timezone

from armature.arm.channel import Capabilities
from armature.crm import jobs
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Brand
from armature.crm.act import (
    bulk,
    endings,
    incident_sight,
    incidents,
    queries,
    statements,
)
from armature.crm.act.models import BulkJob, Case, Incident, Joined, Notice
from armature.crm.act.work import Refused
from armature.crm.channels.lines import Demo
from armature.crm.channels.port import Outgoing
from armature.crm.listen.models import Channel
from house import House
from test_endings import broken
from test_incidents import begun, cast, released, with_joined
from visitors import stranger, to_answer, to_judge


def test_who_joins_late_gets_it_when_somebody_says_so(house: House, left: list[Outgoing]) -> None:
    incident = with_joined(house, 2)
    released(house, incident)
    house.settle()
    late = to_judge(house, author="late@people.example")
    incidents.join(house.mona, late, incident)
    house.settle()
    assert len(left) == 2
    assert statements.send_to_rest(house.mona, incident) == 1
    house.settle()
    assert [one.recipients for one in left[2:]] == [("late@people.example",)]
    with pytest.raises(Refused, match="Everybody"):
        statements.send_to_rest(house.mona, incident)
    house.settle()
    assert len(left) == 3


def test_who_cannot_be_reached_in_private_is_listed_and_answered_in_their_case(
    house: House, left: list[Outgoing], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Demo, "capabilities", lambda *_: Capabilities(reads=True, public_reply=True))
    case = to_judge(house, author="somebody")
    incident = begun(house)
    incidents.join(house.mona, case, incident)
    released(house, incident)
    house.settle()
    assert left == []
    one = Joined.objects.get()
    assert (one.response, "in private" in one.why) == (None, True)
    assert house.case("somebody").form == "intent"


def test_a_case_waits_for_the_words_of_one_incident_at_a_time(house: House) -> None:
    (case,) = cast(house, 1)
    first, second = begun(house), begun(house)
    incidents.join(house.mona, case, first)
    incidents.join(house.mona, case, first)
    with pytest.raises(Refused, match="another incident"):
        incidents.join(house.mona, case, second)
    incidents.leave(house.mona, case, first)
    incidents.join(house.mona, case, second)
    assert Joined.objects.get().incident == second


def test_who_has_the_words_cannot_leave_and_a_closed_incident_takes_nobody(house: House) -> None:
    incident = with_joined(house, 1)
    (case,) = cast(house, 0)
    released(house, incident)
    with pytest.raises(Refused, match="being sent"):
        incidents.close(house.mona, incident)
    house.settle()
    with pytest.raises(Refused, match="cannot leave"):
        incidents.leave(house.mona, case, incident)
    other = to_judge(house, author="late@people.example")
    incidents.join(house.mona, other, incident)
    incidents.close(house.mona, incident)
    assert list(Joined.objects.values_list("case", flat=True)) == [case.pk]
    with pytest.raises(Refused, match="closed"):
        incidents.join(house.mona, other, incident)
    with pytest.raises(Refused, match="closed"):
        statements.send_to_rest(house.mona, incident)


def test_an_ended_case_that_joined_is_told_too(house: House, left: list[Outgoing]) -> None:
    case = to_answer(house)
    endings.end(house.mona, case, how="resolved")
    incident = begun(house)
    incidents.join(house.mona, house.case(), incident)
    released(house, incident)
    house.settle()
    assert len(left) == 1
    assert house.case().form == "feedback"
    assert broken() == []


def test_a_case_of_another_brand_does_not_join(house: House) -> None:
    (case,) = cast(house, 1)
    Channel.objects.update(brand=Brand.objects.create(key="cabins", name="Cabins"))
    with pytest.raises(Refused, match="another brand"):
        incidents.join(house.mona, queries.case_for(house.mona, case.pk), begun(house))


def test_an_incident_of_another_team_is_not_there(house: House) -> None:
    incident, sally = begun(house), stranger()
    with pytest.raises(Incident.DoesNotExist):
        incident_sight.incident_for(sally, incident.pk)
    with pytest.raises(Incident.DoesNotExist):
        incident_sight.incident_for(house.olga, incident.pk)
    for user in (sally, house.olga, house.nia):
        with pytest.raises(NotAllowed):
            incidents.begin(user, title="Mine", team=incident.team, brand=incident.brand)
    with pytest.raises(NotAllowed):
        statements.keep(sally, incident, text="Mine.", version=0)


def test_bulk_work_opens_an_incident_lets_cases_join_and_undoes_it(house: House) -> None:
    for case in cast(house, 3):
        Case.objects.filter(pk=case.pk).update(team="support")
    job = bulk.ask(house.mona, deed="incident", values={"title": "A van"}, chosen=queries.cases_for(house.mona))
    while jobs.bulk_work():
        pass
    assert (Incident.objects.get().title, Joined.objects.count()) == ("A van", 3)
    bulk.undo(house.mona, BulkJob.objects.get(pk=job.pk))
    while jobs.bulk_work():
        pass
    assert Joined.objects.count() == 0
    with pytest.raises(Refused, match="open incident"):
        bulk.ask(house.mona, deed="incident", values={}, chosen=queries.cases_for(house.mona))


def test_leads_hear_once_of_a_statement_that_is_late(house: House) -> None:
    incident = begun(house, due=timezone.now() + timedelta(hours=1))
    assert incidents.tell_late() == 0
    Incident.objects.filter(pk=incident.pk).update(due_at=timezone.now())
    assert (incidents.tell_late(), incidents.tell_late()) == (1, 0)
    assert list(Notice.objects.filter(kind="incident").values_list("user", flat=True)) == [house.leo.pk]
