"""One opened case: everything that the middle and the right of the desk show, in a fixed number of queries."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from armature.arm.intent import Reading
from armature.crm.accounts.models import User
from armature.crm.act import restricted
from armature.crm.act.glance import Glance, glance
from armature.crm.act.models import Case, Response
from armature.crm.decide import queries as decisions
from armature.crm.decide.plans import load
from armature.crm.understand import queries as readings
from armature.crm.web import bar, begun, composing, conversation, people
from armature.crm.web.case_row import dots
from armature.crm.web.shipped_words import intents
from armature.crm.web.spine import Seen, spine

STEPS = {
    "intent": _("intent to judge"), "response": _("waits for an answer"), "delivery": _("outcome unknown"),
    "executive": _("waits for the executive desk"), "approval": _("waits for approval"), "send": _("on its way out"),
    "feedback": _("sent, waiting for them"),
}  # fmt: skip


def context(request: HttpRequest, user: User, case: Case) -> dict[str, Any]:
    """What the templates of a case need."""
    there = glance(user, case)
    answers = list(case.responses.select_related("author").order_by("-id")) if there.answered else []
    talk = conversation.entries(user, case, there, _number(request.GET.get("earlier", "")))
    seen = _seen(case, there, talk.readings) if there.judged else None
    if seen and seen.judging == "off":
        talk = conversation.without_evidence(talk)
    facts = seen.facts if seen else {}
    return {
        "case": case, "me": user, "restriction": restricted.of(case) if there.restricted else None,
        "seen": there.last_said, "changes": there.changes,
        "stamp": _stamp(case, there.notes, answers[0] if answers else None),
        "said": talk,
        "spine": spine(seen) if seen else [], "reading": seen.reading if seen else None, "intents": intents(),
        "last": seen.interaction if seen else None, "panel": people.panel(user, case), "dots": dots(case.form),
        "step": STEPS.get(case.form) or case.get_status_display(),
        "mode": "note" if request.GET.get("write") == "note" else "reply",
        "judging": seen.judging if seen else "",
        **bar.context(user, case, there),
        **composing.composer(user, case, answers, facts | {"public": seen.interaction.public if seen else False}),
        **begun.context(user, case, answers, seen),
    }  # fmt: skip


def _number(earlier: str) -> int:
    return int(earlier) if earlier.isdecimal() and len(earlier) < 6 else 0


def _seen(case: Case, there: Glance, read: Mapping[int, Reading]) -> Seen | None:
    number = there.judged
    judgement = decisions.latest([number]).get(number)
    if judgement is None:
        return None
    load([judgement.map_id])
    reading = read[number] if number in read else readings.current([number]).get(number)
    return Seen(case, decisions.interaction(number), reading, judgement, there.said, there.asks)


def stamp(case: Case) -> str:
    """Changes whenever something of the case does: a page that has it already is not made again."""
    return _stamp(case, case.notes.count(), case.responses.order_by("-id").first())


def _stamp(case: Case, notes: int, response: Response | None) -> str:
    state = f"{response.pk}{response.state}{response.version}" if response else ""
    return f"{case.changed_at.timestamp():.6f}-{case.assignee_id}-{notes}-{state}"
