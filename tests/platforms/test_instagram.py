"""Instagram, where it is not as Facebook: comments, mentions, messages."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from armature.crm.accounts.models import Brand
from armature.crm.channels import registry
from armature.crm.channels.port import Conversation, Deleted, DeliveryChanged, Edited, Failed, Outgoing, Sent
from armature.crm.listen.models import Channel
from platforms import meta, pages, shuffling
from platforms.stub import Answer, Call, running, said

KIND: Any = registry.kind("instagram")
SAMPLES = Path(__file__).parent.parent / "samples" / "instagram"
ACCOUNT, WRITER = pages.account("http://127.0.0.1:9", "instagram"), "926712345678"


def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return found


def read(name: str) -> list[Any]:
    found = KIND.receive(ACCOUNT, meta.request(sample(name)))
    return [event for one in (*found.envelopes, *found.asked) for event in KIND.normalise(ACCOUNT, one)]


class Pictures(pages.Pages):
    """Shows where we were mentioned, too."""

    def given(self, call: Call, path: str) -> Answer:
        """A comment on somebody's picture."""
        if "mentioned_comment.comment_id(17899)" in call.fields.get("fields", ""):
            there = {"id": "17899", "text": "@shop makes the best tents", "username": "Kari.N",
                     "timestamp": "2026-03-02T10:00:40+0000"}  # fmt: skip
            return said({"id": pages.IG, "mentioned_comment": there})
        return super().given(call, path)


@pytest.fixture
def api(settings: Any) -> Iterator[Pictures]:
    settings.MAY_CALL = ["127.0.0.1"]
    with running(found := Pictures()):
        yield found


def test_what_calls_say() -> None:
    (comment,), (below,) = read("comment"), read("comment_reply")
    assert (comment.external_id, comment.author, comment.author_name) == ("17860", WRITER, "ingrid.b")
    assert comment.public and comment.references == ("18001",) and below.references == ("17860", "18001")
    assert comment.occurred_at == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    (message,), (answer,), (edit,), (gone,) = (read(f"message{what}") for what in ("", "_reply", "_edited", "_deleted"))
    assert (message.author, message.public, message.talk) == (WRITER, False, f"messages:{WRITER}")
    assert answer.references == ("aWdfAAA1",)
    assert isinstance(edit, Edited) and (edit.external_id, edit.text) == ("aWdfAAA1", "Do you ship to Tromsø?")
    assert isinstance(gone, Deleted) and gone.external_id == "aWdfAAA2"
    (story,), (odd,), (echo,) = read("story"), read("unsupported"), read("echo")
    assert story.text == "[answers our story https://cdn.example/story] Wow"
    assert odd.warning and odd.text == "[unsupported]"
    assert echo.own and read("seen") == [DeliveryChanged("aWdfECHO", "accepted")]


def test_a_comment_without_a_list_around_it_is_the_same() -> None:
    listed = sample("comment")
    change = listed["entry"][0].pop("changes")[0]
    listed["entry"][0] |= change
    (one,) = KIND.receive(ACCOUNT, meta.request(listed)).envelopes
    assert one.event_key == "comment:17860:add" and KIND.normalise(ACCOUNT, one) == read("comment")


def test_a_mention_is_fetched_and_answered_where_it_stands(api: Pictures) -> None:
    world = pages.InstagramWorld(api)
    (kept,) = world.hear(sample("mention"))
    (mention,) = KIND.normalise(world.account, kept)
    assert (mention.author, mention.text, mention.public) == ("@kari.n", "@shop makes the best tents", True)
    can = KIND.capabilities(world.account, Conversation(mention.author, True), mention.occurred_at)
    assert can.public_reply and not can.private_reply, "whom Meta names by a word alone cannot be written to"
    letter = Outgoing("key", (mention.author,), "Thank you!", public=True, in_reply_to=mention.external_id)
    assert isinstance(KIND.send(world.account, letter), Sent)
    assert api.comments[-1]["above"] == "17899"
    assert isinstance(KIND.send(world.account, replace(letter, public=False)), Failed)
    other = json.loads(json.dumps(sample("mention")).replace("17899", "555"))
    (mention,) = KIND.normalise(world.account, world.hear(other)[0])
    assert mention.text == "[mention]" and "could not be fetched" in mention.warning


def test_an_answer_has_so_many_bytes_and_leaves_by_the_page(api: Pictures) -> None:
    account = pages.account(api.address, "instagram", page_id=pages.PAGE)
    letter = Outgoing("key", (WRITER,), "ø" * 501, in_reply_to="aWdfAAA1")
    refused = KIND.send(account, letter)
    assert isinstance(refused, Failed) and "1000 bytes" in refused.reason and not api.calls
    assert isinstance(KIND.send(account, replace(letter, text="ø" * 500)), Sent)
    assert api.sent[0]["sender"] == pages.PAGE and "metadata" not in api.sent[0]["message"]
    assert isinstance(KIND.send(account, replace(letter, text="Yes", in_reply_to="17860", public=True)), Sent)
    assert api.calls[-1].path.endswith("/17860/replies")


@pytest.mark.django_db(transaction=True)
def test_shuffled_and_repeated_calls_end_as_those_in_order(api: Pictures) -> None:
    brand = Brand.objects.create(key="shop", name="Shop")
    channel = Channel.objects.create(kind="instagram", place="instagram", name="IG", address=pages.IG, brand=brand)
    world, names = pages.InstagramWorld(api), sorted(path.stem for path in SAMPLES.iterdir())
    ordered = sorted(names, key=lambda name: sample(name)["entry"][0]["time"] % 10**10)
    story = [one for name in ordered for one in world.hear(sample(name))]
    ended, _ = shuffling.ends_as_in_order(KIND, world.account, channel, story)
    ends = {name: (text, bool(deleted)) for name, _, text, _, _, deleted, *_ in ended}
    assert ends["aWdfAAA1"] == ("Do you ship to Tromsø?", False) and ends["aWdfAAA2"] == ("", True)
