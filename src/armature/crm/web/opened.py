"""One opened case: everything that the middle and the right of the desk show, in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from armature.arm.channel import Capabilities
from armature.arm.intent import INTENTS
from armature.crm.accounts.models import Role, User
from armature.crm.act import queries, restricted
from armature.crm.act.models import Case, Response
from armature.crm.channels import registry
from armature.crm.decide import queries as decisions
from armature.crm.decide.plans import load
from armature.crm.listen import queries as channels
from armature.crm.understand import queries as readings
from armature.crm.web import bar, conversation, people
from armature.crm.web.case_list import dots
from armature.crm.web.spine import Seen, spine

PANES = {"approval": "web/_approve.html", "delivery": "web/_looked.html"}
TABS = {"approval": "Approval", "delivery": "Outcome unknown"}
KEPT = ("write", "draft", "note", "send_back")
"""The deeds whose words are given back when they are refused."""
STEPS = {
    "intent": "intent to judge", "response": "waits for an answer", "executive": "waits for the executive desk",
    "approval": "waits for approval", "delivery": "outcome unknown", "send": "on its way out",
    "feedback": "sent, waiting for them",
}  # fmt: skip
AT_WORK = ("draft", "written", "approval")


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an answer here reaches, and what the channel allows of it."""

    case: Case
    can: Capabilities
    needs_approval: bool

    @property
    def public(self) -> bool:
        """Whether everybody can read it."""
        return bool(self.case.conversation.channel.settings.get("public"))

    @property
    def open(self) -> bool:
        """Whether the channel takes an answer now."""
        return self.can.public_reply if self.public else self.can.private_reply

    @property
    def button(self) -> str:
        """What sending does, and as whom."""
        deed = "post publicly" if self.public else "send privately"
        words = f"Ask approval, then {deed}" if self.needs_approval else deed.capitalize()
        return f"{words} as {self.case.conversation.channel.name}"


def reach(user: User, case: Case, needs_approval: bool = False) -> Reach:
    """What can be done on the channel of this case at this moment."""
    channel = case.conversation.channel
    can = registry.kind(channel.kind).capabilities(channels.account(channel), timezone.now())
    return Reach(case, can, needs_approval or queries.role_in(user, case) == Role.DRAFT_ONLY)


def too_long(can: Capabilities, text: str) -> str:
    """Why the channel would refuse this text; empty when it would not."""
    size = len(text.encode()) if can.unit == "bytes" else len(text)
    if not can.max_length or size <= can.max_length:
        return ""
    return f"This channel takes {can.max_length} {can.unit}; your text has {size}. Shorten it, then send."


def context(request: HttpRequest, user: User, case: Case) -> dict[str, Any]:
    """What the templates of a case need."""
    last = queries.last_words([case.pk]).get(case.pk)
    seen = _seen(case, last.interaction_id) if last else None
    response = case.responses.select_related("author").order_by("-id").first()
    facts = seen.facts if seen else {}
    earlier = request.GET.get("earlier", "")
    return {
        "case": case, "me": user, "restriction": restricted.of(case),
        "seen": queries.last_said(case), "stamp": _stamp(case, response),
        "said": conversation.entries(case, int(earlier) if earlier.isdecimal() and len(earlier) < 6 else 0),
        "spine": spine(seen) if seen else [], "reading": seen.reading if seen else None, "intents": INTENTS,
        "last": seen.interaction if seen else None, "panel": people.panel(user, case), "dots": dots(case.form),
        "step": STEPS.get(case.form) or case.get_status_display(),
        "mode": "note" if request.GET.get("write") == "note" else "reply",
        "template": str(facts.get("template") or "").replace("_", " "),
        **bar.context(user, case),
        **_composer(user, case, response, facts.get("approval") is True),
    }  # fmt: skip


def _composer(user: User, case: Case, response: Response | None, needs_approval: bool) -> dict[str, Any]:
    """What can be done about the case now, and by this user."""
    at_work = response if response and response.state in AT_WORK else None
    return {
        "response": response, "at_work": at_work, "draft": at_work.text if at_work else _signed(user),
        "reach": reach(user, case, needs_approval), "kept": dict.fromkeys(KEPT, ""),
        "pane": PANES.get(case.form, "web/_write.html"), "first_tab": TABS.get(case.form, "Reply"),
        "can_draft": case.form in ("intent", "response", "executive"),
        "can_send": case.form in ("response", "executive"),
        "may_approve": queries.may(user, case, Role.LEAD) and response is not None and response.author_id != user.pk,
        "may_settle": queries.may(user, case, Role.AGENT),
    }  # fmt: skip


def _signed(user: User) -> str:
    """What a new answer begins with: room for the words, and the writer's signature."""
    return f"\n\n{user.signature}" if user.signature else ""


def _seen(case: Case, interaction_id: int) -> Seen | None:
    judgement = decisions.latest([interaction_id]).get(interaction_id)
    if judgement is None:
        return None
    load([judgement.map_id])
    interaction = decisions.interaction(interaction_id)
    return Seen(case, interaction, readings.current([interaction_id]).get(interaction_id), judgement)


def _stamp(case: Case, response: Response | None) -> str:
    state = f"{response.pk}{response.state}" if response else ""
    return f"{case.changed_at.timestamp():.6f}-{case.assignee_id}-{case.notes.count()}-{state}"
