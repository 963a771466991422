"""Mail of the installation to its own people, and the links in it. What cannot be mailed is shown to hand over."""

from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, rights_of
from armature.crm.accounts.models import User
from armature.crm.accounts.new_passwords import NewPasswords
from armature.crm.accounts.post import mail


def invitation(request: HttpRequest, email: str, token: str) -> tuple[str, str]:
    """The link, and why it could not be mailed (empty when it was)."""
    link = request.build_absolute_uri(reverse("join", kwargs={"token": token}))
    words = _("You are invited to work in Armature. This link works once, for a week:\n\n{link}\n").format(link=link)
    return link, mail(email, _("You are invited to Armature"), words)


def password_link(request: HttpRequest, actor: User, other: User) -> str:
    """A link for a new password of somebody else."""
    if not rights_of(actor).of_all or not other.is_active:
        raise NotAllowed(_("This needs an administrator of the whole company, and an account that is open."))
    key = NewPasswords().make_token(other)
    audit.log(actor, "made a link for a new password", f"user {other.pk}", {})
    named = {"uidb36": user_pk_to_url_str(other), "key": key}
    return request.build_absolute_uri(reverse("account_reset_password_from_key", kwargs=named))
