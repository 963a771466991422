"""The checks of all kinds, for those that other programs call: signed webhooks, and phone systems."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from armature.conformance import Bare, Conforms, Said
from armature.conformance.world import Call, CannotDo
from armature.crm.channels import signatures
from armature.crm.channels.calls import Calls
from armature.crm.channels.port import Account, Attachment, Envelope, Request
from armature.crm.channels.webhook import Webhook
from channels.programs import OURS, Program

KEY = b"k" * 32


class Signed(Bare):
    """Whoever calls us here signs by Standard Webhooks; what was taken is kept."""

    kind: Any
    needed: tuple[str, ...] = ()

    def __init__(self, account: Account) -> None:
        self.account, self.kept = account, list[Envelope]()

    def arrived(self) -> Sequence[Envelope]:
        """All of it."""
        return self.kept

    def hand(self, line: dict[str, Any]) -> None:
        """A call of the other side."""
        answer = self.kind.receive(self.account, self.request(line))
        self.kept += answer.envelopes

    def request(self, line: dict[str, Any], *, late: int = 0, key: str = "", name: str = "") -> Request:
        """The call with this line."""
        body, now = json.dumps(line).encode(), datetime.now(UTC)
        secret = key or self.account.secrets["hook_secret"]
        headers = signatures.sign_webhook(secret, name or uuid4().hex, body, now - timedelta(seconds=late))
        return Request("POST", "https://desk.example/hook/x", {}, headers, body, now)

    def line(self, text: str) -> dict[str, Any]:
        """How something is said there."""
        raise NotImplementedError

    def call(self) -> Call:
        """Signed calls."""
        return Call(lambda text: self.request(self.line(text), name="call-1"), self._wrong)

    def _wrong(self, text: str) -> list[tuple[str, Request]]:
        line = self.line(text)
        good = self.request(line)
        return [
            ("another body", dataclasses.replace(good, body=good.body + b" ")),
            ("unsigned", dataclasses.replace(good, headers={})),
            ("old", self.request(line, late=600)),
            ("from tomorrow", self.request(line, late=-600)),
            ("forged", self.request(line, key=signatures.new_secret())),
        ]


class WebhookWorld(Signed):
    """Another program that speaks for its own people, and shows them what we answer."""

    kind = Webhook()
    needed = ("hook_secret",)

    def __init__(self, program: Program) -> None:
        self.program = program
        told = {"url": program.url, "network": "email", "public": True, "most_characters": 2000}
        secrets = {"hook_secret": signatures.new_secret(), "send_secret": OURS}
        super().__init__(Account(1, "webhook", "forum", told, secrets, KEY, hook="/hook/x"))

    def locked_out(self) -> Account:
        """Signed with another secret."""
        secrets = {**self.account.secrets, "send_secret": signatures.new_secret()}
        return dataclasses.replace(self.account, secrets=secrets)

    def nowhere(self) -> Account:
        """A port where nobody listens."""
        return self.through("http://127.0.0.1:1")

    def through(self, address: str) -> Account:
        """The program as this address."""
        return dataclasses.replace(self.account, settings={**self.account.settings, "url": f"{address}/answers"})

    def server(self) -> str:
        """Where the program is."""
        return self.program.url.removesuffix("/answers")

    def line(self, text: str) -> dict[str, Any]:
        """A line."""
        return {"external_id": uuid4().hex, "author": "ingrid@people.example", "text": text}

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """A signed call."""
        if files:
            raise CannotDo("lines carry no files")
        line = self.line(text) | {"public": public} | ({"in_reply_to": answers} if answers else {})
        self.hand(line)
        return Said(line["external_id"], line["author"], public)

    def edit(self, external_id: str, text: str) -> None:
        """A call that says so."""
        self._changed(external_id, event="edited", text=text)

    def delete(self, external_id: str) -> None:
        """A call that says so."""
        self._changed(external_id, event="deleted")

    def _changed(self, external_id: str, **what: str) -> None:
        self.hand({"external_id": external_id, "occurred_at": datetime.now(UTC).isoformat(), **what})

    def sees(self, *, public: bool) -> list[str]:
        """What it was told by us, each id once, as the scheme asks of whoever is called."""
        said = {headers["webhook-id"]: words for headers, words in self.program.calls if words["type"] == "response"}
        return [words["text"] for words in said.values() if words["public"] == public]


class CallsWorld(Signed):
    """A phone system that tells us of each call when it is over; people speak by leaving a note of it."""

    kind = Calls()
    nothing = "what was said on the phone was said"

    def __init__(self) -> None:
        secrets = {"hook_secret": signatures.new_secret()}
        super().__init__(Account(1, "calls", "+4799900000", {"country": "NO"}, secrets, KEY, hook="/hook/x"))

    def line(self, text: str) -> dict[str, Any]:
        """The end of a call."""
        now = datetime.now(UTC)
        return {
            "event": "end", "call_id": uuid4().hex, "direction": "in", "from": "22 33 44 55", "to": "+4799900000",
            "result": "voicemail", "note": text, "at": now.isoformat(),
            "started_at": (now - timedelta(seconds=60)).isoformat(),
        }  # fmt: skip

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """A call in its steps."""
        if public or files:
            raise CannotDo("nobody else hears a call, and it carries no files")
        if answers:
            raise CannotDo("calls of one number stand together; none answers another")
        line = self.line(text)
        begun = {"call_id": line["call_id"], "at": line["started_at"]}
        for step in ({"event": "start", "agent": "201"}, {"event": "disposition", "disposition": "to be called back"}):
            self.hand(begun | step)
        self.hand(line)
        return Said(line["call_id"], "+4722334455", False)


class TestWebhook(Conforms):
    kind_name = "signed webhook"

    @pytest.fixture
    def world(self, settings: Any) -> Iterator[WebhookWorld]:
        settings.MAY_CALL = ["127.0.0.1"]
        program = Program()
        yield WebhookWorld(program)
        program.end()


class TestCalls(Conforms):
    kind_name = "phone calls"

    @pytest.fixture
    def world(self) -> CallsWorld:
        return CallsWorld()
