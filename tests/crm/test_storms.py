"""Machines that answer machines: whatever they send, nothing goes back, and nobody's work grows."""

import pytest

from armature.crm import conservation
from armature.crm.act.models import Case, Delivery, Response
from armature.crm.channels.port import Envelope
from armature.crm.decide.models import Wait
from armature.crm.listen import commands
from armature.crm.listen.models import Channel, Interaction
from house import MONDAY, House

MANY = 50
KINDS = {
    "vacation": "Auto-Submitted: auto-replied",
    "bulk": "Precedence: bulk",
    "outlook": "X-Auto-Response-Suppress: All\r\nAuto-Submitted: auto-generated",
    "list": "List-Id: <news.people.example>\r\nPrecedence: list",
    "bounce without a report": "Return-Path: <>\r\nAuto-Submitted: auto-replied",
    "report": 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
}


@pytest.fixture
def mailbox(house: House) -> Channel:
    """A mailbox of ours."""
    given = {"imap_host": "imap.shop.example", "smtp_host": "smtp.shop.example"}
    return Channel.objects.create(
        kind="email", place="email", address="mail@shop.example", name="Post", brand=house.brand, settings=given
    )


def _come(mailbox: Channel, head: str, sender: str = "robot@people.example") -> None:
    envelopes = []
    for number in range(MANY):
        letter = (
            f"From: {sender}\r\nTo: mail@shop.example\r\nSubject: Re: Re: your mail\r\n"
            f"Message-ID: <{number:03}@b.example>\r\n"
            f"In-Reply-To: <{max(number - 1, 0):03}@b.example>\r\n"
            f"Date: Mon, 02 Mar 2026 10:00:00 +0000\r\n{head}\r\n\r\n"
            f"I am away. Complaint, refund, help! {number}\r\n"
        )
        envelopes.append(Envelope(f"created:{number:03}", letter.encode(), "message/rfc822", MONDAY))
    commands.accept(mailbox, envelopes)


@pytest.mark.parametrize("kind", KINDS)
def test_many_letters_of_a_machine_are_answered_by_nothing_and_ask_for_nothing(
    house: House, mailbox: Channel, kind: str
) -> None:
    _come(mailbox, KINDS[kind])
    house.settle()
    assert not Delivery.objects.exists()
    assert not Response.objects.exists()
    assert not Wait.objects.filter(state="open").exists()
    assert not Interaction.objects.filter(direction="out").exists()
    assert not {law.words: found for law, found in conservation.broken() if found}


def test_our_own_letter_that_comes_back_is_no_customers(house: House, mailbox: Channel) -> None:
    _come(mailbox, "X-Loop: yes", sender="mail@shop.example")
    house.settle()
    assert not Delivery.objects.exists()
    assert not Wait.objects.filter(state="open").exists()


def test_a_person_who_writes_fifty_times_is_one_case_and_is_answered_once(house: House, mailbox: Channel) -> None:
    """Vacation words without any sign of a machine: they are taken for a person's, and still nothing goes round."""
    _come(mailbox, "X-Mailer: none")
    house.settle()
    assert Case.objects.count() == 1
    assert not Delivery.objects.exists()
    assert Wait.objects.filter(state="open").count() == 1
