"""Reads of the work: cases a user may see, what is open in one, and what was said."""

import functools
import operator
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from armature.crm import rows
from armature.crm.accounts.access import ALL, Rights, rights_of
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.act import sight
from armature.crm.act.models import Case, Mention, Reader, Response, Restriction, Sample
from armature.crm.decide import plans
from armature.crm.decide import queries as decisions
from armature.crm.decide.models import Wait
from armature.crm.decide.waits import HUMAN
from armature.crm.listen.models import Interaction

WAITS_FOR = {
    "intent": _("it waits for somebody to judge the intent"),
    "response": _("it waits for a response"),
    "executive": _("it waits for the executive desk"),
    "approval": _("it waits for approval"),
    "delivery": _("it waits for somebody to look whether the response went out"),
    "send": _("the response is on its way out"),
    "feedback": _("it waits for what they say to our response"),
    "": _("nothing is open"),
}


SHOWN_WITH = ("identity", "person", "assignee", "conversation__channel__brand")
"""What is shown wherever a case is."""
BRAND = "conversation__channel__brand_id"
TEAMS = ("team", "asks")
"""A case is seen by the team that owns it, and by the team whose turn it is."""
NOTHING = Q(pk__in=[])


def words_for(form: str) -> str:
    """What a case waits for, as a half sentence."""
    return str(WAITS_FOR[form])


def cases_for(user: User) -> QuerySet[Case]:
    """The cases this user may see, and no others. Every page, list, count, search and link starts here."""
    return Case.objects.filter(seen_by(user)).select_related(*SHOWN_WITH)


def seen_by(user: User) -> Q:
    """The condition: a case of their teams, unless it is restricted; those they are named for; as administrator all."""
    return functools.reduce(operator.or_, ways_to_see(user), NOTHING)


def ways_to_see(user: User, fields: Iterable[str] = TEAMS) -> list[Q]:
    """The same as conditions of which one must hold, each about one team or the like, so that each finds its index.

    The sets of what is restricted are small next to all cases, and asked for once: PostgreSQL hashes them.
    """
    if not user.is_active:
        return []
    rights = rights_of(user)
    administered = _ways(rights.only(Role.ADMIN), fields)
    if ALL in administered:
        return [ALL]
    ways, restricted = _ways(rights, fields), sight.of(user)
    if restricted.any:
        closed = Q(conversation__in=Restriction.objects.values("conversation"))
        ways = [*(way & ~closed for way in ways), *administered]
    if restricted.named:
        ways.append(Q(conversation__in=Reader.objects.filter(user=user).values("restriction__conversation")))
    return ways


def team_sees(user: User, brand: str = BRAND) -> Q:
    """What is the business of a user's teams, restricted or not; ``brand`` is the field that holds the brand."""
    return functools.reduce(operator.or_, _ways(rights_of(user), TEAMS, brand), NOTHING)


def _ways(rights: Rights, fields: Iterable[str] = TEAMS, brand: str = BRAND) -> list[Q]:
    return list(dict.fromkeys(way for field in fields for way in rights.ways(field, brand)))


def _reached(rights: Rights) -> Q:
    return functools.reduce(operator.or_, _ways(rights), NOTHING)


def case_for(user: User, number: int) -> Case:
    """One case this user may see; raises ``Case.DoesNotExist``, whether it exists or not."""
    return cases_for(user).get(pk=number)


def response_for(user: User, number: int) -> Response:
    """One response in a case this user may see."""
    response = Response.objects.select_related("author").get(pk=number)
    response.case = case_for(user, response.case_id)
    return response


def open_work(case: Case, form: str = "") -> tuple[Wait, list[decisions.Item]]:
    """The wait a case shows, with what waits in it; people's work before the machine's.

    Several can be open. Whoever came to answer one ``form`` gets that one, where it is open.
    """
    found = decisions.open_waits([case.conversation_id])
    mine = [w for w in found if w.identity_id == case.identity_id and w.state == "open"]
    mine.sort(key=lambda w: (w.form != form, w.form not in HUMAN, w.due_at is None, w.due_at, w.id))
    if not mine:
        raise Wait.DoesNotExist("Nothing is open in this case.")
    return Wait.objects.get(pk=mine[0].id), mine[0].items


def unwritten(case: Case) -> list[decisions.OpenWait]:
    """The open waits of a case that come before a written response."""
    found = decisions.open_waits([case.conversation_id])
    before = ("intent", "response", "executive")
    return [w for w in found if w.identity_id == case.identity_id and w.state == "open" and w.form in before]


def intent_element(map_id: int) -> str:
    """The element of that map where a person judges the intent."""
    nodes = plans.load([map_id])[map_id].nodes
    return next(node.id for node in nodes.values() if node.form == "intent")


def last_said(case: Case) -> int:
    """The number of the last interaction of this customer in this case."""
    said = Interaction.objects.filter(conversation=case.conversation_id, direction="in", author=case.identity.address)
    return said.aggregate(last=Max("id"))["last"] or 0


def on_its_way(case: Case) -> Response | None:
    """The response of this case that was handed in and has not come out anywhere yet: there is at most one."""
    states = [Response.State.WRITTEN, Response.State.APPROVAL, Response.State.QUEUED]
    return Response.objects.filter(case=case, state__in=states).select_related("author").first()


def said_since(case: Case, interaction: int) -> list[Interaction]:
    """What this customer said in this case after that interaction, at most ten messages."""
    said = Interaction.objects.filter(conversation=case.conversation_id, direction="in", author=case.identity.address)
    return list(said.filter(pk__gt=interaction).order_by("pk")[:10])


def where_to(case: Case) -> tuple[str, list[str]]:
    """Subject and recipients of an answer in this case."""
    subject = case.conversation.subject
    if subject and not subject.lower().startswith("re:"):
        subject = f"Re: {subject}"
    return subject[:300], [case.identity.address]


def full_words(interactions: Iterable[int]) -> dict[int, str]:
    """The whole text of these interactions."""
    return dict(Interaction.objects.filter(pk__in=list(interactions)).values_list("pk", "text"))


def to_approve(user: User) -> Q:
    """Cases whose response this user may release: a lead where it waits and not its author, or who wrote it first."""
    waiting = Response.objects.filter(case=OuterRef("pk"), state=Response.State.APPROVAL)
    mine = Q(Exists(waiting.filter(author=user).exclude(asked_by="role")))
    lead = _reached(rights_of(user).only(Role.LEAD)) & ~mine
    return Q(Exists(waiting)) & (lead | Q(Exists(waiting.filter(wordings__author=user).exclude(author=user))))


def mentioned_in(user: User) -> Q:
    """Cases in which a note asks for this user, who has not seen to it yet."""
    return Q(Exists(Mention.objects.filter(case=OuterRef("pk"), user=user, done_at=None)))


def sampled() -> Q:
    """Cases with a decision of the machine that was drawn to be looked over."""
    return Q(Exists(Sample.objects.filter(case=OuterRef("pk"), checked_at=None)))


def to_post() -> Q:
    """Cases whose answer is printed and posted by somebody."""
    waiting = Response.objects.filter(case=OuterRef("pk"), state=Response.State.BY_HAND)
    return Q(form="delivery") & Q(Exists(waiting))


def role_in(user: User, case: Case) -> str:
    """The role a user acts in here: in the team whose turn it is, else in the one that owns the case."""
    rights, brand = rights_of(user), case.conversation.channel.brand_id
    held = (rights.role_in(team, brand) for team in (case.asks, case.team))
    return next((role for role in held if role), "")


def may(user: User, case: Case, role: str) -> bool:
    """Whether a user holds this role or a higher one in one of the teams of a case."""
    rights, brand = rights_of(user), case.conversation.channel.brand_id
    return any(rights.at_least(role, team, brand) for team in (case.asks, case.team))


def colleagues_of(case: Case) -> QuerySet[User]:
    """Who works on a case: the active people of its team and of the team whose turn it is."""
    brand = case.conversation.channel.brand_id
    there = (Q(team=None) | Q(team__key__in=[case.team, case.asks])) & (Q(brand=None) | Q(brand=brand))
    return User.objects.filter(is_active=True, pk__in=Membership.objects.filter(there).values("user")).order_by("name")


class LastWords(NamedTuple):
    """What the customer of a case said last, cut short, and how it was read."""

    interaction_id: int
    kind: str
    text: str
    public: bool
    intent: str
    confirmed: bool


LAST_SAID = """
    SELECT i.id, i.kind, left(i.text, 200) AS text, i.public FROM listen_interaction i
    JOIN identify_recognition g ON g.interaction_id = i.id AND g.current AND g.identity_id = c.identity_id
    WHERE i.conversation_id = c.conversation_id AND i.direction = 'in'
    ORDER BY i.occurred_at DESC, i.id DESC LIMIT 1
"""
"""What the customer of case ``c`` said last, as a part of a statement."""
LAST_STARTED = """
    SELECT i.id, left(i.text, 200) AS text FROM listen_interaction i
    JOIN identify_recognition g ON g.interaction_id = i.id AND g.current AND g.identity_id = c.identity_id
    WHERE i.conversation_id = c.conversation_id AND i.direction = 'out'
    ORDER BY i.occurred_at DESC, i.id DESC LIMIT 1
"""
"""What we started last with the customer of case ``c``, reaching them or not."""


def last_started(case: Case) -> int | None:
    """The number of what we started last in this case, when we did."""
    begun = f"SELECT s.id FROM act_case c CROSS JOIN LATERAL ({LAST_STARTED}) AS s WHERE c.id = %s"  # noqa: S608
    found = rows.fetch(begun, [case.pk])
    return found[0][0] if found else None


def last_words(case_ids: Iterable[int]) -> dict[int, LastWords]:
    """The last words in each of these cases, by case, in one query that reads one message of each."""
    found = rows.fetch(
        f"""
        SELECT c.id, said.id, said.kind, said.text, said.public, coalesce(r.intent_id, ''), r.user_id IS NOT NULL
        FROM act_case c CROSS JOIN LATERAL ({LAST_SAID}) AS said
        LEFT JOIN understand_reading r ON r.interaction_id = said.id AND r.current
        WHERE c.id = ANY(%s)
        """,  # noqa: S608  the part is ours
        [list(case_ids)],
    )
    return {number: LastWords(*what) for number, *what in found}
