"""The checks of all kinds, for text messages, against a real gateway and a phone that is its own message centre."""

import dataclasses
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.utils import timezone

from armature.conformance import Bare, Conforms, Said
from armature.conformance.world import Call, CannotDo
from armature.crm.channels.port import Account, Attachment, Envelope, Request
from armature.crm.channels.rates import UNCOUNTED
from armature.crm.channels.sms import Sms
from armature.crm.listen import queries as listened
from armature.crm.listen.models import Channel
from kept import kept
from sms.kannel import Kannel, Phone, until

INGRID = "+4722334455"


class TextsWorld(Bare):
    """A customer with a phone. What they say goes through the gateway to our real page, and is read from its rows."""

    kind = Sms()
    needed = ("gateway", "username", "password", "hook_secret")
    nothing = "a text message stays as it is"
    signs = "Ærø 東京 👍"

    def __init__(self, channel: Channel, kannel: Kannel) -> None:
        self.channel, self.kannel = channel, kannel
        self.account = dataclasses.replace(listened.account(channel), budget=UNCOUNTED)
        self.phones: list[Phone] = []

    def locked_out(self) -> Account:
        """Another password."""
        return dataclasses.replace(self.account, secrets={**self.account.secrets, "password": "not-this-one"})

    def nowhere(self) -> Account:
        """A port where nobody listens."""
        return self.through("http://127.0.0.1:1")

    def through(self, address: str) -> Account:
        """The gateway as this address."""
        return dataclasses.replace(self.account, settings={**self.account.settings, "gateway": address})

    def server(self) -> str:
        """The gateway."""
        return self.kannel.address

    def hands_over(self, method: str, path: str) -> bool:
        """Kannel is spoken to with GET."""
        return "to=" in path

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """A text from the phone; the words stand in what came, as the gateway gave them."""
        if public or files or answers:
            raise CannotDo("texts are private, carry no files and answer no other")
        before = {one.event_key for one in self.arrived()}
        if text.isascii():
            self.phones.append(self.kannel.phone(f"{INGRID} 4799900000 text {text}"))
        else:  # as a phone does with letters that its own alphabet has not
            words = "".join(f"%{byte:02x}" for byte in text.encode("utf-16-be"))
            self.phones.append(self.kannel.phone(f"{INGRID} 4799900000 ucs2 {words}"))
        until(lambda: {one.event_key for one in self.arrived()} - before)
        (key,) = {one.event_key for one in self.arrived()} - before
        return Said(key.removeprefix("text:"), INGRID, False)

    def arrived(self) -> Sequence[Envelope]:
        """What our page kept of the gateway's calls; reports of what we sent are news, and nobody's words."""
        return kept(self.channel, "text:")

    def sees(self, *, public: bool) -> list[str]:
        """What came to the phones."""
        if public:
            raise CannotDo("texts are private")
        return [words for one in self.phones for words in _read(one)]

    def call(self) -> Call:
        """Calls as the gateway makes them."""
        return Call(self._request, self._wrong)

    def _request(self, text: str, **more: str) -> Request:
        secret = self.account.secrets["hook_secret"]
        given = {"secret": secret, "from": INGRID, "text": text, "charset": "UTF-8", "id": "call-1", **more}
        url = f"https://desk.example/hook/x?{urlencode(given)}"
        return Request("GET", url, dict(parse_qsl(urlsplit(url).query)), {}, b"", timezone.now())

    def _wrong(self, text: str) -> list[tuple[str, Request]]:
        posted = dataclasses.replace(self._request(text), method="POST")
        return [("another secret", self._request(text, secret="guessed")), ("none", self._request(text, secret="")),
                ("posted", posted)]  # fmt: skip


def _read(phone: Phone) -> list[str]:
    """All that came to a phone, in both alphabets: which one it is was the sender's choice."""
    return [phone.reads("utf-16-be"), phone.reads("latin-1"), phone.reads("utf-8")]


class TestSms(Conforms):
    kind_name = "text messages"

    @pytest.fixture
    def world(self, channel: Channel, kannel: Kannel) -> TextsWorld:
        return TextsWorld(channel, kannel)
