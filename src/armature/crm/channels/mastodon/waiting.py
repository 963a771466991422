"""Being told that something new is there, where the server has a stream for it; else we look again after a while."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from armature.crm.channels import http
from armature.crm.channels.addresses import Barred
from armature.crm.channels.api import SPARED, Api
from armature.crm.channels.http import Unanswered
from armature.crm.channels.mastodon.settings import MastodonSettings
from armature.crm.channels.port import Unreachable

STREAM = "/api/v1/streaming/user/notification"
NONE_FOR = 3600.0
"""Seconds for which a server without a stream is not asked for one again."""
_NONE: dict[str, float] = {}
"""Until when, by server."""


def wait(settings: MastodonSettings, seconds: float) -> bool:
    """Until there may be something new, or ``seconds`` are over; a server that says nothing is looked at in between."""
    api, begin = settings.api, time.monotonic()
    if _NONE.get(api.base, 0.0) < begin:
        try:
            if _told(api, seconds):
                return True
        except (Barred, Unanswered, Unreachable):
            _NONE[api.base] = begin + NONE_FOR
    left = seconds - (time.monotonic() - begin)
    if left > 0:
        time.sleep(min(left, settings.poll_seconds))
    return True


def _told(api: Api, seconds: float) -> bool:
    """Whether the server told of a notification in time."""
    address = _address(api)
    api.account.budget.spend(SPARED)
    headers = {**api.headers, "accept": "text/event-stream"}
    return http.hear(address, _is_notification, headers=headers, seconds=seconds)


def _is_notification(line: bytes) -> bool:
    return line.strip() == b"event: notification"


def _address(api: Api) -> str:
    """Where the stream is: large servers have a machine of its own for it, and say which."""
    about: Any = api.read("/api/v2/instance", gone=(400, 404, 405, 410, 501)) or {}
    urls = about.get("configuration", {}).get("urls", {}) if isinstance(about, Mapping) else {}
    told = str(urls.get("streaming") or "") if isinstance(urls, Mapping) else ""
    parts = urlsplit(told)
    secure = {"wss": "https", "https": "https", "ws": "http", "http": "http"}.get(parts.scheme)
    if not secure or not parts.netloc or (secure == "http" and api.base.startswith("https:")):
        return f"{api.base}{STREAM}"
    return f"{secure}://{parts.netloc}{STREAM}"
