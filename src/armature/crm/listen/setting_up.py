"""Who sets our presences up: making one, changing it, pausing it, asking the other side who we are there.

The administrators of a brand do. A secret goes in and never comes out again; a page only says that there is one.
"""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, rights_of
from armature.crm.accounts.models import Brand, Role, User
from armature.crm.channels import registry, survey
from armature.crm.channels.port import Announces, Kind
from armature.crm.channels.settings import BadSettings, Setting, read
from armature.crm.listen import commands, queries
from armature.crm.listen.models import Channel
from armature.crm.listen.secrets import seal_secret


def brands_for(user: User) -> QuerySet[Brand]:
    """The brands that this user administers, all teams of them, by name."""
    brands = {brand for team, brand, role in rights_of(user).roles if role == Role.ADMIN and team is None}
    found = Brand.objects.order_by("name", "id")
    return found if None in brands else found.filter(pk__in=[one for one in brands if one is not None])


def channels_for(user: User) -> QuerySet[Channel]:
    """The channels of these brands, by name."""
    return Channel.objects.filter(brand__in=brands_for(user)).select_related("brand").order_by("name", "id")


def channel_for(user: User, number: int) -> Channel:
    """One of them; raises ``Channel.DoesNotExist``, whether there is one or not."""
    return channels_for(user).get(pk=number)


def set_up(
    user: User, kind: Kind, *, brand: Brand, name: str, place: str, address: str, given: Mapping[str, Any]
) -> Channel:
    """A new presence, switched off until somebody starts it; raises ``BadSettings`` naming each field, ``Refused``."""
    channel = Channel(kind=kind.key, brand=brand, active=False)
    return _keep(user, channel, "set up a channel", name=name, place=place, address=address, given=given)


def change(user: User, channel: Channel, *, name: str, place: str, address: str, given: Mapping[str, Any]) -> Channel:
    """Other settings; where reading stopped is kept. A secret that is left empty stays as it is."""
    return _keep(user, channel, "changed a channel", name=name, place=place, address=address, given=given)


@transaction.atomic
def _keep(
    user: User, channel: Channel, verb: str, *, name: str, place: str, address: str, given: Mapping[str, Any]
) -> Channel:
    _may(user, channel.brand)
    kind = registry.kind(channel.kind)
    channel.name, channel.place, channel.address = name, place, address
    channel.settings = {one.name: given[one.name] for one in _open(kind) if given.get(one.name) not in (None, "")}
    _save(channel)
    for secret in _secrets(kind):
        if given.get(secret.name):
            seal_secret(channel, secret.name, str(given[secret.name]))
    account = queries.account(channel)
    read(kind.settings, {**account.settings, **account.secrets})
    kind.check(account)
    changed = [one.name for one in kind.settings if given.get(one.name)]
    audit.log(user, verb, f"channel {channel.pk}", {"kind": kind.key, "address": address, "given": changed})
    return channel


def _save(channel: Channel) -> None:
    try:
        with transaction.atomic():
            channel.save()
    except IntegrityError:
        raise BadSettings({"address": _("Another channel of this kind has this address.")}) from None


def start(user: User, channel: Channel) -> None:
    """Listen and answer from now on, from where reading stopped; raises ``Unreachable`` when that cannot be said."""
    _may(user, channel.brand)
    kind, account = registry.kind(channel.kind), queries.account(channel)
    if isinstance(kind, Announces):
        kind.check(account)
        kind.announce(account)
    _switch(user, channel, True, "started a channel")


def pause(user: User, channel: Channel) -> None:
    """Neither listen nor answer; what is there stays, and where reading stopped."""
    _switch(user, channel, False, "paused a channel")


@transaction.atomic
def _switch(user: User, channel: Channel, active: bool, verb: str) -> None:
    _may(user, channel.brand)
    if active:
        registry.kind(channel.kind).check(queries.account(channel))
    begun = {"begun_at": Coalesce("begun_at", Now())} if active else {}
    Channel.objects.filter(pk=channel.pk).update(active=active, paused_at=None, problem="", **begun)
    audit.log(user, verb, f"channel {channel.pk}", {})


def probe(user: User, channel: Channel) -> str:
    """Log in there both ways and say as whom; raises ``Unreachable`` or ``BadSettings`` with what to mend."""
    _may(user, channel.brand)
    return registry.kind(channel.kind).probe(queries.account(channel))


@transaction.atomic
def open_again(user: User, channel: Channel) -> int:
    """Try once more what could not be read; how many messages."""
    _may(user, channel.brand)
    number = commands.open_again(channel)
    audit.log(user, "opened parked messages again", f"channel {channel.pk}", {"number": number})
    return number


def kinds() -> list[Kind]:
    """What can be set up here, by its label; not the demo's own channel, nor surveys, which come with the first one."""
    found = (one for one in registry.installed().kinds.values() if one.key not in ("demo", survey.KIND))
    return sorted(found, key=lambda one: one.label)


def kept_secrets(channel: Channel) -> set[str]:
    """The names of the secrets that are there."""
    return set(channel.secrets.values_list("name", flat=True))


def _open(kind: Kind) -> list[Setting]:
    return [one for one in kind.settings if one.form != "secret"]


def _secrets(kind: Kind) -> list[Setting]:
    return [one for one in kind.settings if one.form == "secret"]


def require(user: User, channel: Channel) -> None:
    """Raises ``NotAllowed`` for whoever does not set up this channel."""
    _may(user, channel.brand)


def _may(user: User, brand: Brand) -> None:
    if not rights_of(user).administers(None, brand.pk):
        raise NotAllowed(_("Only administrators of this brand set up its channels."))
