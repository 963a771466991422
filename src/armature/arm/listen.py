"""Listen: what was said or done, and where."""

from datetime import datetime

from armature.arm.calendar import Calendar
from armature.arm.interaction import Interaction, Value
from armature.arm.rule.words import word_line

PAST = ("from before this channel was started", "brought in from the past")
"""Why nobody has to do anything about something that a person did say to us."""


def only_counts(interaction: Interaction) -> bool:
    """Whether it is read although it is set aside: a person said it, and reports count it."""
    return interaction.historic and interaction.automatic in PAST


def set_aside(interaction: Interaction) -> str:
    """Why nothing is judged here: no person wrote it, or not to us. Empty when it is judged."""
    return f"set aside: {interaction.automatic}" if interaction.automatic else ""


def said(interaction: Interaction) -> dict[str, Value]:
    """The facts of the start: the words, which queries heard it (a line each, for keyword tests), what it is, and
    what a survey's answer rated, how a call ended.
    """
    return {
        "said": word_line(interaction.text),
        "heard": word_line(interaction.heard),
        "author": interaction.author.casefold() or None,
        "kind": interaction.kind,
        "automatic": interaction.automatic or None,
        "survey": interaction.survey or None,
        "score": interaction.score,
        "call": interaction.call or None,
    }


def where(interaction: Interaction, calendar: Calendar | None, now: datetime) -> dict[str, Value]:
    """The channel, and whether the company was there *when it was said* (a date in the future counts as now).

    Without a calendar business hours are not known.
    """
    return {
        "channel": interaction.channel,
        "public": interaction.public,
        "business_hours": calendar.is_open(min(interaction.occurred_at, now)) if calendar else None,
    }
