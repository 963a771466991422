"""Where Django finds this step."""

from django.apps import AppConfig


class Identify(AppConfig):
    """The identify step."""

    name = "armature.crm.identify"
    label = "identify"
