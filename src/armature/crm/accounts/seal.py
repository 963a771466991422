"""Secrets at rest of the log-in (keys of authenticator apps, recovery codes): encrypted with the installation's key."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive(key))) for key in keys])


def _derive(key: str) -> bytes:
    purpose = b"second factors"
    return hashlib.blake2b(purpose, key=hashlib.sha256(key.encode()).digest(), digest_size=32).digest()


def seal(text: str) -> str:
    """The text, unreadable without the installation's key."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again."""
    return _box().decrypt(sealed.encode()).decode()
