"""What the pages of the door need."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

from armature.crm.accounts.access import rights_of
from armature.crm.accounts.models import Role, User
from armature.crm.act import notice_list

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """A value for an attribute that our own script reads; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def administers(user: User) -> bool:
    """Whether the pages for administrators exist for them."""
    return rights_of(user).anywhere(Role.ADMIN)


@register.filter
def unread_notices(user: User) -> int:
    """How many notices wait to be read."""
    return notice_list.unread(user)
