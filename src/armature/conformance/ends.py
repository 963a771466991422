"""Deliveries through the real way in, accept and arrive, and how they end in the tables."""

import dataclasses
from collections.abc import Sequence
from unittest.mock import patch

from django.db import transaction

from armature.conformance.world import World
from armature.crm import lease, process, rows
from armature.crm.accounts.models import Brand
from armature.crm.channels import registry
from armature.crm.channels.port import Account, Envelope
from armature.crm.listen import commands, queries
from armature.crm.listen.models import Channel, Unopened

AT_ONCE = 2000
"""Envelopes that are opened together."""
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


def ends_of(world: World, plans: Sequence[list[list[Envelope]]]) -> list[str]:
    """How each plan ends, on a channel of its own; the channels go together, round by round."""
    brand, _ = Brand.objects.get_or_create(key="shuffled", defaults={"name": "Shuffled"})
    channels = Channel.objects.bulk_create(
        Channel(kind=world.kind.key, place="email", name=f"{n}", address=f"shuffled-{n}", brand=brand)
        for n in range(len(plans))
    )

    def account(channel: Channel) -> Account:
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
