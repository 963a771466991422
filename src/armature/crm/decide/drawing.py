"""Changing the draft of a map step by step: each change is made on its XML, and kept as one wording."""

from collections.abc import Callable
from typing import TypeVar

from armature.arm.process_map import edit
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
    drawing, given = tried(draft, deed)
    return _kept(user, draft, revision, drawing), given


def tried(draft: Draft, deed: Callable[[Drawing], T]) -> tuple[Drawing, T]:
    """How the draft would read with a change; nothing is kept. Raises ``Refused`` for what cannot be drawn."""
    try:
        drawing = Drawing(draft.body.encode())
        return drawing, deed(drawing)
    except CannotDraw as fault:
        raise Refused(str(fault)) from fault


def redraw(user: User, draft: Draft, revision: int, xml: bytes) -> Draft:
    """The draft as another drawing tool wrote it anew; what such a tool drops is put back.

    Raises ``Refused`` for what is no map, ``DrawnMeanwhile`` when ``revision`` is no longer the newest.
    """
    drafts.must_draw(user)
    try:
        drawn = Drawing(xml)
        edit.carry_over(Drawing(draft.body.encode()), drawn)
    except CannotDraw as fault:
        raise Refused(str(fault)) from fault
    return _kept(user, draft, revision, drawn)


def _kept(user: User, draft: Draft, revision: int, drawing: Drawing) -> Draft:
    body = drawing.write().decode()
    if body == draft.body and revision == draft.revision:
        return draft
    return drafts.keep(user, draft, body, revision=revision, name=drawing.map.name)


def findings(draft: Draft) -> list[Finding]:
    """What is wrong with the map as it is drawn, with the tables that are only drawn yet; errors first."""
    found = publishing.findings([draft, *versions.only_drawn()]).get((versions.MAP, draft.key), [])
    return sorted(found, key=lambda one: not one.error)
