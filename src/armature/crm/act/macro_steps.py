"""What one step of a macro can be: a deed that people do on the desk, with a value that is checked when it is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts.models import User
from armature.crm.act import assigning, canned, drafts, endings, marking, notes, queries, responses
from armature.crm.act.models import Case
from armature.crm.act.work import Refused

LONGEST = 24 * 365
"""Hours of the longest snooze."""


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of step: its name, what its value is (empty: it has none), what it does, and what its value may be."""

    label: str | Promise
    value: str | Promise
    do: Callable[[User, Case, str], object]
    check: Callable[[str], object] = str


def _filled(user: User, case: Case, value: str) -> str:
    return canned.filled(value, canned.values(user, case))


def _reply(user: User, case: Case, value: str) -> None:
    responses.write(user, case, text=_filled(user, case, value), seen=queries.last_said(case))


def _draft(user: User, case: Case, value: str) -> None:
    mine, words = drafts.of(user, case).first(), _filled(user, case, value)
    text = f"{mine.text.rstrip()}\n\n{words}" if mine and mine.text.strip() else words
    drafts.save(user, case, text=text, terms=drafts.terms_of(mine) if mine else drafts.AS_SUGGESTED)


def _note(user: User, case: Case, value: str) -> None:
    notes.add_note(user, case, text=_filled(user, case, value))


def _snooze(user: User, case: Case, value: str) -> None:
    marking.snooze(user, case, until=timezone.now() + timedelta(hours=_hours(value)))


def _end(user: User, case: Case, value: str) -> None:
    endings.end(user, case, how="resolved", reason=value)


def _no_response(user: User, case: Case, value: str) -> None:
    endings.end(user, case, how="no_response", reason=value)


def _hours(value: str) -> int:
    if not value.strip().isdecimal() or len(value.strip()) > 6 or not 1 <= int(value) <= LONGEST:
        raise Refused(_("Give whole hours, from 1 to %s.") % LONGEST)
    return int(value)


def _priority(value: str) -> int:
    if value.strip() not in {str(one) for one in marking.PRIORITIES}:
        raise Refused(_("Choose a priority from 1 (first) to 5 (last)."))
    return int(value)


STEPS: dict[str, Step] = {
    "draft": Step(gettext_lazy("Put words into the composer"), gettext_lazy("the words"), _draft),
    "reply": Step(gettext_lazy("Answer at once, as the map says"), gettext_lazy("the words"), _reply),
    "note": Step(gettext_lazy("Leave a private note"), gettext_lazy("the words"), _note),
    "take": Step(gettext_lazy("Take the case"), "", lambda user, case, value: assigning.claim(user, case)),
    "tag": Step(
        gettext_lazy("Put a tag on it"), gettext_lazy("the tag"),
        lambda user, case, value: marking.tag(user, case, name=value.strip()),
    ),
    "priority": Step(
        gettext_lazy("Set the priority"), gettext_lazy("1 to 5"),
        lambda user, case, value: marking.set_priority(user, case, priority=_priority(value)), _priority,
    ),
    "snooze": Step(gettext_lazy("Snooze it"), gettext_lazy("hours"), _snooze, _hours),
    "end": Step(gettext_lazy("End it as resolved"), "", _end),
    "no_response": Step(gettext_lazy("End it without a response"), gettext_lazy("the reason"), _no_response),
}  # fmt: skip
"""Every kind of step."""
