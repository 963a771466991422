"""Small words of a talk."""

from collections.abc import Sequence

from django import template

from armature.crm.act.visitors import Words
from armature.crm.web.shipped_words import intents

register = template.Library()


@register.filter
def last_is_ours(said: Sequence[Words]) -> bool:
    """Whether we spoke last."""
    return bool(said) and said[-1].ours


@register.filter
def intent_name(key: str) -> str:
    """An intent in words."""
    return intents().get(key, key)
