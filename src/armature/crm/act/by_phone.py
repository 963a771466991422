"""Who calls: somebody known by their number, as far as a user may know them, or somebody new."""

from django.db import transaction
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, rights_of
from armature.crm.accounts.models import Role, User
from armature.crm.act import persons
from armature.crm.channels.numbers import NETWORK, NoNumber, e164
from armature.crm.identify import commands as identify
from armature.crm.identify.models import Identity, Person
from armature.crm.listen.models import Channel


def numbers(typed: str) -> list[str]:
    """What number that can be: with its country, or in the countries of our channels. Raises ``NoNumber``."""
    kept = (
        Channel.objects.filter(settings__has_key="country").order_by("pk").values_list("settings__country", flat=True)
    )
    found, odd = list[str](), NoNumber()
    for country in ["", *dict.fromkeys(kept[:20])]:
        try:
            found.append(e164(typed, str(country)))
        except NoNumber as told:
            odd = told
    if not found:
        raise odd
    return list(dict.fromkeys(found))


def known_for(user: User, typed: str) -> Identity:
    """Whose number it is; raises ``Identity.DoesNotExist``, whether it is nobody's or somebody's they may not know."""
    there = Identity.objects.filter(network=NETWORK, address__in=numbers(typed)).select_related("person").order_by("pk")
    for one in there:
        if one.person is None and persons.identities_for(user).filter(pk=one.pk).exists():
            return one
        if one.person is not None and _may_know(user, one.person):
            return one
    raise Identity.DoesNotExist


def _may_know(user: User, person: Person) -> bool:
    try:
        persons.person_for(user, person.pk)
    except Person.DoesNotExist:
        return False
    return True


@transaction.atomic
def add(user: User, typed: str, name: str) -> Person:
    """Somebody new with this number. Raises ``Identity.DoesNotExist`` where it is known to others already."""
    if not rights_of(user).anywhere(Role.AGENT):
        raise NotAllowed(_("This needs the role “Agent” in a team."))
    number = numbers(typed)[0]
    identity, new = Identity.objects.get_or_create(network=NETWORK, address=number)
    if not new:
        return identify.person_of(known_for(user, typed).pk)
    identity.person = Person.objects.create(name=name.strip()[:200] or number, added_by=user)
    identity.save(update_fields=["person"])
    audit.log(user, "added a person", f"person {identity.person.pk}", {"number": number})
    return identity.person
