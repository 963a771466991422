"""Lists of what was said, brought in row by row: by the command line and by the page of a channel."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.utils import timezone

from armature.crm.accounts import audit
from armature.crm.accounts.models import User
from armature.crm.channels import registry
from armature.crm.channels.port import Envelope
from armature.crm.channels.tables import BadRow, Imports
from armature.crm.listen import commands, queries, setting_up
from armature.crm.listen.models import Channel

BATCH = 500


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of some rows: how many were new, how many known already, and those that nothing can be made of."""

    taken: int
    known: int
    bad: list[BadRow]


def takes(channel: Channel) -> bool:
    """Whether lists can be brought in here at all."""
    return isinstance(registry.installed().kinds.get(channel.kind), Imports)


def layouts(channel: Channel) -> Mapping[str, str]:
    """How such a list may be laid out, with words for people; none when its kind knows one layout only."""
    return dict(getattr(registry.kind(channel.kind), "layouts", {}))


def batches(channel: Channel, rows: Iterable[str], layout: str, zone: str) -> Iterator[Brought]:
    """Take rows in, some hundred at a time; raises ``ValueError`` when it is no such list at all.

    Times that name no zone are meant in ``zone``. The same row again is known, and taken once.
    """
    kind = registry.kind(channel.kind)
    assert isinstance(kind, Imports), "ask whether it takes lists"
    read = kind.import_rows(queries.account(channel), rows, layout, zone, timezone.now())
    while batch := list(islice(read, BATCH)):
        good = [one for one in batch if isinstance(one, Envelope)]
        new = commands.accept(channel, good)
        yield Brought(new, len(good) - new, [one for one in batch if isinstance(one, BadRow)])


@transaction.atomic
def bring_in(user: User, channel: Channel, name: str, rows: Iterable[str], layout: str, zone: str) -> Brought:
    """A whole list of a user's, all of it or, on ``ValueError`` and ``NotAllowed``, nothing; in the audit log."""
    setting_up.require(user, channel)
    parts = list(batches(channel, rows, layout, zone))
    done = Brought(
        sum(one.taken for one in parts), sum(one.known for one in parts), [b for one in parts for b in one.bad]
    )
    told = {"file": name, "taken": done.taken, "known": done.known, "refused": len(done.bad)}
    audit.log(user, "brought in a list", f"channel {channel.pk}", told)
    return done
