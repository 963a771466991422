"""WhatsApp: calls as Meta describes them, truly signed, and a stub that speaks the Cloud API."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from armature.crm.act.models import Case, Response
from armature.crm.channels import registry
from armature.crm.channels.port import (
    Attachment,
    Conversation,
    Envelope,
    Failed,
    Outgoing,
    Sent,
    Unknown,
)
from armature.crm.channels.whatsapp import sending
from armature.crm.jobs import listening
from armature.crm.listen.models import Budget, Channel, File, Interaction
from armature.crm.listen.models import Envelope as Kept
from armature.crm.listen.secrets import seal_secret
from house import House, make_house
from platforms import meta, shuffling, whatsapp
from platforms.answers import released, tried_again
from platforms.meta import told
from platforms.stub import LOST, running
from visitors import visit

KIND = registry.kind("whatsapp")
WINDOW_STARTS = "WhatsApp takes free words for 24 hours"
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


@pytest.fixture
def house(transactional_db: None) -> House:
    return make_house()


@pytest.fixture
def channel(house: House, api: whatsapp.CloudApi) -> Channel:
    found = Channel.objects.create(
        kind="whatsapp", place="whatsapp", name="WhatsApp", address=whatsapp.NUMBER, brand=house.brand,
        settings={"server": api.address, "phone_id": whatsapp.PHONE_ID},
    )  # fmt: skip
    for name, secret in meta.SECRETS.items():
        seal_secret(found, name, secret)
    return found


def just_now(name: str) -> dict[str, Any]:
    """A sample in which they wrote a minute ago."""
    found = sample(name)
    for message in found["entry"][0]["changes"][0]["value"]["messages"]:
        message["timestamp"] = str(int(datetime.now(UTC).timestamp()) - 60)
    return found


def report(name: str, state: str, **more: Any) -> dict[str, Any]:
    status = {"id": name, "status": state, "timestamp": "1772445800", "recipient_id": SHEENA[1:], **more}
    return whatsapp.call(statuses=[status])


def test_a_message_there_and_back(live_server: Any, house: House, channel: Channel, api: whatsapp.CloudApi) -> None:
    hook = f"{live_server.url}/hook/{channel.hook}"
    question = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": meta.VERIFY}
    with urllib.request.urlopen(f"{hook}?{urllib.parse.urlencode(question)}") as reply:
        assert reply.read() == b"1158201444"
    assert told(live_server, channel, sample("text"), "0" * 32) == 401
    assert not Kept.objects.exists(), "nothing of a call that is not genuine is kept"
    for call in ("text", "text", "image", "batch"):
        assert told(live_server, channel, just_now(call)) == 200
    assert Kept.objects.count() == 4, "one thing is known again in whatever call it comes"
    api.files["1003383421387256"] = ("boot.jpg", b"\xff\xd8 a boot")
    assert listening.read(channel.pk, 0) == 1
    house.settle()
    assert [one.text for one in Interaction.objects.order_by("external_id")] == [
        "Does it come in another colour?", "In blue?", "[image] This one",
    ]  # fmt: skip
    assert (File.objects.get().name, File.objects.get().size) == ("image.jpeg", 9)
    assert Interaction.objects.values("conversation").distinct().count() == 1
    api.spoil = [meta.error(429, 130429, "(#130429) Rate limit hit")]
    waits = released(house, SHEENA)
    assert (waits.state, waits.attempt) == ("queued", 1) and "Rate limit hit" in waits.reason and not api.sent
    Budget.objects.all().delete()  # a minute went by
    sent = tried_again(house)
    assert sent.state == "sent" and sent.interaction.external_id.startswith("wamid.OURS")
    (words,) = api.sent
    assert (words["to"], words["text"]["body"]) == (SHEENA, "We mend it.")
    assert words["context"]["message_id"].startswith("wamid.") and words["biz_opaque_callback_data"] == str(sent.key)
    failed = report(sent.interaction.external_id, "failed", errors=[{"code": 131026, "title": "Message undeliverable"}])
    assert told(live_server, channel, failed) == 200
    house.settle()
    response = Response.objects.get()
    assert response.state == "draft" and "131026 Message undeliverable" in response.why, "its writer has it back"


def test_a_lost_answer_is_unknown_until_a_report_proves_it(
    live_server: Any, house: House, channel: Channel, api: whatsapp.CloudApi
) -> None:
    told(live_server, channel, just_now("text"))
    house.settle()
    api.spoil = [LOST]
    delivery = released(house, SHEENA)
    assert delivery.state == "unknown"
    assert tried_again(house).state == "unknown" and len(api.sent) == 1, "nothing is sent twice"
    told(live_server, channel, report("wamid.NEVER-HEARD", "delivered", biz_opaque_callback_data=str(delivery.key)))
    assert tried_again(house).state == "sent" and len(api.sent) == 1


def test_a_token_that_expired_pauses_the_account_and_keeps_what_waits(
    live_server: Any, house: House, channel: Channel, api: whatsapp.CloudApi
) -> None:
    told(live_server, channel, just_now("text"))
    house.settle()
    api.token = "EAAJB0renewed"
    waits = released(house, SHEENA)
    channel.refresh_from_db()
    assert waits.state == "queued" and channel.paused_at and "Session has expired" in channel.problem
    assert tried_again(house).state == "queued" and not api.sent
    seal_secret(channel, "token", "EAAJB0renewed")
    Channel.objects.update(paused_at=None)
    assert tried_again(house).state == "sent"


def test_after_a_day_free_words_do_not_leave(
    live_server: Any, house: House, channel: Channel, api: whatsapp.CloudApi
) -> None:
    told(live_server, channel, just_now("text"))
    house.settle()
    now = datetime.now(UTC)
    for hours, blocked in ((23, ""), (24, sending.WINDOW_OVER)):
        there = Conversation(SHEENA, False, now - timedelta(hours=hours))
        assert KIND.capabilities(ACCOUNT, there, now).blocked == blocked
    case = house.case(SHEENA)
    assert WINDOW_STARTS not in visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    Interaction.objects.update(occurred_at=now - timedelta(hours=25))  # the approval took its time
    refused = released(house, SHEENA)
    assert refused.state == "failed" and refused.reason == sending.WINDOW_OVER
    assert not [call for call in api.calls if call.method == "POST"], "nothing was handed over"
    Case.objects.update(last_in_at=now - timedelta(hours=25))
    assert WINDOW_STARTS in visit(house.mona).get(f"/cases/open/{case.pk}").content.decode(), (
        "who would answer is told so"
    )


def test_shuffled_and_repeated_calls_end_as_those_in_order(house: House, channel: Channel) -> None:
    story = [
        one
        for name in ("text", "edit", "reply", "revoke", "reaction", "location", "choice", "echo", "unsupported")
        for one in kept(name)
    ]
    later = sample("edit")
    later["entry"][0]["changes"][0]["value"]["messages"][0] |= {
        "id": "wamid.LATER", "timestamp": "1772445700",
        "edit": {"original_message_id": FIRST, "message": {"type": "text", "text": {"body": "Green?"}}},
    }  # fmt: skip
    story += KIND.receive(ACCOUNT, meta.request(later)).envelopes  # type: ignore[attr-defined]
    said, _ = shuffling.ends_as_in_order(KIND, ACCOUNT, channel, story)
    ends = {name: (text, bool(deleted)) for name, _, text, _, _, deleted, *_ in said}
    assert ends[FIRST] == ("Green?", False) and ends[SECOND] == ("", True)


LETTER = Outgoing("key", (SHEENA,), "Hello", in_reply_to=FIRST)


@pytest.mark.parametrize(
    ("answer", "expected", "cause", "retryable"),
    [
        (meta.error(401, 190, "expired"), Failed, "login", False),
        (meta.error(400, 190, "expired"), Failed, "login", False),
        (meta.error(400, 131047, "Re-engagement message"), Failed, "window", False),
        (meta.error(400, 131056, "pair rate limit"), Failed, "", True),
        (meta.error(400, 130429, "throughput"), Failed, "", True),
        (meta.error(400, 131026, "undeliverable"), Failed, "", False),
        (meta.error(400, 100, "Invalid parameter"), Failed, "", False),
        (meta.error(500, 131000, "Something went wrong"), Unknown, "", False),
        (meta.error(503, 131016, "Service unavailable"), Unknown, "", False),
        ((200, {}, b"{}"), Unknown, "", False), ((200, {}, b"<html>"), Unknown, "", False),
        ((429, {"Retry-After": "9"}, b"slow"), Failed, "", True), (LOST, Unknown, "", False),
    ],
)  # fmt: skip
def test_what_an_answer_means(api: whatsapp.CloudApi, answer: Any, expected: type, cause: str, retryable: bool) -> None:
    api.spoil = [answer]
    outcome = KIND.send(whatsapp.account(api.address), LETTER)
    assert isinstance(outcome, expected), outcome
    if isinstance(outcome, Failed):
        assert (outcome.cause, outcome.retryable) == (cause, retryable)
        assert bool(outcome.after) == retryable
        assert meta.TOKEN not in outcome.reason


def test_files_go_with_their_words_in_one_message(api: whatsapp.CloudApi) -> None:
    account, picture = whatsapp.account(api.address), Attachment("boot.png", "image/png", b"p")
    paper = Attachment("bill.pdf", "application/pdf", b"%PDF")
    assert isinstance(KIND.send(account, replace(LETTER, attachments=(picture,))), Sent)
    assert isinstance(KIND.send(account, replace(LETTER, attachments=(paper,))), Sent)
    first, second = api.sent
    assert (first["type"], first["image"]["caption"], api.files[first["image"]["id"]]) == (
        "image",
        "Hello",
        ("boot.png", b"p"),
    )
    assert (second["document"]["filename"], second["document"]["caption"]) == ("bill.pdf", "Hello")
    api.spoil = [LOST]
    unsaid = KIND.send(account, replace(LETTER, attachments=(picture,)))
    assert isinstance(unsaid, Failed) and unsaid.retryable and len(api.sent) == 2, "only the file was handed over"
    for wrong in (
        replace(LETTER, text="x" * 4097), replace(LETTER, text="x" * 1025, attachments=(picture,)),
        replace(LETTER, attachments=(picture, paper)), replace(LETTER, recipients=("ingrid",)),
        replace(LETTER, recipients=(SHEENA, SHEENA)), replace(LETTER, public=True),
    ):  # fmt: skip
        before = len(api.calls)
        assert isinstance(KIND.send(account, wrong), Failed) and len(api.calls) == before


def test_trying_it_says_which_number_it_is(api: whatsapp.CloudApi) -> None:
    account = whatsapp.account(api.address)
    assert KIND.probe(account) == "The token speaks for +1 555-078-3881 (Shop)."
    assert "correct one of the two" in KIND.probe(replace(account, address="+4722334455"))
    assert all(meta.TOKEN not in call.path for call in api.calls)
