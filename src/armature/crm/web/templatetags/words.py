"""Words in the language of whoever looks."""

from django import template
from django.urls import reverse
from django.utils.translation import get_language

from armature.crm.web.shipped_words import in_their_language

register = template.Library()

register.filter("translated", in_their_language)


@register.simple_tag
def script_words() -> str:
    """Where the words of our scripts are, in this language."""
    return reverse("script-words", kwargs={"language": get_language() or "en"})


@register.filter
def outcome(key: str) -> str:
    """What came of a judgement, in words."""
    return in_their_language(key.replace("_", " "))
