"""What the pages of the door need."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from armature.crm.accounts.access import RANK, rights_of
from armature.crm.accounts.models import Presence, Role, User
from armature.crm.act import notice_list

register = template.Library()
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
MACHINES = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "a Mac",
            "CrOS": "Chromebook", "Linux": "Linux"}  # fmt: skip
"""How browsers and machines give themselves away, the more telling ones first: Edge says Chrome too."""


@register.filter
def as_json(value: Any) -> str:
    """A value for an attribute that our own script reads; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def administers(user: User) -> bool:
    """Whether the pages for administrators exist for them."""
    return rights_of(user).anywhere(Role.ADMIN)


@register.filter
def leads(user: User) -> bool:
    """Whether they lead a team, or more: then there are measures for them."""
    return rights_of(user).anywhere(Role.LEAD)


@register.filter
def administers_a_brand(user: User) -> bool:
    """Whether they administer all teams of some brand: then its channels are theirs to set up."""
    return any(role == Role.ADMIN and team is None for team, _, role in rights_of(user).roles)


@register.filter
def writes_down(user: User) -> bool:
    """Whether they answer somewhere: then they can log what was said to them."""
    return rights_of(user).anywhere(Role.AGENT)


@register.filter
def brings_in(user: User) -> bool:
    """Whether they lead all teams of some brand: then its past is theirs to bring in."""
    return any(RANK[role] >= RANK[Role.LEAD] and team is None for team, _, role in rights_of(user).roles)


@register.filter
def unread_notices(user: User) -> int:
    """How many notices wait to be read."""
    return notice_list.unread(user)


@register.filter
def browser(agent: str) -> str:
    """A browser and its machine as people call them: "Firefox on Linux"; its own words when nobody knows them."""
    names = [one for one in BROWSERS if one in agent], [one for one in MACHINES if one in agent]
    if not all(names):
        return agent
    return _("{browser} on {machine}").format(browser=BROWSERS[names[0][0]], machine=MACHINES[names[1][0]])


@register.filter
def not_here(user: User) -> str:
    """Behind a name: that they are away or absent, until when, and who stands in. Nothing when they are here."""
    presence = user.presence()
    if presence == Presence.HERE:
        return ""
    if user.absent_until is None or presence == Presence.AWAY:
        return _(", away for a moment")
    words = _(", absent until {day}").format(day=date_format(user.absent_until, "j M"))
    return words + (_(", {name} stands in").format(name=user.stand_in.name) if user.stand_in else "")
