"""Where Django finds this step."""

from django.apps import AppConfig


class Understand(AppConfig):
    """The understand step."""

    name = "armature.crm.understand"
    label = "understand"
