"""Open work: the first answer holds, the most urgent speaks for all; what cannot be judged says why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from armature.crm import conservation, lease, process
from armature.crm.accounts.models import BusinessHours, Team
from armature.crm.decide import catalogue, queries, snapshot, waits
from armature.crm.decide.models import MapAssignment, Wait
from armature.crm.listen.models import Unopened
from house import House
from visitors import to_judge


def _asked(house: House) -> Wait:
    to_judge(house)
    return Wait.objects.get(state="open")


def _too_late(wait: Wait) -> str:
    with pytest.raises(waits.AlreadyAnswered) as told:
        waits.answer(wait.pk, {"intent": "praise"})
    return str(told.value)


def test_of_two_answers_the_first_holds_and_the_other_hears_whose_it_was(house: House) -> None:
    wait = _asked(house)
    waits.answer(wait.pk, {"intent": "cancel"}, user=house.mona)
    wait.refresh_from_db()
    at = timezone.localtime(wait.answered_at)
    assert _too_late(wait) == f"Mona was quicker, at {at:%H:%M}."
    wait.refresh_from_db()
    assert (wait.answer, wait.answered_by) == ({"intent": "cancel"}, house.mona)


def test_an_answer_that_comes_after_that_of_the_process_hears_so(house: House) -> None:
    wait = _asked(house)
    waits.answer(wait.pk, {"intent": "cancel"})
    assert _too_late(wait).startswith("The process was quicker, at ")


def test_an_answer_to_a_question_that_fell_away_hears_so(house: House) -> None:
    wait = _asked(house)
    waits.close([wait.pk], "void")
    assert _too_late(wait).startswith("This is no longer open: something new came in.")


def test_of_two_messages_that_come_together_the_more_urgent_speaks_for_both(house: House) -> None:
    house.let_the_reader_judge()
    first = house.hear("Do you deliver to Ireland, and how long does it take?", public=False)
    house.hear("Please cancel my subscription.", public=False, in_reply_to=first)
    house.settle()
    wait = Wait.objects.get(state="open")
    assert (wait.form, wait.team, wait.priority, wait.minutes) == ("response", "retention", 2, 120)
    assert wait.items.count() == 2
    assert not [found for law, found in conservation.broken() if found]


CANCEL, ASK = "Please cancel my subscription.", "Do you deliver to Ireland, and how long does it take?"


@pytest.mark.parametrize("order", [(CANCEL, ASK), (ASK, CANCEL)])
@pytest.mark.parametrize("at_once", [True, False])
def test_of_two_messages_the_earliest_due_time_holds_even_when_the_other_one_is_more_urgent(
    house: House, order: tuple[str, str], at_once: bool
) -> None:
    """The team of the more urgent one opens late: the question, due in two days, is due before it."""
    house.let_the_reader_judge()
    weeks = BusinessHours.objects.all()
    weeks.update(week=[[[0, 1440]]] * 7, country="")
    BusinessHours.objects.create(
        brand=house.brand, team=Team.objects.get(key="retention"), week=[[[0, 1440]]] * 7,
        holidays=[timezone.localdate() + timedelta(days=n) for n in range(-1, 9)],
    )  # fmt: skip
    now, first = timezone.now(), ""
    for text in order:
        first = house.hear(text, public=False, **({"in_reply_to": first} if first else {}))
        if not at_once:
            house.settle()
    house.settle()
    wait = Wait.objects.get(state="open")
    assert (wait.priority, wait.minutes, wait.items.count()) == (2, 2880, 2)
    assert timedelta(days=1, hours=23) < wait.due_at - now < timedelta(days=2, hours=1)
    assert wait.next_timer_at.isoformat() == min(at for at, *_ in wait.timers)
    assert not [found for law, found in conservation.broken() if found]


def test_without_a_process_map_nothing_is_judged_and_the_reason_says_what_to_do(house: House) -> None:
    MapAssignment.objects.all().delete()
    house.hear("Hello")
    opened = process.arrive(lease.claim(Unopened, 10))
    with pytest.raises(LookupError, match=r"No process map is assigned to channel .*: publish and assign one"):
        process.advance(opened)


def test_the_most_exact_assignment_of_a_map_holds() -> None:
    words = {(1, 7): 10, (None, 7): 20, (1, None): 30, (None, None): 40}
    assigned = {(way, *key): number + len(way) for way in ("in", "out") for key, number in words.items()}
    for key, number in words.items():
        assert queries._map_for(assigned, "in", 1, 7) == number + 2
        assert queries._map_for(assigned, "out", 1, 7) == number + 3
        del assigned["in", *key], assigned["out", *key]
    assert queries._map_for(assigned, "out", 1, 7) is None
    with pytest.raises(LookupError, match="publish and assign"):
        queries._map_for(assigned, "in", 1, 7)


def test_a_snapshot_of_a_newer_version_is_not_read_as_if_it_were_ours() -> None:
    line = snapshot.pack({"intent": "cancel"})
    assert snapshot.unpack(line, catalogue.VERSION) == {"intent": "cancel"}
    with pytest.raises(ValueError, match="newer version"):
        snapshot.unpack(line, catalogue.VERSION + 1)
