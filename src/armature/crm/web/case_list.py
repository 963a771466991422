"""The rows of a list of cases: who, their last words, where, why, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts.models import User
from armature.crm.act import marking, queries, saved
from armature.crm.act.models import Case, Tag
from armature.crm.act.queries import LastWords
from armature.crm.web import filters, saved_views, views_of_cases
from armature.crm.web.shipped_words import short_intents
from armature.crm.web.views_of_cases import MOST, PAGE, View

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
    """One case in a list."""

    case: Case
    last: LastWords
    tags: Sequence[Tag] = ()

    @property
    def who(self) -> str:
        """Their name, or their address when no name is known."""
        return self.case.identity.name or self.case.identity.address

    @property
    def intent(self) -> str:
        """Why they wrote, with a question mark while no person has said so."""
        label = short_intents().get(self.last.intent, "")
        return label if self.last.confirmed or not label else _("%s?") % label

    @property
    def step(self) -> str:
        """What happens next, in words."""
        return str(NEXT_STEP.get(self.case.form) or ENDED.get(self.case.status) or _("said"))

    @property
    def moment(self) -> datetime:
        """When it is due, else when they last wrote."""
        return self.case.due_at or self.case.last_in_at

    @property
    def dots(self) -> str:
        """The small spine: a letter for each of its six dots."""
        return dots(self.case.form)


def dots(form: str) -> str:
    """The six dots of a case that waits for ``form``: (d)one, (w)aiting for a person, (a)head."""
    if form == "intent":
        return "ddwdaa"
    return "dddddw" if form in ("response", "executive", "approval", "delivery") else "dddddd"


def context(user: User, view: View, request: HttpRequest) -> dict[str, Any]:
    """All that the rail and the list need, in a fixed number of queries."""
    chosen, kept = filters.of(request), list(saved.views_for(user)[: saved.MOST])
    numbers = views_of_cases.counts(user, kept)
    size = min(max(_number(request, "shown"), PAGE), MOST)
    try:
        found = views_of_cases.page(user, view, chosen, request.GET.get("after", ""), size)
    except views_of_cases.NoSuchPlace:
        raise Http404 from None
    return {
        "view": view, "groups": views_of_cases.rail(numbers), "total": numbers.get(view.key),
        "rows": _rows(found[:size]), "saved": saved_views.rail(kept, numbers, view, chosen),
        "after": views_of_cases.place_of(found[size - 1]) if len(found) > size else "",
        "first_page": "after" not in request.GET, "chips": filters.chips(chosen), "query": filters.query(chosen),
    }  # fmt: skip


def _rows(found: Sequence[Case]) -> list[Row]:
    words = queries.last_words(case.pk for case in found)
    tags = marking.tags_of([case.pk for case in found])
    return [Row(case, words.get(case.pk, NOTHING_SAID), tags.get(case.pk, ())) for case in found]


def _number(request: HttpRequest, name: str) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0
