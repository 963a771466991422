"""Where which map is in force: for everything, for a brand, for one channel. The most exact word wins."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import Brand, User
from armature.crm.decide import publishing, versions
from armature.crm.decide.models import MapAssignment
from armature.crm.listen.models import Channel


@dataclass(frozen=True, slots=True)
class Where:
    """A channel, the word that decides for it, and the less exact words that it overrules."""

    channel: Channel
    decides: MapAssignment | None
    overruled: Sequence[MapAssignment]


def wheres() -> list[Where]:
    """For each channel which map its interactions enter, and by whose word; two queries."""
    words = versions.assigned()
    channels = Channel.objects.select_related("brand").order_by("brand__name", "name", "id")
    return [_where(channel, words) for channel in channels]


def _where(channel: Channel, words: Sequence[MapAssignment]) -> Where:
    fits = [one for one in words if one.brand_id in (None, channel.brand_id) and one.channel_id in (None, channel.pk)]
    ranked = sorted(fits, key=lambda one: (one.channel_id is None, one.brand_id is None))
    return Where(channel, ranked[0] if ranked else None, ranked[1:])


@transaction.atomic
def assign(user: User, key: str, *, brand: Brand | None = None, channel: Channel | None = None) -> MapAssignment:
    """From the next interaction on this map is in force there: for a channel, a brand, or (neither) everything."""
    _may(user)
    publishing.hold()
    newest = versions.newest_maps().get(key)
    if newest is None:
        raise Refused(_("Publish this map first: there is no version of it yet."))
    place = {"brand": None, "channel": channel} if channel else {"brand": brand, "channel": None}
    held, _new = MapAssignment.objects.update_or_create(**place, defaults={"map": newest})
    audit.log(user, "put a map in force", _named(held), {"map": key, "version": newest.version})
    return held


@transaction.atomic
def end(user: User, held: MapAssignment) -> None:
    """The less exact word decides there again. The word for everything stays: it can only be given to another map."""
    _may(user)
    publishing.hold()
    if held.brand_id is None and held.channel_id is None:
        raise Refused(_("Some map must be in force for everything else: choose another one instead."))
    if MapAssignment.objects.filter(pk=held.pk).delete()[0]:
        audit.log(user, "took a map out of force", _named(held), {"map": held.map.key})


def _may(user: User) -> None:
    if not publishing.may_publish(user):
        raise NotAllowed(_("Publishing needs an administrator of the company, or somebody they named for it."))


def _named(held: MapAssignment) -> str:
    if held.channel_id:
        return f"channel {held.channel_id}"
    return f"brand {held.brand_id}" if held.brand_id else "everything"
