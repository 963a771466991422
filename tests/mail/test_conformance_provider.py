"""The checks of all kinds, for e-mail through a provider: its signed calls in, a real mail server out."""

import dataclasses
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import uuid4

import pytest

from armature.conformance import Conforms, Said
from armature.conformance.world import Call, CannotDo
from armature.crm.channels.mail_provider import ProviderMail
from armature.crm.channels.port import Account, Attachment, Envelope, Request
from mail.test_conformance import MailWorld
from mailserver import MailServer

HOOK = "https://desk.example/hook/x"
SECRET = "a key that signs calls"


class ProviderWorld(MailWorld):
    """A provider that takes mails in for us; ours leave through the real server."""

    kind = ProviderMail()  # type: ignore[assignment]
    needed = ("smtp_host", "hook_secret")

    def __init__(self, mailserver: MailServer) -> None:
        super().__init__(mailserver)
        sending = {name: value for name, value in self.account.settings.items() if name.startswith("smtp_")}
        self.account = dataclasses.replace(
            self.account, kind="mail_provider", secrets={"hook_secret": SECRET, **self._password()},
            settings={"provider": "mailersend", "smtp_host": "127.0.0.1", **sending},
        )  # fmt: skip
        self.kept: list[Envelope] = []

    def _password(self) -> dict[str, str]:
        return {"smtp_password": self.account.secrets["imap_password"]}

    def locked_out(self) -> Account:
        """Another password where mails are sent."""
        return dataclasses.replace(self.account, secrets={"hook_secret": SECRET, "smtp_password": "not-this-one"})

    def nowhere(self) -> Account:
        """A port where nobody listens."""
        return dataclasses.replace(self.account, settings={**self.account.settings, "smtp_port": 1})

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """A mail, as the provider brings it."""
        if public:
            raise CannotDo("no mail is public")
        name = f"{uuid4()}@customer.test"
        mail = self._mail(name, text, answers)
        for file in files:
            main, _, sub = file.content_type.partition("/")
            mail.add_attachment(file.body, maintype=main, subtype=sub, filename=file.name)
        self.kept += self.kind.receive(self.account, self._request(mail)).envelopes  # type: ignore[attr-defined]
        return Said(name, self.customer, False)

    def arrived(self) -> Sequence[Envelope]:
        """What it brought."""
        return self.kept

    def call(self) -> Call:
        """Signed calls."""
        return Call(lambda text: self._request(self._mail("one@customer.test", text, "")), self._wrong)

    def _mail(self, name: str, text: str, answers: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Message-ID"] = self.customer, self.account.address, f"<{name}>"
        mail["Date"] = format_datetime(datetime.now(UTC))
        if answers:
            mail["In-Reply-To"] = f"<{answers}>"
        mail.set_content(text)
        return mail

    def _request(self, mail: EmailMessage, *, key: str = SECRET) -> Request:
        data = {"id": "1", "raw": mail.as_bytes().decode("ascii", "surrogateescape"),
                "sender": {"email": self.customer}}  # fmt: skip
        body = json.dumps({"type": "inbound.message", "data": data}).encode()
        proof = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "signature": proof}
        return Request("POST", HOOK, {}, headers, body, datetime.now(UTC))

    def _wrong(self, text: str) -> list[tuple[str, Request]]:
        mail = self._mail("one@customer.test", text, "")
        good = self._request(mail)
        return [
            ("another key", self._request(mail, key="another key altogether")),
            ("another body", dataclasses.replace(good, body=good.body + b" ")),
            ("no signature", dataclasses.replace(good, headers={"content-type": "application/json"})),
        ]


class TestProviderMail(Conforms):
    kind_name = "e-mail by a provider"

    @pytest.fixture
    def world(self, mailserver: MailServer) -> ProviderWorld:
        return ProviderWorld(mailserver)
