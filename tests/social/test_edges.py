"""Files, unlisted posts, posts made elsewhere, and what a full page of notifications must not lose."""

import pytest

from armature.crm.channels.mastodon import reading
from armature.crm.channels.port import Attachment, Outgoing, Sent
from armature.crm.listen import queries as listened
from armature.crm.listen.models import Channel, Interaction
from house import House
from social.snac import Person, eventually
from social.test_public_and_private import KIND, hear, heard

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


def test_a_picture_goes_with_a_post(house: House, channel: Channel, us: Person, ingrid: Person) -> None:
    picture = Attachment("the parcel.png", "image/png", PNG)
    outgoing = Outgoing("key-1", (ingrid.handle,), "This one?", public=True, attachments=(picture,))
    assert isinstance(KIND.send(listened.account(channel), outgoing), Sent)
    (said,) = eventually(ingrid.mentions)
    assert [one["type"] for one in said["media_attachments"]] == ["image"]


def test_an_answer_may_be_unlisted(house: House, channel: Channel, us: Person, ingrid: Person) -> None:
    channel.settings["public_as"] = "unlisted"
    sent = KIND.send(listened.account(channel), Outgoing("key-2", (ingrid.handle,), "Quietly.", public=True))
    assert isinstance(sent, Sent)
    assert us.call(f"/api/v1/statuses/{sent.external_id}")["visibility"] in ("unlisted", "public")


def test_what_we_say_by_another_program_stands_in_the_conversation_as_ours(
    house: House, channel: Channel, us: Person, ingrid: Person
) -> None:
    hear(house, channel)
    ingrid.post(f"@{us.handle} Where is it?")
    heard(house, channel, "Where is it?")
    us.post(f"@{ingrid.handle} We look.", in_reply_to_id=us.mentions()[0]["id"])
    theirs = eventually(ingrid.mentions)
    ingrid.post(f"@{us.handle} Thanks for looking.", in_reply_to_id=theirs[0]["id"])
    heard(house, channel, "Thanks for looking")
    told = Interaction.objects.order_by("occurred_at", "id").values_list("direction", "text", "conversation")
    assert [way for way, _, _ in told] == ["in", "out", "in"]
    assert len({conversation for _, _, conversation in told}) == 1


@pytest.mark.parametrize("page", [2, 3])
def test_no_page_of_notifications_is_lost(
    house: House, channel: Channel, us: Person, ingrid: Person, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(house, channel)
    for number in range(5):
        ingrid.post(f"@{us.handle} number {number}")
    eventually(lambda: len(us.mentions()) == 5)
    monkeypatch.setattr(reading, "PAGE", page)
    hear(house, channel)
    said = set(Interaction.objects.values_list("text", flat=True))
    assert {text.rpartition(" ")[2].strip() for text in said} == set("01234")


def test_reading_again_from_an_old_cursor_changes_nothing(
    house: House, channel: Channel, us: Person, ingrid: Person
) -> None:
    hear(house, channel)
    old = Channel.objects.get(pk=channel.pk).cursor
    ingrid.post(f"@{us.handle} Where is it?")
    heard(house, channel, "Where is it?")
    Channel.objects.filter(pk=channel.pk).update(cursor=old)
    hear(house, channel)
    assert Interaction.objects.count() == 1
