"""Where Django finds the screens: templates and static files."""

from django.apps import AppConfig


class Web(AppConfig):
    """The screens; no tables."""

    name = "armature.crm.web"
    label = "web"
