"""Breaks the outbox on purpose, to see that the kill harness can fail: whoever has this folder on PYTHONPATH sends
inside the transaction that marks the delivery, as one would write it first. A kill between the two sends it again.
"""

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

OUTBOX = "armature.crm.act.outbox"


class Saboteur(MetaPathFinder, Loader):
    """Loads the real outbox, then replaces how it claims and sends."""

    def find_spec(self, name, path=None, target=None) -> ModuleSpec | None:
        if name != OUTBOX:
            return None
        spec = PathFinder.find_spec(name, path)
        self.real = spec.loader
        spec.loader = self
        return spec

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.real.exec_module(module)
        sabotage(module)


def sabotage(outbox: ModuleType) -> None:
    from django.db import transaction

    from armature.crm.act.models import Delivery

    def claim(limit: int = 20, channel: int | None = None) -> list[int]:
        due = Delivery.objects.filter(state="queued").order_by("id")
        due = due if channel is None else due.filter(channel=channel)
        return list(due.values_list("id", flat=True)[:limit])

    def send(number: int) -> None:
        with transaction.atomic():
            found = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=number, state="queued")
            for delivery in found.select_related("response__case__conversation", "channel"):
                outcome = outbox._hand_over(delivery)
                Delivery.objects.filter(pk=number).update(state="sending", attempt=1, token=1)
                delivery.token = 1
                outbox.settle(delivery, outcome)

    outbox.claim, outbox.send = claim, send


sys.meta_path.insert(0, Saboteur())
