"""The key in a link for a new password: it opens an account that is open, for an hour, until somebody used it."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from armature.crm.accounts.models import User


class NewPasswords(PasswordResetTokenGenerator):
    """Django's keys (over password, last log-in and address); closing the account ends them too."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.is_active}"
