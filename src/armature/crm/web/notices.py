"""Notices: what somebody was told, read or not, and how they want to hear of things."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from armature.crm.act import listening, notice_list, queries
from armature.crm.act.models import Notice
from armature.crm.web import given
from armature.crm.web.desk_parts import user_of
from armature.crm.web.local_time import in_company_time


@require_safe
@in_company_time
def shown(request: HttpRequest) -> HttpResponse:
    """The list, latest first, and the wishes."""
    user, before = user_of(request), request.GET.get("before", "")
    found = notice_list.page(user, int(before) if before.isdecimal() and len(before) < 19 else None)
    listed = found[: notice_list.PAGE]
    context = {
        "at": "notices", "listed": listed, "first": listed[0][0].pk if listed else 0,
        "more": listed[-1][0].pk if len(found) > notice_list.PAGE else 0, "wishes": notice_list.wishes(user),
        "mail": settings.MAIL_GOES_OUT, "first_page": not before,
    }  # fmt: skip
    return render(request, "web/notices.html", context)


@require_POST
def read(request: HttpRequest, number: int) -> HttpResponse:
    """One is read; it leads to its case, when that is still there."""
    user = user_of(request)
    try:
        notice = notice_list.notice_for(user, number)
    except Notice.DoesNotExist:
        raise Http404 from None
    notice_list.read(user, notice)
    if notice.case_id and queries.cases_for(user).filter(pk=notice.case_id).exists():
        return redirect("case", view="open", number=notice.case_id)
    if notice.query_id and listening.queries_for(user).filter(pk=notice.query_id).exists():
        return redirect("listening-query", notice.query_id)
    return redirect("who-judges" if notice.kind == Notice.Kind.JUDGES else "notices")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """All that stood on the page are read."""
    notice_list.read_all(user_of(request), given.number(request, "upto"))
    return redirect("notices")


@require_POST
def wish(request: HttpRequest) -> HttpResponse:
    """Keep how they want to hear of things."""
    shown, mailed = set(request.POST.getlist("shown")), set(request.POST.getlist("mailed"))
    notice_list.wish(user_of(request), {kind: (kind in shown, kind in mailed) for kind in Notice.Kind.values})
    messages.success(request, _("Kept."))
    return redirect("notices")
