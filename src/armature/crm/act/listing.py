"""What stands in a list of cases: of each who wrote, where, their last words, how these were read, how far it is.

A list has fifty rows and is looked at all day, so the database tells all of it in one statement, as plain values.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from armature.crm import rows
from armature.crm.act.queries import LAST_SAID, LAST_STARTED
from armature.crm.decide.catalogue import KEYS


class NoSuchPlace(ValueError):
    """The words are no place in a list."""


class Place(NamedTuple):
    """Where a case stands in its list. In an address: microseconds since 1970 and its number."""

    number: int
    at: datetime

    def __str__(self) -> str:
        since = self.at - datetime(1970, 1, 1, tzinfo=UTC)
        return f"{(since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds}_{self.number}"


def place_in(address: str) -> Place:
    """The place that an address names; raises `NoSuchPlace`."""
    moment, _, number = address.partition("_")
    if not (moment.isdecimal() and number.isdecimal() and len(address) < 40):
        raise NoSuchPlace(address)
    seconds, micro = divmod(int(moment), 1_000_000)
    try:
        return Place(min(int(number), 2**63 - 1), datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro))
    except (OverflowError, ValueError) as problem:
        raise NoSuchPlace(address) from problem


class Line(NamedTuple):
    """One case of a list. ``who`` is a name or else an address; ``intent`` is empty when nothing was read."""

    number: int
    status: str
    form: str
    due: datetime | None
    at: datetime
    assignee: int | None
    held_by: str
    who: str
    channel: str
    public: bool
    text: str
    intent: str
    confirmed: bool
    tags: list[str]

    @property
    def stands(self) -> Place:
        """Where it stands in a list."""
        return Place(self.number, self.at)


UNTOLD = f"""CASE WHEN c.form = 'intent' AND r.user_id IS NULL AND EXISTS (
            SELECT FROM decide_judgement j WHERE j.interaction_id = said.id AND j.current
              AND j.snapshot::json ->> {KEYS.index("judging")} = 'off') THEN '' ELSE coalesce(r.intent_id, '') END"""
"""How it was read, unless somebody is to judge it without a suggestion."""

LINES = f"""
    SELECT c.id, c.status, c.form, least(c.due_at, c.promised_at), c.last_in_at, c.assignee_id, coalesce(u.name, ''),
        coalesce(nullif(d.name, ''), d.address), h.name, coalesce(h.settings -> 'public' = 'true', false),
        coalesce(nullif(said.text, ''), nullif(v.subject, ''), (SELECT s.text FROM ({LAST_STARTED}) AS s), ''),
        {UNTOLD}, r.user_id IS NOT NULL,
        ARRAY(SELECT t.name FROM act_tagging g JOIN act_tag t ON t.id = g.tag_id WHERE g.case_id = c.id ORDER BY t.name)
    FROM act_case c
    JOIN identify_identity d ON d.id = c.identity_id
    JOIN listen_conversation v ON v.id = c.conversation_id
    JOIN listen_channel h ON h.id = v.channel_id
    LEFT JOIN accounts_user u ON u.id = c.assignee_id
    LEFT JOIN LATERAL ({LAST_SAID}) AS said ON true
    LEFT JOIN understand_reading r ON r.interaction_id = said.id AND r.current
    WHERE c.id = ANY(%s)
"""  # noqa: S608  the part is ours


def lines(numbers: Iterable[int]) -> list[Line]:
    """The lines of these cases in this order; a case that has gone meanwhile is left out."""
    asked = list(numbers)
    found = {number: Line(number, *what) for number, *what in rows.fetch(LINES, [asked])}
    return [found[number] for number in asked if number in found]
