"""What a customer sees of their own talk on our page: their words, the answers that went out, and nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from armature.crm import rows
from armature.crm.channels.talks import FIRST, external_id
from armature.crm.listen.models import Channel, File


@dataclass(frozen=True, slots=True)
class Talk:
    """One visitor's conversation; it has no number before their first words are recorded."""

    channel: Channel
    visitor: str
    conversation_id: int | None


@dataclass(frozen=True, slots=True)
class Words:
    """One message of a talk. ``by`` is who of us answered, empty for the visitor's own words."""

    id: int
    ours: bool
    by: str
    text: str
    at: datetime
    files: list[File] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Understood:
    """How the visitor's last unanswered words were read."""

    interaction_id: int
    intent: str
    issue_type: str


def talk(channel: Channel, visitor: str) -> Talk:
    """The talk of a visitor."""
    found = rows.fetch(
        "SELECT conversation_id FROM listen_interaction WHERE channel_id = %s AND external_id = %s",
        [channel.pk, external_id(visitor, FIRST)],
    )
    return Talk(channel, visitor, found[0][0] if found else None)


OWN = "i.conversation_id = %(conversation)s AND i.direction = 'in' AND i.author = %(visitor)s"
"""What this visitor said."""
SURE = """
    g.user_id IS NOT NULL OR NOT EXISTS (
        SELECT FROM decide_judgement j JOIN decide_waititem t ON t.judgement_id = j.id
        JOIN decide_wait w ON w.id = t.wait_id WHERE j.interaction_id = i.id AND w.form = 'intent')
"""
"""A person read it so, or the rules took the reader at its word."""
SENT = """
    act_delivery d JOIN act_response r ON r.id = d.response_id JOIN act_case c ON c.id = r.case_id
    JOIN identify_identity who ON who.id = c.identity_id AND who.address = %(visitor)s AND who.network = 'web'
"""
"""Answers to this visitor."""


def words(one: Talk) -> list[Words]:
    """All that was said, in order: two queries."""
    found = rows.fetch(
        f"""
        SELECT i.id, false, '', i.text, i.occurred_at FROM listen_interaction i WHERE {OWN}
        UNION ALL
        SELECT i.id, true, u.name, i.text, i.occurred_at FROM listen_interaction i
        JOIN {SENT} ON d.interaction_id = i.id AND d.state = 'sent' JOIN accounts_user u ON u.id = r.author_id
        WHERE i.conversation_id = %(conversation)s AND i.direction = 'out' AND NOT i.public
        ORDER BY 5, 1
        """,  # noqa: S608  the conditions are ours
        {"conversation": one.conversation_id, "visitor": one.visitor},
    )
    files = _files([row[0] for row in found])
    return [Words(number, ours, by, text, at, files[number]) for number, ours, by, text, at in found]


def _files(interaction_ids: Sequence[int]) -> dict[int, list[File]]:
    found: dict[int, list[File]] = defaultdict(list)
    for file in File.objects.filter(interaction__in=interaction_ids).order_by("id"):
        found[file.interaction_id].append(file)
    return found


def recorded(channel: Channel, visitor: str, name: str) -> bool:
    """Whether a message has been opened already; until then the page says that it arrived."""
    wanted = [channel.pk, external_id(visitor, name)]
    return bool(rows.fetch("SELECT FROM listen_interaction WHERE channel_id = %s AND external_id = %s", wanted))


def understood(one: Talk) -> Understood | None:
    """How their last words were read, while nobody has answered them.

    Nothing as long as nobody is sure of it: where the rules wanted a person to judge it, that person's word is needed.
    """
    found = rows.fetch(
        f"""
        SELECT i.id, g.intent_id, coalesce(g.issue_type_id, ''), {SURE} FROM listen_interaction i
        JOIN understand_reading g ON g.interaction_id = i.id AND g.current AND g.intent_id IS NOT NULL
        WHERE {OWN} AND NOT EXISTS (
            SELECT FROM listen_interaction o WHERE o.conversation_id = i.conversation_id AND o.direction = 'out'
              AND (o.occurred_at, o.id) > (i.occurred_at, i.id))
        ORDER BY i.occurred_at DESC, i.id DESC LIMIT 1
        """,  # noqa: S608
        {"conversation": one.conversation_id, "visitor": one.visitor},
    )
    *read, sure = found[0] if found else (False,)
    return Understood(*read) if sure else None


def last_answer(one: Talk) -> int | None:
    """The response that was sent to them last."""
    found = rows.fetch(
        f"""
        SELECT r.id FROM {SENT} JOIN listen_interaction i ON i.id = d.interaction_id
        WHERE i.conversation_id = %(conversation)s AND d.state = 'sent' ORDER BY d.id DESC LIMIT 1
        """,  # noqa: S608
        {"conversation": one.conversation_id, "visitor": one.visitor},
    )
    return found[0][0] if found else None


def own_file(one: Talk, number: int) -> File | None:
    """A file of this talk; None when it is somebody else's."""
    return File.objects.filter(pk=number, interaction__in=[said.id for said in words(one)]).first()


def stamps(conversation_ids: Iterable[int]) -> dict[int, str]:
    """Something that changes whenever a page of that conversation does; one query for all open pages."""
    found = rows.fetch(
        """
        SELECT v, concat_ws('-',
            (SELECT max(i.id) FROM listen_interaction i WHERE i.conversation_id = v),
            (SELECT count(*) FROM listen_interaction i JOIN act_delivery d ON d.interaction_id = i.id
             WHERE i.conversation_id = v AND i.direction = 'out' AND d.state = 'sent'),
            (SELECT max(g.id) FROM listen_interaction i JOIN understand_reading g ON g.interaction_id = i.id
             WHERE i.conversation_id = v AND i.direction = 'in'))
        FROM unnest(%s::bigint[]) AS v
        """,
        [sorted(set(conversation_ids))],
    )
    return dict(found)
