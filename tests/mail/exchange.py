"""One conversation with the real servers, as the listener and the sender have it."""

from email import message_from_bytes
from email.message import Message
from typing import Any
from uuid import uuid4

from armature.crm.channels.email import Email, message_id
from armature.crm.channels.port import Account, Cursor, Envelope, Event, Outgoing
from mailserver import MailServer

KIND = Email()


def fetched(account: Account, cursor: Cursor, limit: int = 100) -> tuple[list[Envelope], Cursor]:
    """Everything new, and where that ends."""
    found: list[Envelope] = []
    for envelopes, after in KIND.fetch(account, cursor, limit):
        found += envelopes
        cursor = after
    return found, cursor


def next_events(server: MailServer, account: Account, cursor: Cursor) -> tuple[list[Event], Cursor]:
    """Wait as the listener does, until there is something."""

    def look() -> tuple[list[Envelope], Cursor] | None:
        assert KIND.wait(account, cursor, 20), server.log()
        found = fetched(account, cursor)
        return found if found[0] else None

    envelopes, cursor = server.wait_for(look)
    return [event for each in envelopes for event in KIND.normalise(account, each)], cursor


def answer(text: str = "It is on its way.", **more: Any) -> Outgoing:
    """An approved answer to Ada."""
    usual: dict[str, Any] = {"recipients": ("ada@customer.test",), "subject": "Re: A question", "thread": "k7mq2x"}
    return Outgoing(external_id=message_id(uuid4(), "crm.test"), text=text, **(usual | more))


def arrived(server: MailServer, address: str, mail_id: str) -> Message:
    """The mail with this id in somebody's mailbox, as soon as it is there."""

    def look() -> Message | None:
        mails = [message_from_bytes(raw) for raw in server.mailbox(address)]
        return next((mail for mail in mails if mail["Message-ID"] == f"<{mail_id}>"), None)

    return server.wait_for(look)
