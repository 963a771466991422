"""Small words of a talk."""

from collections.abc import Sequence

from django import template
from django.utils.translation import gettext as _

from armature.crm.act.visitors import Words
from armature.crm.channels.talks import ANSWER, is_handle
from armature.crm.web.shipped_words import intents

register = template.Library()


@register.filter
def last_is_ours(said: Sequence[Words]) -> bool:
    """Whether we spoke last."""
    return bool(said) and said[-1].ours


@register.filter
def called(name: str) -> str:
    """A name or an address as people read it: visitors of our page have none before they give one."""
    if not is_handle(name):
        return name
    return _("Somebody who answered a survey") if name.startswith(ANSWER) else _("Visitor on the web page")


@register.filter
def intent_name(key: str) -> str:
    """An intent in words."""
    return intents().get(key, key)
