"""Changing the draft of a map step by step: each change is made on its XML, and kept as one wording."""

from collections.abc import Callable
from typing import TypeVar

from armature.arm.process_map.edit import CannotDraw, Drawing
from armature.arm.rule.finding import Finding
from armature.crm.accounts.access import Refused
from armature.crm.accounts.models import User
from armature.crm.decide import drafts, publishing, versions
from armature.crm.decide.drawn import Draft

T = TypeVar("T")


def change(user: User, draft: Draft, revision: int, deed: Callable[[Drawing], T]) -> tuple[Draft, T]:
    """The draft with a change, and what the change gave back. Nothing is kept when it raises.

    Raises ``Refused`` for what cannot be drawn, ``DrawnMeanwhile`` when ``revision`` is no longer the newest.
    """
    drafts.must_draw(user)
    try:
        drawing = Drawing(draft.body.encode())
        given = deed(drawing)
    except CannotDraw as fault:
        raise Refused(str(fault)) from fault
    body = drawing.write().decode()
    if body == draft.body and revision == draft.revision:
        return draft, given
    return drafts.keep(user, draft, body, revision=revision, name=drawing.map.name), given


def findings(draft: Draft) -> list[Finding]:
    """What is wrong with the map as it is drawn; errors first."""
    found = publishing.findings([draft]).get((versions.MAP, draft.key), [])
    return sorted(found, key=lambda one: not one.error)
