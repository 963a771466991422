"""Where Django finds this step."""

from django.apps import AppConfig


class Act(AppConfig):
    """The act step."""

    name = "armature.crm.act"
    label = "act"
