"""Passwords of channels: encrypted at rest, opened only to be handed to the channel's kind."""

import base64
import hashlib
import logging

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from armature.crm.listen.models import Channel, ChannelSecret

logger = logging.getLogger(__name__)


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive(key, "channel secrets"))) for key in keys])


def _derive(key: str, purpose: str) -> bytes:
    return hashlib.blake2b(purpose.encode(), key=hashlib.sha256(key.encode()).digest(), digest_size=32).digest()


def seal_secret(channel: Channel, name: str, value: str) -> None:
    """Keep a secret of this channel; an earlier one of that name is replaced, and a pause for its sake is over."""
    ChannelSecret.objects.update_or_create(
        channel=channel, name=name, defaults={"sealed": _box().encrypt(value.encode())}
    )
    Channel.objects.filter(pk=channel.pk).exclude(paused_at=None).update(paused_at=None, problem="")


def open_secrets(channel: Channel) -> dict[str, str]:
    """The channel's secrets by name. One that was sealed with a key nobody names any more is missing."""
    found, box = {}, _box()
    for secret in channel.secrets.all():
        try:
            found[secret.name] = box.decrypt(bytes(secret.sealed)).decode()
        except InvalidToken:
            words = "%s of channel %s needs another key: name it in ARMATURE_SECRET_KEY_FALLBACKS, or enter it anew"
            logger.error(words, secret.name, channel.pk)
    return found


def signing_key(channel: Channel) -> bytes:
    """The key that signs reply tokens of this channel."""
    return _derive(settings.SECRET_KEY, f"channel {channel.id}")


def former_keys(channel: Channel) -> tuple[bytes, ...]:
    """Those that signed before the installation's key was changed, as long as the old one is named."""
    return tuple(_derive(key, f"channel {channel.id}") for key in settings.SECRET_KEY_FALLBACKS)
