"""What is said on Bluesky: once, as it was approved, and what becomes of it on a bad day."""

import dataclasses
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from armature.crm.channels import registry
from armature.crm.channels.port import LOGIN, Account, Attachment, Failed, Outgoing, Sent, Unknown
from armature.crm.channels.rates import Limits
from house import MONDAY
from platforms.bluesky_stub import PASSWORD, Server, account, refusal, sample
from platforms.stub import running, said

KIND: Any = registry.kind("bluesky")
TOLD = sample("people")["told"]


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    settings.MAY_CALL = ["127.0.0.1"]
    found = Server()
    found.posts = {one["uri"]: one for one in sample("posts")["posts"]}
    with running(found):
        yield found


@pytest.fixture
def us(server: Server) -> Account:
    return account(server.address)


def letter(text: str = "We mend it.", **more: Any) -> Outgoing:
    return Outgoing(KIND.external_id(None, uuid4()), ("ingrid.test",), text, public=True, in_reply_to=TOLD, **more)


def test_it_hangs_under_what_it_answers_in_the_thread_of_the_first_post(server: Server, us: Account) -> None:
    out = letter("Hej @ingrid.test, see https://shop.example/ø.")
    sent = KIND.send(us, out)
    (uri,) = server.records
    record = server.records[uri]
    assert sent == Sent(f"https://bsky.app/profile/bootshop.test/post/{out.external_id}", uri)
    post = server.posts[TOLD]
    assert record["reply"] == {
        "parent": {"uri": TOLD, "cid": post["cid"]}, "root": post["record"]["reply"]["root"],
    }  # fmt: skip
    assert record["text"] == out.text and len(record["facets"]) == 2


def test_handed_over_twice_it_is_one_post_and_other_words_do_not_replace_it(server: Server, us: Account) -> None:
    out = letter()
    assert KIND.find(us, out) is None
    first = KIND.send(us, out)
    assert first == KIND.send(us, out) == KIND.find(us, out) and len(server.records) == 1
    other = KIND.send(us, dataclasses.replace(out, text="Other words."))
    assert isinstance(other, Failed) and not other.retryable
    assert [one["text"] for one in server.records.values()] == [out.text]
    assert all(call.fields["swapRecord"] is None for call in server.calls if call.path.endswith("putRecord"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"public": False}, "in private"),
        ({"text": "👩🏽‍🚀" * 301}, "300 characters"),
        ({"text": "क्षि" * 260}, "3000 bytes"),
        ({"in_reply_to": ""}, "Only what was said there"),
        ({"in_reply_to": "at://did:plc:a/app.bsky.feed.like/3kaaaaaaaaaa2"}, "Only what was said there"),
        ({"attachments": (Attachment("a.pdf", "application/pdf", b"x"),)}, "a.pdf"),
        ({"attachments": (Attachment("a.png", "image/png", b"x" * 1_000_001),)}, "a.png"),
        ({"attachments": (Attachment("a.png", "image/png", b"x"),) * 5}, "4 pictures"),
    ],
)
def test_what_cannot_stand_there_is_refused_before_anybody_is_asked(
    server: Server, us: Account, change: dict[str, Any], words: str
) -> None:
    outcome = KIND.send(us, dataclasses.replace(letter(), **change))
    assert isinstance(outcome, Failed) and words in outcome.reason and not outcome.retryable
    assert not server.calls


@pytest.mark.parametrize("text", ["👩🏽‍🚀" * 200, "क्षि" * 250, "x" * 300])
def test_what_just_fits_leaves(server: Server, us: Account, text: str) -> None:
    assert isinstance(KIND.send(us, letter(text)), Sent)


def test_what_is_not_there_or_closed_is_not_answered(server: Server, us: Account) -> None:
    server.posts[TOLD] = {**server.posts[TOLD], "viewer": {"replyDisabled": True}}
    assert "does not let us answer" in KIND.send(us, letter()).reason
    server.hidden.add(TOLD)
    assert "no longer there" in KIND.send(us, letter()).reason
    assert not server.asked("putRecord")


def test_pictures_go_first_and_one_that_is_refused_keeps_all_back(
    server: Server, us: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = letter(attachments=(Attachment("boot.png", "image/png", b"x"),))
    assert isinstance(KIND.send(us, out), Sent)
    assert [one["alt"] for one in next(iter(server.records.values()))["embed"]["images"]] == ["boot.png"]
    for status, retryable in ((400, False), (413, False), (502, True)):
        monkeypatch.setattr(server, "_uploadblob", lambda *_, status=status: said({"error": "No"}, status))
        outcome = KIND.send(us, letter(attachments=out.attachments))
        assert isinstance(outcome, Failed) and outcome.retryable is retryable and "boot.png" in outcome.reason
    assert len(server.records) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "retryable"),
    [
        (refusal("too_long"), Failed, False),
        (said({"error": "RateLimitExceeded"}, 429, **{"RateLimit-Reset": "7"}), Failed, True),
        (said({"error": "InternalServerError"}, 500), Unknown, None),
        (said({"error": "UpstreamFailure"}, 502), Unknown, None),
        (said({}), Unknown, None),
        (said([]), Unknown, None),
        ("lost", Unknown, None),
    ],
)
def test_every_outcome_is_what_it_is(server: Server, us: Account, answer: Any, kind: type, retryable: bool) -> None:
    server.spoil = [answer]
    out = letter()
    outcome = KIND.send(us, out)
    assert isinstance(outcome, kind)
    if isinstance(outcome, Failed):
        assert outcome.retryable is retryable and not outcome.cause
    assert bool(KIND.find(us, out)) is (answer == "lost")


def test_a_pause_that_is_asked_for_is_kept(server: Server, us: Account) -> None:
    server.spoil = [said({"error": "RateLimitExceeded"}, 429, **{"RateLimit-Reset": "70"})]
    outcome = KIND.send(us, letter())
    assert isinstance(outcome, Failed) and 60 <= outcome.after <= 70


@pytest.mark.parametrize("name", ["AuthMissing", "AccountTakedown", "AuthenticationRequired"])
def test_a_key_that_is_refused_pauses_and_says_nothing(server: Server, us: Account, name: str) -> None:
    server.spoil = [said({"error": name, "message": "no"}, 401)] * 2
    outcome = KIND.send(us, letter())
    assert isinstance(outcome, Failed) and outcome.cause == LOGIN and PASSWORD not in outcome.reason
    assert not server.records


def test_a_key_that_ran_out_while_saying_something_is_renewed_and_it_is_said_once(server: Server, us: Account) -> None:
    server.spoil = [said({"error": "ExpiredToken", "message": "Token has expired"}, 400)]
    assert isinstance(KIND.send(us, letter()), Sent)
    assert (server.asked("refreshSession"), server.asked("putRecord"), len(server.records)) == (1, 2, 1)


def test_a_log_in_that_fails_for_a_while_is_tried_again(
    server: Server, us: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        server, "_log_in", lambda *_: said({"error": "RateLimitExceeded"}, 429, **{"RateLimit-Reset": "9"})
    )
    outcome = KIND.send(us, letter())
    assert isinstance(outcome, Failed) and outcome.retryable and not outcome.cause
    server.password = "changed"
    monkeypatch.undo()
    assert KIND.send(account("http://127.0.0.1:9"), letter()).retryable


class Counting:
    """A budget that writes down what it was told."""

    def __init__(self) -> None:
        self.spent, self.limits = 0, list[Limits]()

    def spend(self, spare: int = 0) -> None:
        self.spent += 1

    def told(self, limits: Limits) -> None:
        self.limits.append(limits)

    def failed(self) -> None:
        """Not looked at here."""


def test_the_measure_of_log_ins_says_nothing_of_other_calls_but_their_pause_is_for_all(
    server: Server, us: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {"RateLimit-Remaining": "1", "RateLimit-Reset": "250"}
    log_in = server._log_in
    monkeypatch.setattr(server, "_log_in", lambda *a: (200, {**few}, log_in(*a)[2]))
    counted = Counting()
    KIND.probe(dataclasses.replace(us, budget=counted))
    assert counted.spent == 2 and [one.remaining for one in counted.limits] == [None]
    monkeypatch.setattr(server, "_log_in", lambda *_: said({"error": "RateLimitExceeded"}, 429, **few))
    server.good, server.refresh = "x", "x"
    assert isinstance(KIND.send(dataclasses.replace(us, budget=counted), letter()), Failed)
    assert [one.stay_away for one in counted.limits if one.stay_away] == [250.0]


def test_what_can_be_done_is_in_public_only(us: Account) -> None:
    can = KIND.capabilities(us, None, MONDAY)
    assert (can.public_reply, can.private_reply, can.max_length, can.unit) == (True, False, 300, "graphemes")
