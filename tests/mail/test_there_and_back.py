"""A mail in, an answer out, and what comes back, through real servers."""

import threading
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from uuid import uuid4

from armature.crm.channels.email import Email, message_id
from armature.crm.channels.port import Account, Created, Cursor, DeliveryChanged, Envelope, Event, Outgoing, Sent
from mailserver import NOBODY, MailServer

KIND = Email()


def fetched(account: Account, cursor: Cursor) -> tuple[list[Envelope], Cursor]:
    found: list[Envelope] = []
    for envelopes, after in KIND.fetch(account, cursor, 100):
        found += envelopes
        cursor = after
    return found, cursor


def next_events(server: MailServer, account: Account, cursor: Cursor) -> tuple[list[Event], Cursor]:
    """Wait as the listener does, until there is something."""
    assert KIND.wait(account, cursor, 20), server.log()
    envelopes, cursor = fetched(account, cursor)
    return [event for each in envelopes for event in KIND.normalise(account, each)], cursor


def answer(text: str = "It is on its way.", **more: object) -> Outgoing:
    usual: dict[str, object] = {"recipients": ("ada@customer.test",), "subject": "Re: A question", "thread": "k7mq2x"}
    return Outgoing(external_id=message_id(uuid4(), "crm.test"), text=text, **(usual | more))  # type: ignore[arg-type]


def arrived(server: MailServer, address: str, mail_id: str) -> Message:
    def look() -> Message | None:
        mails = [message_from_bytes(raw) for raw in server.mailbox(address)]
        return next((mail for mail in mails if mail["Message-ID"] == f"<{mail_id}>"), None)

    return server.wait_for(look)


def test_a_mail_wakes_the_listener_and_says_who_wrote_what(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    _, cursor = fetched(account, {})
    woken: list[bool] = []
    waiter = threading.Thread(target=lambda: woken.append(KIND.wait(account, cursor, 30)))
    waiter.start()
    mail_id = mailserver.post_as_customer(account.address, text="Where is my order 1701?\n")
    waiter.join(40)
    assert woken == [True]
    envelopes, _ = fetched(account, cursor)
    assert [each.event_key for each in envelopes] == [f"created:{mail_id}"]
    (said,) = KIND.normalise(account, envelopes[0])
    assert isinstance(said, Created)
    assert (said.author, said.text, said.subject) == ("ada@customer.test", "Where is my order 1701?", "A question")
    assert (said.automatic, said.warning, said.thread) == ("", "", "")
    assert abs((said.occurred_at - datetime.now(UTC)).total_seconds()) < 600


def test_an_answer_stands_in_the_customers_thread_under_our_own_message_id(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    asked = mailserver.post_as_customer(account.address)
    outgoing = answer("Grüße, it is on its way.\n.\nAll the best", in_reply_to=asked, author_name="Jörg, Support")
    assert KIND.send(account, outgoing) == Sent(outgoing.external_id)
    mail = arrived(mailserver, "ada@customer.test", outgoing.external_id)
    assert mail["In-Reply-To"] == mail["References"] == f"<{asked}>"
    words = mail.get_payload(decode=True)
    assert isinstance(words, bytes)
    assert words.decode().splitlines() == ["Grüße, it is on its way.", ".", "All the best"]
    assert mail["To"] == "ada@customer.test"
    assert "+p" not in mail.as_string()


def test_our_own_copy_proves_that_it_went_out(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    outgoing = answer()
    KIND.send(account, outgoing)
    events, _ = next_events(mailserver, account, {})
    assert events == [DeliveryChanged(outgoing.external_id, "accepted", "our own copy of the mail arrived")]


def test_the_customers_answer_finds_its_conversation_under_any_subject(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    outgoing = answer()
    KIND.send(account, outgoing)
    _, cursor = next_events(mailserver, account, {})
    reply_to = arrived(mailserver, "ada@customer.test", outgoing.external_id)["Reply-To"]
    quoted = "Thanks, it came!\n\nOn Mon, 2 Mar 2026 at 10:00, Support <s@crm.test> wrote:\n> It is on its way.\n"
    mailserver.post_as_customer(reply_to, "Something else entirely", quoted)
    (said,), _ = next_events(mailserver, account, cursor)
    assert isinstance(said, Created)
    assert (said.thread, said.text) == ("k7mq2x", "Thanks, it came!")
    assert "It is on its way." in said.full_text


def test_a_forged_mark_finds_no_conversation(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    local, _, domain = account.address.partition("@")
    mailserver.post_as_customer(f"{local}+ck7mq2xaaaaaaaaaaaaaaaa@{domain}")
    (said,), _ = next_events(mailserver, account, {})
    assert isinstance(said, Created)
    assert said.thread == ""


def test_a_mail_to_an_address_that_does_not_exist_comes_back_as_failed(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    outgoing = answer(recipients=(NOBODY,))
    assert KIND.send(account, outgoing) == Sent(outgoing.external_id)
    news: list[Event] = []
    cursor: Cursor = {}
    while not any(isinstance(each, DeliveryChanged) and each.state == "failed" for each in news):
        events, cursor = next_events(mailserver, account, cursor)
        news += events
    failed = [each for each in news if isinstance(each, DeliveryChanged) and each.state == "failed"]
    assert [each.external_id for each in failed] == [outgoing.external_id]
    assert "no such person here" in failed[0].reason
    assert not any(isinstance(each, Created) for each in news)
