"""Where Django finds this step."""

from importlib import import_module

from django.apps import AppConfig


class Listen(AppConfig):
    """The listen step."""

    name = "armature.crm.listen"
    label = "listen"

    def import_models(self) -> None:
        """Its tables, also those of the papers that are read and of surveys."""
        super().import_models()
        import_module("armature.crm.listen.scans.models")
        import_module("armature.crm.listen.surveys.models")
