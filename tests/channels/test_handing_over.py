"""Handing a mail over: what cannot go over the wire does not leave, and a server gets only so long to answer."""

import time

import pytest

from armature.crm.channels.email import Email
from armature.crm.channels.email.outgoing import Bytes, Plain
from armature.crm.channels.port import Account, Failed, Outgoing
from mail.scripted import Scripted, scripted


def _sent(server: Scripted, recipient: str = "ingrid@people.example", **settings: object) -> object:
    given = {"imap_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none", "smtp_login": False}
    account = Account(
        1, "email", "hello@shop.example", {**given, "timeout": 5, **settings}, {"imap_password": "x"}, b"x" * 32
    )
    return Email().send(account, Outgoing("a@shop.example", (recipient,), "Hello"))


@pytest.mark.parametrize(
    ("recipient", "words"),
    [
        ("nobody", "is not an e-mail address: correct the recipient"),
        ("größe@people.example", "has letters before the @"),
    ],
)
def test_a_recipient_that_cannot_go_over_the_wire_is_told_and_nothing_leaves(recipient: str, words: str) -> None:
    with scripted() as server:
        outcome = _sent(server, recipient)
    assert isinstance(outcome, Failed)
    assert words in outcome.reason
    assert not outcome.retryable
    assert server.heard == []


def test_where_no_encryption_comes_about_nothing_leaves_in_the_clear() -> None:
    with scripted() as server:
        outcome = _sent(server, smtp_security="tls")
    assert isinstance(outcome, Failed)
    assert outcome.retryable
    assert "No encrypted connection" in outcome.reason
    assert server.bodies == 0


def test_a_talk_whose_time_is_over_waits_for_no_further_answer() -> None:
    talk = Plain(seconds=0)
    before = time.monotonic()
    with pytest.raises(TimeoutError, match="too slow"):
        Bytes(talk).readinto(bytearray(10))
    assert time.monotonic() - before < 1
