"""Writing down what was said face to face: one form for a meeting and everybody who spoke there."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from armature.crm.accounts.models import User
from armature.crm.act import meetings
from armature.crm.act.meetings import Meeting, Spoke
from armature.crm.act.papers import BadFields
from armature.crm.listen.models import Channel
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number, words
from armature.crm.web.local_time import in_company_time

FIRST = 2
"""So many speakers have room at first."""


@require_http_methods(["GET", "HEAD", "POST"])
@in_company_time
def new(request: HttpRequest) -> HttpResponse:
    """The form; with another speaker when asked for; kept as typed when something is wrong."""
    user = user_of(request)
    channels = meetings.channels_for(user)
    if request.method != "POST":
        return render(request, "web/papers/meeting.html", _context(user, channels, _empty(user), {}))
    meeting, problems = _given(request), dict[str, str]()
    channel = next((one for one in channels if one.pk == number(request, "channel")), None)
    if "add" in request.POST and len(meeting.speakers) < meetings.MOST_SPEAKERS:
        meeting.speakers.append(Spoke("", "", ""))  # type: ignore[attr-defined]
        return render(request, "web/papers/meeting.html", _context(user, channels, meeting, {}, channel))
    try:
        if channel is None:
            raise BadFields({"channel": _("Choose where it was.")})
        count = meetings.write_down(user, channel, meeting)
        said = ngettext("Written down: %d person spoke.", "Written down: %d people spoke.", count)
        messages.success(request, said % count)
        return redirect("new-meeting")
    except BadFields as wrong:
        problems = wrong.problems
    return render(request, "web/papers/meeting.html", _context(user, channels, meeting, problems, channel), status=422)


def _empty(user: User) -> Meeting:
    now = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    return Meeting(secrets.token_urlsafe(12), "", now, user.name, [Spoke("", "", "")] * FIRST)


def _given(request: HttpRequest) -> Meeting:
    given = [request.POST.getlist(field)[: meetings.MOST_SPEAKERS] for field in ("name", "handle", "words")]
    clean = [[one.replace("\x00", "").replace("\r\n", "\n") for one in field] for field in given]
    speakers = [
        Spoke(name[:200], handle[:200], said[: meetings.LONGEST + 1])
        for name, handle, said in zip(*clean, strict=False)
    ]
    key = words(request, "key", 40) or secrets.token_urlsafe(12)
    return Meeting(key, words(request, "where"), words(request, "held_at", 40), words(request, "written_by"), speakers)


def _context(
    user: User, channels: list[Channel], meeting: Meeting, problems: dict[str, str], channel: Channel | None = None
) -> dict[str, Any]:
    rows = [
        (one, problems.get(f"name-{n}", ""), problems.get(f"words-{n}", "")) for n, one in enumerate(meeting.speakers)
    ]
    return {
        "at": "letters", "channels": channels, "channel": channel, "meeting": meeting, "rows": rows,
        "problems": problems, "more": len(rows) < meetings.MOST_SPEAKERS,
    }  # fmt: skip
