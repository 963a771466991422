"""A mail in, an answer out, and what comes back, through real servers."""

import threading
from datetime import UTC, datetime

from armature.crm.channels.port import Attachment, Created, Cursor, DeliveryChanged, Event, Sent
from mail.exchange import KIND, answer, arrived, fetched, next_events
from mailserver import NOBODY, MailServer


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


def test_what_an_automatic_answer_says_of_itself_stops_the_next_machine(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    outgoing = answer("We received your letter.", automatic=True)
    KIND.send(account, outgoing)
    mail = arrived(mailserver, "ada@customer.test", outgoing.external_id)
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")


def test_long_ids_and_files_arrive_as_they_were(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    asked, earlier = f"{'a' * 200}@customer.test", [f"{'b' * 90}{at}@customer.test" for at in range(20)]
    files = (Attachment("Rechnung für Ü.pdf", "application/pdf", bytes(range(256)) * 50),)
    outgoing = answer(in_reply_to=asked, references=tuple(earlier), attachments=files, subject="Über 100 € " * 20)
    assert KIND.send(account, outgoing) == Sent(outgoing.external_id)
    mail = arrived(mailserver, "ada@customer.test", outgoing.external_id)
    assert mail["In-Reply-To"] == f"<{asked}>"
    assert mail["References"].split()[-2:] == [f"<{earlier[0]}>", f"<{asked}>"]
    (file,) = [part for part in mail.walk() if part.get_filename()]
    assert file.get_filename() == files[0].name
    assert file.get_payload(decode=True) == files[0].body
