"""A sender that was stopped in the middle and goes on too late: it says nothing any more, and sends nothing more."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from armature.crm import conservation, jobs
from armature.crm.act import doubts, outbox
from armature.crm.act.models import Delivery, Response
from armature.crm.channels.lines import Demo
from armature.crm.channels.port import Failed, Outcome, Sent, Unknown
from house import House
from test_outbox import TEXT, _aged, _judged, _queued
from together import together


class Held:
    """The demo's channel, whose next sending waits at the door until it is let go."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome, self.left = outcome, []  # type: ignore[var-annotated]
        self.there, self.go = threading.Event(), threading.Event()

    def send(self, kind: Demo, account: object, outgoing: Any) -> Outcome:
        self.left.append(outgoing.text)
        if len(self.left) == 1:
            self.there.set()
            assert self.go.wait(60)
            return self.outcome
        return Sent("again")


def _run(held: Held, meanwhile: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Demo, "send", lambda kind, account, outgoing: held.send(kind, account, outgoing))

    def then() -> None:
        try:
            assert held.there.wait(60)
            meanwhile()
        finally:
            held.go.set()

    came = together(jobs.send, then)
    assert came == [1, None], came


@pytest.mark.parametrize("outcome", [Sent("late"), Unknown("late"), Failed("late"), Failed("late", retryable=True)])
def test_what_a_late_sender_found_out_changes_nothing_of_what_was_decided_meanwhile(
    open_house: House, monkeypatch: pytest.MonkeyPatch, outcome: Outcome
) -> None:
    delivery, held = _queued(open_house), Held(outcome)

    def decide() -> None:
        _aged(delivery)
        assert outbox.expire() == 1
        _judged()
        doubts.it_is_not_there(open_house.mona, open_house.case())
        _judged()

    _run(held, decide, monkeypatch)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("failed", "Mona found that it did not go out.")
    assert (Response.objects.get().state, held.left) == ("draft", [TEXT])
    open_house.settle()
    assert held.left == [TEXT], "what a late sender calls retryable does not go into the queue again"


def test_a_late_sender_does_not_settle_what_a_person_had_sent_once_more(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery, held = _queued(open_house), Held(Failed("late", retryable=True))

    def once_more() -> None:
        _aged(delivery)
        outbox.expire()
        _judged()
        doubts.send_again(open_house.mona, open_house.case())
        jobs.send()
        _judged()

    _run(held, once_more, monkeypatch)
    states = list(Delivery.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["failed", "sent"]
    assert held.left == [TEXT, TEXT], "once by the late one, once by a person's word"
    assert len(set(Delivery.objects.values_list("key", flat=True))) == 2
    assert not {law.words: found for law, found in conservation.broken() if found}


def test_no_second_worker_takes_what_one_is_sending(open_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery, held = _queued(open_house), Held(Sent("taken"))

    def others() -> None:
        Delivery.objects.filter(pk=delivery.pk).update(not_before=timezone.now() - timedelta(days=1))
        assert [jobs.send(), outbox.claim(10), outbox.expire()] == [0, [], 0]

    _run(held, others, monkeypatch)
    open_house.settle()
    assert held.left == [TEXT]
    assert Delivery.objects.get().state == "sent"
