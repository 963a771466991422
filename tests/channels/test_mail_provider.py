"""Mail that a provider brings by its calls: genuine calls only, and what comes of them is as from a mailbox."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from armature.crm.channels import registry
from armature.crm.channels.mail_provider import calls
from armature.crm.channels.port import Account, Created, Envelope, Hooked, NotGenuine, Request
from armature.crm.channels.settings import BadSettings
from armature.crm.listen.models import Channel, Interaction
from armature.crm.listen.models import Envelope as Kept
from armature.crm.listen.secrets import seal_secret
from channels.providers import BASIC, CALLS, HOOK, OURS, PICTURE, SECRET, SENDER, TEXT, Call, mail, mailgun, raw
from house import House, make_house

KIND = registry.kind("mail_provider")
NOW = datetime.now(UTC)


def account(provider: str, secret: str = SECRET, **more: Any) -> Account:
    settings = {"provider": provider, "smtp_host": "smtp.example.com", **more}
    return Account(1, "mail_provider", "help@shop.example", settings, {"hook_secret": secret}, b"k" * 32, hook=HOOK)


def received(provider: str, call: Call, secret: str = "") -> list[Envelope]:
    headers = {"content-type": call.content_type, **call.proof}
    request = Request("POST", HOOK, {}, headers, call.body, NOW)
    assert isinstance(KIND, Hooked)
    return list(KIND.receive(account(provider, secret or call.secret), request).envelopes)


def events(provider: str, call: Call) -> list[Any]:
    (envelope,) = received(provider, call)
    return KIND.normalise(account(provider), envelope)


@pytest.mark.parametrize("provider", CALLS)
def test_a_mail_comes_as_from_a_mailbox(provider: str) -> None:
    (event,) = events(provider, CALLS[provider]())
    assert isinstance(event, Created)
    assert (event.external_id, event.author, event.author_name) == ("m1@people.example", SENDER, "Ingrid Bærg")
    assert (event.subject, event.text.strip(), event.references) == ("Zelt – kaputt", TEXT, ("m0@shop.example",))
    assert event.occurred_at == datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert [(file.name, file.body, file.content_type) for file in event.attachments] == [
        ("zelt.png", PICTURE, "image/png")
    ]
    assert not event.automatic


@pytest.mark.parametrize("provider", ["mailgun", "sendgrid"])
def test_a_mail_with_a_large_file_comes_whole(provider: str) -> None:
    """Nobody types so much into a form, so what holds people to less must not hold mails to it."""
    picture = PICTURE * 16_000
    (event,) = events(provider, raw(provider, mail(picture)))
    assert [file.body == picture for file in event.attachments] == [True]
    assert (event.external_id, event.text.strip()) == ("m1@people.example", TEXT)


@pytest.mark.parametrize("provider", CALLS)
def test_the_same_call_is_always_read_alike(provider: str) -> None:
    (envelope,) = received(provider, CALLS[provider]())
    read = [list(calls.mails(provider, envelope.body, envelope.content_type)) for _ in range(2)]
    assert read[0] == read[1] and len(read[0]) == 1
    assert f"Delivered-To: {OURS}".encode() in read[0][0]


@pytest.mark.parametrize("provider", CALLS)
def test_a_call_without_proof_or_with_a_wrong_one_is_refused(provider: str) -> None:
    call = CALLS[provider]()
    wrong = "another:long secret" if provider != "postal" else call.secret[:-8] + "AAAAAAAA"
    with pytest.raises((NotGenuine, BadSettings)):
        received(provider, call, secret=wrong)
    bare = call.changed(b"signature", b"signatura") if provider == "mailgun" else replace(call, proof={})
    with pytest.raises(NotGenuine):
        received(provider, bare)


@pytest.mark.parametrize("provider", [name for name, one in calls.PROVIDERS.items() if one.signs and name != "mailgun"])
def test_a_signature_is_for_its_words(provider: str) -> None:
    call = CALLS[provider]()
    with pytest.raises(NotGenuine):
        received(provider, replace(call, body=call.body.replace(b"1", b"2")))


def test_an_old_call_of_mailgun_is_not_played_again() -> None:
    assert received("mailgun", mailgun(time.time() - calls.SKEW + 60))
    with pytest.raises(NotGenuine, match="too old"):
        received("mailgun", mailgun(time.time() - calls.SKEW - 60))


def test_a_token_of_mailgun_is_used_once_whatever_comes_with_it() -> None:
    call = mailgun()
    (first,), (second,) = received("mailgun", call), received("mailgun", call.changed(b"kaputt", b"verkft"))
    assert first.body != second.body and first.event_key == second.event_key
    (other,) = received("mailgun", mailgun(token="b" * 50))
    assert other.event_key != first.event_key


@pytest.mark.parametrize("provider", CALLS)
@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"[]", b"null", b'{"type":"delivered"}', b"a=b", b"--xyz--"])
def test_rubbish_is_refused_in_words(provider: str, body: bytes) -> None:
    envelope = Envelope("call:1", body, CALLS[provider]().content_type, NOW)
    try:
        assert KIND.normalise(account(provider), envelope) == []
    except ValueError as words:
        assert len(str(words)) > 20


@pytest.mark.parametrize(
    ("provider", "secret"),
    [
        ("postmark", "nocolonhere1"),
        ("mailgun", "short"),
        ("mailgun", "ключ" * 5),
    ],
)
def test_what_proves_nothing_is_refused_at_its_field(provider: str, secret: str) -> None:
    with pytest.raises(BadSettings) as wrong:
        KIND.check(account(provider, secret, smtp_host=""))
    assert set(wrong.value.problems) == {"hook_secret", "smtp_host"}


@pytest.fixture
def channel(house: House) -> Channel:
    made = Channel.objects.create(
        kind="mail_provider", place="email", address="help@shop.example", name="Postmark", brand=house.brand,
        settings={"provider": "postmark", "smtp_host": "smtp.example.com"},
    )  # fmt: skip
    seal_secret(made, "hook_secret", SECRET)
    return made


@pytest.fixture
def house(db: None) -> House:
    return make_house()


def test_a_call_of_the_hook_is_kept_as_it_came_and_becomes_a_case_once(house: House, channel: Channel) -> None:
    call, client = CALLS["postmark"](), Client()
    big = call.changed(b'"HtmlBody": ""', b'"HtmlBody": "' + b"x" * 3_000_000 + b'"')
    for one in (call, call, big):
        answer = client.post(f"/hook/{channel.hook}", one.body, call.content_type, headers=BASIC)
        assert answer.status_code == 200
    assert client.post(f"/hook/{channel.hook}", call.body, call.content_type).status_code == 401
    assert client.head(f"/hook/{channel.hook}").status_code == 200
    assert Kept.objects.filter(channel=channel).count() == 2
    house.settle()
    said = Interaction.objects.get(channel=channel)
    assert (said.author, said.text.strip()) == (SENDER, TEXT)
    assert house.case(SENDER).conversation_id == said.conversation_id


def test_a_call_that_is_too_large_is_refused(channel: Channel) -> None:
    answer = Client().post(f"/hook/{channel.hook}", b"x" * 40_000_001, "application/json", headers=BASIC)
    assert answer.status_code == 413
    assert not Kept.objects.filter(channel=channel).exists()
