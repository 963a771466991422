"""Looking for what may have gone out: what is found must be this one, and what goes wrong holds up nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from armature.crm import jobs
from armature.crm.act import commands, outbox, queries, responses
from armature.crm.act.models import Delivery
from armature.crm.channels.lines import Demo
from armature.crm.channels.port import Outcome, Sent, Unknown
from house import House

ANNA, BEN = "anna@people.example", "ben@people.example"


def _judged() -> None:
    while jobs.open_envelopes() + jobs.judge_conversations():
        pass


def _waiting(house: House, author: str) -> Delivery:
    """An answer to somebody that is to leave now."""
    house.hear("My parcel is broken.", author)
    _judged()
    commands.judge_intent(house.mona, house.case(author), intent="complaint")
    _judged()
    case = house.case(author)
    responses.write(house.mona, case, text="We are sorry.", seen=queries.last_said(case))
    _judged()
    Delivery.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    return Delivery.objects.get(response__case=case)


def test_what_another_answer_is_called_is_no_proof_of_this_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same words twice within minutes: where only the words tell, the first is found when the second is lost."""
    outcomes: list[Outcome] = [Sent("p1", "p1"), Unknown("no answer")]
    monkeypatch.setattr(Demo, "send", lambda *_: outcomes.pop(0))
    monkeypatch.setattr(Demo, "find", lambda *_: Sent("p1", "p1"), raising=False)
    first, second = _waiting(house, ANNA), _waiting(house, BEN)
    assert [jobs.send(), jobs.send()] == [1, 1]
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {first.pk: "sent", second.pk: "unknown"}


@pytest.mark.parametrize("fault", [ValueError("it answers otherwise now"), KeyError("id")])
def test_a_look_that_fails_in_a_way_nobody_foresaw_asks_a_person_and_lets_the_others_leave(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def look(*_given: Any) -> None:
        raise fault

    monkeypatch.setattr(Demo, "find", look, raising=False)
    stuck = _waiting(house, ANNA)
    assert outbox.claim(1) == [stuck.pk]
    Delivery.objects.update(claimed_at=timezone.now() - outbox.LONGEST - timedelta(seconds=1))
    behind = _waiting(house, BEN)
    assert outbox.expire(house.mailbox.pk) + jobs.send(channel=house.mailbox.pk) == 2
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {stuck.pk: "unknown", behind.pk: "sent"}
