"""Where Django finds this step."""

from django.apps import AppConfig


class Learn(AppConfig):
    """The learn step."""

    name = "armature.crm.learn"
    label = "learn"
