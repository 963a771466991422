"""The log-in: an app password gives two short-lived tokens, which this process alone remembers and nobody stores.

To log in is counted strictly there (30 times in five minutes, 300 a day), so one log-in serves all threads, and is
renewed with its second token as long as the server takes that.
"""

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from armature.crm.channels.addresses import Barred
from armature.crm.channels.api import as_json, content, said
from armature.crm.channels.bluesky.settings import BlueskySettings
from armature.crm.channels.http import Reply, Unanswered
from armature.crm.channels.port import LoginRefused, Unreachable
from armature.crm.channels.rates import Budget, Limits, limits

PATH = "/xrpc/com.atproto.server."
REFUSED = (
    "AuthMissing", "AuthenticationRequired", "AuthFactorTokenRequired", "InvalidToken", "ExpiredToken",
    "AccountTakedown", "AccountDeactivated", "AccountSuspended", "InvalidLogin",
)  # fmt: skip
"""How the server names that a key is no longer taken."""
MOST = 500
"""Accounts whose log-in is remembered."""
_LATER = 60.0


@dataclass(frozen=True, slots=True)
class Session:
    """As whom we are logged in, until when nobody says."""

    did: str
    handle: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Apart:
    """Log-ins are counted by a measure of their own, which says nothing of other calls; a pause is for all."""

    of: Budget

    def spend(self, spare: int = 0) -> None:
        self.of.spend(spare)

    def told(self, limits: Limits) -> None:
        if limits.stay_away is not None:
            self.of.told(Limits(stay_away=limits.stay_away))

    def failed(self) -> None:
        self.of.failed()


@dataclass(slots=True)
class _Kept:
    lock: threading.Lock = field(default_factory=threading.Lock)
    session: Session | None = None


_KEPT: dict[str, _Kept] = {}
_GUARD = threading.Lock()


def session(settings: BlueskySettings, stale: Session | None = None) -> Session:
    """The log-in of this account; another one than ``stale``. Raises ``Unreachable``, and ``OverBudget``."""
    kept = _kept(settings)
    with kept.lock:
        if kept.session is None or kept.session == stale:
            renewed = _renewed(settings, kept.session) if kept.session else None
            kept.session = None
            kept.session = renewed or _made(settings)
        return kept.session


def error_of(reply: Reply) -> str:
    """The server's own name for what was wrong; empty when it gives none."""
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        return ""
    return str(found.get("error") or "") if isinstance(found, Mapping) and reply.status >= 400 else ""


def is_refused(reply: Reply) -> bool:
    """Whether an answer says that our key is no longer taken."""
    return reply.status == 401 or (reply.status in (400, 403) and error_of(reply) in REFUSED)


def _kept(settings: BlueskySettings) -> _Kept:
    """By server, name and password: whoever enters another password logs in anew."""
    words = "\n".join((settings.api.base, settings.me, settings.password)).encode()
    name = hashlib.blake2b(words, digest_size=16).hexdigest()
    with _GUARD:
        while len(_KEPT) >= MOST and name not in _KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        return _KEPT.setdefault(name, _Kept())


def _made(settings: BlueskySettings) -> Session:
    given = as_json({"identifier": settings.me, "password": settings.password})
    reply = _asked(settings, "createSession", given.content, {"content-type": given.content_type})
    base = settings.api.base
    if is_refused(reply):
        raise LoginRefused(f"{base} refuses our log-in: {said(reply)}. Make a new app password, and enter it.")
    if reply.status != 200:
        raise Unreachable(f"{base} does not log us in: {said(reply)}")
    found = content(reply)
    if isinstance(found, Mapping) and found.get("active") is False:
        raise LoginRefused(f"The account is {found.get('status') or 'not active'} at {base}: settle that with them.")
    return _read(found, base)


def _renewed(settings: BlueskySettings, before: Session) -> Session | None:
    """With the second token; None when that is not taken either."""
    reply = _asked(settings, "refreshSession", b"", {"authorization": f"Bearer {before.refresh}"})
    if is_refused(reply):
        return None
    if reply.status != 200:
        raise Unreachable(f"{settings.api.base} does not renew our log-in: {said(reply)}")
    return _read(content(reply), settings.api.base)


def _asked(settings: BlueskySettings, method: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    account = settings.api.account
    api = replace(settings.api, account=replace(account, budget=_Apart(account.budget)))
    given = replace(as_json(None), content=body, content_type=headers.get("content-type", ""))
    try:
        reply = api.call("POST", f"{PATH}{method}", body=given, headers=headers)
    except (Barred, Unanswered) as problem:
        raise Unreachable(str(problem)) from problem
    if reply.status == 429:
        wait = limits(reply.headers, datetime.now(UTC))
        account.budget.told(Limits(stay_away=wait.stay_away or wait.resets or _LATER))
    return reply


def _read(found: object, base: str) -> Session:
    given = found if isinstance(found, Mapping) else {}
    did, access, refresh = (str(given.get(name) or "") for name in ("did", "accessJwt", "refreshJwt"))
    if not (did and access and refresh):
        raise Unreachable(f"{base} does not log us in as Bluesky's servers do: is it one?")
    return Session(did, str(given.get("handle") or "").casefold(), access, refresh)
