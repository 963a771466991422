"""How somebody logs in, and where they are logged in now."""

from typing import Any

from allauth.mfa.base.views import IndexView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from armature.crm.accounts import factors, profile
from armature.crm.accounts.queries import company_zone
from armature.crm.web.desk_parts import user_of


class Shown(IndexView):
    """Password, app, passkeys, codes, and the browsers."""

    template_name = "web/door/factors.html"

    def get(self, request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        """Made at once, in the time of the company."""
        with timezone.override(company_zone()):
            shown: HttpResponse = super().get(request, *given, **named).render()
        return shown

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Also whether a second factor is missing."""
        user = user_of(self.request)
        shown = {"log_ins": profile.log_ins(user), "here": self.request.session.session_key, "at": "mfa_index"}
        return {**super().get_context_data(**more), **shown, "must": factors.missing(user)}


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Log out everywhere else."""
    ended = profile.end_other_log_ins(user_of(request), request.session.session_key or "")
    messages.success(request, ngettext("{n} log-in ended.", "{n} log-ins ended.", ended).format(n=ended))
    return redirect("mfa_index")
