"""Whether answers by e-mail ask how they were: each brand of one's own decides."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Brand, User
from armature.crm.act import rating_links
from armature.crm.act.models import RatingAsk
from armature.crm.act.work import Refused
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number
from armature.crm.web.local_time import in_company_time


@require_http_methods(["GET", "HEAD", "POST"])
@in_company_time
def shown(request: HttpRequest) -> HttpResponse:
    """A form for each brand; what was typed stays when something is wrong with it."""
    user = user_of(request)
    asks = rating_links.asks_for(user)
    if not asks:
        raise Http404
    problem = _keep(request, user, asks) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        messages.success(request, _("Kept."))
        return redirect("after-answers")
    context = {"at": "surveys", "asks": asks, "problem": problem, "lives": rating_links.LIVES.days}
    return render(request, "web/surveys/after_answers.html", context, status=422 if problem else 200)


def _keep(request: HttpRequest, user: User, asks: list[RatingAsk]) -> str:
    """Keep what was said about one brand; else why not, with what was typed in its place."""
    brand = _brand(request, asks)
    one = next(each for each in asks if each.brand_id == brand.pk)
    days = request.POST.get("quiet_days", "")
    one.on, one.words = "on" in request.POST, request.POST.get("words", "")[:1000]
    one.quiet_days = int(days) if days.isdecimal() and days.isascii() and len(days) < 6 else 0
    base = settings.ADDRESS or request.build_absolute_uri("/").rstrip("/")
    try:
        rating_links.keep(user, brand, on=one.on, quiet_days=one.quiet_days, words=one.words, address=base)
    except (Refused, NotAllowed) as refused:
        return str(refused)
    return ""


def _brand(request: HttpRequest, asks: list[RatingAsk]) -> Brand:
    wanted = number(request, "brand")
    for one in asks:
        if one.brand_id == wanted:
            return one.brand
    raise Http404
