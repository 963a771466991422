"""What calls of a page say, which of them are believed, and how their files are fetched."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from armature.crm.channels import registry
from armature.crm.channels.port import (
    Attachment,
    Created,
    Deleted,
    DeliveryChanged,
    Edited,
    Envelope,
    NotGenuine,
)
from armature.crm.channels.settings import BadSettings
from platforms import meta, pages
from platforms.stub import running

KIND: Any = registry.kind("facebook")
SAMPLES = Path(__file__).parent.parent / "samples" / "facebook"
ACCOUNT = pages.account("http://127.0.0.1:9")
INGRID, PAGE, POST, FIRST, SECOND = pages.INGRID, pages.PAGE, f"{pages.PAGE}_700", "700_801", "700_802"


def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return found


def read(name: str) -> list[Any]:
    found = KIND.receive(ACCOUNT, meta.request(sample(name)))
    return [event for one in (*found.envelopes, *found.asked) for event in KIND.normalise(ACCOUNT, one)]


@pytest.fixture
def api(settings: Any) -> Iterator[pages.Pages]:
    settings.MAY_CALL = ["127.0.0.1"]
    with running(found := pages.Pages()):
        yield found


def test_what_calls_say() -> None:
    (comment,) = read("comment")
    assert (comment.external_id, comment.author, comment.author_name) == (FIRST, INGRID, "Ingrid Berg")
    assert comment.public and comment.references == (POST,) and comment.kind == "comment"
    (below,) = read("comment_reply")
    assert below.references == (FIRST, POST)
    (edited,), (removed,) = read("comment_edited"), read("comment_removed")
    assert isinstance(edited, Edited) and edited.external_id == FIRST
    assert isinstance(removed, Deleted) and removed.external_id == SECOND
    (visit,), (ours,), (unnamed,) = read("visitor_post"), read("own_post"), read("unnamed")
    assert visit.external_id == f"{PAGE}_701" and not visit.own
    assert ours.own and ours.external_id == POST
    assert unnamed.author == "unnamed-700_803" and unnamed.warning
    (message,), (answer,) = read("message"), read("message_reply")
    assert not message.public and message.talk == f"messages:{INGRID}" and answer.references == ("m_OURS",)
    (echo,), (reaction,), (button,) = read("echo"), read("reaction"), read("button")
    assert echo.own and echo.talk == message.talk
    assert reaction.automatic and reaction.text == "[reaction: ❤]" and reaction.references == ("m_OURS",)
    assert button.automatic and button.text == "[button] Get started"
    assert read("echo_ours") == [DeliveryChanged("6f1c1f1e-8f4b-4a51-9d3e-0d8e0d1a7c11", "accepted")]
    assert read("delivery") == [DeliveryChanged("m_OURS", "accepted")]
    assert read("like") == read("read") == []


def test_files_of_a_message_come_along_and_links_stay_words(api: pages.Pages) -> None:
    world = pages.PageWorld(api)
    api.files["zip.jpg"] = ("zip.jpg", b"\xff\xd8 a zip")
    text = json.dumps(sample("message_picture")).replace("SERVER", api.address)
    (kept,) = world.hear(text.encode())
    (said,) = KIND.normalise(world.account, kept)
    assert said.attachments == (Attachment("zip.jpg", "image/jpeg", b"\xff\xd8 a zip"),)
    assert said.text == "[image] [fallback A page https://example.org/page] See"
    assert "authorization" not in api.calls[-1].headers, "what proves who we are does not go to the place of a file"
    inside = text.replace(api.address, "http://10.0.0.1").encode()
    (said,) = KIND.normalise(world.account, world.hear(inside)[0])
    assert not said.attachments and "10.0.0.1" in said.warning and said.text.endswith("See")


def test_the_same_key_tells_parts_of_calls_and_other_pages_are_left_alone() -> None:
    both = sample("comment")
    both["entry"] += sample("message")["entry"] + [{**sample("comment")["entry"][0], "id": "999"}]
    found = KIND.receive(ACCOUNT, meta.request(both))
    assert [one.event_key for one in (*found.envelopes, *found.asked)] == [
        f"comment:{FIRST}:add", "files-of:message:m_AAA1",
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(len(meta.forged({}))))
def test_a_forged_call_is_refused(number: int) -> None:
    with pytest.raises(NotGenuine):
        KIND.receive(ACCOUNT, meta.forged(sample("comment"))[number][1])


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"7", b"{}", b'{"entry": 1}', b'{"entry": [{"id": "108011122233344", "changes": [{}]}]}',
     b'{"messaging": {}}', b'{"messaging": {"message": {"mid": "m"}}}', b'{"change": {"item": "comment"}}',
     b'{"change": {"comment_id": "1", "message": "x"}, "time": "x"}', b'{"mention": {}}', b'{"a":' * 3000],
)  # fmt: skip
def test_what_cannot_be_read_is_kept_whole_and_parked_with_words(body: bytes) -> None:
    for one in KIND.receive(ACCOUNT, meta.request(body)).envelopes:
        with pytest.raises(ValueError, match=r".+"):
            KIND.normalise(ACCOUNT, one)
    with pytest.raises(ValueError, match=r".+"):
        KIND.normalise(ACCOUNT, Envelope("x", body, "application/json", datetime.now(UTC)))


def test_hostile_letters_are_kept_out() -> None:
    call = sample("comment")
    call["entry"][0]["changes"][0]["value"] |= {
        "message": "a\x00b \ud800 <b>",
        "from": {"id": INGRID, "name": "In\x00"},
    }
    (one,) = KIND.receive(ACCOUNT, meta.request(json.dumps(call).encode())).envelopes
    (said,) = KIND.normalise(ACCOUNT, one)
    assert isinstance(said, Created) and (said.text, said.author_name) == ("ab ? <b>", "In")


@pytest.mark.parametrize(("name", "value"), [("token", ""), ("verify_token", "x"), ("version", "latest"),
                                             ("server", "graph.facebook.com"), ("address", "Shop")])  # fmt: skip
def test_a_bad_setting_is_named(name: str, value: str) -> None:
    given = replace(ACCOUNT, address=value) if name == "address" else ACCOUNT
    secrets = {**given.secrets, **({name: value} if name in given.secrets else {})}
    settings = {**given.settings, **({name: value} if name in ("version", "server") else {})}
    with pytest.raises(BadSettings) as wrong:
        KIND.check(replace(given, secrets=secrets, settings=settings))
    assert list(wrong.value.problems) == [name]


@pytest.mark.parametrize(
    "message",
    [{"message": {"mid": "m"}}, {"sender": 1, "message": {"mid": "m"}},
     {"sender": {"id": INGRID}, "message": {"mid": "m", "attachments": 7}},
     {"sender": {"id": INGRID}, "message": {"mid": "m", "attachments": [7]}}],
)  # fmt: skip
def test_what_cannot_be_looked_at_is_opened_as_it_is_and_parked(api: pages.Pages, message: dict[str, Any]) -> None:
    account = pages.account(api.address)
    call = {"entry": [{"id": pages.PAGE, "messaging": [message]}]}
    (asked,) = KIND.receive(account, meta.request(call)).asked
    ((kept,), _) = KIND.look(account, {}, asked)
    with pytest.raises(ValueError, match="cannot be read"):
        KIND.normalise(account, kept)
