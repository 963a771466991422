"""The company's own fields of a case: which a case has, what they may hold, and what is asked for when it ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from armature.crm.act.models import Case, CaseField
from armature.crm.act.work import Refused

ASKED = ("resolved", "closed")
"""Ends that ask for fields. Spam and what nobody answers need none."""
LONGEST = 500


@dataclass(eq=False)
class Missing(Refused):
    """Fields are missing: ``problems`` are words by field, those of the fields that are not right yet."""

    problems: Mapping[str, str]

    def __str__(self) -> str:
        return _("Fill in what is asked for, then end the case.")


def fields_of(case: Case) -> list[CaseField]:
    """The fields of a case: those of all teams and of its own, in their order."""
    mine = Q(team=None) | Q(team__key=case.team)
    return list(CaseField.objects.filter(mine).order_by("order", "pk"))


def asked(case: Case, how: str) -> list[CaseField]:
    """The fields that this end needs."""
    return [field for field in fields_of(case) if field.at_end] if how in ASKED else []


def missing(case: Case, how: str) -> list[CaseField]:
    """Those of them that hold nothing yet."""
    return [field for field in asked(case, how) if case.fields.get(field.key) in (None, "")]


def filled(case: Case, how: str, given: Mapping[str, str]) -> dict[str, Any]:
    """All fields of a case with what was given; raises ``Missing`` when this end needs more."""
    known = fields_of(case)
    values, problems = dict(case.fields), dict[str, str]()
    for field in known:
        if field.key in given:
            try:
                values[field.key] = read(field, given[field.key])
            except ValueError as wrong:
                problems[field.key] = str(wrong)
    needed = [field for field in known if field.at_end] if how in ASKED else []
    empty = (field.key for field in needed if values.get(field.key) in (None, "") and field.key not in problems)
    problems |= dict.fromkeys(empty, _("This is needed."))
    if problems:
        raise Missing(problems)
    return values


def read(field: CaseField, text: str) -> str | float | bool | None:
    """What somebody typed, as the value that is kept; None when they typed nothing. Raises ``ValueError`` in words."""
    text = text.strip()
    if not text:
        return None
    if field.kind == CaseField.Kind.CHOICE and text not in field.choices:
        raise ValueError(_("Choose one of the list."))
    if field.kind == CaseField.Kind.YES_NO:
        return text == "yes"
    if field.kind == CaseField.Kind.NUMBER:
        return _number(text)
    if field.kind == CaseField.Kind.DATE:
        return _date(text)
    return text[:LONGEST]


def _number(text: str) -> float:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        raise ValueError(_("Write a number.")) from None
    if found != found or abs(found) > 1e15:  # not a number, or one too large to keep exactly
        raise ValueError(_("Write a number."))
    return found


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(_("Write a date: year, month, day.")) from None


def shown(case: Case, fields: Sequence[CaseField]) -> list[tuple[str, str]]:
    """What a case holds, as words: only what holds something."""
    words = {True: _("yes"), False: _("no")}
    held = [(field.label, case.fields.get(field.key)) for field in fields]
    return [
        (label, words[value] if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value))
        for label, value in held
        if value not in (None, "")
    ]
