"""What leaves is what was released; what is unclear is never sent again; what fails goes back to its writer."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from armature.crm import conservation, jobs
from armature.crm.accounts.models import AuditEntry
from armature.crm.act import approvals, commands, doubts, news, outbox, queries, responses
from armature.crm.act.models import Approval, Delivery, Response
from armature.crm.channels.lines import Demo
from armature.crm.channels.port import DeliveryChanged, Failed, Outcome, Sent, Unknown
from armature.crm.channels.settings import BadSettings
from house import House

TEXT = "Do stay, please."


def _judged() -> None:
    while jobs.open_envelopes() + jobs.judge_conversations():
        pass


def _queued(house: House) -> Delivery:
    """A response that was written, approved and waits to leave."""
    house.hear("Please end my subscription.")
    _judged()
    commands.judge_intent(house.mona, house.case(), intent="cancel")
    _judged()
    case = house.case()
    response = responses.write(house.mona, case, text=TEXT, seen=queries.last_said(case))
    _judged()
    response = queries.response_for(house.leo, response.pk)
    approvals.approve(house.leo, response, digest=response.digest)
    _judged()
    return Delivery.objects.select_related("interaction").get(state="queued")


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What left through the demo's channel, with its text; put an outcome (or an error) in front to have it happen."""
    planned: list[Any] = []
    left: list[Any] = []

    def send(self: Demo, account: object, outgoing: Any) -> Outcome:
        left.append(outgoing.text)
        outcome = planned[0] if planned else Sent("taken")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(Demo, "send", send)
    return [left, planned]


def _broken() -> dict[str, list[str]]:
    return {law.words: found for law, found in conservation.broken() if found}


def _aged(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(claimed_at=timezone.now() - outbox.LONGEST - timedelta(seconds=1))


def test_a_released_response_leaves_once(house: House, outside: list[Any]) -> None:
    _queued(house)
    assert jobs.send() == 1
    assert jobs.send() == 0
    assert outside[0] == [TEXT]
    _judged()
    assert not _broken()


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Go away."},
        {"recipients": ["somebody.else@people.example"]},
        {"subject": "Something else"},
        {"digest": "0" * 64},
    ],
)
def test_what_was_changed_after_its_release_does_not_leave(
    house: House, outside: list[Any], change: dict[str, Any]
) -> None:
    delivery = _queued(house)
    Response.objects.filter(pk=delivery.response_id).update(**change)
    jobs.send()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("failed", "The text was changed after it was released.")
    assert outside[0] == []


def test_what_nobody_approved_does_not_leave(house: House, outside: list[Any]) -> None:
    delivery = _queued(house)
    Approval.objects.all().delete()
    jobs.send()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("failed", "Nobody has approved this text.")
    assert outside[0] == []


def test_what_only_its_writer_approved_does_not_leave(house: House, outside: list[Any]) -> None:
    _queued(house)
    Approval.objects.all().update(user=house.mona)
    jobs.send()
    assert Delivery.objects.get().state == "failed"
    assert outside[0] == []


def test_sending_that_nobody_finished_becomes_unknown_and_is_never_sent_again(house: House, outside: list[Any]) -> None:
    delivery = _queued(house)
    assert outbox.claim(1) == [delivery.pk]
    assert outbox.expire() == 0, "its worker may still be at it"
    _aged(delivery)
    assert outbox.expire() == 1
    house.settle()
    assert jobs.send() == 0
    assert outside[0] == []
    assert (Delivery.objects.get().state, house.case().form) == ("unknown", "delivery")


def test_a_worker_that_slept_until_a_person_decided_sends_no_more(house: House, outside: list[Any]) -> None:
    delivery = _queued(house)
    outbox.claim(1)
    _aged(delivery)
    outbox.expire()
    _judged()
    doubts.it_is_not_there(house.mona, house.case())
    outbox.send(delivery.pk)
    assert outside[0] == []
    assert Delivery.objects.get().state == "failed"


def test_a_worker_that_was_too_slow_settles_nothing(house: House, outside: list[Any]) -> None:
    delivery = _queued(house)
    outbox.claim(1)
    slow = Delivery.objects.select_related("response__case").get()
    _aged(delivery)
    outbox.expire()
    assert not outbox.settle(slow, Sent("late"))
    assert Delivery.objects.get().state == "unknown"


def test_what_may_go_later_waits_longer_each_time_and_fails_after_the_last(house: House, outside: list[Any]) -> None:
    outside[1].append(Failed("busy", retryable=True))
    delivery = _queued(house)
    pauses = []
    for _ in range(outbox.TRIES - 1):
        assert jobs.send() == 1
        assert jobs.send() == 0, "it is not due"
        delivery.refresh_from_db()
        assert delivery.state == "queued"
        pauses.append((delivery.not_before - timezone.now()).total_seconds())
        Delivery.objects.update(not_before=timezone.now())
    assert pauses == sorted(pauses) and pauses[-1] > 4 * pauses[0]
    assert jobs.send() == 1
    house.settle()
    assert Delivery.objects.get().state == "failed"
    assert len(outside[0]) == outbox.TRIES
    assert house.case().form == "response"
    assert Response.objects.get().state == "draft"


@pytest.mark.parametrize("problem", [RuntimeError("boom"), Unknown("no answer")])
def test_what_a_channel_breaks_over_is_unknown(house: House, outside: list[Any], problem: Any) -> None:
    outside[1].append(problem)
    _queued(house)
    jobs.send()
    house.settle()
    assert Delivery.objects.get().state == "unknown"
    assert outside[0] == [TEXT]
    assert house.case().form == "delivery"


def test_what_a_channel_refuses_for_its_settings_goes_back_to_its_writer(house: House, outside: list[Any]) -> None:
    outside[1].append(BadSettings({"smtp_host": "is missing"}))
    _queued(house)
    jobs.send()
    house.settle()
    assert (Delivery.objects.get().state, house.case().form) == ("failed", "response")


def test_a_channel_whose_plug_in_is_gone_sends_nothing_and_says_so(house: House, outside: list[Any]) -> None:
    delivery = _queued(house)
    house.mailbox.kind = "pigeon"
    house.mailbox.save()
    assert outbox.send(outbox.claim(1)[0])
    delivery.refresh_from_db()
    assert delivery.state == "failed"
    assert delivery.reason.startswith("The channel “pigeon” cannot be used")
    assert outside[0] == []


def _news(delivery: Delivery, state: str, reason: str = "") -> None:
    external_id = delivery.interaction.external_id
    news.take_in(delivery.channel_id, [DeliveryChanged(external_id, state, reason)])


def test_our_own_copy_settles_what_was_unknown(house: House, outside: list[Any]) -> None:
    outside[1].append(Unknown("no answer"))
    delivery = _queued(house)
    house.settle()
    assert house.case().form == "delivery"
    _news(delivery, "accepted")
    house.settle()
    assert Delivery.objects.get().state == "sent"
    assert house.case().form == "feedback"
    assert not _broken()


def test_our_own_copy_counts_too_when_it_comes_before_its_worker_is_missed(house: House, outside: list[Any]) -> None:
    delivery = _queued(house)
    outbox.claim(1)
    _news(delivery, "accepted")
    _aged(delivery)
    outbox.expire()
    house.settle()
    assert Delivery.objects.get().state == "sent"
    assert house.case().form == "feedback"
    assert not _broken()


def test_what_comes_back_undelivered_goes_back_to_its_writer(house: House, outside: list[Any]) -> None:
    delivery = _queued(house)
    house.settle()
    _news(delivery, "failed", "no such mailbox")
    house.settle()
    response = Response.objects.get()
    assert (response.state, house.case().form) == ("draft", "response")
    assert "no such mailbox" in response.why
    assert not _broken()


def test_what_a_channel_hears_of_a_delivery_comes_in_with_all_else_it_hears(
    house: House, outside: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = _queued(house)
    house.settle()
    bounced = DeliveryChanged(delivery.interaction.external_id, "failed", "no such mailbox")
    monkeypatch.setattr(Demo, "normalise", lambda *_: [bounced])
    house.hear("It came back.", author="postmaster@people.example")
    house.settle()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("failed", "no such mailbox")
    assert house.case().form == "response"
    assert not _broken()


def test_what_comes_back_twice_is_told_once(house: House, outside: list[Any]) -> None:
    delivery = _queued(house)
    house.settle()
    _news(delivery, "failed", "no such mailbox")
    house.settle()
    responses.write(house.mona, house.case(), text="Better?", seen=queries.last_said(house.case()))
    _news(delivery, "failed", "still no such mailbox")
    house.settle()
    assert Delivery.objects.get(pk=delivery.pk).reason == "no such mailbox"
    assert AuditEntry.objects.filter(verb="bounced").count() == 1
    assert house.case().form == "approval"
    assert not _broken()


def test_what_comes_back_before_it_is_settled_goes_back_to_its_writer(house: House, outside: list[Any]) -> None:
    delivery = _queued(house)
    outbox.claim(1)
    sending = Delivery.objects.select_related("response__case").get()
    _news(delivery, "failed", "no such mailbox")
    assert not outbox.settle(sending, Sent("taken"))
    house.settle()
    assert (Response.objects.get().state, house.case().form) == ("draft", "response")
    assert not _broken()


@pytest.mark.parametrize("pauses", [1, 2])
def test_what_went_out_is_known_even_when_the_database_is_away_at_that_moment(
    open_house: House, outside: list[Any], monkeypatch: pytest.MonkeyPatch, pauses: int
) -> None:
    monkeypatch.setattr(outbox, "PAUSES", (0.01,) * pauses)
    honest, cut = Demo.send, []

    def send(self: Demo, account: Any, outgoing: Any) -> Outcome:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            cut.append(cursor.fetchone()[0])
        outcome = honest(self, account, outgoing)
        with pytest.raises(Exception, match="terminating"), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return outcome

    monkeypatch.setattr(Demo, "send", send)
    _queued(open_house)
    jobs.send()
    assert cut
    assert Delivery.objects.get().state == "sent"
    assert outside[0] == [TEXT]
