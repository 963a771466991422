"""Settings that cannot work are named one by one, with how to mend them."""

from typing import Any

import pytest

from armature.crm.channels.email import Email
from armature.crm.channels.email.settings import mail_settings
from armature.crm.channels.port import Account
from armature.crm.channels.settings import BadSettings
from channels.mails import ACCOUNT

GOOD = {"imap_host": "imap.crm.test"}
SECRET = {"imap_password": "secret word"}


def account(address: str = "support@crm.test", key: bytes = ACCOUNT.signing_key, **settings: Any) -> Account:
    return Account(1, "email", address, {**GOOD, **settings}, SECRET, key)


def test_a_host_and_a_password_are_enough() -> None:
    found = mail_settings(account())
    assert (found.incoming.host, found.incoming.port, found.incoming.security) == ("imap.crm.test", 993, "tls")
    assert (found.outgoing.host, found.outgoing.port, found.outgoing.security) == ("imap.crm.test", 587, "starttls")
    assert found.incoming.user == found.outgoing.user == "support@crm.test"
    assert found.outgoing.password == "secret word"
    assert (found.folders, found.timeout) == (("INBOX",), 30)


def test_what_is_given_is_used() -> None:
    more: dict[str, Any] = {"folders": "INBOX, Archive/2026 ,INBOX", "imap_port": "1143"}
    more |= {"smtp_login": "no", "smtp_security": "tls"}
    found = mail_settings(account(**more))
    assert (found.folders, found.incoming.port) == (("INBOX", "Archive/2026"), 1143)
    assert (found.outgoing.user, found.outgoing.port) == ("", 465)


@pytest.mark.parametrize(
    ("settings", "name", "words"),
    [
        ({"imap_host": " "}, "imap_host", "is missing: fill in “Incoming mail server (IMAP)”"),
        ({"imap_port": "99999"}, "imap_port", "is 99999: give a number from 1 to 65535"),
        ({"imap_port": "x"}, "imap_port", "is “x”: give a whole number"),
        ({"smtp_security": "ssl"}, "smtp_security", "is “ssl”: choose one of tls, starttls, none"),
        ({"smtp_login": "maybe"}, "smtp_login", "is “maybe”: answer yes or no"),
        ({"folders": " , "}, "folders", "names no folder"),
        ({"imap_host": "a\r\nb"}, "imap_host", "line break"),
        ({"imap_hots": "x"}, "imap_hots", "is not a setting of this channel: take it out"),
        ({"timeout": 0}, "timeout", "is 0: give a number from 1 to 300"),
    ],
)
def test_a_bad_setting_is_named_with_what_to_do(settings: dict[str, Any], name: str, words: str) -> None:
    with pytest.raises(BadSettings) as caught:
        Email().check(account(**settings))
    assert list(caught.value.problems) == [name]
    assert words in caught.value.problems[name]


@pytest.mark.parametrize("address", ["support", "a+b@crm.test", "a b@crm.test", f"{'a' * 31}@crm.test", "a@crm.test\n"])
def test_an_address_that_cannot_carry_our_marks_is_refused(address: str) -> None:
    with pytest.raises(BadSettings, match="answer marks"):
        Email().check(account(address))


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        Email().check(account("nobody", b"", imap_host="", timeout="soon"))
    assert set(caught.value.problems) == {"address", "signing_key", "imap_host", "timeout"}


def test_secrets_are_not_shown_when_settings_are() -> None:
    assert "secret word" not in repr(mail_settings(account())) + repr(account())
