"""The check that deliveries in any order, and any of them again, end as those in order: through the real way in."""

import random
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from armature.conformance.plugin import shuffles
from armature.conformance.tools import created, read, say, start, until
from armature.conformance.world import CannotDo, World
from armature.crm.channels.port import Created, Deleted, Edited, Envelope, Event

MOST_OFTEN = 3
"""Times that one delivery comes at most."""


class InAnyOrder:
    """What came in, delivered anew in other orders."""

    def test_any_order_with_repeats_ends_as_the_one_in_order(self, world: World, pytestconfig: pytest.Config) -> None:
        """A message, an answer, edits and a deletion, as far as there are such: shuffled, each up to three times."""
        if not (how_many := shuffles(pytestconfig)):
            pytest.skip("no database was offered: see --shuffles")
        from armature.conformance.ends import ends_of  # with tables, which whoever only loads the kit has not

        heard = recorded(world)
        ends = ends_of(world, [[[one] for one in heard], *orders(heard, how_many)])
        other = {number: found for number, found in enumerate(ends) if found != ends[0]}
        assert ends[0]
        assert not other, f"{len(other)} of {how_many}, first {min(other)}: {other[min(other)]}\nin order: {ends[0]}"


def recorded(world: World) -> list[Envelope]:
    """All envelopes that some talk makes, in the order in which they came, each once."""
    kept: dict[str, Envelope] = {}
    cursor = start(world)

    def keep() -> None:
        nonlocal cursor
        envelopes, cursor = read(world, cursor) if world.kind.polls else (list(world.arrived()), {})
        for one in envelopes:
            kept.setdefault(one.event_key, one)

    first = say(world, "The first words.")
    created(world, first)
    keep()
    try:
        second = world.say("An answer to them.", public=first.public, answers=first.external_id)
    except CannotDo:
        second = say(world, "More words.", public=first.public)
    created(world, second)
    keep()
    steps: list[tuple[Callable[[], None], Callable[[Event], bool]]] = [
        (lambda: world.edit(first.external_id, "The first words, mended."), reads_otherwise),
        (lambda: world.edit(first.external_id, "And mended once more."), reads_otherwise),
        (lambda: world.delete(second.external_id), lambda event: isinstance(event, Deleted)),
    ]
    for act, fits in steps:
        time.sleep(world.tick)
        try:
            act()
        except CannotDo:
            continue
        until(world, fits, cursor)
        keep()
    return list(kept.values())


def reads_otherwise(event: Event) -> bool:
    """Whether it says that something was edited."""
    return isinstance(event, Edited) or (isinstance(event, Created) and event.edited_at is not None)


def orders(heard: Sequence[Envelope], how_many: int) -> Iterator[list[list[Envelope]]]:
    """So many orders of deliveries, each delivery in a round of its own or with those behind it."""
    for seed in range(how_many):
        chance = random.Random(seed)  # noqa: S311  so that an order can be had again
        deliveries = [one for one in heard for _ in range(chance.randint(1, MOST_OFTEN))]
        chance.shuffle(deliveries)
        rounds = [[deliveries[0]]]
        for one in deliveries[1:]:
            if chance.random() < 0.5:
                rounds[-1].append(one)
            else:
                rounds.append([one])
        yield rounds
