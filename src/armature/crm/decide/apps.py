"""Where Django finds this step."""

from django.apps import AppConfig


class Decide(AppConfig):
    """The decide step."""

    name = "armature.crm.decide"
    label = "decide"
