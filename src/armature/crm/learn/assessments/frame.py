"""What stays the same for the whole of an assessment, whatever chunk is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from armature.arm.calendar import Calendar
from armature.crm.decide.plans import Plans
from armature.crm.learn.assessments.ruled import Rules
from armature.crm.learn.assessments.scope import Scope
from armature.crm.learn.assessments.sides import Sides


class Place(NamedTuple):
    """A channel: whose it is, and what sort of place for the rules."""

    brand: int
    place: str


@dataclass(slots=True)
class Frame:
    """From when to when (``until`` not included), whose, by which rules and hours.

    ``ends`` are when the last thing was said that was brought in, by channel.
    """

    since: datetime
    until: datetime
    zone: ZoneInfo
    channels: Mapping[int, Place]
    ends: Mapping[int, datetime]
    scope: Scope
    rules: Rules
    opening: Plans
    sides: Sides
    hours: Mapping[int, Calendar]
