"""Where Django finds this step."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """The accounts step."""

    name = "armature.crm.accounts"
    label = "accounts"
