"""Coming in: the log-in page, the page that makes the first administrator once, and the answer to an invitation."""

import secrets

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from armature.crm.accounts import audit, invitations
from armature.crm.accounts.models import Invitation, Membership, Role, User
from armature.crm.accounts.sessions import AGENT
from armature.crm.web.door.forms import FirstAdmin, NewUser
from armature.crm.web.middleware import nobody_yet

page = LoginView.as_view(template_name="web/door/log_in.html")
log_out = login_not_required(LogoutView.as_view())


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponseBase:
    """E-mail address and password, or a passkey; with nobody here yet, words about the first-run address instead."""
    if nobody_yet():
        return render(request, "web/nobody_yet.html", status=503)
    shown: HttpResponseBase = page(request)
    return shown


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first administrator; needs the token printed at the terminal, and closes for good."""
    expected = settings.FIRST_RUN_TOKEN
    if not expected or not secrets.compare_digest(token.encode(), expected.encode()) or not nobody_yet():
        raise Http404
    form = FirstAdmin(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _enter(request, make_first_admin(**form.cleaned_data))
    return render(request, "web/first_run.html", {"form": form})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Answer an invitation: name and password, once. A link that is over says so, without saying whose it was."""
    try:
        invitation = invitations.open_invitation(token)
        form = NewUser(request.POST or None, email=invitation.email)
        if request.method == "POST" and form.is_valid():
            return _enter(request, invitations.join(token, **form.cleaned_data))
    except Invitation.DoesNotExist:
        return render(request, "web/door/over.html", status=404)
    return render(request, "web/door/join.html", {"form": form, "email": invitation.email})


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    login(request, user)
    request.session[AGENT] = request.headers.get("User-Agent", "")[:200]
    return redirect("desk")


def make_first_admin(*, name: str, email: str, password: str) -> User:
    """The first user, in one transaction that lets nobody else be the first."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE accounts_user IN EXCLUSIVE MODE")
        if not nobody_yet():
            raise Http404
        user = User.objects.create_user(email, name, password)
        Membership.objects.create(user=user, role=Role.ADMIN)
        audit.log(user, "became the first administrator", f"user {user.pk}", {"email": email})
    return user
