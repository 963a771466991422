"""Steps of calls: kept as they come, in any order, and read together."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from armature.arm import call
from armature.crm import rows
from armature.crm.channels import port
from armature.crm.listen.models import CallStep, Channel


@dataclass(frozen=True, slots=True)
class Happened:
    """A step that came in an envelope of a channel."""

    envelope_id: int
    channel: Channel
    event: port.CallStep


def keep(happened: Sequence[Happened]) -> None:
    """Keep each step once."""
    CallStep.objects.bulk_create(
        [
            CallStep(
                channel=one.channel, external_id=one.event.external_id[:300], envelope_id=one.envelope_id,
                step=one.event.step, at=one.event.at, known=dict(one.event.known), digest=_digest(one.event),
            )
            for one in sorted(happened, key=lambda one: (one.channel.pk, one.event.external_id, one.event.at))
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _digest(event: port.CallStep) -> str:
    return hashlib.blake2b(json.dumps(event.known, sort_keys=True, default=str).encode(), digest_size=16).hexdigest()


def calls(interaction_ids: Iterable[int]) -> dict[int, call.Call]:
    """What each of these calls was; what is no call is left out."""
    found = rows.fetch(
        """
        SELECT i.id, s.step, s.at, s.known::text FROM listen_interaction i
        JOIN listen_callstep s ON s.channel_id = i.channel_id AND s.external_id = i.external_id
        WHERE i.id = ANY(%s) AND i.kind = 'call'
        """,
        [sorted(set(interaction_ids))],
    )
    steps: dict[int, list[call.Step]] = defaultdict(list)
    for number, step, at, known in found:
        steps[number].append(call.Step(step, at, json.loads(known)))
    return {number: call.told_by(each) for number, each in steps.items()}
