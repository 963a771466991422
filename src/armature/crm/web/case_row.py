"""One row in a list of cases, in words: who, their last words, where, why, how far it is, until when.

A list has fifty of them, so a row comes to its template ready: the template only puts the words in their places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts.models import User
from armature.crm.act.models import Case, Tag
from armature.crm.act.queries import LastWords
from armature.crm.web.shipped_words import short_intents
from armature.crm.web.templatetags.moments import is_close, is_late, long_since, said_at

NEXT_STEP = {
    "intent": gettext_lazy("judge"), "response": gettext_lazy("answer"), "executive": gettext_lazy("decide"),
    "approval": gettext_lazy("approve"), "delivery": gettext_lazy("check"), "send": gettext_lazy("sending"),
    "feedback": gettext_lazy("they answer"),
}  # fmt: skip
"""What happens next, in one word for a narrow row."""
ENDED = {
    "resolved": gettext_lazy("resolved, said"),
    "closed": gettext_lazy("closed, said"),
    "spam": gettext_lazy("spam, said"),
    "no_response": gettext_lazy("no response, said"),
}
NOTHING_SAID = LastWords(0, "", "", False, "", False)


@dataclass(frozen=True, slots=True)
class Row:
    """The words of one row. ``address`` opens the case, ``part`` asks for the case alone."""

    number: int
    address: str
    part: str
    pick: str
    who: str
    held: str
    when: str
    close: bool
    iso: str
    at_words: str
    text: str
    place: str
    public: bool
    intent: str
    tags: Sequence[Tag]
    spine: SafeString


def row(user: User, case: Case, address: str, last: LastWords, tags: Sequence[Tag]) -> Row:
    """The row of a case for somebody; ``address`` is that of the case in the list they look at."""
    channel, moment = case.conversation.channel, case.due_at or case.last_in_at
    who = case.identity.name or case.identity.address
    return Row(
        number=case.pk, address=address, part=f"{address}{'&' if '?' in address else '?'}part=case",
        pick=_("Choose the case of {who}").format(who=who), who=who, held=_held(user, case), when=_when(case),
        close=bool(case.next_due and is_close(case.next_due)), iso=_iso(moment), at_words=said_at(moment),
        text=last.text or case.conversation.subject, place=channel.name, public=bool(channel.settings.get("public")),
        intent=_intent(last), tags=tags, spine=small_spine(dots(case.form)),
    )  # fmt: skip


def _held(user: User, case: Case) -> str:
    if case.assignee is None:
        return ""
    return _("you") if case.assignee_id == user.pk else case.assignee.name


def _when(case: Case) -> str:
    """What happens next, and until when, or since when."""
    step = str(NEXT_STEP.get(case.form) or ENDED.get(case.status) or _("said"))
    due = case.next_due
    if due is None:
        return _("{step} {time} ago").format(step=step, time=long_since(case.last_in_at))
    words = _("{step} {time} late") if is_late(due) else _("{step} within {time}")
    return words.format(step=step, time=long_since(due))


def _intent(last: LastWords) -> str:
    """Why they wrote, with a question mark while no person has said so."""
    label = short_intents().get(last.intent, "")
    return label if last.confirmed or not label else _("%s?") % label


def dots(form: str) -> str:
    """The six dots of a case that waits for ``form``: (d)one, (w)aiting for a person, (a)head."""
    if form == "intent":
        return "ddwdaa"
    return "dddddw" if form in ("response", "executive", "approval", "delivery") else "dddddd"


@cache
def small_spine(states: str) -> SafeString:
    """The small spine as it stands in a row; there are three of them."""
    return render_to_string("web/_spine_small.html", {"states": states})


def _iso(at: datetime) -> str:
    """A moment for machines, on the clock of the page."""
    return timezone.localtime(at).isoformat(timespec="seconds")
