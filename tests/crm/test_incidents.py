"""One cause, many cases: they join, one response is written, another releases it, each gets it once in private."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from armature.crm import jobs
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import AuditEntry, Team
from armature.crm.act import (
    approvals,
    incidents,
    outbox,
    queries,
    responses,
    spreading,
    statements,
)
from armature.crm.act.models import Case, Delivery, Incident, Joined, Notice, Response, Statement
from armature.crm.act.work import Refused
from armature.crm.channels.port import Outgoing
from house import House
from test_endings import broken
from visitors import to_answer, to_judge

TEXT = "The carrier lost a van. Your parcel comes on Friday."


def cast(house: House, count: int) -> list[Case]:
    """So many people who wrote about the same."""
    for number in range(count):
        house.hear("My parcel has not come.", author=f"p{number}@people.example")
    house.settle()
    return list(queries.cases_for(house.mona).filter(identity__address__startswith="p").order_by("pk"))


def begun(house: House, **more: Any) -> Incident:
    """An incident of support."""
    given = {"title": "A van is lost", "team": Team.objects.get(key="support"), "brand": house.brand}
    return incidents.begin(house.mona, **{**given, **more})


def with_joined(house: House, count: int) -> Incident:
    """An incident that so many joined."""
    incident = begun(house)
    assert not incidents.join_all(house.mona, cast(house, count), incident)
    return incident


def handed_in(house: House, incident: Incident, text: str = TEXT) -> Statement:
    """Its words, waiting for somebody else's."""
    now = statements.of(incident)
    return statements.keep(house.mona, incident, text=text, version=now.version if now else 0, hand_in=True)


def released(house: House, incident: Incident) -> int:
    """Its words on their way into the outbox."""
    return statements.release(house.leo, incident, digest=handed_in(house, incident).digest)


def test_everybody_who_joined_gets_the_words_once_where_they_spoke(house: House, left: list[Outgoing]) -> None:
    incident = with_joined(house, 5)
    assert released(house, incident) == 5
    house.settle()
    assert {(one.recipients, one.text, one.public) for one in left} == {
        ((f"p{number}@people.example",), TEXT, False) for number in range(5)
    }
    assert len(left) == 5
    assert set(Case.objects.filter(incidents__incident=incident).values_list("form", "status")) == {
        ("feedback", "pending")
    }
    assert set(Response.objects.values_list("kind", "state")) == {("macro", "sent")}
    assert broken() == []


def test_words_that_nobody_else_released_do_not_leave(house: House, left: list[Outgoing]) -> None:
    incident = with_joined(house, 2)
    waiting = handed_in(house, incident)
    house.settle()
    with pytest.raises(NotAllowed):
        statements.release(house.mona, incident, digest=waiting.digest)
    with pytest.raises(NotAllowed):
        statements.release(house.nia, incident, digest=waiting.digest)
    with pytest.raises(Refused, match="changed after"):
        statements.release(house.leo, incident, digest="0" * 64)
    house.settle()
    assert left == []
    assert Delivery.objects.count() == 0


def test_a_lead_does_not_release_what_they_wrote(house: House) -> None:
    incident = with_joined(house, 1)
    waiting = statements.keep(house.leo, incident, text=TEXT, version=0, hand_in=True)
    with pytest.raises(NotAllowed, match="Somebody else"):
        statements.release(house.leo, incident, digest=waiting.digest)


def test_words_that_were_changed_in_the_database_after_their_release_do_not_leave(
    house: House, left: list[Outgoing]
) -> None:
    incident = with_joined(house, 2)
    released(house, incident)
    spreading.spread()
    Response.objects.update(text="Buy our shoes.")
    house.settle()
    assert left == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"failed"}


def test_an_approval_that_lapsed_sends_nothing_and_says_so(house: House, left: list[Outgoing]) -> None:
    incident = with_joined(house, 2)
    released(house, incident)
    Statement.objects.update(holds_until=timezone.now() - timedelta(seconds=1))
    house.settle()
    assert left == []
    assert ["hand the statement in again" in one.why for one in Joined.objects.all()] == [True, True]
    with pytest.raises(Refused, match="no longer holds"):
        statements.send_to_rest(house.mona, incident)
    assert released(house, incident) == 2
    house.settle()
    assert len(left) == 2


def test_who_sends_it_back_says_why_and_its_writer_may_write_again(house: House, left: list[Outgoing]) -> None:
    incident = with_joined(house, 1)
    waiting = handed_in(house, incident)
    with pytest.raises(Refused, match="few words"):
        statements.send_back(house.leo, incident, digest=waiting.digest, reason=" ")
    statements.send_back(house.leo, incident, digest=waiting.digest, reason="Say which Friday.")
    now = statements.of(incident)
    assert now is not None
    assert (now.state, now.why) == ("draft", "Leo: Say which Friday.")
    assert Notice.objects.filter(user=house.mona, kind="incident").count() == 1
    assert released(house, incident) == 1
    house.settle()
    assert len(left) == 1


def test_two_who_write_at_once_do_not_write_over_each_other(house: House) -> None:
    incident = begun(house)
    statements.keep(house.mona, incident, text="One.", version=0)
    with pytest.raises(Refused, match="colleague changed"):
        statements.keep(house.leo, incident, text="Two.", version=0)
    now = statements.of(incident)
    assert now is not None
    assert now.text == "One."


def test_a_case_with_a_response_of_its_own_on_its_way_gets_that_first(house: House, left: list[Outgoing]) -> None:
    case = to_answer(house)
    incident = begun(house)
    incidents.join(house.mona, case, incident)
    mine = responses.write(house.mona, case, text="Do stay.", seen=queries.last_said(case))
    jobs.judge_conversations()
    released(house, incident)
    house.settle()
    assert "on its way" in Joined.objects.get().why
    mine = queries.response_for(house.leo, mine.pk)
    approvals.approve(house.leo, mine, digest=mine.digest)
    house.settle()
    statements.send_to_rest(house.mona, incident)
    house.settle()
    assert [one.text for one in left] == ["Do stay.", TEXT]
    assert set(case.responses.values_list("kind", "state")) == {("micro", "sent"), ("macro", "sent")}
    assert broken() == []


def test_what_cannot_be_delivered_to_one_goes_to_a_person_for_that_one(house: House, left: list[Outgoing]) -> None:
    incident = with_joined(house, 2)
    released(house, incident)
    spreading.spread()
    first = Delivery.objects.select_related("response__case").order_by("pk")[0]
    Delivery.objects.filter(pk=first.pk).update(digest="0" * 64)
    house.settle()
    again = Response.objects.get(pk=first.response_id)
    assert (again.state, again.kind, again.case.form) == ("draft", "micro", "response")
    assert len(left) == 1
    with pytest.raises(Refused):
        statements.send_to_rest(house.mona, incident)
    assert broken() == []


def test_a_worker_that_dies_between_two_deliveries_doubles_none(house: House, left: list[Outgoing]) -> None:
    incident = with_joined(house, 4)
    released(house, incident)
    spreading.spread()
    outbox.send(outbox.claim(1)[0])
    (held,) = outbox.claim(1)  # and it dies here: nobody knows whether this one went out
    house.settle()
    assert len(left) == 3
    Delivery.objects.filter(pk=held).update(claimed_at=timezone.now() - outbox.LONGEST - timedelta(seconds=1))
    outbox.expire()
    assert not jobs.spread()
    house.settle()
    assert len(left) == 3
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["sent", "sent", "sent", "unknown"]
    assert broken() == []


def test_a_worker_that_dies_while_it_fills_the_outbox_leaves_nothing_half_done(
    house: House, left: list[Outgoing], monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = with_joined(house, 3)
    released(house, incident)

    def dies(*_: object) -> None:
        raise SystemExit  # as a worker that is stopped

    with monkeypatch.context() as here:
        here.setattr(spreading, "_log", dies)
        with pytest.raises(SystemExit):
            spreading.spread()
    assert (Delivery.objects.count(), Response.objects.count(), Joined.objects.filter(wanted=True).count()) == (0, 0, 3)
    house.settle()
    assert len(left) == 3


def test_a_fault_is_written_beside_those_it_is_about_and_holds_up_nothing_else(
    house: House, left: list[Outgoing], monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = with_joined(house, 2)
    released(house, incident)
    with monkeypatch.context() as here:
        here.setattr(spreading, "_log", lambda *_: 1 / 0)
        assert (spreading.spread(), spreading.spread()) == (2, 0)
    assert all("fault of ours" in one.why for one in Joined.objects.all())
    assert Delivery.objects.count() == 0
    statements.send_to_rest(house.mona, incident)
    house.settle()
    assert len(left) == 2


def test_joining_and_sending_take_as_many_statements_for_two_hundred_as_for_two(house: House) -> None:
    taken: list[tuple[int, int]] = []
    everybody = cast(house, 204)
    for some in (everybody[:2], everybody[2:4], everybody[4:]):  # the first looks up what is remembered
        incident = begun(house)
        with CaptureQueriesContext(connection) as joining:
            assert not incidents.join_all(house.mona, some, incident)
        released(house, incident)
        with CaptureQueriesContext(connection) as sending:
            assert spreading.spread() == len(some)
        taken.append((len(joining), len(sending)))
    assert taken[1] == taken[2]
    assert Delivery.objects.count() == 204


def test_every_deed_of_an_incident_is_in_the_log(house: House) -> None:
    incident = with_joined(house, 1)
    released(house, incident)
    house.settle()
    late = to_judge(house, author="late@people.example")
    incidents.join(house.mona, late, incident)
    incidents.leave(house.mona, late, incident)
    incidents.close(house.mona, incident)
    told = set(AuditEntry.objects.values_list("verb", "actor_name"))
    assert told >= {
        ("opened an incident", "Mona"), ("joined an incident", "Mona"), ("handed in a statement", "Mona"),
        ("released a statement", "Leo"), ("wrote a response", "Mona"), ("approved", "Leo"),
        ("left an incident", "Mona"), ("closed an incident", "Mona"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"title": "  "}, {"title": "x" * 121}, {"about": "x" * 4001}, {"priority": 6}, {"due": timezone.now()}],
)
def test_an_incident_that_says_too_little_or_too_much_is_refused(house: House, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        begun(house, **wrong)
    assert not Incident.objects.exists()


def test_words_with_something_to_fill_in_are_not_handed_in(house: House) -> None:
    incident = begun(house)
    for text in (" ", "Dear {{name}}", "x" * 20_001):
        with pytest.raises(Refused):
            statements.keep(house.mona, incident, text=text, version=0, hand_in=True)
    assert statements.of(incident) is None
