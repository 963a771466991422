"""What pages say in a demo: that it is one, and who works there."""

from typing import NamedTuple

from django import template
from django.conf import settings

from armature.crm.accounts.models import Membership, Role
from armature.crm.demo.staff import PASSWORD

register = template.Library()


class Worker(NamedTuple):
    """Somebody to log in as."""

    email: str
    name: str
    role: str
    team: str


@register.simple_tag
def is_demo() -> bool:
    """Whether this is a company to try things on."""
    return bool(settings.DEMO)


@register.simple_tag
def demo_password() -> str:
    """Everybody's password there."""
    return PASSWORD


@register.simple_tag
def demo_people() -> list[Worker]:
    """Who works there, in the order in which they came."""
    found = Membership.objects.filter(user__is_active=True).order_by("user", "pk")
    wanted = found.values_list("user__email", "user__name", "role", "team__name")
    return [Worker(email, name, str(Role(role).label), team or "") for email, name, role, team in wanted]
