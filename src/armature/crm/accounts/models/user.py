"""Who works here: users, their profile, and the browsers in which they are logged in."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Users(BaseUserManager["User"]):
    """Finds and makes users by their e-mail address."""

    def create_user(self, email: str, name: str, password: str | None) -> "User":
        """A person who can log in; without a password nobody can log in as them."""
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """Somebody of the company. Customers are persons, in ``identify``."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    signature = models.TextField(blank=True, default="", db_default="")
    language = models.CharField(max_length=12, blank=True, default="", db_default="")
    single_keys = models.BooleanField(default=True, db_default=True)
    away = models.BooleanField(default=False, db_default=False, help_text="For a moment: no new work, please.")
    absent_until = models.DateField(null=True, blank=True, help_text="The last day of an absence.")
    stand_in = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    objects = Users()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def presence(self, today: date | None = None) -> str:
        """Whether they take work now: here, away (for a moment) or absent (for days)."""
        if self.absent_until and self.absent_until >= (today or timezone.localdate()):
            return Presence.ABSENT
        return Presence.AWAY if self.away else Presence.HERE


class Presence(models.TextChoices):
    """Whether somebody takes work now."""

    HERE = "here", _("Here")
    AWAY = "away", _("Away for a moment")
    ABSENT = "absent", _("Absent until a day")


class Session(AbstractBaseSession):
    """One browser in which somebody is logged in; it knows whose, so that it can be ended."""

    user = models.ForeignKey(User, models.CASCADE, null=True)
    agent = models.CharField(max_length=200, blank=True, default="", help_text="What the browser says it is.")
    begun_at = models.DateTimeField(db_default=Now())

    @classmethod
    def get_session_store_class(cls) -> type[Any]:
        from importlib import import_module

        store: type[Any] = import_module(settings.SESSION_ENGINE).SessionStore
        return store
