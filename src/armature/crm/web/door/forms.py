"""The forms of the door, in our words."""

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from armature.crm.accounts.models import User


class LogIn(LoginForm):
    """Who is there."""

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)
        self.fields["login"].label = _("E-mail address")
        attributes = {"autofocus": True, "autocomplete": "username webauthn"}
        self.fields["login"].widget = forms.EmailInput(attrs=attributes)
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)


class NewUser(forms.Form):
    """A name and a password, for whoever was invited."""

    name = forms.CharField(
        max_length=120, label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    password = forms.CharField(
        max_length=1000, label=_("A password of ten characters or more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *given: object, email: str = "", **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        self.email = email

    def clean_password(self) -> str:
        """Refuses what is easy to guess, in words."""
        password: str = self.cleaned_data["password"]
        email = self.cleaned_data.get("email") or self.email
        password_validation.validate_password(password, User(name=self.cleaned_data.get("name", ""), email=email))
        return password


class FirstAdmin(NewUser):
    """Who runs this installation."""

    email = forms.EmailField(  # type: ignore[assignment]
        max_length=254, label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    field_order = ["name", "email", "password"]


class NewKey(AddWebAuthnForm):
    """A passkey: its name, and whether it opens the door alone."""

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)
        self.fields["name"].label = _("Name of the passkey")
        self.fields["passwordless"].label = _("Log in with it alone, without the password")
        self.fields["passwordless"].initial = True
