"""What calls of WhatsApp say, which of them are believed, and how their files are fetched."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from armature.crm.channels import brought, registry
from armature.crm.channels.port import (
    Conversation,
    Created,
    Deleted,
    DeliveryChanged,
    Edited,
    Envelope,
    LoginRefused,
    NotGenuine,
    Unreachable,
)
from armature.crm.channels.settings import BadSettings
from platforms import meta, whatsapp
from platforms.stub import running

KIND = registry.kind("whatsapp")
SAMPLES = Path(__file__).parent.parent / "samples" / "whatsapp"
SHEENA, ACCOUNT = "+16505551234", whatsapp.account("http://127.0.0.1:9")
FIRST, SECOND = (f"wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQAAA{n}" for n in (1, 2))


def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return found


def kept(name: str) -> list[Envelope]:
    found = KIND.receive(ACCOUNT, meta.request(sample(name)))  # type: ignore[attr-defined]
    return [*found.envelopes, *found.asked]


def read(name: str) -> list[Any]:
    return [event for one in kept(name) for event in KIND.normalise(ACCOUNT, one)]


@pytest.fixture
def api(settings: Any) -> Iterator[whatsapp.CloudApi]:
    settings.MAY_CALL = ["127.0.0.1"]
    with running(found := whatsapp.CloudApi()):
        yield found


def test_what_calls_say() -> None:
    (text,) = read("text")
    assert (text.external_id, text.author, text.author_name, text.network) == (FIRST, SHEENA, "Sheena Nelson", "phone")
    (reply,) = read("reply")
    assert reply.references == ("wamid.OURS",) and reply.talk == SHEENA
    (edit,), (revoke,) = read("edit"), read("revoke")
    assert edit == Edited(FIRST, edit.at, "Does it come in another size?", SHEENA)
    assert revoke == Deleted(SECOND, revoke.at, SHEENA)
    (reaction,) = read("reaction")
    assert reaction.text == "[reaction: 👍]" and reaction.automatic and reaction.references == ("wamid.OURS",)
    assert [one.text for name in ("location", "choice", "contacts") for one in read(name)] == [
        "[location: 40.78 -73.95 Guggenheim 1071 5th Ave]", "Priority Mail Next day",
        "[contacts: Barbara Johnson +1 (650) 555-9999]",
    ]  # fmt: skip
    (odd,) = read("unsupported")
    assert odd.warning and odd.text == "[unsupported]"
    (echo,) = read("echo")
    assert echo.own and (echo.author, echo.talk, echo.text) == (whatsapp.NUMBER, SHEENA, "Said on our phone")
    assert read("delivered") == [DeliveryChanged("wamid.HBgLOURS", "accepted"), DeliveryChanged("KEY", "accepted")]
    (failed,) = read("failed")
    assert failed.state == "failed" and failed.reason.startswith("131047 Message failed to send because more than 24")


def test_calls_are_cut_and_other_numbers_of_the_app_left_alone() -> None:
    assert [one.event_key for one in kept("batch")] == [
        f"message:{FIRST}", f"message:{SECOND}", "status:wamid.HBgLOURS:sent",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "request_"), meta.forged(sample("text")), ids=lambda one: one if str(one) == one else ""
)
def test_a_forged_call_is_refused(what: str, request_: Any) -> None:
    with pytest.raises(NotGenuine):
        KIND.receive(ACCOUNT, request_)  # type: ignore[attr-defined]


def test_without_a_secret_nothing_is_genuine() -> None:
    bare = replace(ACCOUNT, secrets={})
    for request in (meta.request(sample("text"), ""), meta.asks(verify_token="")):
        with pytest.raises(NotGenuine):
            KIND.receive(bare, request)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"7", b"{}", b'{"entry": 1}', b'{"entry": [{"changes": [{}]}]}', b'{"a":' * 3000,
     b'{"message": {"type": "text"}}', b'{"message": {"type": "text", "timestamp": "x", "from": "1", "text": {}}}',
     b'{"status": {"status": "sent"}}', b'{"message": {"type": "edit", "timestamp": "1", "from": "1"}}'],
)  # fmt: skip
def test_what_cannot_be_read_is_kept_whole_and_parked_with_words(body: bytes) -> None:
    found = KIND.receive(ACCOUNT, meta.request(body))  # type: ignore[attr-defined]
    for one in found.envelopes:
        with pytest.raises(ValueError, match=r".+"):
            KIND.normalise(ACCOUNT, one)
    with pytest.raises(ValueError, match=r".+"):
        KIND.normalise(ACCOUNT, Envelope("x", body, "application/json", datetime.now(UTC)))


def test_hostile_letters_are_kept_out() -> None:
    call = sample("text")
    value = call["entry"][0]["changes"][0]["value"]
    value["messages"][0] |= {"text": {"body": "a\x00b \ud800 <b>"}, "from": "not a number"}
    value["contacts"] = [{"wa_id": "not a number", "profile": {"name": "She\x00ena\udfff"}}]
    (one,) = KIND.receive(ACCOUNT, meta.request(json.dumps(call).encode())).envelopes  # type: ignore[attr-defined]
    (said,) = KIND.normalise(ACCOUNT, one)
    assert isinstance(said, Created)
    assert (said.text, said.author, said.author_name) == ("ab ? <b>", "not a number", "Sheena?")
    there = Conversation(said.author, False, said.occurred_at)
    assert KIND.capabilities(ACCOUNT, there, said.occurred_at).blocked, "nothing can be sent to what is no number"


def test_our_token_goes_nowhere_but_to_meta(api: whatsapp.CloudApi, monkeypatch: pytest.MonkeyPatch) -> None:
    account = whatsapp.account(api.address)
    (asked,) = KIND.receive(account, meta.request(sample("image"))).asked  # type: ignore[attr-defined]
    given = whatsapp.CloudApi.given

    def elsewhere(self: Any, call: Any, path: str) -> Any:
        if path == "1003383421387256":
            return 200, {}, b'{"url": "https://evil.example/steal", "mime_type": "image/jpeg"}'
        return given(self, call, path)

    monkeypatch.setattr(whatsapp.CloudApi, "given", elsewhere)
    (said,) = KIND.normalise(account, KIND.look(account, {}, asked)[0][0])  # type: ignore[attr-defined]
    assert isinstance(said, Created) and "none of its own" in said.warning and said.text == "[image] This one"


def test_a_file_that_cannot_be_had_now_is_asked_for_again_and_costs_nobody_the_words(api: whatsapp.CloudApi) -> None:
    account, away = whatsapp.account(api.address), whatsapp.account("http://127.0.0.1:9")
    (asked,) = KIND.receive(account, meta.request(sample("image"))).asked  # type: ignore[attr-defined]
    with pytest.raises(Unreachable):
        KIND.look(away, {}, asked)  # type: ignore[attr-defined]
    old = replace(asked, received_at=datetime.now(UTC) - brought.PATIENCE)
    for where, one in ((account, asked), (away, old)):
        (said,) = KIND.normalise(account, KIND.look(where, {}, one)[0][0])  # type: ignore[attr-defined]
        assert isinstance(said, Created) and "could not be fetched" in said.warning and not said.attachments
    api.token = "EAAJB0renewed"
    with pytest.raises(LoginRefused):
        KIND.look(account, {}, old)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "value"),
    [("token", ""), ("token", "a b"), ("app_secret", ""), ("verify_token", "short"), ("phone_id", "+1555"),
     ("version", "23"), ("server", "https://graph.facebook.com/v23.0"), ("server", "ftp://x")],
)  # fmt: skip
def test_a_bad_setting_is_named(name: str, value: str) -> None:
    secrets = {**ACCOUNT.secrets, **({name: value} if name in ACCOUNT.secrets else {})}
    settings = {**ACCOUNT.settings, **({} if name in ACCOUNT.secrets else {name: value})}
    with pytest.raises(BadSettings) as wrong:
        KIND.check(replace(ACCOUNT, secrets=secrets, settings=settings))
    assert list(wrong.value.problems) == [name]
