"""Paper that came in: uploading scans, and the list of those that are read by machine or wait to be checked."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import User
from armature.crm.act import papers
from armature.crm.listen.models import Channel
from armature.crm.listen.scans import kinds, programs
from armature.crm.listen.scans import queries as scans
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number
from armature.crm.web.local_time import in_company_time


@require_safe
@in_company_time
def listed(request: HttpRequest) -> HttpResponse:
    """What waits, and how far the machine is."""
    user, part = user_of(request), request.headers.get("HX-Request") and request.GET.get("part")
    context = _rows(request, user)
    if part:
        return render(request, "web/papers/_list.html", context)
    mine = papers.channels_for(user)
    languages = "+".join(str(one.settings.get("reads", "")) for one in mine)
    return render(request, "web/papers/list.html", {
        **context, "at": "letters", "channels": [one for one in mine if papers.may_work(user, one)],
        "missing": programs.missing(languages), "most": papers.MOST_FILES, "megabytes": kinds.MOST_BYTES // 1_000_000,
        "pages": kinds.MOST_PAGES,
    })  # fmt: skip


def _rows(request: HttpRequest, user: User) -> dict[str, Any]:
    """One page of the list, from ``before`` on."""
    before = request.GET.get("before", "")
    found = papers.scans_for(user)
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    page = list(found[: papers.PAGE + 1])
    shown = page[: papers.PAGE]
    far = scans.progress(one.pk for one in shown)
    return {
        "rows": [(one, *far.get(one.pk, (0, 0))) for one in shown],
        "reading": any(one.state == one.State.READING for one in shown),
        "more": shown[-1].pk if len(page) > papers.PAGE else 0, "before": before if before.isdecimal() else "",
    }  # fmt: skip


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take a batch of files; each that is refused is named, the others are kept."""
    user, given = user_of(request), request.FILES.getlist("files")
    channel = next((one for one in papers.channels_for(user) if one.pk == number(request, "channel")), None)
    if channel is None:
        raise Http404
    if not given:
        messages.error(request, _("Choose a file first."))
    for file in given[papers.MOST_FILES :]:
        words = _("“%(name)s” is not taken: %(most)s files at once are taken, upload it after these.")
        messages.error(request, words % {"name": file.name, "most": papers.MOST_FILES})
    kept = sum(_keep(request, user, channel, file) for file in given[: papers.MOST_FILES])
    if kept:
        messages.success(request, ngettext("%d scan is read now.", "%d scans are read now.", kept) % kept)
    return redirect("letters")


def _keep(request: HttpRequest, user: User, channel: Channel, file: Any) -> bool:
    try:
        if (file.size or 0) > kinds.MOST_BYTES:
            most = kinds.MOST_BYTES // 1_000_000
            words = _("“%(name)s” is not taken: it is larger than %(most)s MB. Scan it at 300 dpi, or divide it.")
            raise Refused(words % {"name": file.name, "most": most})
        papers.upload(user, channel, file.name or "", file.read())
    except (Refused, NotAllowed) as refused:
        messages.error(request, str(refused))
        return False
    return True
