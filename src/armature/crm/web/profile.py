"""What everybody says about themselves: one page, two forms."""

from datetime import date, time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from armature.crm.accounts import profile
from armature.crm.accounts.access import Refused
from armature.crm.accounts.models import Presence, User
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number, words


@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """Name, signature, whether they take work, keys, language, quiet hours."""
    user = user_of(request)
    context: dict[str, Any] = {
        "me": user, "at": "profile", "languages": settings.LANGUAGES, "presences": Presence.choices,
        "presence": user.presence(), "today": timezone.localdate().isoformat(),
        "colleagues": User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("name"),
    }  # fmt: skip
    return render(request, "web/profile.html", context)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the profile."""
    given = request.POST
    wanted = profile.Profile(
        name=words(request, "name", 120), signature=words(request, "signature", 5000),
        language=words(request, "language", 12), single_keys="single_keys" in given,
        quiet_from=_time(given.get("quiet_from", "")), quiet_until=_time(given.get("quiet_until", "")),
    )  # fmt: skip
    try:
        profile.change(user_of(request), wanted)
        messages.success(request, _("Kept."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("profile")


@require_POST
def presence(request: HttpRequest) -> HttpResponse:
    """Here, away, or absent until a day."""
    given = request.POST
    other = User.objects.filter(pk=number(request, "stand_in")).first()
    try:
        profile.be(user_of(request), given.get("presence", ""), until=_date(given.get("until", "")), stand_in=other)
        messages.success(request, _("Colleagues see it now."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("profile")


def _time(words: str) -> time | None:
    try:
        return parse_time(words)
    except ValueError:
        return None


def _date(words: str) -> date | None:
    try:
        return parse_date(words)
    except ValueError:
        return None
