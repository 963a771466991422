"""The composer of a case: what somebody writes there, to whom, and what can be done about it now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from armature.arm.interaction import Value
from armature.crm.accounts.models import Role, User
from armature.crm.act import approvals, doubts, drafts, macros, queries, queueing, rating_links, responses
from armature.crm.act.models import Audience, Case, Delivery, Macro, Response
from armature.crm.act.reach import Reach, reach
from armature.crm.act.recipients import strangers
from armature.crm.act.work import DRAFTING, WRITING
from armature.crm.web.differences import Piece, differences

PANES = {"approval": "web/_approve.html", "delivery": "web/_looked.html"}
TO_POST = {"pane": "web/_to_post.html", "first_tab": _lazy("Print and post")}
"""What stands in place of the pane for doubts where a person posts the answer."""
KEPT = ("write", "draft", "note", "send_back", "change", "leave")
"""The deeds whose words are given back when they are refused."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One audience on the screen: its name, and what the button that sends does."""

    audience: Audience
    button: str
    chosen: bool

    @property
    def look(self) -> str:
        """Amber can be read by everybody, indigo is private."""
        return "private" if self.audience == Audience.PRIVATE else "public"


def composer(user: User, case: Case, answers: Sequence[Response], facts: Mapping[str, Value]) -> dict[str, Any]:
    """What can be done about the case now, and by this user; ``answers`` are all its responses, latest first."""
    written = [one for one in answers if one.state == Response.State.DRAFT]
    mine = next((one for one in written if one.author_id == user.pk), None)
    response = next((one for one in answers if one.state not in ("draft", "void")), None)
    if case.form == "delivery":  # a later answer may be out by now: the question is about the one in doubt
        response = next((one for one in answers if one.state in doubts.ASKED), response)
    here = reach(case, facts)
    asks = facts.get("approval") is True or queries.role_in(user, case) == Role.DRAFT_ONLY
    waits = bool(response and response.state == Response.State.QUEUED)
    shown = response if case.form in PANES or case.form == "send" or waits else None
    choices = _choices(here, mine, asks, case.conversation.channel.name)
    return {
        "response": response, "mine": mine,
        "draft": mine.text if mine else _signed(user), "reach": here, "needs_approval": asks, "choices": choices,
        "look": _look(shown, choices), "kept": dict.fromkeys(KEPT, ""),
        "pane": PANES.get(case.form, "web/_write.html"), "first_tab": _tab(case, choices),
        "waits": waits, "can_draft": case.form in DRAFTING, "can_send": case.form in WRITING,
        "decides_too": _decides_too(user, case, answers),
        "may_settle": queries.may(user, case, Role.AGENT),
        **_letter(case, mine), **_shown(user, case, shown),
        "would_ask": rating_links.would_ask(case) if case.form in DRAFTING else "",
        "others": _others(written, user) if case.form in DRAFTING else [],
        **_macros(user, case),
    }  # fmt: skip


def _macros(user: User, case: Case) -> dict[str, Any]:
    """The macros that can run here, and for the keys of the others why not."""
    here = macros.for_case(user, case) if case.form in DRAFTING else []
    return {"macros": here, "no_macros": [(one.key, _not_here(one, case)) for one in macros.elsewhere(user, here)]}


def _not_here(one: Macro, case: Case) -> str:
    if case.form not in DRAFTING:
        words = {"name": one.name, "why": queries.words_for(case.form)}
        return _("The macro “%(name)s” cannot run here now: %(why)s.") % words
    place = ", ".join(str(kept) for kept in (one.team, one.brand) if kept)
    return _("The macro “%(name)s” is for cases of %(place)s; this is none.") % {"name": one.name, "place": place}


def _decides_too(user: User, case: Case, answers: Sequence[Response]) -> Response | None:
    """What this user may release here, though the case shows another question first."""
    waiting = next((one for one in answers if one.state == Response.State.APPROVAL), None)
    if waiting is None or case.form == "approval":
        return None
    waiting.case = case
    return waiting if approvals.may_release(user, waiting) else None


def _signed(user: User) -> str:
    """What a new answer begins with: room for the words, and the writer's signature."""
    return f"\n\n{user.signature}" if user.signature else ""


def _tab(case: Case, choices: list[Choice]) -> str:
    if case.form in PANES:
        return _("Approval") if case.form == "approval" else _("Outcome unknown")
    chosen = next((one for one in choices if one.chosen), None)
    return _("Public reply") if chosen and chosen.look == "public" else _("Private reply")


def _look(shown: Response | None, choices: list[Choice]) -> str:
    if shown:
        return "public" if shown.public else "private"
    return next((one.look for one in choices if one.chosen), "private")


def _choices(here: Reach, mine: Response | None, asks: bool, place: str) -> list[Choice]:
    chosen = mine.audience if mine and mine.audience in here.audiences else here.usual
    deeds = {
        Audience.PUBLIC: _("Ask approval, then post publicly as %s") if asks else _("Post publicly as %s"),
        Audience.BOTH: _("Ask approval, then post publicly and write privately as %s") if asks
        else _("Post publicly, then write privately as %s"),
        Audience.PRIVATE: _("Ask approval, then send privately as %s") if asks else _("Send privately as %s"),
    }  # fmt: skip
    return [Choice(one, deeds[one] % place, one == chosen) for one in Audience if one in here.audiences]


def _letter(case: Case, mine: Response | None) -> dict[str, Any]:
    """Subject and recipients as the draft has them, else as an answer here usually does."""
    subject, to = queries.where_to(case)
    to, copies = (mine.recipients, mine.copies) if mine else (to, [])
    return {
        "subject": mine.subject if mine else subject, "to": ", ".join(to), "copies": ", ".join(copies),
        "strangers": strangers(case, [*to, *copies]) if [*to, *copies] != [case.identity.address] else [],
        "attached": list(mine.files.order_by("id")) if mine else [], "times": _times(),
    }  # fmt: skip


def _times() -> list[tuple[str, str]]:
    """Times to send that people often want, on the company's clock."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    morning = (now + timedelta(days=1)).replace(hour=9, minute=0)
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=9, minute=0)
    named = ((_("In an hour"), now + timedelta(hours=1)), (_("Tomorrow, 9:00"), morning), (_("Monday, 9:00"), monday))
    return [(name, f"{at:%Y-%m-%dT%H:%M}") for name, at in named]


def _others(written: Sequence[Response], user: User) -> list[Response]:
    """What colleagues began to write here."""
    return [one for one in written if one.author_id != user.pk and one.text][:10]


def _shown(user: User, case: Case, response: Response | None) -> dict[str, Any]:
    """What the panes for approval, for sending and for doubts need."""
    if response is None:
        return {}
    response.case = case
    if case.form == "approval":
        return judged(user, response)
    delivery = response.deliveries.order_by("-id").first()
    shown = {
        "asks": rating_links.line_of(response),
        "files": list(response.files.order_by("id")),
        "delivery": delivery,
        "may_take_back": _may_back(user, response),
    }
    if delivery and case.form == "delivery":
        known = doubts.known(response, delivery)
        return shown | {"known": known, **(TO_POST if known.printout else {})}
    later = delivery and delivery.state == Delivery.State.QUEUED
    return shown | {"leaves_at": delivery.not_before if delivery and later else None, "now": timezone.now()}


def judged(user: User, response: Response) -> dict[str, Any]:
    """What somebody who decides about a response has before them: its words, what was changed, who may release it."""
    wordings = list(response.wordings.select_related("author").order_by("-id")[:2])
    lead = queries.may(user, response.case, Role.LEAD)
    return {
        "files": list(response.files.order_by("id")), "parts": queueing.parts_of(response),
        "changes": changes(wordings),
        "before": wordings[1] if len(wordings) > 1 else None, "may_approve": approvals.may_release(user, response),
        "may_change": lead, "own": response.author_id == user.pk, "may_take_back": _may_back(user, response),
        "strangers": strangers(response.case, [*response.recipients, *response.copies]),
    }  # fmt: skip


def _may_back(user: User, response: Response) -> bool:
    return response.author_id == user.pk or queries.may(user, response.case, Role.AGENT)


def changes(wordings: list[Any]) -> list[Piece]:
    """What the latest wording changed of the one before it."""
    if len(wordings) < 2:
        return []
    now, before = (f"{one.text}\n\n{one.private_text}".strip() for one in wordings[:2])
    return differences(before, now)


def kept(request: HttpRequest, user: User, case: Case, why: Exception | None) -> dict[str, Any]:
    """What a page that keeps a draft quietly hears: which state it has now, or what stands there instead."""
    mine = drafts.of(user, case).first()
    found = meanwhile(request, user, case, why) if why else {}
    attached = list(mine.files.order_by("id")) if mine else []
    return {"case": case, "mine": mine, "kept_at": timezone.now(), "attached": attached, **found}


def meanwhile(request: HttpRequest, user: User, case: Case, why: Exception) -> dict[str, Any]:
    """What happened while somebody wrote, beside their own words: another window, a colleague, the customer."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if isinstance(why, drafts.Conflict):
        return {"there": why.there, "conflict": differences(why.there.text, text), "typed": text}
    if not isinstance(why, responses.Overtaken):
        return {}
    seen = request.POST.get("seen", "")
    since = int(seen) if seen.isdecimal() and len(seen) < 19 else 0
    theirs = case.responses.exclude(state__in=["draft", "void", "failed"]).exclude(author=user)
    colleague = theirs.filter(seen__gte=since).select_related("author").order_by("-id").first() if since else None
    return {
        "new_words": queries.said_since(case, since) if since else [], "colleague": colleague,
        "against": differences(colleague.text, text) if colleague else [],
    }  # fmt: skip
