"""What the pages of the door need."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """A value for an attribute that our own script reads; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)
