"""One row in a list of cases, in words: who, their last words, where, why, how far it is, until when.

A list has fifty of them, so a row comes to its template ready: the template only puts the words in their places. What
has the same words looks the same: a list that is looked at again, or by somebody else, is drawn from what is kept.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts.models import User
from armature.crm.act.listing import Line
from armature.crm.web.shipped_words import short_intent
from armature.crm.web.templatetags.moments import is_close, is_late, long_since, said_at
from armature.crm.web.templatetags.talks import called

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
KEPT = 2000
"""So many rows are kept as they were drawn, a kilobyte or two each."""


@dataclass(frozen=True, slots=True)
class Row:
    """The words of one row. ``address`` opens the case, ``part`` asks for it alone, ``stands`` is its place."""

    number: str
    stands: str
    address: str
    part: str
    current: bool
    pick: str
    who: str
    held: str
    when: str
    close: bool
    iso: str
    at_words: str
    text: str
    place: str
    public: str
    intent: str
    tags: tuple[str, ...]
    spine: SafeString


def row(user: User, line: Line, address: str, current: bool = False) -> Row:
    """The row of a case for somebody; ``address`` is that of the case in the list they look at."""
    moment, who = timezone.localtime(line.due or line.at), called(line.who)
    return Row(
        number=str(line.number), stands=str(line.stands), address=address,
        part=f"{address}{'&' if '?' in address else '?'}part=case",
        current=current, pick=_("Choose the case of {who}").format(who=who), who=who,
        held=_("you") if line.assignee == user.pk else line.held_by, when=_when(line),
        close=bool(line.due and is_close(line.due)), iso=moment.isoformat(timespec="seconds"), at_words=said_at(moment),
        text=line.text, place=line.channel, public=_(", public") if line.public else "", intent=_intent(line),
        tags=tuple(line.tags), spine=small_spine(dots(line.form)),
    )  # fmt: skip


@lru_cache(maxsize=KEPT)
def drawn(row: Row) -> SafeString:
    """The row as it stands on the page."""
    return render_to_string("web/_row.html", {"row": row})


def _when(line: Line) -> str:
    """What happens next, and until when, or since when."""
    step = str(NEXT_STEP.get(line.form) or ENDED.get(line.status) or _("said"))
    if line.due is None:
        return _("{step} {time} ago").format(step=step, time=long_since(line.at))
    words = _("{step} {time} late") if is_late(line.due) else _("{step} within {time}")
    return words.format(step=step, time=long_since(line.due))


def _intent(line: Line) -> str:
    """Why they wrote, with a question mark while no person has said so."""
    label = short_intent(line.intent)
    return label if line.confirmed or not label else _("%s?") % label


def dots(form: str) -> str:
    """The six dots of a case that waits for ``form``: (d)one, (w)aiting for a person, (a)head."""
    if form == "intent":
        return "ddwdaa"
    return "dddddw" if form in ("response", "executive", "approval", "delivery") else "dddddd"


@cache
def small_spine(states: str) -> SafeString:
    """The small spine as it stands in a row; there are three of them."""
    return render_to_string("web/_spine_small.html", {"states": states})
