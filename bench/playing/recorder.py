"""The other side of the plays: a channel that keeps what it was handed, and at which a worker can die."""

from __future__ import annotations

import threading
from typing import Any, ClassVar

from armature.crm.channels import registry
from armature.crm.channels.lines import Demo
from armature.crm.channels.port import Failed, Outcome, Outgoing, Sent, Unknown

Content = tuple[Any, ...]
"""What the other side got to see: words, recipients, copies, subject, name."""


class Died(BaseException):
    """A worker is gone: nothing it would have done after this happens."""


class Recorder(Demo):
    """Keeps what is sent, by conversation. ``fate`` is what happens to the next hand-over in this thread."""

    key: ClassVar[str] = "recorder"
    label: ClassVar[str] = "Recorder"
    left: ClassVar[dict[str, list[Content]]] = {}
    here: ClassVar[threading.local] = threading.local()

    def send(self, account: object, outgoing: Outgoing) -> Outcome:
        """Take it, unless the worker dies first; it may die afterwards, or its answer get lost."""
        fate = getattr(self.here, "fate", "well")
        self.here.fate = "well"
        if fate == "dies before":
            raise Died
        if fate == "refused":
            return Failed("Not today.")
        self.left.setdefault(outgoing.thread, []).append(content_of(outgoing))
        if fate == "dies after":
            raise Died
        return Unknown("The answer got lost.") if fate == "answer lost" else Sent(outgoing.external_id)


def content_of(one: Outgoing) -> Content:
    """What leaves, without the names that threads need."""
    return (one.text, one.recipients, one.copies, one.subject, one.author_name)


def install() -> None:
    """Make the kind known to this process, empty."""
    Recorder.left.clear()
    registry.installed().kinds[Recorder.key] = Recorder()
