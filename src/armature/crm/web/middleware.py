"""What every request passes: a strict content policy, the door, and the one-time page that makes the first admin."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django_htmx.http import HttpResponseClientRedirect

from armature.crm.accounts import factors
from armature.crm.accounts.access import keep_rights
from armature.crm.accounts.models import User
from armature.crm.web import given

GetResponse = Callable[[HttpRequest], HttpResponseBase]

NO_FRAME = "frame-ancestors 'none'"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    f"connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; {NO_FRAME}"
)


def content_policy(get_response: GetResponse) -> GetResponse:
    """Nothing runs or loads but our own files; customer pages are never kept by a cache."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if getattr(request, "user", None) is not None and not response.streaming:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return handle


class LogInRequired(LoginRequiredMiddleware):
    """Every page asks for a log-in unless its function is marked open; a part of a page sends the whole page there."""

    def handle_no_permission(  # type: ignore[override]  # a redirect that htmx follows with the whole page
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(f"{reverse('log-in')}?{urlencode({'next': _page_of(request)})}")
        return super().handle_no_permission(request, view_func)


def _page_of(request: HttpRequest) -> str:
    """The page that a part was asked for from, so that the log-in leads back to it."""
    page = given.page_of(request)
    return page.path + (f"?{page.query}" if page.query else "") or reverse("desk")


FIRST_A_FACTOR = ("mfa_", "account_", "log-out", "end-other-log-ins")
"""Pages that stay open to somebody who must make a second factor before anything else."""


class OfThisUser:
    """What a request takes from its user: their language, their rights (read once while only looking), two steps."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing, until the page is known: pages for everybody ask for no user."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_: object
    ) -> HttpResponse | None:
        """Just before the page is made."""
        if not getattr(view, "login_required", True):
            return None
        _without_nul(request)
        user = request.user
        assert isinstance(user, User)  # nobody else comes past the door
        if user.language:
            translation.activate(user.language)
        if request.method in ("GET", "HEAD"):
            keep_rights(user)
        name = request.resolver_match.url_name if request.resolver_match else ""
        if (name or "").startswith(FIRST_A_FACTOR) or not factors.missing(user):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(reverse("mfa_index"))
        return redirect("mfa_index")


def _without_nul(request: HttpRequest) -> None:
    """What stands behind the question mark of a page holds no NUL, which no text of a database can.

    Not so of hooks: what others say there is theirs, and a NUL of it may be half a letter.
    """
    while "%00" in request.META.get("QUERY_STRING", ""):  # one may come together where another was taken out
        request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        request.__dict__.pop("GET", None)


def nobody_yet() -> bool:
    """Whether this installation has no user: then, and only then, the first-run page is open."""
    return not User.objects.exists()
