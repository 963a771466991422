"""All that happened with somebody, over all channels, in and out: one list, latest first, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.act import persons
from armature.crm.identify.models import Identity

PAGE = 30
KINDS = ("purchase", "about", "note", "out", "in")
"""By rank: of two things of one moment the later kind stands first."""
LAST = datetime(9999, 1, 1, tzinfo=UTC)
HIGHEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``case`` is 0 where no case belongs to it."""

    kind: str
    at: datetime
    number: int
    who: str
    text: str
    place: str
    case: int
    public: bool
    state: str

    @property
    def place_in_list(self) -> str:
        """Where it stands, as ``page`` takes it."""
        since = self.at - datetime(1970, 1, 1, tzinfo=UTC)
        micro = (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds
        return f"{micro}_{KINDS.index(self.kind)}_{self.number}"


@dataclass(frozen=True, slots=True)
class Bound:
    """Everything of a kind that stands behind a place in the list."""

    at: datetime = LAST
    rank: int = len(KINDS)
    number: int = 0

    def of(self, kind: str) -> dict[str, Any]:
        """For one kind: earlier than (moment, number)."""
        rank = KINDS.index(kind)
        number = self.number if rank == self.rank else (HIGHEST if rank < self.rank else 0)
        return {"at": self.at, "number": number, "most": PAGE + 1}


class NoSuchPlace(ValueError):
    """The place to go on from is no place in a list."""


STATEMENTS: Mapping[str, str] = {
    "in": """
        SELECT i.occurred_at, i.id, '', i.text, h.name, c.number, i.public, CASE WHEN i.gone THEN 'deleted' ELSE '' END
        FROM unnest(%(cases)s::bigint[], %(conversations)s::bigint[], %(identities)s::bigint[])
            AS c(number, conversation, identity)
        CROSS JOIN LATERAL (
            SELECT i.id, i.occurred_at, left(i.text, 2000) AS text, i.public, i.channel_id,
                i.deleted_at IS NOT NULL AS gone
            FROM listen_interaction i
            WHERE i.conversation_id = c.conversation AND i.direction = 'in'
              AND (i.occurred_at, i.id) < (%(at)s, %(number)s)
              AND EXISTS (SELECT FROM identify_recognition g
                          WHERE g.interaction_id = i.id AND g.current AND g.identity_id = c.identity)
            ORDER BY i.occurred_at DESC, i.id DESC LIMIT %(most)s) i
        JOIN listen_channel h ON h.id = i.channel_id
        ORDER BY i.occurred_at DESC, i.id DESC LIMIT %(most)s
    """,
    "out": """
        SELECT i.occurred_at, i.id, u.name, left(i.text, 2000), h.name, r.case_id, i.public, d.state
        FROM act_response r JOIN act_delivery d ON d.response_id = r.id
        JOIN listen_interaction i ON i.id = d.interaction_id
        JOIN accounts_user u ON u.id = r.author_id JOIN listen_channel h ON h.id = i.channel_id
        WHERE r.case_id = ANY(%(cases)s) AND (i.occurred_at, i.id) < (%(at)s, %(number)s)
        ORDER BY i.occurred_at DESC, i.id DESC LIMIT %(most)s
    """,
    "note": """
        SELECT n.at, n.id, u.name, left(n.text, 2000), '', n.case_id, false, ''
        FROM act_note n JOIN accounts_user u ON u.id = n.author_id
        WHERE n.case_id = ANY(%(cases)s) AND (n.at, n.id) < (%(at)s, %(number)s)
        ORDER BY n.at DESC, n.id DESC LIMIT %(most)s
    """,
    "about": """
        SELECT n.at, n.id, u.name, left(n.text, 2000), '', 0, false, ''
        FROM identify_personnote n JOIN accounts_user u ON u.id = n.author_id
        WHERE n.person_id = %(person)s AND (n.at, n.id) < (%(at)s, %(number)s)
        ORDER BY n.at DESC, n.id DESC LIMIT %(most)s
    """,
    "purchase": """
        SELECT p.at, p.id, '', p.what || ', ' || p.amount || ' ' || p.currency, p.source, 0, false, p.order_number
        FROM identify_purchase p
        WHERE p.identity_id = ANY(%(theirs)s) AND (p.at, p.id) < (%(at)s, %(number)s)
        ORDER BY p.at DESC, p.id DESC LIMIT %(most)s
    """,
}
"""One statement per kind, however much there is."""


def page(user: User, identities: Sequence[Identity], after: str = "") -> tuple[list[Event], str]:
    """One page, and the place to go on from (empty at the end). Only what stands in cases the user may see."""
    bound = _bound(after)
    numbers = [one.pk for one in identities]
    found = list(persons.cases_of(user, numbers).order_by().values_list("pk", "conversation", "identity"))
    given = {
        "cases": [case for case, _, _ in found], "conversations": [conversation for _, conversation, _ in found],
        "identities": [identity for _, _, identity in found], "theirs": numbers,
        "person": next((one.person_id for one in identities if one.person_id), 0),
    }  # fmt: skip
    events = [
        Event(kind, at, number, who, text, place, case, public, state)
        for kind, statement in STATEMENTS.items()
        for at, number, who, text, place, case, public, state in rows.fetch(statement, given | bound.of(kind))
    ]
    events.sort(key=lambda one: (one.at, KINDS.index(one.kind), one.number), reverse=True)
    shown = events[:PAGE]
    return shown, shown[-1].place_in_list if len(events) > PAGE else ""


def _bound(after: str) -> Bound:
    if not after:
        return Bound()
    moment, _, rest = after.partition("_")
    rank, _, number = rest.partition("_")
    if not all(part.isdecimal() and part.isascii() and len(part) < 20 for part in (moment, rank, number)):
        raise NoSuchPlace(after)
    seconds, micro = divmod(int(moment), 1_000_000)
    try:
        at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro)
    except (OverflowError, ValueError) as problem:
        raise NoSuchPlace(after) from problem
    return Bound(at, min(int(rank), len(KINDS)), min(int(number), HIGHEST))
