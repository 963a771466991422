"""What was said face to face: each speaker's words for themselves, all in one conversation, written down once."""

import pytest

from armature.crm.act import meetings
from armature.crm.act.meetings import Meeting, Spoke
from armature.crm.act.models import Case
from armature.crm.act.papers import BadFields
from armature.crm.identify.models import Identity
from armature.crm.listen.models import Channel, Conversation, Interaction
from house import House

INGRID = Spoke("Ingrid", "ingrid@people.example", "The kettle is too loud.")
STRANGER = Spoke("A woman in a red coat", "", "I love the colour.")


@pytest.fixture
def group(house: House) -> Channel:
    """A focus group."""
    return Channel.objects.create(kind="lines", place="focus_group", name="Group", address="group", brand=house.brand)


def _meeting(*speakers: Spoke, **more: str) -> Meeting:
    given = {"key": "k", "where": "Hamburg", "held_at": "2026-03-02T10:00", "written_by": "Mona", **more}
    return Meeting(speakers=speakers, **given)  # type: ignore[arg-type]


def test_each_speaker_is_heard_in_one_conversation(house: House, group: Channel) -> None:
    house.hear("Where is my parcel?", name="Ingrid")
    house.settle()
    assert meetings.write_down(house.mona, group, _meeting(INGRID, Spoke("", "", ""), STRANGER, INGRID)) == 3
    house.settle()
    said = list(Interaction.objects.filter(channel=group).order_by("occurred_at"))
    assert [(one.kind, one.text, one.public) for one in said] == [
        ("meeting", INGRID.words, False), ("meeting", STRANGER.words, False), ("meeting", INGRID.words, False),
    ]  # fmt: skip
    assert Conversation.objects.filter(channel=group).count() == 1
    assert said[0].subject == "Hamburg, written down by Mona"
    assert Case.objects.filter(conversation=said[0].conversation).count() == 2
    assert Identity.objects.filter(address="ingrid@people.example").count() == 1


def test_sent_twice_it_is_written_down_once(house: House, group: Channel) -> None:
    for _ in range(2):
        meetings.write_down(house.mona, group, _meeting(INGRID))
    house.settle()
    assert Interaction.objects.filter(channel=group).count() == 1


def test_what_is_wrong_is_said_at_its_field(house: House, group: Channel) -> None:
    wrong = _meeting(
        Spoke("", "", "words"), Spoke("Name", "", " "), where="", written_by="", held_at="2999-01-01T10:00"
    )
    with pytest.raises(BadFields) as refused:
        meetings.write_down(house.mona, group, wrong)
    assert set(refused.value.problems) == {"where", "written_by", "held_at", "name-0", "words-1"}
    assert not Interaction.objects.filter(channel=group).exists()


def test_places_of_other_brands_are_not_offered(house: House, group: Channel) -> None:
    assert meetings.channels_for(house.mona) == [group]
    assert meetings.channels_for(house.olga) == meetings.channels_for(house.nia) == []
