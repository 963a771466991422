"""What stands on the page of an incident: how many joined and got the words, and a list of those that a user sees."""

from collections.abc import Sequence
from dataclasses import dataclass

from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.act import incident_sight, listing, queries
from armature.crm.act.listing import Line
from armature.crm.act.models import Incident, Joined, Statement

PAGE = 50


@dataclass(frozen=True, slots=True)
class Counts:
    """How many joined; of these who has the words, to whom they are going, who could not get them, who waits.

    ``without`` are those whom a release would send the words to.
    """

    joined: int
    sent: int
    going: int
    not_sent: int
    without: int
    hidden: int

    @property
    def waiting(self) -> int:
        """Those for whom nobody has released anything yet."""
        return self.joined - self.sent - self.going - self.not_sent


COUNTS = """
    SELECT count(*), count(*) FILTER (WHERE r.state = 'sent'),
        count(*) FILTER (WHERE j.wanted OR r.state = 'queued'),
        count(*) FILTER (WHERE j.why <> '' OR (r.state NOT IN ('sent', 'queued'))),
        count(*) FILTER (WHERE j.response_id IS NULL AND NOT j.wanted)
    FROM act_joined j LEFT JOIN act_response r ON r.id = j.response_id WHERE j.incident_id = %s
"""


def counts(user: User, incident: Incident) -> Counts:
    """Of an incident; ``hidden`` are those whose cases this user may not see: only their number is told."""
    joined, sent, going, not_sent, without = rows.fetch(COUNTS, [incident.pk])[0]
    seen = queries.cases_for(user).order_by().filter(incidents__incident=incident).count()
    return Counts(joined, sent, going, not_sent, without, joined - seen)


def page(user: User, incident: Incident, before: int = 0) -> list[tuple[Joined, Line]]:
    """One page of the cases that this user may see, and one more; who joined last comes first."""
    mine = Joined.objects.filter(incident=incident, case__in=queries.cases_for(user).order_by().values("pk"))
    found = list(
        (mine.filter(pk__lt=before) if before else mine).select_related("response").order_by("-pk")[: PAGE + 1]
    )
    lines = {line.number: line for line in listing.lines([one.case_id for one in found])}
    return [(one, lines[one.case_id]) for one in found if one.case_id in lines]


HOW_MANY = "SELECT incident_id, count(*) FROM act_joined WHERE incident_id = ANY(%s) GROUP BY incident_id"


def listed(user: User, before: int = 0, *, closed: bool = False) -> list[tuple[Incident, int]]:
    """One page of the incidents that this user may see, and one more, each with how many cases joined it."""
    found = incident_sight.incidents_for(user).filter(closed_at__isnull=not closed).select_related("statement")
    shown = list((found.filter(pk__lt=before) if before else found).order_by("-pk")[: PAGE + 1])
    how_many = dict(rows.fetch(HOW_MANY, [[one.pk for one in shown]]))
    return [(one, how_many.get(one.pk, 0)) for one in shown]


def to_release(user: User) -> Sequence[Statement]:
    """The statements that wait for this user's word, longest waiting first."""
    waiting = Statement.objects.filter(state=Statement.State.APPROVAL, incident__in=incident_sight.incidents_for(user))
    found = waiting.select_related("incident__team", "incident__brand", "author").order_by("written_at", "id")[:50]
    return [one for one in found if incident_sight.may_release(user, one.author_id, one.incident)]
