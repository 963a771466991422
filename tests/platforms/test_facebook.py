"""A page on Facebook: calls as Meta describes them, truly signed, and a stub that speaks the Graph interface."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from armature.crm.act import approvals, commands, queries, responses
from armature.crm.act.drafts import Terms
from armature.crm.act.models import Audience, Delivery
from armature.crm.channels import registry
from armature.crm.channels.meta import sending
from armature.crm.channels.port import (
    Attachment,
    Conversation,
    Failed,
    Outgoing,
    Sent,
    Unknown,
)
from armature.crm.jobs import listening
from armature.crm.listen.models import Channel, Interaction
from armature.crm.listen.models import Envelope as Kept
from armature.crm.listen.secrets import seal_secret
from house import House, make_house
from platforms import meta, pages, shuffling
from platforms.answers import released, tried_again
from platforms.meta import told
from platforms.stub import LOST, running

KIND: Any = registry.kind("facebook")
SAMPLES = Path(__file__).parent.parent / "samples" / "facebook"
ACCOUNT = pages.account("http://127.0.0.1:9")
INGRID, PAGE, POST, FIRST, SECOND = pages.INGRID, pages.PAGE, f"{pages.PAGE}_700", "700_801", "700_802"
NAMES = sorted(path.stem for path in SAMPLES.iterdir())


def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return found


def just_now(name: str) -> dict[str, Any]:
    """A sample that was said a minute ago."""
    found, stamp = sample(name), int(datetime.now(UTC).timestamp()) - 60
    for entry in found["entry"]:
        entry["time"] = stamp
        for one in entry.get("messaging", ()):
            one["timestamp"] = stamp * 1000
        for change in entry.get("changes", ()):
            change["value"]["created_time"] = stamp
    return found


def read(name: str) -> list[Any]:
    found = KIND.receive(ACCOUNT, meta.request(sample(name)))
    return [event for one in (*found.envelopes, *found.asked) for event in KIND.normalise(ACCOUNT, one)]


@pytest.fixture
def api(settings: Any) -> Iterator[pages.Pages]:
    settings.MAY_CALL = ["127.0.0.1"]
    with running(found := pages.Pages()):
        yield found


@pytest.fixture
def house(transactional_db: None) -> House:
    return make_house()


@pytest.fixture
def channel(house: House, api: pages.Pages) -> Channel:
    found = Channel.objects.create(
        kind="facebook", place="facebook", name="Page", address=PAGE, brand=house.brand,
        settings={"server": api.address},
    )  # fmt: skip
    for name, secret in meta.SECRETS.items():
        seal_secret(found, name, secret)
    return found


def heard(live_server: Any, house: House, channel: Channel, name: str) -> None:
    """A call comes, what it points at is looked at, and all is judged."""
    assert told(live_server, channel, just_now(name)) == 200
    listening.read(channel.pk, 0)
    house.settle()


def test_a_comment_is_answered_in_public_then_in_private(
    live_server: Any, house: House, channel: Channel, api: pages.Pages
) -> None:
    assert told(live_server, channel, sample("comment"), "0" * 32) == 401 and not Kept.objects.exists()
    for _ in range(2):
        heard(live_server, house, channel, "comment")
    assert Kept.objects.count() == 1
    commands.judge_intent(house.mona, house.case(INGRID), intent="cancel")
    house.settle()
    case = house.case(INGRID)
    terms = Terms(audience=Audience.BOTH, private_text="Here is your voucher.")
    written = responses.write(house.mona, case, text="We wrote to you.", seen=queries.last_said(case), terms=terms)
    house.settle()
    written.refresh_from_db()
    approvals.approve(house.leo, queries.response_for(house.leo, written.pk), digest=written.digest)
    house.settle()
    states = {one.part: (one.state, one.interaction.external_id) for one in Delivery.objects.all()}
    assert {part: state for part, (state, _) in states.items()} == {Audience.PUBLIC: "sent", Audience.PRIVATE: "sent"}
    (below,), (message,) = api.comments, api.sent
    assert (below["above"], below["text"]) == (FIRST, "We wrote to you.")
    assert (message["recipient"], message["message"]["text"]) == ({"comment_id": FIRST}, "Here is your voucher.")
    assert states[Audience.PUBLIC][1] == below["id"]
    echo = {
        "item": "comment", "verb": "add", "comment_id": below["id"], "post_id": POST, "parent_id": FIRST,
        "from": {"id": PAGE, "name": "Shop"}, "message": "We wrote to you.", "created_time": pages.now(),
    }  # fmt: skip
    said = Interaction.objects.count()
    told(live_server, channel, pages.call(PAGE, change={"field": "feed", "value": echo}))
    house.settle()
    assert Interaction.objects.count() == said, "what comes back as ours is known"


def test_a_message_is_answered_and_its_author_has_a_name(
    live_server: Any, house: House, channel: Channel, api: pages.Pages
) -> None:
    heard(live_server, house, channel, "message")
    assert house.case(INGRID).identity.name == "Ingrid Berg"
    sent = released(house, INGRID)
    assert sent.state == "sent"
    (message,) = api.sent
    assert (message["recipient"], message["messaging_type"]) == ({"id": INGRID}, "RESPONSE")
    assert message["message"] == {"text": "We mend it.", "metadata": str(sent.key)}


def test_a_lost_answer_is_looked_up_or_proved_by_its_echo_and_never_sent_twice(
    live_server: Any, house: House, channel: Channel, api: pages.Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard(live_server, house, channel, "message")
    monkeypatch.setattr(pages.Pages, "given", lambda *_: meta.error(500, 2, "Service temporarily unavailable"))
    api.spoil = [LOST]
    delivery = released(house, INGRID)
    assert delivery.state == "unknown" and len(api.sent) == 1
    assert tried_again(house).state == "unknown" and len(api.sent) == 1
    echo = {"message": {"mid": "m_1", "is_echo": True, "metadata": str(delivery.key), "text": "We mend it."},
            "sender": {"id": PAGE}, "recipient": {"id": INGRID}}  # fmt: skip
    told(live_server, channel, pages.call(PAGE, messaging=echo))
    assert tried_again(house).state == "sent" and len(api.sent) == 1


def test_an_expired_token_pauses_the_account_and_keeps_what_waits(
    live_server: Any, house: House, channel: Channel, api: pages.Pages
) -> None:
    heard(live_server, house, channel, "comment")
    api.token = "EAAJB0renewed"
    assert released(house, INGRID).state == "queued" and not api.sent
    channel.refresh_from_db()
    assert channel.paused_at and "Session has expired" in channel.problem
    told(live_server, channel, just_now("message"))
    assert listening.read(channel.pk, 0) == 1, "a name that cannot be had holds no words up"
    seal_secret(channel, "token", "EAAJB0renewed")
    Channel.objects.update(paused_at=None)
    assert tried_again(house).state == "sent" and len(api.sent) == 1


def test_shuffled_and_repeated_calls_end_as_those_in_order(house: House, channel: Channel, api: pages.Pages) -> None:
    world, names = pages.PageWorld(api), [name for name in NAMES if name != "message_picture"]
    ordered = sorted(names, key=lambda name: sample(name)["entry"][0]["time"] % 10**10)
    story = [one for name in ordered for one in world.hear(sample(name))]
    said, _ = shuffling.ends_as_in_order(KIND, world.account, channel, story)
    ends = {name: (text, bool(deleted)) for name, _, text, _, _, deleted, *_ in said}
    assert ends[FIRST] == ("The zip of my green jacket broke.", False) and ends[SECOND] == ("", True)
    assert ends["m_AAA1"] == ("Can I send the jacket back?", False) and ends["m_AAA2"] == ("", True)


NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("public", "hours", "human", "private", "blocked"),
    [(True, 1, "", True, ""), (True, 24 * 7, "", False, ""), (False, 23, "", True, ""),
     (False, 24, "", True, sending.DAY_OVER), (False, 24, "yes", True, ""),
     (False, 24 * 7, "yes", True, sending.WEEK_OVER)],
)  # fmt: skip
def test_how_long_an_answer_is_possible(public: bool, hours: int, human: str, private: bool, blocked: str) -> None:
    account = pages.account("http://127.0.0.1:9", human_agent=human)
    can = KIND.capabilities(account, Conversation(INGRID, public, NOW - timedelta(hours=hours)), NOW)
    assert (can.public_reply, can.private_reply, can.blocked) == (public, private, blocked)


MESSAGE = Outgoing("key", (INGRID,), "Hello", in_reply_to="m_AAA1")
COMMENT = replace(MESSAGE, in_reply_to=FIRST)


def test_what_is_too_late_does_not_leave(api: pages.Pages) -> None:
    account, day, week = pages.account(api.address), NOW - timedelta(hours=25), NOW - timedelta(days=8)
    human = pages.account(api.address, human_agent="yes")
    for where, letter in (
        (account, replace(MESSAGE, heard_at=day)), (human, replace(MESSAGE, heard_at=week)),
        (account, replace(COMMENT, heard_at=week)),
    ):  # fmt: skip
        refused = KIND.send(where, letter)
        assert isinstance(refused, Failed) and refused.cause == "window" and not api.calls
    assert isinstance(KIND.send(human, replace(MESSAGE, heard_at=day)), Sent)
    assert (api.sent[0]["messaging_type"], api.sent[0]["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    assert isinstance(KIND.send(account, replace(COMMENT, heard_at=day)), Sent)
    assert isinstance(KIND.send(account, replace(COMMENT, heard_at=week, public=True)), Sent)
    closed = KIND.send(account, replace(MESSAGE, recipients=("404",)))
    assert isinstance(closed, Failed) and closed.cause == "window"


def test_a_comment_is_answered_in_private_once_and_a_post_of_a_visitor_too(api: pages.Pages) -> None:
    account = pages.account(api.address)
    assert isinstance(KIND.send(account, COMMENT), Sent)
    again = KIND.send(account, COMMENT)
    assert isinstance(again, Failed) and "already replied" in again.reason and not again.retryable
    assert isinstance(KIND.send(account, replace(COMMENT, in_reply_to=f"{PAGE}_701")), Sent)
    assert api.sent[-1]["recipient"] == {"post_id": f"{PAGE}_701"}


def test_what_leaves_is_whole_or_does_not_leave(api: pages.Pages) -> None:
    account, file = pages.account(api.address), Attachment("a.png", "image/png", b"p")
    for wrong in (
        replace(MESSAGE, text="x" * 2001), replace(MESSAGE, attachments=(file,)), replace(MESSAGE, public=True),
        replace(MESSAGE, recipients=("unnamed-1",)), replace(MESSAGE, recipients=(INGRID, INGRID)),
    ):  # fmt: skip
        assert isinstance(KIND.send(account, wrong), Failed) and not api.calls
    api.spoil = [LOST]
    assert isinstance(KIND.send(account, COMMENT), Unknown)
    found = KIND.find(account, COMMENT)
    assert found and found.external_id == "m_1"
    api.spoil = [LOST]
    assert isinstance(KIND.send(account, replace(COMMENT, public=True)), Unknown)
    assert KIND.find(account, replace(COMMENT, public=True)).external_id == api.comments[0]["id"]
    assert KIND.find(account, replace(COMMENT, public=True, text="Something else")) is None
    api.comments[0]["created_time"] = "2020-01-01T00:00:00+0000"
    assert KIND.find(account, replace(COMMENT, public=True)) is None, "what we said long ago is something else"
