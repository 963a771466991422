"""A channel asks no more of the other side than it may; what waits holds no worker, and others notice nothing."""

from typing import Any

import pytest
from django.utils import timezone

from armature.crm import conservation, jobs
from armature.crm.act import queries, responses
from armature.crm.act.models import Delivery, Response
from armature.crm.channels.lines import Demo
from armature.crm.channels.port import LOGIN, Account, Failed, Outcome, Outgoing, Sent, Unknown
from armature.crm.channels.rates import Limits, OverBudget
from armature.crm.listen import secrets
from armature.crm.listen.budgets import Counted
from armature.crm.listen.models import Budget, Channel, Interaction
from house import House
from visitors import to_answer


def answered(house: House, author: str = "ingrid@people.example") -> Response:
    case = to_answer(house, "complaint", author=author)
    return responses.write(house.mona, case, text="We are sorry.", seen=queries.last_said(case))


def plays(monkeypatch: pytest.MonkeyPatch, send: Any) -> list[str]:
    """The demo's channel sends like this; the ids of what it was given."""
    given: list[str] = []

    def handed(self: Demo, account: Account, outgoing: Outgoing) -> Outcome:
        given.append(outgoing.external_id)
        found: Outcome = send(account, outgoing)
        return found

    monkeypatch.setattr(Demo, "send", handed)
    return given


def test_calls_are_counted_and_come_back_with_time(house: House) -> None:
    budget = Counted(house.mailbox.pk, 10, 100)
    for _ in range(10):
        budget.spend()
    with pytest.raises(OverBudget) as wait:
        budget.spend()
    assert 5 < wait.value.after <= 10
    Budget.objects.update(counted_at=timezone.now() - timezone.timedelta(seconds=25))
    budget.spend()
    budget.spend()
    with pytest.raises(OverBudget):
        budget.spend()


def test_reading_leaves_calls_for_sending(house: House) -> None:
    budget = Counted(house.mailbox.pk, 10, 1000)
    with pytest.raises(OverBudget):
        for _ in range(10):
            budget.spend(spare=2)
    budget.spend()
    budget.spend()


@pytest.mark.parametrize("said", [Limits(stay_away=600), Limits(0, 600)])
def test_what_an_answer_says_counts(house: House, said: Limits) -> None:
    budget = Counted(house.mailbox.pk, 100, 100)
    budget.spend()
    budget.told(said)
    with pytest.raises(OverBudget) as wait:
        budget.spend()
    assert 590 < wait.value.after <= 600


def test_a_channel_that_fails_is_left_alone_longer_each_time_and_no_other(house: House) -> None:
    budget, other = Counted(house.mailbox.pk, 100, 100), Counted(_other(house).pk, 100, 100)
    waits = []
    for _ in range(3):
        budget.spend()
        budget.failed()
        with pytest.raises(OverBudget) as wait:
            budget.spend()
        waits.append(wait.value.after)
        Budget.objects.update(closed_until=None)
    other.spend()
    assert waits == sorted(waits) and waits[0] > 4
    budget.told(Limits())
    assert Budget.objects.get(channel=house.mailbox).failures == 0


def _other(house: House) -> Channel:
    return Channel.objects.create(
        kind="demo", place="email", address="shop@shop.example", name="Shop", brand=house.brand
    )


def test_what_is_over_budget_waits_with_all_behind_it_and_counts_as_no_try(
    house: House, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def send(account: Account, outgoing: Outgoing) -> Outcome:
        raise OverBudget(300)

    settings.UNDO_SECONDS = 60

    given = plays(monkeypatch, send)
    answered(house)
    answered(house, "karl@people.example")
    house.settle()
    Delivery.objects.update(not_before=timezone.now())
    house.settle()
    assert len(given) == 1
    kept = Delivery.objects.values_list("state", "attempt")
    assert list(kept) == [("queued", 0), ("queued", 0)]
    assert not Delivery.objects.filter(not_before__lt=timezone.now() + timezone.timedelta(seconds=290)).exists()


def test_a_refused_key_pauses_the_account_once_and_keeps_what_waits(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = [Failed("The key is no longer taken.", cause=LOGIN)]
    given = plays(monkeypatch, lambda account, outgoing: taken[0] if taken else Sent("there"))
    answered(house)
    answered(house, "karl@people.example")
    house.settle()
    channel = Channel.objects.get(pk=house.mailbox.pk)
    assert (len(given), channel.problem, bool(channel.paused_at)) == (1, "The key is no longer taken.", True)
    assert set(Delivery.objects.values_list("state", "attempt")) == {("queued", 0)}
    taken.clear()
    secrets.seal_secret(channel, "key", "a new one")
    house.settle()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert Channel.objects.get(pk=channel.pk).problem == ""


def test_what_the_other_side_names_meets_its_echo_whichever_is_quicker(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(account: Account, outgoing: Outgoing) -> Outcome:
        if outgoing.recipients == ("karl@people.example",):
            echo(house, "post-karl@people.example")
        return Sent("there", external_id=f"post-{outgoing.recipients[0]}")

    plays(monkeypatch, send)
    for author in ("ingrid@people.example", "karl@people.example"):
        answered(house, author)
        house.settle()
    echo(house, "post-ingrid@people.example")
    ours = Interaction.objects.filter(direction="out").order_by("external_id")
    assert list(ours.values_list("external_id", flat=True)) == [
        "post-ingrid@people.example",
        "post-karl@people.example",
    ]
    assert all(one.delivery.state == "sent" for one in ours)


def echo(house: House, name: str) -> None:
    """Our own post comes back."""
    from armature.crm.channels.port import Created
    from armature.crm.listen import commands
    from armature.crm.listen.arrival import Arrival

    event = Created(name, "us", "", timezone.now(), "We are sorry.", "email", own=True)
    commands.record([Arrival(0, house.mailbox, event)])


def test_what_may_have_gone_out_is_looked_for_before_a_person_is_asked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = plays(monkeypatch, lambda *_: Unknown("No confirmation came."))
    monkeypatch.setattr(Demo, "find", lambda self, account, outgoing: Sent("found"), raising=False)
    answered(house)
    house.settle()
    assert len(given) == 1
    assert Delivery.objects.get().state == "sent"
    while jobs.everything():
        pass
    assert not [law.words for law, found in conservation.broken() if found]
