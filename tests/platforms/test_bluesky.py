"""What is heard on Bluesky, from what a real network answered: words, threads, pictures, pages, what is gone."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from armature.crm.channels import registry
from armature.crm.channels.bluesky import names, notices, sessions, watching
from armature.crm.channels.port import Account, Created, Deleted, Envelope, LoginRefused, Unreachable
from armature.crm.channels.settings import BadSettings
from house import MONDAY
from platforms.bluesky_stub import Server, account, sample
from platforms.stub import running, said

KIND: Any = registry.kind("bluesky")
PEOPLE = sample("people")
POST = "at://did:plc:someone/app.bsky.feed.post/3kaaaaaaaaaa2"


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    settings.MAY_CALL = ["127.0.0.1"]
    with running(found := Server()):
        yield found


@pytest.fixture
def us(server: Server) -> Account:
    return account(server.address)


def read(us: Account, cursor: Any) -> tuple[list[Envelope], Any]:
    found = list[Envelope]()
    for envelopes, after in KIND.fetch(us, cursor, 50):
        found, cursor = found + envelopes, json.loads(json.dumps(after))
    return found, cursor


def heard(us: Account, envelopes: list[Envelope]) -> list[Any]:
    return [event for one in envelopes for event in KIND.normalise(us, one)]


def notice(number: int, at: datetime, **more: Any) -> dict[str, Any]:
    """The recorded mention, as another post at another time."""
    mention = next(one for one in sample("notifications")["notifications"] if one["uri"] == PEOPLE["told"])
    record = {key: value for key, value in mention["record"].items() if key not in ("reply", "embed")}
    uri = f"at://{PEOPLE['ingrid']}/app.bsky.feed.post/{names.timed(_key(number), at)}"
    return {**mention, "uri": uri, "record": record, "indexedAt": at.isoformat(), **more}


def _key(number: int) -> Any:
    import uuid

    return uuid.UUID(int=number)


def test_a_recorded_talk_is_heard_in_order_with_who_speaks_to_us(server: Server, us: Account) -> None:
    _, begun = read(us, {})
    server.notices = sample("notifications")["notifications"]
    server.posts = {one["uri"]: one for one in sample("posts")["posts"]}
    envelopes, cursor = read(us, begun)
    events = heard(us, envelopes)
    told = {one.text.splitlines()[0][:20]: one for one in events if isinstance(one, Created)}
    spoken = [one.text.splitlines()[0][:20] for one in events if not one.automatic]
    assert spoken == ["https://shop.example", "Thank you!", "It is order 4711.", "They did answer!"]
    assert {one.author for one in told.values()} == {"ingrid.test", "karl.test"}
    assert "said to others" in told["Good luck with that."].automatic
    assert "said to others" in told["Has anybody heard of"].automatic
    assert told["Thank you!"].references[0] == PEOPLE["ours"]
    assert told["They did answer!"].references == (PEOPLE["ours"],)
    assert all(one.public and one.network == "bluesky" for one in events)
    assert read(us, cursor)[0] == []


def test_a_mention_is_read_with_its_language_its_whole_link_and_its_picture(us: Account) -> None:
    mention = next(one for one in sample("notifications")["notifications"] if one["uri"] == PEOPLE["told"])
    body = {"post": mention, "me": PEOPLE["us"], "to_us": True, "files": []}
    (event,) = KIND.normalise(us, Envelope("created:1", json.dumps(body).encode(), "application/json", MONDAY))
    assert event.text == (
        "https://shop.example/orders/4711?from=mail Grüße 👩🏽\u200d🚀 @bootshop.test is that so?\n"
        "[image: my torn boot]"
    )
    assert (event.language, event.author, event.own) == ("de", "ingrid.test", False)
    assert len(event.references) == 2


@pytest.mark.parametrize(
    "broken",
    [{}, {"post": {}}, {"post": 1}, {"gone": "no-name", "at": MONDAY.isoformat()}, {"gone": POST, "at": "noon"}],
)
def test_what_cannot_be_read_is_said_in_words(us: Account, broken: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        KIND.normalise(us, Envelope("x", json.dumps(broken).encode(), "application/json", MONDAY))


def test_an_odd_record_costs_nobody_its_words(us: Account) -> None:
    odd = {"text": "a\x00b \ud800", "facets": [{"index": {"byteStart": 9, "byteEnd": 2}}, 7], "embed": [], "reply": "x",
           "langs": "de", "createdAt": "2026-03-02T10:00:00.123456789Z"}  # fmt: skip
    post = {"uri": POST, "record": odd, "author": {"did": "did:plc:someone", "handle": "handle.invalid", "labels": 3}}
    body = json.dumps({"post": post, "me": "did:plc:us", "to_us": True}).encode()
    (event,) = KIND.normalise(us, Envelope("created:1", body, "application/json", MONDAY))
    assert (event.text, event.author, event.language) == ("ab ?", "did:plc:someone", "")
    assert event.occurred_at == MONDAY.replace(microsecond=123456)


def test_who_calls_themselves_automatic_is_marked(us: Account) -> None:
    label = {"val": "bot", "src": "did:plc:someone"}
    for labels, marked in (([label], True), ([{**label, "src": "did:plc:other"}], False), ([], False)):
        post = {"uri": POST, "record": {"text": "x", "createdAt": MONDAY.isoformat()},
                "author": {"did": "did:plc:someone", "handle": "a.test", "labels": labels}}  # fmt: skip
        body = json.dumps({"post": post, "me": "did:plc:us", "to_us": True}).encode()
        (event,) = KIND.normalise(us, Envelope("created:1", body, "application/json", MONDAY))
        assert bool(event.warning) is marked


def test_what_comes_late_is_heard_once_and_nothing_from_before_we_began(server: Server, us: Account) -> None:
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    server.notices = [notice(0, at)]
    envelopes, cursor = read(us, {})
    assert envelopes == []
    server.notices = [notice(1, at + timedelta(hours=3)), *server.notices]
    assert len(read(us, cursor)[0]) == 1
    _, cursor = read(us, cursor)
    ago = (timedelta(hours=2, minutes=10), timedelta(hours=1), timedelta(days=-1))
    late, lost, before = (notice(number, at + each) for number, each in enumerate(ago, start=2))
    server.notices = [server.notices[0], late, lost, server.notices[1], before]
    envelopes, cursor = read(us, cursor)
    assert [one.event_key for one in envelopes] == [f"created:{late['uri']}"]
    assert read(us, cursor)[0] == []


@pytest.mark.parametrize("page", [1, 7, 100])
def test_all_pages_are_read_oldest_first(server: Server, us: Account, page: int) -> None:
    _, cursor = read(us, {})
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    server.page = page
    server.notices = [notice(number, at + timedelta(seconds=number)) for number in range(60, 0, -1)]
    envelopes, after = read(us, cursor)
    assert [one.event_key for one in envelopes] == [f"created:{one['uri']}" for one in reversed(server.notices)]
    assert len(after["seen"]) == 60 and len(after["watch"]) == 60


def test_a_crash_in_the_middle_of_many_skips_nothing(server: Server, us: Account) -> None:
    _, cursor = read(us, {})
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    server.notices = [notice(number, at + timedelta(minutes=number)) for number in range(180, 0, -1)]
    found, after = list[str](), cursor
    for envelopes, kept in KIND.fetch(us, cursor, 10):
        found, after = found + [one.event_key for one in envelopes], kept
        if len(found) > 60:
            break
    found += [one.event_key for one in read(us, json.loads(json.dumps(after)))[0]]
    assert set(found) == {f"created:{one['uri']}" for one in server.notices}


def test_what_is_remembered_stays_small(server: Server, us: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "MOST", 20)
    monkeypatch.setattr(watching, "MOST", 30)
    _, cursor = read(us, {})
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    server.notices = [notice(number, at + timedelta(seconds=number)) for number in range(60, 0, -1)]
    _, after = read(us, cursor)
    assert (len(after["seen"]), len(after["watch"])) == (20, 30)


def test_gone_is_what_its_own_server_no_longer_has(
    server: Server, us: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "CHECKS", (0,) * 10)
    monkeypatch.setattr(watching, "SURELY", 0)
    _, cursor = read(us, {})
    server.notices = [notice(1, MONDAY), notice(2, MONDAY)]
    gone, hidden = (one["uri"] for one in server.notices)
    server.posts = {one["uri"]: one for one in server.notices}
    _, cursor = read(us, cursor)
    server.hidden.add(hidden)
    server.posts.pop(gone)
    for expected in ([], [gone], []):
        envelopes, cursor = read(us, cursor)
        assert [one.external_id for one in heard(us, envelopes) if isinstance(one, Deleted)] == expected
    assert hidden in [one[0] for one in cursor["watch"]]


def test_a_key_that_ran_out_is_renewed_and_a_wrong_password_is_not_tried_again(server: Server, us: Account) -> None:
    _, cursor = read(us, {})
    assert (server.asked("createSession"), server.asked("refreshSession")) == (1, 0)
    server.good = "another"
    read(us, cursor)
    assert (server.asked("createSession"), server.asked("refreshSession")) == (1, 1)
    server.good, server.refresh = "another", "another"
    read(us, cursor)
    assert (server.asked("createSession"), server.asked("refreshSession")) == (2, 2)
    server.good, server.refresh, server.password = "another", "another", "changed"
    with pytest.raises(LoginRefused) as refused:
        read(us, cursor)
    assert us.secrets["app_password"] not in str(refused.value)
    assert (server.asked("createSession"), server.asked("refreshSession")) == (3, 3)


@pytest.mark.parametrize("name", ["AccountTakedown", "AuthFactorTokenRequired", "InvalidToken", "AuthMissing"])
@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_log_in_that_is_refused_says_so(
    server: Server, us: Account, name: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = said({"error": name, "message": "no"}, status)
    monkeypatch.setattr(server, "_log_in", lambda *_: answer)
    with pytest.raises(LoginRefused):
        KIND.probe(us)


def test_an_account_that_is_put_aside_is_no_log_in(
    server: Server, us: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = said({**sample("session")["body"], "active": False, "status": "takendown"})
    monkeypatch.setattr(server, "_log_in", lambda *_: answer)
    with pytest.raises(LoginRefused, match="takendown"):
        KIND.probe(us)


@pytest.mark.parametrize(
    "body", [{}, {"notifications": "x"}, {"error": "x"}, {"notifications": [{"reason": "mention"}]}]
)
def test_an_answer_that_is_none_is_not_taken_for_nothing_new(
    server: Server, us: Account, body: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, cursor = read(us, {})
    monkeypatch.setattr(server, "_listnotifications", lambda *_: said(body))
    with pytest.raises(Unreachable):
        read(us, cursor)


def test_log_ins_that_are_remembered_are_counted(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MOST", 3)
    monkeypatch.setattr(sessions, "_KEPT", {})
    for number in range(6):
        us = account(server.address)
        with pytest.raises(LoginRefused):
            KIND.probe(Account(1, "bluesky", us.address, us.settings, {"app_password": str(number)}))
    assert len(sessions._KEPT) == 3


def test_each_bad_setting_is_named() -> None:
    with pytest.raises(BadSettings) as refused:
        KIND.check(Account(1, "bluesky", "@shop", {"server": "bsky.social", "poll_seconds": 1}))
    assert set(refused.value.problems) >= {"address", "app_password", "poll_seconds"}
    KIND.check(Account(1, "bluesky", "shop.bsky.social", {}, {"app_password": "abcd-efgh-ijkl-mnop"}))


def test_what_speaks_to_us_above_an_answer_is_told_in_its_own_right(
    server: Server, us: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, cursor = read(us, {})
    first = notice(1, MONDAY)
    above = {"uri": first["uri"], "cid": first["cid"]}
    second = notice(2, MONDAY + timedelta(seconds=1))
    second["record"] = {**second["record"], "reply": {"root": above, "parent": above}}
    thread = {"thread": {"post": second, "parent": {"post": first}}}
    monkeypatch.setattr(server, "_getpostthread", lambda *_: said(thread))
    server.notices = [second]
    envelopes, cursor = read(us, cursor)
    assert [one.event_key for one in envelopes] == [f"created:{second['uri']}"]
    server.notices = [second, first]
    assert [one.event_key for one in read(us, cursor)[0]] == [f"created:{first['uri']}"]
    began = {**cursor, "began": MONDAY.timestamp() + 0.5, "seen": []}
    assert [one.event_key for one in read(us, began)[0]] == [f"aside:{first['uri']}", f"created:{second['uri']}"]
