"""The check that deliveries in any order, and any of them again, end as those in order: through the real way in."""

import dataclasses
import random
from collections.abc import Iterator, Sequence
from unittest.mock import patch

import pytest
from django.db import transaction

from armature.conformance.tools import created, read, say, start, until
from armature.conformance.world import CannotDo, World
from armature.crm import lease, process, rows
from armature.crm.accounts.models import Brand
from armature.crm.channels import registry
from armature.crm.channels.port import Created, Deleted, Edited, Envelope, Event
from armature.crm.listen import commands, queries
from armature.crm.listen.models import Channel, Unopened

AT_ONCE = 2000
"""Envelopes that are opened together."""
MOST_OFTEN = 3
"""Times that one delivery comes at most."""

ENDS = """
    WITH ends AS (
        SELECT channel_id, 'said' AS what, jsonb_build_array(external_id, direction, kind, public, author, subject,
            text, language, automatic, occurred_at, edited_at, deleted_at) AS row FROM listen_interaction
        UNION ALL SELECT channel_id, 'worded', jsonb_build_array(external_id, kind, at, author, subject, text,
            interaction_id IS NOT NULL) FROM listen_revision
        UNION ALL SELECT channel_id, 'step', jsonb_build_array(external_id, step, at, known) FROM listen_callstep
        UNION ALL SELECT channel_id, 'parked', jsonb_build_array(event_key, parked)
            FROM listen_envelope WHERE parked IS NOT NULL)
    SELECT channel_id, string_agg(what || ' ' || row, chr(10) ORDER BY what, row) FROM ends
    WHERE channel_id = ANY(%s) GROUP BY channel_id
"""
"""How it ended on each channel."""


class InAnyOrder:
    """What came in, delivered anew in other orders."""

    def test_any_order_with_repeats_ends_as_the_one_in_order(
        self, world: World, request: pytest.FixtureRequest, pytestconfig: pytest.Config
    ) -> None:
        """A message, an answer, an edit and a deletion, as far as there are such: shuffled, each up to three times."""
        try:
            request.getfixturevalue("db")
        except pytest.FixtureLookupError:
            pytest.skip("there is no database here (pytest-django)")
        heard = recorded(world)
        how_many = pytestconfig.getoption("--shuffles")
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
    for act, fits in (
        (lambda: world.edit(first.external_id, "The first words, mended."), reads_otherwise),
        (lambda: world.delete(second.external_id), lambda event: isinstance(event, Deleted)),
    ):
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


def ends_of(world: World, plans: Sequence[list[list[Envelope]]]) -> list[str]:
    """How each plan ends, on a channel of its own; the channels go together, round by round."""
    brand, _ = Brand.objects.get_or_create(key="shuffled", defaults={"name": "Shuffled"})
    channels = Channel.objects.bulk_create(
        Channel(kind=world.kind.key, place="email", name=f"{n}", address=f"shuffled-{n}", brand=brand)
        for n in range(len(plans))
    )

    def account(channel: Channel) -> object:
        return dataclasses.replace(world.account, id=channel.pk)

    with patch.object(queries, "account", account), patch.object(registry, "kind", lambda _key: world.kind):
        for turn in range(max(map(len, plans))):
            with transaction.atomic():
                for channel, plan in zip(channels, plans, strict=True):
                    if turn < len(plan):
                        commands.accept(channel, plan[turn])
            while (held := lease.claim(Unopened, AT_ONCE)).keys:
                process.arrive(held)
    found = dict(rows.fetch(ENDS, [[channel.pk for channel in channels]]))
    return [found.get(channel.pk, "") for channel in channels]
