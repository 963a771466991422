"""Where which map is in force: for everything, for a brand, for one channel. The most exact word wins.

A map is drawn for what they say to us, or for what we start; each direction has words of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import Brand, User
from armature.crm.channels import registry
from armature.crm.decide import publishing, versions
from armature.crm.decide.models import MapAssignment
from armature.crm.listen.models import Channel, Direction


@dataclass(frozen=True, slots=True)
class Where:
    """A channel, the word that decides for it, and the less exact words that it overrules."""

    channel: Channel
    decides: MapAssignment | None
    overruled: Sequence[MapAssignment]


def wheres(direction: str = Direction.IN) -> list[Where]:
    """For each channel which map what comes in there (or what we start there) enters, and by whose word; two queries.

    Where we start nothing that says whom it reaches, there is nothing to enter a map.
    """
    words = versions.assigned(direction)
    channels = Channel.objects.select_related("brand").order_by("brand__name", "name", "id")
    theirs = direction == Direction.IN
    return [_where(one, words) for one in channels if theirs or registry.installed().says_whom_we_reach(one.kind)]


def _where(channel: Channel, words: Sequence[MapAssignment]) -> Where:
    fits = [one for one in words if one.brand_id in (None, channel.brand_id) and one.channel_id in (None, channel.pk)]
    ranked = sorted(fits, key=lambda one: (one.channel_id is None, one.brand_id is None))
    return Where(channel, ranked[0] if ranked else None, ranked[1:])


@transaction.atomic
def assign(user: User, key: str, *, brand: Brand | None = None, channel: Channel | None = None) -> MapAssignment:
    """From the next interaction on this map is in force there: for a channel, a brand, or (neither) everything.

    Only in its own direction: what a map for what we start is in force for changes nothing of what comes in.
    """
    _may(user)
    publishing.hold()
    newest = versions.newest_maps().get(key)
    if newest is None:
        raise Refused(_("Publish this map first: there is no version of it yet."))
    place = {"brand": None, "channel": channel} if channel else {"brand": brand, "channel": None}
    direction = versions.direction_of(newest.body)
    held, _new = MapAssignment.objects.update_or_create(**place, direction=direction, defaults={"map": newest})
    what = {"map": key, "version": newest.version, "direction": direction}
    audit.log(user, "put a map in force", _named(held), what)
    return held


@transaction.atomic
def end(user: User, held: MapAssignment) -> None:
    """The less exact word decides there again, or none, for what we start.

    The word for everything that comes in stays: it can only be given to another map.
    """
    _may(user)
    publishing.hold()
    if held.direction == Direction.IN and held.brand_id is None and held.channel_id is None:
        raise Refused(_("Some map must be in force for everything else: choose another one instead."))
    if MapAssignment.objects.filter(pk=held.pk).delete()[0]:
        audit.log(user, "took a map out of force", _named(held), {"map": held.map.key, "direction": held.direction})


def _may(user: User) -> None:
    if not publishing.may_publish(user):
        raise NotAllowed(_("Publishing needs an administrator of the company, or somebody they named for it."))


def _named(held: MapAssignment) -> str:
    if held.channel_id:
        return f"channel {held.channel_id}"
    return f"brand {held.brand_id}" if held.brand_id else "everything"
