"""Meta's side: a stub of the Graph interface, and calls signed as Meta signs them."""

import hashlib
import hmac
import itertools
import json
import urllib.error
import urllib.request
from datetime import UTC, datetime
from typing import Any

from armature.crm.channels.port import Request
from armature.crm.listen.models import Channel
from platforms.stub import Answer, Call, Platform, said

TOKEN, APP_SECRET, VERIFY = "EAAJB0token", "5f2c0a9d8e7b6a5f4c3d2e1f0a9b8c7d", "a-word-that-only-we-know"
SECRETS = {"token": TOKEN, "app_secret": APP_SECRET, "verify_token": VERIFY}


class GraphApi(Platform):
    """Checks the token and its proof by its own means; a subclass says what stands where."""

    def __init__(self) -> None:
        super().__init__()
        self.token = TOKEN
        self.numbers = itertools.count(1)
        self.sent: list[dict[str, Any]] = []

    def answer(self, call: Call) -> Answer:
        """One call."""
        if call.path.startswith("/file/"):
            return self._file(call)
        proof = hmac.new(APP_SECRET.encode(), self.token.encode(), hashlib.sha256).hexdigest()
        if call.headers.get("authorization") != f"Bearer {self.token}":
            return error(401, 190, "Error validating access token: Session has expired", error_subcode=463)
        if call.fields.pop("appsecret_proof", "") != proof:
            return error(400, 100, "Invalid appsecret_proof provided in the API argument")
        _, version, path = call.path.split("/", 2)
        assert version == "v23.0"
        return self.given(call, path) if call.method == "GET" else self.said(call, path)

    def given(self, call: Call, path: str) -> Answer:
        """What stands at a path."""
        raise NotImplementedError

    def said(self, call: Call, path: str) -> Answer:
        """What comes of something that is posted there."""
        raise NotImplementedError

    def _file(self, call: Call) -> Answer:
        found = self.files.get(call.path.removeprefix("/file/"))
        if found is None:
            return error(404, 100, "no such file")
        return 200, {"Content-Type": "image/jpeg"}, found[1]


def error(status: int, code: int, words: str, headers: dict[str, str] | None = None, **more: Any) -> Answer:
    """An error as Graph words it."""
    return said(
        {"error": {"message": words, "type": "OAuthException", "code": code, **more}}, status, **(headers or {})
    )


def signed(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    """The header that proves these bytes."""
    return {"x-hub-signature-256": f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"}


def request(call: object, secret: str = APP_SECRET) -> Request:
    """A signed call."""
    body = call if isinstance(call, bytes) else json.dumps(call).encode()
    return Request("POST", "https://desk.example/hook/name", {}, signed(body, secret), body, datetime.now(UTC))


def asks(**query: str) -> Request:
    """Meta's question whether the address is ours."""
    given = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY}
    given |= {f"hub.{name}": word for name, word in query.items()}
    return Request("GET", "https://desk.example/hook/name", given, {}, b"", datetime.now(UTC))


def forged(call: object) -> list[tuple[str, Request]]:
    """The same call, with something wrong."""
    good = request(call)
    old = {"x-hub-signature": "sha1=0000"}
    return [
        ("another body", Request("POST", good.url, {}, good.headers, good.body + b" ", good.received_at)),
        ("unsigned", Request("POST", good.url, {}, {}, good.body, good.received_at)),
        ("the old way alone", Request("POST", good.url, {}, old, good.body, good.received_at)),
        (
            "no signature",
            Request("POST", good.url, {}, {"x-hub-signature-256": "sha256="}, good.body, good.received_at),
        ),
        ("another app", request(call, "0" * 32)),
        ("a wrong word", asks(verify_token="a-word-that-nobody-knows")),
        ("no word", asks(verify_token="")),
        ("no question", asks(mode="")),
        ("a challenge that is a page", asks(challenge="<script>alert(1)</script>")),
    ]


def told(live_server: Any, channel: Channel, call: object, secret: str = APP_SECRET) -> int:
    """Meta calls us; the status it hears."""
    body = json.dumps(call).encode()
    headers = {**signed(body, secret), "content-type": "application/json"}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(f"{live_server.url}/hook/{channel.hook}", body, headers)
        ) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
