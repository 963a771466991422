"""Every address of the door. The names with underscores are those by which django-allauth finds its pages."""

from collections.abc import Callable

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.conf import settings
from django.contrib.auth.decorators import login_not_required as open_to_all
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, register_converter
from django.urls.converters import StringConverter
from django.views.decorators.http import require_http_methods
from django.views.generic import RedirectView, TemplateView, View

from armature.crm.web.door import entrance, log_ins

Page = Callable[..., HttpResponseBase]


class Base36(StringConverter):
    """A number without any hyphen, so that it ends where the key begins."""

    regex = "[0-9A-Za-z]+"


register_converter(Base36, "base36")
both = require_http_methods(["GET", "HEAD", "POST"])


def _page(view: type[View], template: str, **more: object) -> Page:
    return view.as_view(template_name=f"web/door/{template}.html", **more)


@open_to_all
def nobody_signs_up(request: HttpRequest) -> HttpResponse:
    """There is no such page: accounts are made by invitation."""
    raise Http404


mail = {"extra_context": {"mail": settings.MAIL_GOES_OUT}}
urlpatterns = [
    path("log-in", entrance.log_in, name="log-in"),
    path("log-in", entrance.log_in, name="account_login"),
    path("log-out", entrance.log_out, name="log-out"),
    path("log-out", entrance.log_out, name="account_logout"),
    path("log-in/second", open_to_all(_page(mfa.AuthenticateView, "second")), name="mfa_authenticate"),
    path("log-in/passkey", open_to_all(both(keys.login_webauthn)), name="mfa_login_webauthn"),
    path("log-in/closed", open_to_all(_page(TemplateView, "closed")), name="account_inactive"),
    path("start/<str:token>", entrance.first_run, name="first-run"),
    path("join/<str:token>", entrance.join, name="join"),
    path("sign-up", nobody_signs_up, name="account_signup"),
    path("password", _page(account.PasswordResetView, "forgotten", **mail), name="account_reset_password"),
    path("password/sent", _page(account.PasswordResetDoneView, "sent", **mail), name="account_reset_password_done"),
    path("password/done", _page(account.PasswordResetFromKeyDoneView, "done"),
         name="account_reset_password_from_key_done"),
    path("password/new/<base36:uidb36>-<str:key>", _page(account.PasswordResetFromKeyView, "new_password"),
         name="account_reset_password_from_key"),
    path("profile/password", _page(account.PasswordChangeView, "change_password"), name="account_change_password"),
    path("profile/set-password", RedirectView.as_view(pattern_name="account_reset_password"),
         name="account_set_password"),
    path("again", _page(account.ReauthenticateView, "again"), name="account_reauthenticate"),
    path("again/code", _page(mfa.ReauthenticateView, "again_code"), name="mfa_reauthenticate"),
    path("again/passkey", _page(keys.ReauthenticateWebAuthnView, "again_key"), name="mfa_reauthenticate_webauthn"),
    path("profile/log-in", log_ins.Shown.as_view(), name="mfa_index"),
    path("profile/log-in/others", log_ins.end_others, name="end-other-log-ins"),
    path("profile/app", _page(totp.ActivateTOTPView, "app"), name="mfa_activate_totp"),
    path("profile/app/off", _page(totp.DeactivateTOTPView, "app_off"), name="mfa_deactivate_totp"),
    path("profile/codes", _page(codes.ViewRecoveryCodesView, "codes"), name="mfa_view_recovery_codes"),
    path("profile/codes/new", _page(codes.GenerateRecoveryCodesView, "codes_new"), name="mfa_generate_recovery_codes"),
    path("profile/codes/file", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("profile/keys", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("profile/keys/new", _page(keys.AddWebAuthnView, "key_new"), name="mfa_add_webauthn"),
    path("profile/keys/<int:pk>", _page(keys.EditWebAuthnView, "key_name"), name="mfa_edit_webauthn"),
    path("profile/keys/<int:pk>/off", _page(keys.RemoveWebAuthnView, "key_off"), name="mfa_remove_webauthn"),
]  # fmt: skip
