"""The demo company's past: played through the real process, stamped as if it had been then, the same each time."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from armature.arm.intent import INTENTS
from armature.crm import conservation, demo
from armature.crm.act.models import Case, Response
from armature.crm.demo import folk, past, plot, rare
from armature.crm.identify.models import Person
from armature.crm.listen.models import Interaction
from armature.crm.understand.models import Reading

NOW = datetime(2026, 3, 4, 11, tzinfo=UTC)


def plan(now: datetime = NOW) -> list[plot.Event]:
    chance = random.Random(1)
    return plot.events(plot.talks(folk.draw(chance), chance), now, chance)


def test_four_hundred_people_say_something_in_three_languages_and_none_of_it_is_still_to_come() -> None:
    events = plan()
    first = [one for one in events if one.part == 0]
    assert len(folk.draw(random.Random(1))) == folk.MANY
    assert plan() == events, "the same each time"
    assert all(one.at < NOW for one in events) and events == sorted(events, key=lambda one: one.at)
    assert plot.TALKS * 0.95 < len(first) <= plot.TALKS
    assert {one.talk.who.language for one in first} == {"en", "de", "fr"}
    assert {one.talk.intent for one in first} <= set(INTENTS)
    assert len({one.talk.intent for one in first}) == len(INTENTS)
    assert {one.talk.place for one in first} >= {"email", "web", "phone", "letter", "card", "counter", "review"}
    assert all("{" not in one.talk.text + one.talk.answer + one.talk.back for one in first)
    working = [one.at for one in events if one.part is None]
    assert all(at.weekday() < 5 and 8 <= at.hour < 17 for at in working), "nobody works at night"


@pytest.mark.django_db(transaction=True)
def test_what_is_played_stands_in_the_past_and_nothing_of_it_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plot, "TALKS", 14)
    monkeypatch.setattr(folk, "MANY", 60)
    monkeypatch.setattr(rare, "ANSWERS", 8)
    demo.load()
    begun, told = timezone.now(), list[int]()
    with pytest.raises(RuntimeError, match="the light goes out"):
        past.make(begun, _stops_at_half)
    past.make(begun, told.append)
    assert told[-1] == 100
    said = Interaction.objects.filter(external_id__startswith="past-")
    assert said.count() == len({one.external_id for one in said}) >= 14
    hour = timedelta(hours=1)
    cases = Case.objects.filter(conversation__interaction__in=said, opened_at__lt=begun - hour)
    assert len(cases) >= 10, "opened when it was said"
    answered = Response.objects.filter(case__in=cases, state="sent", written_at__lt=begun - hour)
    assert answered, "and answered then"
    late = Reading.objects.filter(interaction__in=said, read_at__gt=begun, interaction__occurred_at__lt=begun - hour)
    assert not late, "nothing says that it was read only now"
    assert Person.objects.count() >= 60
    assert rare.made()
    assert not {law.words: found for law, found in conservation.broken() if found}


def _stops_at_half(percent: int) -> None:
    if percent > 50:
        raise RuntimeError("the light goes out")
