"""What may have gone out is never called failed, and what cannot have gone out is never called unknown."""

from typing import Any

import pytest

from armature.crm.channels.email import sending
from armature.crm.channels.port import Account, Attachment, Failed, Outcome, Outgoing, Sent, Unknown
from mail.exchange import KIND, answer
from mail.scripted import scripted
from mailserver import REFUSED, MailServer


def sent_through(port: int, outgoing: Outgoing | None = None, **settings: object) -> Outcome:
    usual: dict[str, object] = {"imap_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "timeout": 2}
    more = {**usual, "smtp_login": "no", **settings}
    account = Account(1, "email", "support@crm.test", more, {"imap_password": "x"}, b"sixteen bytes or more")
    return KIND.send(account, outgoing or answer())


@pytest.mark.parametrize("fault", ["hang up", "silence"])
def test_a_server_that_is_lost_after_the_body_leaves_the_outcome_unknown(fault: str) -> None:
    with scripted(body=fault) as server:
        outcome = sent_through(server.port, timeout=1)
        assert server.bodies == 1
    assert isinstance(outcome, Unknown)
    assert "may have gone out" in outcome.reason


@pytest.mark.parametrize("moment", ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("fault", ["hang up", "silence"])
def test_a_server_that_is_lost_before_the_body_has_not_sent_it(moment: str, fault: str) -> None:
    with scripted(**{moment: fault}) as server:
        outcome = sent_through(server.port, timeout=1)
        assert server.bodies == 0
    assert isinstance(outcome, Failed)
    assert outcome.retryable


@pytest.mark.parametrize("little", ["drip 2", "drip 250-more\r\n"], ids=["letters", "lines"])
@pytest.mark.parametrize("moment", ["greeting", "EHLO", "RCPT", "body"])
def test_a_server_that_never_comes_to_an_end_is_given_up(
    moment: str, little: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TALK", "WAIT_AFTER_BODY"):
        monkeypatch.setattr(sending, name, 1)
    with scripted(**{moment: little}) as server:
        outcome = sent_through(server.port, timeout=1)
        assert server.bodies == (moment == "body")
    if moment == "body":
        assert isinstance(outcome, Unknown)
    else:
        assert isinstance(outcome, Failed) and outcome.retryable


@pytest.mark.parametrize("moment", ["MAIL", "RCPT", "DATA", "body"])
@pytest.mark.parametrize(("code", "retryable"), [("451 4.3.0 later", True), ("554 5.7.1 never", False)])
def test_a_refusal_says_by_its_code_whether_trying_again_helps(moment: str, code: str, retryable: bool) -> None:
    with scripted(**{moment: code}) as server:
        outcome = sent_through(server.port)
    assert isinstance(outcome, Failed)
    assert outcome.retryable == retryable
    assert code in outcome.reason


def test_a_refused_proof_copy_does_not_stop_the_answer() -> None:
    with scripted() as server:
        outgoing = answer()
        assert sent_through(server.port, outgoing) == Sent(outgoing.external_id)
        recipients = [line for line in server.heard if line.lower().startswith("rcpt")]
    assert recipients[0].lower() == "rcpt to:<ada@customer.test>"
    assert recipients[1].lower().startswith("rcpt to:<support+p")


def test_nothing_at_the_port_is_a_failure_that_names_the_place() -> None:
    with scripted() as server:
        port = server.port
    outcome = sent_through(port)
    assert isinstance(outcome, Failed)
    assert outcome.retryable
    assert f"Nothing answers at 127.0.0.1, port {port}" in outcome.reason


def test_a_server_without_the_encryption_asked_for_gets_no_password_and_no_mail() -> None:
    with scripted() as server:
        outcome = sent_through(server.port, smtp_security="starttls", smtp_login="yes")
        assert not any(line.upper().startswith(("AUTH", "MAIL")) for line in server.heard)
    assert isinstance(outcome, Failed)
    assert "offers no such encryption" in outcome.reason


def test_a_wrong_password_is_told_and_sends_nothing(mailserver: MailServer) -> None:
    account = mailserver.account(smtp_user="support@crm.test")
    wrong = Account(1, "email", account.address, account.settings, {"imap_password": "wrong"}, account.signing_key)
    outcome = KIND.send(wrong, answer())
    assert isinstance(outcome, Failed)
    assert "refused the login of support@crm.test: check user name and password" in outcome.reason
    assert "wrong" not in outcome.reason


def test_an_address_that_the_server_refuses_at_once_fails_for_good(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    outcome = KIND.send(account, answer(recipients=("ada@customer.test", REFUSED)))
    assert isinstance(outcome, Failed)
    assert not outcome.retryable
    assert REFUSED in outcome.reason
    assert "no such person here" in outcome.reason


INJECTIONS = [
    ({"subject": "Hello\r\nBcc: all@customer.test"}, "subject"),
    ({"subject": "Hello\nthere"}, "subject"),
    ({"author_name": "Ada\r\nX: y"}, "sender's name"),
    ({"recipients": ("ada@customer.test\r\nRCPT TO:<x@y.test>",)}, "recipient"),
    ({"recipients": ("ada@customer.test, eve@evil.test",)}, "recipient"),
    ({"recipients": ("ada",)}, "recipient"),
    ({"recipients": ()}, "no recipient"),
    ({"in_reply_to": "a@b>\r\nX: y"}, "Message-ID"),
    ({"in_reply_to": "a@b> <c@d"}, "Message-ID"),
    ({"references": ("a@b\nX: y",)}, "Message-ID"),
    ({"thread": "x\r\nX: y"}, "conversation's key"),
    ({"attachments": (Attachment("a\r\nb", "text/plain", b""),)}, "file name"),
    ({"attachments": (Attachment("a", "text/plain\r\nX: y", b""),)}, "file type"),
]


@pytest.mark.parametrize(("fields", "named"), INJECTIONS)
def test_what_would_break_out_of_its_field_is_refused_for_good(fields: dict[str, Any], named: str) -> None:
    with scripted() as server:
        outcome = sent_through(server.port, answer(**fields))
        assert server.heard == []
    assert isinstance(outcome, Failed)
    assert not outcome.retryable
    assert named in outcome.reason
