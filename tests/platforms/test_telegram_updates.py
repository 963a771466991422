"""What updates of Telegram say, and how their files are fetched."""

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
    Edited,
    Envelope,
    Unreachable,
)
from armature.crm.channels.settings import BadSettings
from platforms import telegram
from platforms.stub import running

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
    assert KIND.look(away, {}, old)[0][0].event_key.startswith("update:870003:")
    large = sample("photo")
    large["message"]["photo"][1]["file_size"] = brought.MOST + 1
    (asked,) = KIND.receive(account, telegram.request(large)).asked
    assert b"more than a bot is given" in KIND.look(account, {}, asked)[0][0].body


def test_the_token_stands_in_no_words_on_a_file(api: telegram.BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the token is, and however odd the place of the file: these words are kept and shown."""
    token = f"110201543:{'AbCdEf-_' * 12}"
    api.token, api.files = token, {"AgAClarge": ("a.jpg", b"a")}
    monkeypatch.setattr(telegram.BotApi, "_getfile", lambda *_: telegram._right({"file_path": "photos/my file.jpg"}))
    (asked,) = KIND.receive(BOT_ACCOUNT, telegram.request(sample("photo"))).asked
    account = replace(telegram.account(api.address), secrets={"token": token, "hook_secret": telegram.SECRET})
    kept = KIND.look(account, {}, asked)[0][0].body.decode()
    assert "not_brought" in kept and token[:20] not in kept


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
