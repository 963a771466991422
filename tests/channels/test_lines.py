"""Lines that are handed in: what is wrong with one is said with the name of its field; such a channel only takes in."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from armature.crm.channels.lines import Lines, moment
from armature.crm.channels.port import Account, Attachment, Created, Envelope, Failed, Outgoing
from armature.crm.channels.web import Web

NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)
ACCOUNT = Account(1, "lines", "imported", settings={"network": "forum"})
GOOD = {"text": "Hello", "author": "Ingrid"}


def said(kind: Lines | Web, body: bytes) -> Created:
    (event,) = kind.normalise(ACCOUNT, Envelope("created:1", body, "application/json", NOW))
    assert isinstance(event, Created)
    return event


def line(**more: Any) -> bytes:
    return json.dumps(GOOD | more).encode()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "this is not JSON"),
        (b"\xff", "this is not JSON"),
        (b'["a"]', "a line must be a JSON object"),
        (line(text=None), 'the field "text" must be a text, not null'),
        (line(author=7), 'the field "author" must be a text, not 7'),
        (line(public="perhaps"), 'the field "public" must be true or false, not "perhaps"'),
        (line(public=1), 'the field "public" must be true or false, not 1'),
        (line(occurred_at="yesterday"), 'the field "occurred_at" must be a time like'),
    ],
)
def test_what_is_wrong_with_a_line_is_said_with_the_name_of_its_field(body: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        said(Lines(), body)


@pytest.mark.parametrize(
    ("given", "public"), [(True, True), (False, False), ("yes", True), ("TRUE", True), ("no", False), ("", False)]
)
def test_yes_and_no_can_be_written_as_words(given: object, public: bool) -> None:
    assert said(Lines(), line(public=given)).public is public


def test_a_time_without_a_zone_is_utc_and_without_a_time_it_is_when_it_came() -> None:
    assert moment("2026-03-01T14:30:00", NOW) == datetime(2026, 3, 1, 14, 30, tzinfo=UTC)
    there = timezone(timedelta(hours=1))
    assert moment("2026-03-01T14:30:00+01:00", NOW) == datetime(2026, 3, 1, 14, 30, tzinfo=there)
    assert (moment("", NOW), moment(None, NOW)) == (NOW, NOW)


def test_a_channel_of_lines_only_takes_in() -> None:
    kind = Lines()
    can = kind.capabilities(ACCOUNT, None, NOW)
    assert can.reads and not (can.private_reply or can.public_reply)
    assert "only takes in" in can.blocked
    assert kind.send(ACCOUNT, Outgoing("a", ("b@people.example",), "Hello")) == Failed("This channel only takes in.")


@pytest.mark.parametrize("kind", [Lines(), Web()])
def test_where_lines_are_handed_in_there_is_nothing_to_fetch_and_nothing_to_wait_for(kind: Lines | Web) -> None:
    assert not kind.polls
    assert list(kind.fetch(ACCOUNT, {}, 10)) == []
    assert kind.wait(ACCOUNT, {}, 60) is False
    assert kind.probe(ACCOUNT) == "imported"


@pytest.mark.parametrize(
    "files",
    [
        {"name": "a"},
        ["a"],
        [{"name": "a", "type": "text/plain"}],
        [{"name": "a", "type": "text/plain", "body": "%"}],
        [{"name": "a", "type": "text/plain", "body": "é"}],
        [{"name": "a", "type": "text/plain", "body": 7}],
    ],
)
def test_files_of_a_page_that_cannot_be_read_are_refused_by_name(files: object) -> None:
    with pytest.raises(ValueError, match='"files" must'):
        said(Web(), line(files=files))


def test_files_of_a_page_come_with_what_was_said() -> None:
    body = base64.b64encode(b"PNG").decode()
    found = said(Web(), line(files=[{"name": "a.png", "type": "image/png", "body": body}]))
    assert (found.text, found.network) == ("Hello", "web")
    assert found.attachments == (Attachment("a.png", "image/png", b"PNG"),)
