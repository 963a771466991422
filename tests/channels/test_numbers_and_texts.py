"""What stands in Kannel's calls and in the settings of a number, good and bad; no gateway is needed for it."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from armature.crm.channels import registry
from armature.crm.channels.numbers import NoNumber, e164
from armature.crm.channels.port import Account, Conversation, Created, DeliveryChanged, Envelope
from armature.crm.channels.settings import BadSettings

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
SMS = registry.kind("sms")
GOOD: dict[str, Any] = {
    "gateway": "http://10.0.0.7:13013", "username": "crm", "reached_at": "http://10.0.0.5:8000", "country": "NO",
}  # fmt: skip
SECRETS = {"password": "p", "hook_secret": "a" * 20}


def account(address: str = "+4799900000", **more: Any) -> Account:
    return Account(1, "sms", address, GOOD | more, SECRETS, hook="/hook/x")


def events(query: str, key: str = "text:1") -> list[Any]:
    return SMS.normalise(account(), Envelope(key, query.encode(), "application/x-www-form-urlencoded", NOW))


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("+47 22 33 44 55", "", "+4722334455"),
        ("0047 22334455", "", "+4722334455"),
        ("22 33 44 55", "NO", "+4722334455"),
        ("(030) 901820", "de", "+4930901820"),
        ("tel:+47-22-33-44-55", "", "+4722334455"),
        ("\u200e+47 22 33 44 55", "NO", "+4722334455"),
    ],
)
def test_numbers_are_kept_in_one_way(typed: str, country: str, kept: str) -> None:
    assert e164(typed, country) == kept


@pytest.mark.parametrize("typed", ["", "ACME", "22334455", "+47", "+471", "+4722334455;ext=7", "+99912345678", "\x00"])
def test_what_is_no_number_is_told(typed: str) -> None:
    with pytest.raises(NoNumber, match="no phone number"):
        e164(typed)


@pytest.mark.parametrize(
    ("sender", "author"),
    [("%2B4722334455", "+4722334455"), ("4722334455", "+4722334455"), ("22334455", "+4722334455"),
     ("ACME", "acme"), ("2030", "2030"), ("004722334455", "+4722334455")],
)  # fmt: skip
def test_whoever_writes_is_one_identity_however_the_centre_names_them(sender: str, author: str) -> None:
    (said,) = events(f"from={sender}&text=Hi&charset=UTF-8&id=1&at=1772445600")
    assert (said.author, said.talk, said.network) == (author, author, "phone")
    can = SMS.capabilities(account(), Conversation(author, False), NOW)
    assert bool(can.blocked) is not author.startswith("+")


@pytest.mark.parametrize(
    ("word", "given"),
    [
        *((word, False) for word in ("STOP", "Stopp", " arret ", "ARRÊT", "unsubscribe", "End", "CANCEL", "quit.")),
        ("START", True), ("Please stop that", None), ("stop it", None), ("", None),
    ],
)  # fmt: skip
def test_only_the_word_alone_forbids(word: str, given: bool | None) -> None:
    (said,) = events(f"from=%2B4722334455&text={quote(word)}&charset=UTF-8&id=1")
    assert isinstance(said, Created) and (said.consent and said.consent.given) is given
    assert bool(said.automatic) is (given is not None)


def test_letters_are_read_as_the_gateway_says_they_are_written() -> None:
    wide = quote("Привет\x00".encode("utf-16-be"))
    (said,) = events(f"from=%2B4722334455&text={wide}&charset=UTF-16BE&id=1")
    assert said.text == "Привет"
    for query, words in (("text=x", "from"), ("from=1&charset=8-BIT&text=x", "charset"), ("from=1", "text")):
        with pytest.raises(ValueError, match=words):
            events(query)


def test_reports_are_news_of_what_we_sent() -> None:
    assert events("report=1&id=k") == events("report=8&id=k&words=ACK%2F") == [DeliveryChanged("k", "accepted")]
    (failed,) = events("report=2&id=k&words=gone")
    assert failed == DeliveryChanged("k", "failed", "the phone did not get it: gone")
    assert events("report=4&id=k") == events("report=1&id=") == events("report=nonsense&id=k") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gateway", "http://10.0.0.7:13013/cgi-bin"), ("gateway", "ftp://x"), ("country", "Norway"),
        ("reached_at", "10.0.0.5"), ("most_parts", 0), ("username", ""),
    ],
)  # fmt: skip
def test_a_bad_setting_is_named(field: str, value: object) -> None:
    SMS.check(account())
    with pytest.raises(BadSettings) as told:
        SMS.check(account(**{field: value}))
    assert list(told.value.problems) == [field]


@pytest.mark.parametrize("address", ["+47", "A name too long", "ACME!", "123456789"])
def test_a_sender_nobody_can_be_is_refused(address: str) -> None:
    with pytest.raises(BadSettings, match="address"):
        SMS.check(account(address))


@pytest.mark.parametrize("address", ["+4799900000", "2030", "ACME"])
def test_a_sender_is_a_number_a_short_code_or_a_name(address: str) -> None:
    SMS.check(account(address))


@pytest.mark.parametrize("secret", ["short", "blanks are not good here", "per%20cent%20and%20more", "and&more" * 4])
def test_a_secret_that_kannel_would_read_otherwise_is_refused(secret: str) -> None:
    with pytest.raises(BadSettings, match="hook_secret"):
        SMS.check(Account(1, "sms", "2030", GOOD, SECRETS | {"hook_secret": secret}))
