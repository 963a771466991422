"""The list of deeds, for the templates that show it."""

from django import template

from armature.crm.web import deeds

register = template.Library()


@register.simple_tag
def keys_by_group() -> dict[str, list[deeds.Deed]]:
    """The key sheet."""
    return deeds.by_group()


@register.simple_tag
def palette() -> list[deeds.Deed]:
    """What the palette offers beside the views."""
    return [deed for deed in deeds.DEEDS if deed.palette]
