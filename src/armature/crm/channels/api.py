"""Asking a channel's own interface over HTTP: counted against the account's budget, answers put in our words."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from armature.crm.channels import http
from armature.crm.channels.addresses import Barred
from armature.crm.channels.http import Reply, Unanswered
from armature.crm.channels.port import (
    LOGIN,
    Account,
    Attachment,
    Failed,
    LoginRefused,
    Unknown,
    Unreachable,
)  # fmt: skip
from armature.crm.channels.rates import limits

SPARED = 20
"""Calls that reading leaves for sending."""
_LATER = 60
_TOLD = ("error_description", "error", "message", "description")
"""Where interfaces say in words what was wrong; some have the words inside an object there."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries."""

    content: bytes = b""
    content_type: str = ""
    NOTHING: ClassVar["Body"]


Body.NOTHING = Body()


def as_json(value: Any) -> Body:
    """A request of JSON."""
    return Body(json.dumps(value, ensure_ascii=False).encode(), "application/json; charset=utf-8")


def as_form(fields: Mapping[str, Any]) -> Body:
    """A request as a form sends it."""
    return Body(urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded")


def with_file(name: str, file: Attachment, fields: Mapping[str, str]) -> Body:
    """A form with one file in it."""
    return with_files({name: file}, fields)


def with_files(files: Mapping[str, Attachment], fields: Mapping[str, str]) -> Body:
    """A form with files in it, each under the name of its field."""
    edge = f"----{secrets.token_hex(16)}"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    for name, file in files.items():
        called = "".join("_" if letter in '"\\' or ord(letter) < 32 else letter for letter in file.name) or "file"
        kind = file.content_type if all(32 < ord(letter) < 127 for letter in file.content_type) else ""
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
        head += f"Content-Type: {kind or 'application/octet-stream'}\r\n\r\n"
        parts += [head.encode(), file.body, b"\r\n"]
    return Body(b"".join([*parts, f"--{edge}--\r\n".encode()]), f"multipart/form-data; boundary={edge}")


@dataclass(frozen=True, slots=True)
class Api:
    """The interface of one account's server. ``base`` ends without a slash; ``headers`` prove who we are."""

    account: Account
    base: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    seconds: float = http.SECONDS

    def call(
        self, method: str, path: str, *, body: Body = Body.NOTHING, headers: Mapping[str, str] | None = None,
        spare: int = 0, most: int = http.MOST, redirects: int = 0,
    ) -> Reply:  # fmt: skip
        """One call. Raises ``OverBudget`` before it is made, and ``Barred`` and ``Unanswered`` as ``http.call``."""
        budget = self.account.budget
        budget.spend(spare)
        given = {**self.headers, **(headers or {})}
        if body.content_type:
            given["content-type"] = body.content_type
        try:
            reply = http.call(
                method, self.base + path, headers=given, body=body.content, seconds=self.seconds, most=most,
                redirects=redirects,
            )  # fmt: skip
        except Unanswered:
            budget.failed()
            raise
        if reply.status >= 500 and "retry-after" not in reply.headers:
            budget.failed()
        else:
            budget.told(limits(reply.headers, datetime.now(UTC)))
        return reply

    def read(
        self, path: str, query: Mapping[str, Any] | None = None, *, gone: Sequence[int] = (),
        refused: Sequence[int] = (401, 403), most: int = http.MOST,
    ) -> Any:  # fmt: skip
        """The JSON that stands at ``path``; None where the status is one of ``gone``.

        Raises ``Unreachable``: as ``LoginRefused`` where the status is one of ``refused``.
        """
        asked = f"{path}?{urlencode(query, doseq=True)}" if query else path
        try:
            reply = self.call("GET", asked, spare=SPARED, most=most)
        except (Barred, Unanswered) as problem:
            raise Unreachable(str(problem)) from problem
        if reply.status in gone:
            return None
        if reply.status in refused:
            raise LoginRefused(f"{self.base} refuses our key: {said(reply)}. Make a new one, and enter it.")
        if not 200 <= reply.status < 300:
            raise Unreachable(f"{self.base} cannot be read: {said(reply)}")
        return content(reply)


def content(reply: Reply) -> Any:
    """The JSON of an answer; raises ``Unreachable`` when it is none."""
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError) as problem:
        raise Unreachable(f"{reply.url[:100]} answered with something that is not JSON: {problem}") from problem


def said(reply: Reply) -> str:
    """What an answer that refuses says, for people: the status and its first words."""
    try:
        found = json.loads(reply.body)
        words = next((found[name] for name in _TOLD if found.get(name)), "")
        words = words.get("message", "") if isinstance(words, Mapping) else words
    except (ValueError, AttributeError, RecursionError):
        words = reply.body[:200].decode("utf-8", "replace") if b"<" not in reply.body[:50] else ""
    words = " ".join(str(words).replace("\x00", "").split())[:200]
    return f"{reply.status} {words}".strip()


def refusal(reply: Reply, now: datetime) -> Failed | Unknown | None:
    """What an answer to something that was to be said means for it; None when it was taken."""
    if 200 <= reply.status < 300:
        return None
    words, wait = f"The server refused it: {said(reply)}", limits(reply.headers, now)
    if reply.status == 401:
        return Failed(words, cause=LOGIN)
    if reply.status == 429:
        return Failed(words, retryable=True, after=round(wait.stay_away or wait.resets or _LATER))
    if reply.status in (408, 425) or (reply.status == 503 and wait.stay_away is not None):
        return Failed(words, retryable=True, after=round(wait.stay_away or _LATER))
    if reply.status >= 500:
        return Unknown(f"The server had trouble while it took it, so it may have gone out: {said(reply)}")
    return Failed(words)


def unanswered(problem: Unanswered) -> Failed | Unknown:
    """What it means for something that was to be said that no answer came."""
    if problem.sent:
        return Unknown(f"It was handed over, but no confirmation came: it may have gone out. {problem}")
    return Failed(str(problem), retryable=True, after=_LATER)
