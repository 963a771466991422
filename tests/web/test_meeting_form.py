"""The form for a meeting: room for another speaker without a script, and what was typed stays."""

from armature.crm.listen.models import Channel, Interaction
from house import House
from visitors import visit

TYPED = {
    "where": "Main shop", "held_at": "2026-03-02T10:00", "written_by": "Mona", "name": ["Ada", "Bob"],
    "handle": ["", ""], "words": ["Too loud.", ""], "key": "k",
}  # fmt: skip


def test_another_speaker_and_a_mistake_keep_what_was_typed(house: House) -> None:
    counter = Channel.objects.create(kind="lines", place="counter", name="Till", address="till", brand=house.brand)
    client, given = visit(house.mona), {**TYPED, "channel": counter.pk}
    more = client.post("/meetings/new", {**given, "add": "1"}).content.decode()
    assert more.count('name="words"') == 3
    refused = client.post("/meetings/new", given)
    assert refused.status_code == 422
    for page in (more, refused.content.decode()):
        assert all(words in page for words in ("Main shop", "Too loud.", 'value="Ada"', 'value="Bob"', 'value="k"'))
    assert "Type what they said" in refused.content.decode()
    done = client.post("/meetings/new", {**given, "words": ["Too loud.", "Too hot."]}, follow=True)
    assert "Written down: 2 people spoke." in done.content.decode()
    house.settle()
    assert Interaction.objects.filter(channel=counter).count() == 2
    assert client.post("/meetings/new", {**given, "channel": house.mailbox.pk}).status_code == 422
