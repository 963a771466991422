"""The list of what a real start takes, on the empty desk of administrators."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import User
from armature.crm.act import first_steps
from armature.crm.act.first_steps import AWAY, MAP
from armature.crm.web.desk_parts import user_of

WORDS = {
    "mailbox": (_("Connect a mailbox"), _("What customers write comes in by itself, and answers leave from there."),
                "new-channel"),
    "colleague": (_("Invite a colleague"), _("Work is shared by teams: whoever is here takes what waits."), "team"),
    "map": (_("Look at the process map"), _("It is what happens with every message: see it before it works for you."),
            "map"),
    "canned": (_("Keep a first canned response"), _("What you write every day is written once, and checked once."),
               "canned-new"),
    "approvals": (_("Let two people release responses"),
                  _("Nobody releases their own words where approval is asked for: one lead alone is stuck."), "team"),
    "backup": (_("Make a backup"), _("Run “armature backup FILE” on the server: one file holds everything."), ""),
}  # fmt: skip


def context(user: User) -> dict[str, Any]:
    """The steps with their words, and how many are done."""
    steps = [(step, *WORDS[step.key][:2], WORDS[step.key][2]) for step in first_steps.of(user)]
    return {"steps": [(step, name, why, reverse(to) if to else "") for step, name, why, to in steps],
            "steps_done": sum(step.done for step, *_words in steps)}  # fmt: skip


@require_POST
def go(request: HttpRequest, key: str) -> HttpResponse:
    """To the map, which is marked as looked at; or the list is put away."""
    if key not in (MAP, AWAY):
        raise Http404
    try:
        first_steps.mark(user_of(request), key)
    except NotAllowed:
        raise Http404 from None
    return redirect("map" if key == MAP else "desk")
