"""Rows of cases that just changed, as they now stand in each open list.

They are made once for all screens, so that fifty screens that hear of a message need not ask for fifty lists.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from armature.crm.accounts.models import User
from armature.crm.accounts.queries import company_zone
from armature.crm.act import asked
from armature.crm.act.filters import read
from armature.crm.act.listing import Line, lines
from armature.crm.web import filters, views_of_cases
from armature.crm.web.case_row import drawn, row
from armature.crm.web.views_of_cases import VIEWS

MOST = 20
"""Of more cases at once no rows are made: the screens ask for their lists."""


@dataclass(frozen=True, slots=True)
class OpenList:
    """The list that stands on a screen: a view and its filters as in its address, and the language of the page."""

    view: str
    query: str
    language: str


class Fresh(NamedTuple):
    """A row as it stands in a list now: its place there, and its markup; nothing when it does not stand in it."""

    place: str
    markup: str


GONE = Fresh("", "")
Rows = dict[tuple[User, OpenList], dict[int, Fresh]]


def of_address(query: str) -> OpenList | None:
    """The list that the address of a stream names; None when there is none of that name."""
    given = dict(parse_qsl(query))
    if given.get("view") not in VIEWS:
        return None
    languages = dict(settings.LANGUAGES)
    language = given.get("language", "")
    return OpenList(
        given["view"], filters.query(read(given)), language if language in languages else settings.LANGUAGE_CODE
    )


def fresh(screens: Collection[tuple[User, OpenList]], cases: Collection[int]) -> Rows:
    """Every one of these cases in each of these lists, in a fixed number of queries."""
    if not cases or len(cases) > MOST:
        return {}
    with timezone.override(company_zone()):
        wanted = {
            (user, one): views_of_cases.statement(user, VIEWS[one.view], read(dict(parse_qsl(one.query))))
            for user, one in screens
        }
        there = asked.among(wanted, cases)
        told = lines(set().union(*there.values())) if there else []
        return {
            (user, one): dict.fromkeys(cases, GONE) | _rows(user, one, [line for line in told if line.number in stand])
            for (user, one), stand in there.items()
        }


def _rows(user: User, one: OpenList, told: Sequence[Line]) -> dict[int, Fresh]:
    behind = f"?{one.query}" if one.query else ""
    with translation.override(one.language):
        return {
            line.number: Fresh(
                str(line.stands),
                drawn(row(user, line, f"{reverse('case', args=[one.view, line.number])}{behind}")),
            )
            for line in told
        }
