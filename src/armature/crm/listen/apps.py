"""Where Django finds this step."""

from django.apps import AppConfig


class Listen(AppConfig):
    """The listen step."""

    name = "armature.crm.listen"
    label = "listen"
