"""The checks of all kinds, for e-mail, against the real servers."""

import dataclasses
import email
import email.policy
from collections.abc import Sequence
from email.message import EmailMessage

import pytest

from armature.conformance import Bare, Conforms, Said
from armature.conformance.world import CannotDo
from armature.crm.channels.email import Email
from armature.crm.channels.port import Account, Attachment
from mailserver import MailServer


class MailWorld(Bare):
    """A mailbox that nobody used before, and a customer with one of their own."""

    kind = Email()
    needed = ("imap_host", "imap_password")
    nothing = "a mail that was sent stays as it is"

    def __init__(self, mailserver: MailServer) -> None:
        self.there = mailserver
        self.account = mailserver.new_account()
        self.customer = f"ada{self.account.address.partition('@')[0]}@customer.test"

    def locked_out(self) -> Account:
        """Another password."""
        return dataclasses.replace(self.account, secrets={"imap_password": "not-this-one"})

    def nowhere(self) -> Account:
        """A port where nobody listens."""
        return dataclasses.replace(self.account, settings={**self.account.settings, "imap_port": 1, "smtp_port": 1})

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """A mail."""
        if public:
            raise CannotDo("no mail is public")
        if files:
            return self._with_files(text, files)
        headers = {"In-Reply-To": f"<{answers}>", "References": f"<{answers}>"} if answers else {}
        name = self.there.post_as_customer(
            self.account.address, text=f"{text}\n", sender=self.customer, headers=headers
        )
        return Said(name, self.customer, False)

    def _with_files(self, text: str, files: Sequence[Attachment]) -> Said:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Message-ID"] = self.customer, self.account.address, "<picture@customer.test>"
        mail.set_content(text)
        for file in files:
            main, _, sub = file.content_type.partition("/")
            mail.add_attachment(file.body, maintype=main, subtype=sub, filename=file.name)
        self.there.post(mail.as_bytes(), self.customer, self.account.address)
        return Said("picture@customer.test", self.customer, False)

    def sees(self, *, public: bool) -> list[str]:
        """What stands in the customer's mailbox."""
        if public:
            raise CannotDo("no mail is public")
        mails = [
            email.message_from_bytes(raw, policy=email.policy.default) for raw in self.there.mailbox(self.customer)
        ]
        return [str(mail.get_body(("plain",)).get_content()) for mail in mails]  # type: ignore[union-attr]


class TestEmail(Conforms):
    kind_name = "e-mail"

    @pytest.fixture
    def world(self, mailserver: MailServer) -> MailWorld:
        return MailWorld(mailserver)
