"""What people edit or delete: the end is the same in whatever order word of it comes, and nobody answers old words."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from armature.crm.act import amended, approvals, drafts, outbox, queries, responses, search
from armature.crm.act.drafts import Base
from armature.crm.act.models import Case, Delivery, Response
from armature.crm.act.responses import Overtaken
from armature.crm.channels import lines
from armature.crm.channels.port import Created, Deleted, Edited, Event
from armature.crm.listen import commands, revisions
from armature.crm.listen.arrival import Arrival
from armature.crm.listen.models import Interaction, Revision
from armature.crm.listen.revisions import Change
from house import MONDAY, House
from visitors import to_answer

AT = [datetime(2026, 3, 2, 10, minute, tzinfo=UTC) for minute in range(10)]


def said(name: str, text: str, edited: datetime | None = None) -> Created:
    return Created(name, "ingrid@people.example", "", AT[0], text, "mastodon", public=True, edited_at=edited)


def stories(n: str) -> list[list[Event]]:
    """What may happen to one thing said, in order; ``n`` is its name."""
    ingrid, eve = "ingrid@people.example", "eve@people.example"
    return [
        [said(n, "one"), Edited(n, AT[1], "two", ingrid), Edited(n, AT[2], "three"), Deleted(n, AT[3], ingrid)],
        [said(n, "one"), Edited(n, AT[2], "a"), Edited(n, AT[2], "b"), Edited(n, AT[1], "c", subject="S")],
        [said(n, "one"), said(n, "two", AT[1]), said(n, "three", AT[2])],
        [said(n, "one"), said(n, "two", AT[1]), Deleted(n, AT[2]), Deleted(n, AT[4])],
        [said(n, "one"), Edited(n, AT[1], "not mine to change", eve), Deleted(n, AT[2], eve), Edited(n, AT[3], "two")],
        [said(n, "one"), Edited(n, AT[0], "within the same second", ingrid)],
        [said(n, "one"), Deleted(n, AT[1])],
    ]


def hear(house: House, events: list[Event]) -> None:
    """A batch as the process takes it in."""
    arrivals = [Arrival(k, house.mailbox, one) for k, one in enumerate(events) if isinstance(one, Created)]
    changes = [Change(0, house.mailbox, one) for one in events if isinstance(one, Edited | Deleted)]
    revisions.take_in(arrivals, commands.record(arrivals), changes)


def state(name: str) -> Any:
    """All that is left of it."""
    one = Interaction.objects.filter(external_id=name).values_list("text", "subject", "edited_at", "deleted_at")
    kept = Revision.objects.filter(external_id=name).values_list("kind", "at", "text", "subject", "interaction__id")
    return list(one), sorted((kind, at, text, subject, link is not None) for kind, at, text, subject, link in kept)


def test_a_thousand_shuffled_and_repeated_deliveries_end_as_those_in_order(house: House) -> None:
    order = random.Random(11)
    kinds = len(stories(""))
    for number in range(kinds):
        for event in stories(f"in-order-{number}")[number]:
            hear(house, [event])
    expected = [state(f"in-order-{number}") for number in range(kinds)]
    for turn in range(40):
        queues: list[list[Event]] = []
        for number in range(25):
            story = stories(f"{turn}-{number}")[number % kinds]
            queues.append(
                order.sample(shuffled := [e for e in story for _ in range(order.randint(1, 3))], len(shuffled))
            )
        while any(queues):
            batch = [queue.pop() for queue in queues for _ in range(order.randint(0, 3)) if queue]
            hear(house, order.sample(batch, len(batch)))
        for number in range(25):
            assert state(f"{turn}-{number}") == expected[number % kinds], (turn, number)


def test_the_states_in_order_are_what_people_expect(house: House) -> None:
    for number in range(7):
        for event in stories(f"s{number}")[number]:
            hear(house, [event])
    now = [Interaction.objects.get(external_id=f"s{number}") for number in range(7)]
    assert [one.text for one in now] == ["", "a", "three", "", "two", "within the same second", ""]
    assert [bool(one.deleted_at) for one in now] == [True, False, False, True, False, False, True]
    assert now[3].deleted_at == AT[2]
    assert set(now[0].revisions.values_list("text", flat=True)) == {"one", "two", "three", ""}


def waiting_for_approval(house: House) -> Case:
    """A complaint that Nia answered; it waits for a word of Leo's."""
    case = to_answer(house, "complaint", text="The tent leaks!", external_id="tent")
    responses.write(house.nia, case, text="We mend it.", seen=queries.last_said(case))
    house.settle()
    assert Response.objects.get(case=case).state == Response.State.APPROVAL
    return case


Tell = Callable[..., None]


@pytest.fixture
def tell(house: House) -> Tell:
    """Word of a change to what Ingrid said, through the whole process."""

    def told(
        event: str, name: str = "tent", text: str = "The tent leaks, and I want it replaced.", **more: Any
    ) -> None:
        at = MONDAY + timedelta(hours=1)
        line = {"event": event, "external_id": name, "text": text, "occurred_at": at.isoformat(), **more}
        commands.accept(house.mailbox, [lines.envelope(line, at)])
        house.settle()

    return told


@pytest.mark.parametrize("event", ["edited", "deleted"])
def test_an_approval_is_void_when_what_it_answers_changed(house: House, tell: Tell, event: str) -> None:
    case = waiting_for_approval(house)
    tell(event)
    response = Response.objects.get(case=case)
    assert response.state == Response.State.DRAFT
    assert response.why == (amended.EDITED if event == "edited" else amended.DELETED)
    assert house.case().form == "response"


def test_a_strangers_word_changes_nothing(house: House, tell: Tell) -> None:
    case = waiting_for_approval(house)
    tell("edited", author="eve@people.example", text="I love it")
    assert Response.objects.get(case=case).state == Response.State.APPROVAL
    assert Interaction.objects.get(external_id="tent").text == "The tent leaks!"


def test_what_was_written_before_an_edit_is_not_handed_in_unseen(house: House, tell: Tell) -> None:
    case = to_answer(house, "complaint", text="The tent leaks!", external_id="tent")
    seen = Interaction.objects.get(external_id="tent").pk
    tell("edited")
    with pytest.raises(Overtaken):
        responses.write(house.mona, case, text="We mend it.", seen=seen, base=Base(changes=0))
    assert drafts.of(house.mona, case).get().text == "We mend it."
    responses.write(house.mona, case, text="We replace it.", seen=seen, base=Base(changes=1))


def test_what_is_released_does_not_leave_after_an_edit(house: House, tell: Tell, settings: Any) -> None:
    settings.UNDO_SECONDS = 600
    case = waiting_for_approval(house)
    response = Response.objects.get(case=case)
    approvals.approve(house.leo, response, digest=response.digest)
    house.settle()
    tell("deleted")
    Delivery.objects.update(not_before=timezone.now())
    (number,) = outbox.claim(5)
    outbox.send(number)
    assert Delivery.objects.get().state == Delivery.State.FAILED


def test_deleted_words_are_not_found_and_not_judged(house: House, tell: Tell) -> None:
    gone = {"event": "deleted", "external_id": "tent", "occurred_at": MONDAY.isoformat()}
    commands.accept(house.mailbox, [lines.envelope(gone, MONDAY)])
    house.hear("The marquee leaks!", external_id="tent")
    house.settle()
    assert house.case().status == "no_response"
    assert not search.find(house.mona, "marquee").hits
