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
from armature.crm.channels import brought, registry
from armature.crm.channels.port import (
    Attachment,
    Conversation,
    Created,
    Edited,
    Envelope,
    Failed,
    LoginRefused,
    Outgoing,
    Sent,
    Unreachable,
)
from armature.crm.channels.settings import BadSettings
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


def test_what_updates_say() -> None:
    (begun,), (private,), (edited,) = read(sample("start")), read(sample("private")), read(sample("edited"))
    assert begun.automatic and not private.automatic
    assert (private.external_id, private.author, private.author_name) == ("7001/11", INGRID, "Ingrid Berg (@ingrid_b)")
    assert (private.public, private.talk, private.language) == (False, "private:7001", "nb")
    assert isinstance(edited, Edited) and (edited.external_id, edited.author) == ("7001/11", INGRID)
    (mention,) = read(sample("mention"))
    assert (mention.public, mention.subject, mention.automatic) == (True, "Hikers of Oslo", "")
    (answer,) = read(sample("reply_to_bot"))
    assert answer.references == ("-1001234567890/504", "-1001234567890/501") and not answer.automatic
    (post,) = read(sample("channel_post"))
    assert post.own and post.public
    (where,) = read(sample("location"))
    assert where.text == "[location: 59.91 10.75]"
    (blocked,) = read(sample("blocked"))
    assert blocked.consent.given is False and blocked.automatic
    assert read(sample("joined")) == read({"update_id": 1, "poll": {}}) == []


def test_in_a_group_the_bot_hears_what_is_said_to_it_or_everything() -> None:
    assert read(sample("others")) == []
    (aside,) = read(sample("others_answer"))
    assert aside.automatic, "what answers others is kept beside them, and asks for no answer"
    (heard,) = read(sample("others"), hears="everything")
    assert not heard.automatic
    named = sample("mention")
    named["message"]["entities"][0]["offset"] = 2
    assert read(named) == [], "marks count in units of UTF-16"


@pytest.mark.parametrize(
    "update",
    [b"", b"[]", b"null", b"7", b'{"message": []}', b'{"message": {"text": "x"}}',
     b'{"message": {"text": "x", "chat": {"type": "private", "id": "a"}, "from": {"id": 1}, "date": 1}}',
     b'{"message": {"text": "x", "chat": {"type": "private", "id": 1}, "from": {"id": 1}, "message_id": 1, '
     b'"date": 1e99}}', b'{"my_chat_member": {"chat": 1}}'],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words_or_is_nothing(update: bytes) -> None:
    try:
        assert read(update) == []
    except ValueError as refused:
        assert str(refused)


def test_hostile_letters_are_kept_out_and_names_are_only_data() -> None:
    update = sample("private")
    update["message"] |= {"text": "a\x00b \ud800 <script>alert(1)</script>"}
    update["message"]["from"]["first_name"] = "In\x00grid\udfff"
    (said,) = read(json.dumps(update).encode())
    assert said.text == "ab ? <script>alert(1)</script>" and said.author_name.startswith("Ingrid?")
    assert said.html == ""


def test_a_file_that_cannot_be_had_costs_nobody_the_words(api: telegram.BotApi) -> None:
    account = telegram.account(api.address)
    (asked,) = KIND.receive(account, telegram.request(sample("photo"))).asked
    api.files.clear()
    ((kept,), _) = KIND.look(account, {}, asked)
    (said,) = KIND.normalise(account, kept)
    assert isinstance(said, Created) and said.text == "[photo] Here it is" and "could not be fetched" in said.warning
    away = telegram.account("http://127.0.0.1:9")
    with pytest.raises(Unreachable):
        KIND.look(away, {}, asked)
    old = replace(asked, received_at=datetime.now(UTC) - brought.PATIENCE)
    assert KIND.look(away, {}, old)[0][0].event_key == "update:870003"
    large = sample("photo")
    large["message"]["photo"][1]["file_size"] = brought.MOST + 1
    (asked,) = KIND.receive(account, telegram.request(large)).asked
    assert b"more than a bot is given" in KIND.look(account, {}, asked)[0][0].body


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


@pytest.mark.parametrize(
    ("name", "value"),
    [("token", "short"), ("hook_secret", "a b"), ("server", "https://api.telegram.org/bot"), ("server", "ftp://x"),
     ("reached_at", "desk.example"), ("hears", "nothing")],
)  # fmt: skip
def test_a_bad_setting_is_named(name: str, value: str) -> None:
    secret = name in ("token", "hook_secret")
    secrets = {**BOT_ACCOUNT.secrets, **({name: value} if secret else {})}
    settings = {**BOT_ACCOUNT.settings, **({} if secret else {name: value})}
    with pytest.raises(BadSettings) as wrong:
        KIND.check(replace(BOT_ACCOUNT, secrets=secrets, settings=settings))
    assert list(wrong.value.problems) == [name]


def test_where_an_answer_may_go_is_known_beforehand() -> None:
    def can(public: bool, **settings: str) -> tuple[bool, bool]:
        found = KIND.capabilities(
            replace(BOT_ACCOUNT, settings=settings), Conversation(INGRID, public), datetime.now(UTC)
        )
        return found.public_reply, found.private_reply

    assert can(False) == (False, True) and can(True) == (True, False)
    assert can(True, private_from_groups="yes") == (True, True)


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
