"""Machines, impostors and lists are told from people, in words."""

import pytest

from armature.crm.channels.port import Created, DeliveryChanged
from channels.mails import OUR_ID, created, events, mail, sample


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "Auto-Submitted: auto-replied"),
        ({"Auto_Submitted": "auto-generated; owner-email=x"}, "Auto-Submitted: auto-generated"),
        ({"Return_Path": "<>"}, "without a return path"),
        ({"Precedence": "Bulk"}, "Precedence: bulk"),
        ({"List_Id": "<news.customer.test>"}, "mailing list"),
        ({"List_Unsubscribe": "<https://customer.test/u>"}, "mass mailing"),
        ({"X_Auto_Response_Suppress": "OOF, AutoReply"}, "X-Auto-Response-Suppress"),
        ({"X_Autoreply": "yes"}, "x-autoreply"),
        ({"From": "support@crm.test"}, "our own address"),
        ({"From": "Support <Support+c123@CRM.test>"}, "our own address"),
        ({"X_Armature_Message": "forged"}, "came back"),
        ({"From": "MAILER-DAEMON@customer.test"}, "no person reads"),
        ({"From": "no-reply@customer.test"}, "no person reads"),
        ({"Subject": "Out of Office: back on Monday"}, "out-of-office"),
        ({"Subject": "Automatic reply: Your order"}, "out-of-office"),
        ({"Subject": "=?utf-8?q?R=C3=A9ponse_automatique_=3A?= conge"}, "out-of-office"),
        ({"Subject": "Abwesenheitsnotiz"}, "out-of-office"),
    ],
)
def test_what_no_person_wrote_says_why(headers: dict[str, str], why: str) -> None:
    assert why in created(mail(**headers)).automatic


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"Return_Path": "<ada@customer.test>"},
        {"Precedence": "first-class"},
        {"Subject": "Out of office hours nobody answers my calls!"},
        {"Subject": "Re: Automatic reply: Your order"},
        {"From": "noreplyhardt@customer.test"},
        {"From": "support@customer.test"},
    ],
)
def test_people_are_not_taken_for_machines(headers: dict[str, str]) -> None:
    assert created(mail(**headers)).automatic == ""


@pytest.mark.parametrize("name", ["out_of_office_exchange", "out_of_office_bare", "mailing_list"])
def test_automatic_mail_of_real_programs_is_recognised(name: str) -> None:
    assert created(sample(name)).automatic


def test_a_bounce_is_news_of_our_mail_with_the_servers_words() -> None:
    words = "gone@customer.test: 550 5.1.1 <gone@customer.test> mailbox does not exist"
    assert events(sample("bounce_postfix")) == [DeliveryChanged(OUR_ID, "failed", words)]


def test_a_report_of_a_delay_is_no_failure() -> None:
    assert events(sample("delay_postfix")) == []


def test_a_bounce_of_our_proof_copy_says_nothing_of_the_customers() -> None:
    assert events(sample("bounce_postfix").replace(b"gone@customer.test", b"support+pabc@crm.test")) == []


def test_a_bounce_of_a_mail_that_was_not_sent_from_here_is_kept_as_automatic_mail() -> None:
    (event,) = events(sample("bounce_of_a_strange_mail"))
    assert isinstance(event, Created)
    assert event.automatic == "a mail server's report"


def test_signs_of_a_false_sender_are_told_in_words() -> None:
    said = created(sample("reply_elsewhere"))
    assert said.reply_to == "mallory@elsewhere.test"
    for words in ("shows another address (ceo@bank.test)", "mallory@elsewhere.test, not to the sender", "dmarc=fail"):
        assert words in said.warning


def test_two_senders_are_a_warning_and_not_a_choice() -> None:
    said = created(mail(b"Hello").replace(b"To:", b"From: boss@bank.test\r\nTo:", 1))
    assert "more than one sender: ada@customer.test, boss@bank.test" in said.warning


def test_a_mail_without_sender_is_read_and_marked() -> None:
    said = created(mail(From=""))
    assert (said.author, said.warning) == ("", "The mail names no sender.")
