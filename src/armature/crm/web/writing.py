"""What is written in the composer: kept as a draft, handed in, taken back, sent sooner; with its files."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from armature.crm.act import attaching, canned, drafts, keeping, macros, recipients, responses, survey_links
from armature.crm.act.drafts import Base, Terms
from armature.crm.act.models import Audience, CannedResponse, Case, Macro, Response, ResponseFile
from armature.crm.act.work import Refused
from armature.crm.web import surveys
from armature.crm.web.actions import doing, releasing, words
from armature.crm.web.desk import case_or_404
from armature.crm.web.desk_parts import user_of
from armature.crm.web.download import as_download
from armature.crm.web.templatetags.talks import called

MOST_BYTES = 30_000_000
"""Of one file on its way here; its channel may take less."""


def terms(request: HttpRequest, *, final: bool) -> Terms:
    """Whom it goes to and when, as the form says; a field that is not there is as the case suggests.

    While it is only a draft, recipients are kept as they were typed so far.
    """
    given = request.POST
    parsed = recipients.parsed if final else _typed
    audience = given.get("audience")
    return Terms(
        audience if audience in Audience.values else None,
        words(request, "private_text"),
        " ".join(words(request, "subject").split()) if "subject" in given else None,
        parsed(given["to"]) if given.get("to", "").strip() else None,
        parsed(given.get("copies", "")),
        _moment(given.get("send_at", "")),
    )


def _typed(line: str) -> tuple[str, ...]:
    return tuple(one[:254] for one in line.replace(";", ",").replace(",", " ").split())[: recipients.MOST]


def _moment(given: str) -> datetime | None:
    """The minute somebody chose, on the company's clock."""
    if not given:
        return None
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise Refused(_("Choose a day and a time to send.")) from None
    return timezone.make_aware(at) if timezone.is_naive(at) else at


def base(request: HttpRequest) -> Base:
    """Which state of the draft this page went on from."""
    version = request.POST.get("version", "")
    changes = request.POST.get("changes", "")
    return Base(
        int(version) if version.isdecimal() and len(version) < 9 else None,
        words(request, "tab")[:36],
        int(changes) if changes.isdecimal() and len(changes) < 9 else None,
    )


def number(request: HttpRequest, field: str) -> int:
    """A number of ours; 0 for anything else."""
    given = request.POST.get(field, "")
    return int(given) if given.isdecimal() and len(given) < 19 else 0


@doing
def draft(request: HttpRequest, case: Case) -> str:
    """Keep what is being written."""
    drafts.save(user_of(request), case, text=words(request), terms=terms(request, final=False), base=base(request))
    return _("Draft kept.")


@doing
def discard(request: HttpRequest, case: Case) -> str:
    """Throw one's own draft away."""
    drafts.discard(user_of(request), case)
    return _("Your draft is gone.")


@doing
def take_over(request: HttpRequest, case: Case) -> str:
    """Go on with a colleague's draft."""
    drafts.take_over(user_of(request), case, number(request, "draft"))
    return _("Their words are in your composer now; their own draft stays as it was.")


@doing
def write(request: HttpRequest, case: Case) -> str:
    """Finish a response."""
    given = terms(request, final=True)
    seen = number(request, "seen")
    response = responses.write(user_of(request), case, text=words(request), seen=seen, terms=given, base=base(request))
    if response.send_at:
        at = timezone.localtime(response.send_at)
        return _("Written to %(who)s. It leaves on %(at)s.") % {"who": _to(response), "at": f"{at:%d %b, %H:%M}"}
    if settings.UNDO_SECONDS and not response.asked_by:
        return _("Written to %(who)s. You can take it back for %(seconds)d seconds.") % {
            "who": _to(response), "seconds": settings.UNDO_SECONDS,
        }  # fmt: skip
    return _("Written to %s. It goes where the map sends it.") % _to(response)


def _to(response: Response) -> str:
    return ", ".join(called(one) for one in [*response.recipients, *response.copies])


@releasing
def take_back(request: HttpRequest, response: Response) -> str:
    """Take it back before it has begun to leave."""
    responses.take_back(user_of(request), response)
    return _("Taken back. Nothing has left; it is a draft again.")


@releasing
def send_now(request: HttpRequest, response: Response) -> str:
    """What was to leave later leaves at once."""
    responses.send_now(user_of(request), response)
    return _("It leaves now.")


@doing
def attach(request: HttpRequest, case: Case) -> str:
    """Add files to the draft."""
    given = request.FILES.getlist("files")
    if not given:
        raise Refused(_("Choose a file first."))
    for file in given[: attaching.MOST_FILES]:
        if (file.size or 0) > MOST_BYTES:
            raise Refused(_("“%s” is too large to be sent.") % file.name)
        attaching.attach(
            user_of(request), case, name=file.name or "", body=file.read(), text=words(request), tab=base(request).tab
        )
    return _("Attached.")


@doing
def detach(request: HttpRequest, case: Case) -> str:
    """Take a file off the draft."""
    attaching.detach(user_of(request), case, number(request, "file"))
    return _("Removed.")


@require_safe
def attached(request: HttpRequest, number: int) -> HttpResponse:
    """A file of a response that somebody writes or decides about, as a download."""
    file = ResponseFile.objects.select_related("response").filter(pk=number).first()
    if file is None:
        raise Http404
    case_or_404(user_of(request), file.response.case_id)
    return as_download(file.digest, file.name)


@require_safe
def canned_words(request: HttpRequest, number: int) -> HttpResponse:
    """Canned responses for a case whose shortcut or name begins with what was typed, filled in."""
    user, case = user_of(request), case_or_404(user_of(request), number)
    known = canned.values(user, case)
    kept = canned.found(user, case, request.GET.get("words", "")[:80])
    if any("survey" in one.text for one in kept):
        known["survey"] = surveys.personal_address(request, survey_links.live_link(case))
    found: list[dict[str, Any]] = [{"one": one, "text": canned.filled(one.text, known)} for one in kept]
    return render(request, "web/_canned_words.html", {"found": found})


@doing
def take_canned(request: HttpRequest, case: Case) -> str:
    """Put the canned response that is offered into the composer, below what stands there."""
    user = user_of(request)
    one = keeping.for_case(user, case, CannedResponse).filter(pk=number(request, "canned")).first()
    if one is None:
        raise Refused(_("This canned response is gone, or it is not for this case."))
    known, there = canned.values(user, case), words(request).strip()
    if "survey" in canned.asked_for(one.text):
        known["survey"] = surveys.personal_address(request, survey_links.live_link(case))
    parts = [there if there != user.signature.strip() else "", canned.filled(one.text, known)]
    parts += [user.signature] if user.signature.strip() not in there or not parts[0] else []
    text = "\n\n".join(part for part in parts if part)
    drafts.save(user, case, text=text, terms=terms(request, final=False), base=base(request))
    return _("Put into the composer: %s.") % one.name


@doing
def run_macro(request: HttpRequest, case: Case) -> str:
    """Several actions with one key."""
    user = user_of(request)
    macro = keeping.for_case(user, case, Macro).filter(pk=number(request, "macro")).first()
    if macro is None:
        raise Refused(_("This macro is gone, or it is not for this case."))
    macros.run(user, case, macro)
    return _("Done: %s.") % macro.name
