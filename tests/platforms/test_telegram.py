"""Telegram: updates as Telegram describes them, real calls of the hook, and a stub that speaks its interface."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from armature.crm.accounts.models import Membership, Role, User
from armature.crm.channels import registry
from armature.crm.channels.port import (
    Attachment,
    Envelope,
    Failed,
    LoginRefused,
    Outgoing,
    Sent,
    Unreachable,
)
from armature.crm.channels.telegram import PROOF
from armature.crm.jobs import listening
from armature.crm.listen.models import Budget, Channel, File, Interaction
from armature.crm.listen.models import Envelope as Kept
from armature.crm.listen.secrets import seal_secret
from house import House, make_house
from platforms import shuffling, telegram
from platforms.answers import released, tried_again
from platforms.stub import LOST, running
from visitors import visit

KIND = registry.kind("telegram")
SAMPLES = Path(__file__).parent.parent / "samples" / "telegram"
INGRID, BOT_ACCOUNT = "7001", telegram.account("http://127.0.0.1:9")


def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return found


def read(update: object, **settings: Any) -> list[Any]:
    account = replace(BOT_ACCOUNT, settings={**BOT_ACCOUNT.settings, **settings})
    body = update if isinstance(update, bytes) else json.dumps(update).encode()
    return list(KIND.normalise(account, Envelope("update:1", body, "application/json", datetime.now(UTC))))


@pytest.fixture
def api(settings: Any) -> Iterator[telegram.BotApi]:
    settings.MAY_CALL = ["127.0.0.1"]
    with running(found := telegram.BotApi()):
        yield found


@pytest.fixture
def house(transactional_db: None) -> House:
    return make_house()


@pytest.fixture
def channel(house: House, api: telegram.BotApi) -> Channel:
    found = Channel.objects.create(
        kind="telegram", place="telegram", name="Bot", address=telegram.ME, brand=house.brand,
        settings={"server": api.address, "reached_at": "https://desk.example"},
    )  # fmt: skip
    seal_secret(found, "token", telegram.TOKEN)
    seal_secret(found, "hook_secret", telegram.SECRET)
    return found


def told(live_server: Any, channel: Channel, update: object, secret: str = telegram.SECRET) -> int:
    """Telegram calls us; the status it hears."""
    body = json.dumps(update).encode()
    headers = {PROOF: secret, "content-type": "application/json"}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(f"{live_server.url}/hook/{channel.hook}", body, headers)
        ) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def test_a_message_there_and_back(live_server: Any, house: House, channel: Channel, api: telegram.BotApi) -> None:
    assert told(live_server, channel, sample("private"), "a-secret-of-the-hook_9999") == 401
    assert told(live_server, channel, sample("private"), "") == 401
    assert not Kept.objects.exists(), "nothing of a call that is not genuine is kept"
    for _ in range(3):
        assert told(live_server, channel, sample("private")) == 200
    assert told(live_server, channel, sample("edited")) == 200
    assert told(live_server, channel, sample("photo")) == 200
    assert Kept.objects.count() == 3, "an update that comes again is the same"
    house.settle()
    assert Interaction.objects.count() == 1, "a message with a picture waits for it"
    api.files["AgAClarge"] = ("photo.jpg", b"\xff\xd8 a boot")
    assert listening.read(channel.pk, 0) == 1
    house.settle()
    assert [one.text for one in Interaction.objects.order_by("id")] == [
        "The sole of my left boot came off.", "[photo] Here it is",
    ]  # fmt: skip
    assert (File.objects.get().name, File.objects.get().size) == ("photo.jpg", 9)
    assert Interaction.objects.values("conversation").distinct().count() == 1, "a private chat is one conversation"

    api.spoil = [(429, {}, b'{"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 7", '
                  b'"parameters": {"retry_after": 7}}')]  # fmt: skip
    waits = released(house, INGRID)
    assert (waits.state, waits.attempt) == ("queued", 1) and "retry after 7" in waits.reason
    assert api.messages == []
    Budget.objects.all().delete()  # seven seconds went by
    sent = tried_again(house)
    assert (sent.state, sent.interaction.external_id) == ("sent", f"{INGRID}/9000")
    (message,) = api.messages
    assert (message["chat"], message["text"]) == (int(INGRID), "We mend it.")
    assert message["above"] == {"message_id": 12, "allow_sending_without_reply": True}


def test_a_lost_answer_is_unknown_and_never_sent_twice(
    live_server: Any, house: House, channel: Channel, api: telegram.BotApi
) -> None:
    told(live_server, channel, sample("private"))
    house.settle()
    api.spoil = [LOST]
    assert released(house, INGRID).state == "unknown"
    for _ in range(3):
        assert tried_again(house).state == "unknown"
    assert [one["text"] for one in api.messages] == ["We mend it."]


def test_a_token_that_is_no_longer_taken_pauses_the_account_and_keeps_what_waits(
    live_server: Any, house: House, channel: Channel, api: telegram.BotApi
) -> None:
    told(live_server, channel, sample("private"))
    house.settle()
    api.token = f"{telegram.TOKEN[:-1]}x"
    waits = released(house, INGRID)
    channel.refresh_from_db()
    assert waits.state == "queued" and channel.paused_at and "Unauthorized" in channel.problem
    assert tried_again(house).state == "queued" and not api.messages
    assert told(live_server, channel, sample("photo")) == 200, "what customers say meanwhile is kept"
    with pytest.raises(LoginRefused):
        listening.read(channel.pk, 0)
    api.token = telegram.TOKEN
    Channel.objects.update(paused_at=None)
    assert tried_again(house).state == "sent"
    assert listening.read(channel.pk, 0) == 1, "and the message whose picture waited, too"


def test_shuffled_and_repeated_updates_end_as_those_in_order(house: House, channel: Channel) -> None:
    names = (
        "start private edited location mention others others_answer reply_to_bot channel_post joined blocked".split()
    )
    again = sample("edited")
    again["edited_message"] |= {"edit_date": again["edited_message"]["edit_date"] + 60, "text": "Both boots!"}
    later = {"update_id": 9, "edited_message": {**sample("mention")["message"], "edit_date": 1772445700, "text":
             "👢🏔 @Shop_Bot in 44?"}}  # fmt: skip
    updates = [*(sample(name) for name in names), {**again, "update_id": 8}, later]
    now = datetime.now(UTC)
    story = [
        Envelope(f"update:{one['update_id']}", json.dumps(one).encode(), "application/json", now) for one in updates
    ]
    said, _ = shuffling.ends_as_in_order(KIND, BOT_ACCOUNT, channel, story)
    texts = {name: text for name, _, text, *_ in said}
    assert texts["7001/11"] == "Both boots!" and texts["-1001234567890/501"] == "👢🏔 @Shop_Bot in 44?"


def test_what_leaves_is_whole_or_does_not_leave(api: telegram.BotApi) -> None:
    account = telegram.account(api.address)
    letter = Outgoing("k", (INGRID,), "Hello", in_reply_to="7001/11")
    pictures = tuple(Attachment(f"../{n}.png", "image/png", b"p%d" % n) for n in range(11))
    assert KIND.send(account, replace(letter, attachments=pictures[:1])) == Sent("9000", "7001/9000")
    assert KIND.send(account, replace(letter, attachments=pictures[:3])) == Sent("9003", "7001/9003")
    assert [len(one["files"]) for one in api.messages] == [1, 3, 3, 3]
    for wrong in (
        replace(letter, text="x" * 4097), replace(letter, text="x" * 1025, attachments=pictures[:1]),
        replace(letter, attachments=pictures), replace(letter, recipients=("ingrid",)),
        replace(letter, recipients=("-100",)), replace(letter, public=True, in_reply_to="elsewhere"),
    ):  # fmt: skip
        before = len(api.calls)
        assert isinstance(KIND.send(account, wrong), Failed) and len(api.calls) == before
    blocked = KIND.send(account, replace(letter, recipients=("666",)))
    assert isinstance(blocked, Failed) and not blocked.retryable and "blocked by the user" in blocked.reason


def test_starting_tells_telegram_where_to_call_and_the_token_is_shown_nowhere(api: telegram.BotApi) -> None:
    account = telegram.account(api.address)
    assert "does not call https://desk.example/hook/name yet" in KIND.probe(account)
    KIND.announce(account)  # type: ignore[attr-defined]
    assert api.hook == {"url": "https://desk.example/hook/name", "secret": telegram.SECRET}
    assert KIND.probe(account) == "The token is that of @shop_bot."
    insecure = replace(account, settings={**account.settings, "reached_at": "http://desk.example"})
    with pytest.raises(Unreachable, match="HTTPS") as refused:
        KIND.announce(insecure)  # type: ignore[attr-defined]
    assert telegram.TOKEN not in str(refused.value)
    api.token = "other"
    with pytest.raises(LoginRefused) as refused:
        KIND.probe(account)
    assert telegram.TOKEN not in str(refused.value)


def test_starting_by_the_page_tells_telegram_first(house: House, channel: Channel, api: telegram.BotApi) -> None:
    ada = User.objects.create_user("ada@shop.example", "Ada", "a good password")
    Membership.objects.create(user=ada, role=Role.ADMIN)
    Channel.objects.update(active=False, settings={"server": api.address, "reached_at": "http://desk.example"})
    visit(ada).post(f"/channels/{channel.pk}/start")
    channel.refresh_from_db()
    assert not channel.active and not api.hook["url"], "Telegram takes no address without https, so nothing starts"
    Channel.objects.update(settings={"server": api.address, "reached_at": "https://desk.example"})
    visit(ada).post(f"/channels/{channel.pk}/start")
    channel.refresh_from_db()
    assert channel.active and api.hook["url"] == f"https://desk.example/hook/{channel.hook}"


def test_a_worker_looks_for_the_files_of_a_channel_that_is_only_called(house: House, channel: Channel) -> None:
    listeners = listening.Listeners()
    listeners.look_after()
    listeners.stop()
    assert list(listeners.running) == [channel.pk]
    listeners.running[channel.pk].join()
