"""The door: log-in, log-out, and the page that makes the first administrator once."""

import secrets

from django import forms
from django.conf import settings
from django.contrib.auth import login, password_validation
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from armature.crm.accounts import audit
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.web.middleware import nobody_yet


class LogIn(AuthenticationForm):
    """Who is there."""

    username = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username"})
    )
    error_messages = {
        "invalid_login": "This address and password do not belong together. Check both and try again.",
        "inactive": "This account is closed. Ask an administrator.",
    }


@login_not_required
def log_in(request: HttpRequest) -> HttpResponseBase:
    """E-mail address and password; with nobody here yet, words about the first-run address instead."""
    if nobody_yet():
        return render(request, "web/nobody_yet.html", status=503)
    page = LoginView.as_view(
        template_name="web/log_in.html", authentication_form=LogIn, redirect_authenticated_user=True
    )
    return page(request)


log_out = LogoutView.as_view()


class FirstAdmin(forms.Form):
    """Who runs this installation."""

    name = forms.CharField(
        max_length=120, label="Your name", widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    email = forms.EmailField(
        max_length=254, label="Your e-mail address", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        max_length=1000,
        label="A password of ten characters or more",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """Refuses what is easy to guess, in words."""
        password: str = self.cleaned_data["password"]
        user = User(name=self.cleaned_data.get("name", ""), email=self.cleaned_data.get("email", ""))
        password_validation.validate_password(password, user)
        return password


@login_not_required
def first_run(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first administrator; needs the token printed at the terminal, and closes for good."""
    expected = settings.FIRST_RUN_TOKEN
    if not expected or not secrets.compare_digest(token, expected) or not nobody_yet():
        raise Http404
    form = FirstAdmin(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = make_first_admin(**form.cleaned_data)
        login(request, user)
        return redirect("desk")
    return render(request, "web/first_run.html", {"form": form})


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
