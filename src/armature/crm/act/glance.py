"""What there is to a case at all, in one statement: most cases have few things, and what is not there is not asked for.

A page that shows everything a case can have would ask some twenty questions to which the answer is "nothing".
"""

from dataclasses import dataclass

from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.act.models import Case


@dataclass(frozen=True, slots=True)
class Glance:
    """Whether a case has each of these. ``last_said`` is the number of its customer's last words, 0 for none;
    ``changes`` counts how often they edited or deleted what they said.

    ``judged`` is the message that its spine is about: the last one as time goes, for what was said is not always heard
    in order; where they said nothing it is what we started last; 0 for none. ``joined``: it is part of an incident;
    ``incidents``: one is open somewhere.
    ``asks`` is the name of the team whose turn it is.
    """

    restricted: bool
    followed: bool
    linked: bool
    mentioned: bool
    sampled: bool
    merged: bool
    tagged: bool
    joined: bool
    incidents: bool
    notes: int
    answered: bool
    files: bool
    asked_fields: bool
    presence: bool
    said: int
    last_said: int
    changes: int
    judged: int
    asks: str


GLANCE = """
    WITH told AS MATERIALIZED (
        SELECT i.id, i.direction, i.author, i.occurred_at AS at FROM listen_interaction i
        WHERE i.conversation_id = %(conversation)s)
    SELECT EXISTS (SELECT FROM act_restriction WHERE conversation_id = %(conversation)s),
        EXISTS (SELECT FROM act_follower WHERE case_id = %(case)s AND user_id = %(user)s),
        EXISTS (SELECT FROM act_caselink WHERE earlier_id = %(case)s AND undone_at IS NULL)
            OR EXISTS (SELECT FROM act_caselink WHERE later_id = %(case)s AND undone_at IS NULL),
        EXISTS (SELECT FROM act_mention WHERE case_id = %(case)s AND user_id = %(user)s AND done_at IS NULL),
        EXISTS (SELECT FROM act_sample WHERE case_id = %(case)s AND checked_at IS NULL),
        EXISTS (SELECT FROM act_case WHERE merged_into_id = %(case)s),
        EXISTS (SELECT FROM act_tagging WHERE case_id = %(case)s),
        EXISTS (SELECT FROM act_joined WHERE case_id = %(case)s),
        EXISTS (SELECT FROM act_incident WHERE closed_at IS NULL),
        (SELECT count(*) FROM act_note WHERE case_id = %(case)s),
        EXISTS (SELECT FROM act_response WHERE case_id = %(case)s),
        EXISTS (SELECT FROM told JOIN listen_file f ON f.interaction_id = told.id),
        EXISTS (SELECT FROM act_casefield),
        EXISTS (SELECT FROM act_presence),
        (SELECT count(*) FROM told WHERE direction = 'in'),
        (SELECT coalesce(max(id), 0) FROM told WHERE direction = 'in' AND author = %(author)s),
        (SELECT count(*) FROM told JOIN listen_revision r ON r.interaction_id = told.id AND r.kind <> 'original'
            WHERE told.direction = 'in' AND told.author = %(author)s),
        coalesce((SELECT t.id FROM told t JOIN identify_recognition g ON g.interaction_id = t.id AND g.current
            WHERE g.identity_id = %(identity)s ORDER BY t.direction = 'in' DESC, t.at DESC, t.id DESC LIMIT 1), 0),
        coalesce((SELECT name FROM accounts_team WHERE key = %(asks)s), '')
"""


def glance(user: User, case: Case) -> Glance:
    """Look at a case; everything that is shown of it then needs only the queries that bring something."""
    given = {
        "case": case.pk, "conversation": case.conversation_id, "user": user.pk, "author": case.identity.address,
        "identity": case.identity_id, "asks": case.asks,
    }  # fmt: skip
    return Glance(*rows.fetch(GLANCE, given)[0])
