"""Where Django finds this step."""

from django.apps import AppConfig


class Learn(AppConfig):
    """The learn step."""

    name = "armature.crm.learn"
    label = "learn"

    def ready(self) -> None:
        """Nothing is automatic that was not measured: asked of every table that is published."""
        from armature.crm.decide import gates
        from armature.crm.learn.who_judges import gate

        gates.hand_in("who judges", gate.findings)
