"""How django-allauth behaves here: our words, our session, our log; nobody signs up by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts import audit, seal
from armature.crm.accounts.models import User
from armature.crm.accounts.sessions import AGENT


class Door(DefaultAccountAdapter):
    """Accounts are made by invitation only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This address and password do not belong together. Check both and try again."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again, or ask for a new password."),
        "invalid_password_reset": _("This link was used already, or it is older than an hour. Ask for a new one."),
        "incorrect_password": _("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Whether an address may be gone on to after the log-in; what is no address at all may not."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:  # the library asks the standard parser, which raises over some
            return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Log in, remembering the browser; the log says so."""
        super().login(request, user)
        request.session[AGENT] = self.get_http_user_agent(request)[:200]
        audit.log(user, "logged in", f"user {user.pk}", {})

    def set_password(self, user: User, password: str) -> None:
        """A new password; it ends all other log-ins, as the mark in each no longer fits."""
        super().set_password(user, password)
        audit.log(user, "changed their password", f"user {user.pk}", {})

    def add_message(self, request: HttpRequest, level: int, *given: Any, **more: Any) -> None:
        """Only what our own pages do not say themselves."""
        if more.get("message"):
            super().add_message(request, level, *given, **more)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing is sent while this installation has no way to send mail; the pages say so."""
        if settings.MAIL_GOES_OUT:
            super().send_mail(template_prefix, email, context)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")


class Factors(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted at rest."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or it was used already. Wait for the next one, then try again."),
        "cannot_delete_authenticator": _("Your company wants two steps. Add another factor, then remove this one."),
    }

    def encrypt(self, text: str) -> str:
        return seal.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return seal.unseal(encrypted_text)
