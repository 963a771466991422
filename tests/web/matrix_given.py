"""What the addresses of the matrix name, and what is posted to them, in a world in which it is there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from foreign import World

from armature.crm.accounts.models import Team
from armature.crm.act.models import (
    CannedResponse,
    Incident,
    Tryout,
)  # fmt: skip
from armature.crm.identify.models import Company, Person
from armature.crm.learn.assessments.models import Assessment
from armature.crm.learn.replays.models import Replay, ReplayChange
from armature.crm.listen.imports.models import Import
from armature.crm.listen.scans.models import Scan
from armature.crm.listen.surveys.models import Survey
from armature.crm.listen.wanted import ListeningQuery
from armature.crm.understand.models import Reading

Given = Mapping[str, Any]


def person(world: World) -> Given:
    return {"number": Person.objects.filter(joined__isnull=False).get().pk}


def company(world: World) -> Given:
    return {"number": Company.objects.get().pk}


def case(world: World) -> Given:
    return {"number": world.case.pk}


def everything(world: World) -> Given:
    """Team, brand and role that are not theirs to give."""
    support = Team.objects.get(key="support")
    return {"team": support.pk, "brand": world.house.brand.pk, "role": "agent", "name": "New name", "back": "team"}


def said(world: World) -> Given:
    return {"number": world.said.pk}


def label(world: World) -> Given:
    read = Reading.objects.filter(interaction=world.said, user=None).first()
    return {"suggestion": read.pk if read else 1, "intent": "spam", "here": "1"}


def canned(world: World) -> Given:
    return {"number": CannedResponse.objects.get().pk}


def kept(world: World) -> Given:
    """Words for a team that is not theirs."""
    return {"name": "Words", "text": "words", "shortcut": "w", "step": "note", "value": "words",
            "team": Team.objects.get(key="legal").pk, "brand": world.house.brand.pk}  # fmt: skip


def query(world: World) -> Given:
    return {"number": ListeningQuery.objects.get().pk}


def wanted(world: World) -> Given:
    """A query for everything that the company hears, and one that ships."""
    return {"name": "New", "purpose": "brand", "brand": "", "text": "parcel", "do": "keep", "language": "en"}


def survey(world: World) -> Given:
    return {"number": Survey.objects.get().pk}


def to_ask(world: World) -> Given:
    return {"survey": Survey.objects.get().pk}


def made(world: World) -> Given:
    """A survey for a brand that is not theirs to ask for."""
    return {"name": "New", "brand": world.house.brand.pk, "kind": "nps", "rating": "Well?", "language": "en",
            "link_days": "30", "edit_days": "7", "quiet_days": "90", "keep": "1", "state": "closed"}  # fmt: skip


def incident(world: World) -> Given:
    return {"number": Incident.objects.get().pk}


def brought_in(world: World) -> Given:
    return {"number": Import.objects.get().pk}


def tryout(world: World) -> Given:
    return {"number": Tryout.objects.get().pk}


def replay(world: World) -> Given:
    return {"number": Replay.objects.get().pk}


def assessment(world: World) -> Given:
    return {"number": Assessment.objects.get().pk}


def change(world: World) -> Given:
    return {**replay(world), "change": ReplayChange.objects.get().pk}


def talk(world: World) -> Given:
    return {"slug": "hello", "token": "t"}


def channel(world: World) -> Given:
    return {"number": world.house.mailbox.pk}


def colleague(world: World) -> Given:
    return {"number": world.house.olga.pk}


def meeting(world: World) -> Given:
    return {
        "where": "Shop",
        "held_at": "2026-03-02T10:00",
        "written_by": "Eve",
        "name": "A",
        "handle": "",
        "words": "w",
    }


def scan(world: World) -> Given:
    return {"number": Scan.objects.get().pk}


def response(world: World) -> Given:
    return {"number": world.response.pk}


@dataclass(frozen=True, slots=True)
class Route:
    """One address. ``kind`` says for whom it is.

    open: for everybody, logged in or not. own: one's own page, its deeds change only oneself. lists: shows what one may
    see. foreign: names an object that is not theirs, so it is not there. admin: for administrators; what they post here
    is about a place they do not administrate, so nothing changes.
    """

    kind: str
    named: Callable[[World], Given] = field(default=lambda world: {})
    given: Callable[[World], Given] = field(default=lambda world: {})


def theirs(named: Callable[[World], Given], **given: Any) -> Route:
    return Route("foreign", named, lambda world: given)


def for_admins(named: Callable[[World], Given] = lambda world: {}, **given: Any) -> Route:
    return Route("admin", named, lambda world: {**everything(world), **given})
