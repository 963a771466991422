"""Which conversation a message belongs to: nobody gets into a private one by naming a message of it."""

from datetime import timedelta

import pytest

from armature.crm import jobs
from armature.crm.channels import lines
from armature.crm.listen import commands, files
from armature.crm.listen.models import Envelope, Interaction
from house import MONDAY, House


def _conversations(house: House) -> list[list[str]]:
    """The authors in each conversation, oldest first."""
    found: dict[int, list[str]] = {}
    for number, author in Interaction.objects.order_by("id").values_list("conversation", "author"):
        found.setdefault(number, []).append(author.partition("@")[0])
    return list(found.values())


@pytest.mark.parametrize("at_once", [True, False])
def test_a_stranger_who_names_a_private_message_starts_a_conversation_of_their_own(house: House, at_once: bool) -> None:
    first = house.hear("My parcel is broken.", public=False)
    if not at_once:
        house.settle()
    house.hear("And mine?", author="eve@people.example", public=False, in_reply_to=first)
    house.hear("Hello?", public=False, in_reply_to=first)
    house.settle()
    assert _conversations(house) == [["ingrid", "ingrid"], ["eve"]]


@pytest.mark.parametrize("at_once", [True, False])
def test_in_public_whoever_answers_stands_in_the_same_conversation(house: House, at_once: bool) -> None:
    first = house.hear("My parcel is broken.")
    if not at_once:
        house.settle()
    house.hear("Mine too.", author="eve@people.example", in_reply_to=first)
    house.settle()
    assert _conversations(house) == [["ingrid", "eve"]]


def test_what_was_fetched_and_how_far_we_are_is_kept_together_and_once(house: House) -> None:
    line = {"external_id": "a", "author": "ingrid@people.example", "text": "Hello"}
    fetched = [lines.envelope(line, MONDAY + timedelta(minutes=1))] * 2
    assert commands.accept(house.mailbox, fetched, {"INBOX": {"uid": 1}}) == 1
    assert commands.accept(house.mailbox, fetched, {"INBOX": {"uid": 2}}) == 0
    assert commands.accept(house.mailbox, fetched) == 0
    house.mailbox.refresh_from_db()
    assert house.mailbox.cursor == {"INBOX": {"uid": 2}}
    assert jobs.open_envelopes() == 1


def test_a_line_that_cannot_be_read_is_parked_with_its_reason_at_once_and_its_neighbours_are_done(
    house: House,
) -> None:
    house.hear("Hello")
    house.hear("Hello", author="tom@people.example", occurred_at="yesterday")
    house.hear("Hello", author="eve@people.example")
    jobs.open_envelopes()
    parked = Envelope.objects.exclude(parked=None).get()
    assert parked.event_key == "created:said-2"
    assert str(parked.parked).startswith('the field "occurred_at" must be a time')
    assert _conversations(house) == [["ingrid"], ["eve"]]


@pytest.mark.parametrize("digest", ["../../etc/passwd", "a" * 63, "." * 64, "a" * 62 + "/b"])
def test_a_file_is_only_ever_looked_for_under_its_digest(digest: str) -> None:
    with pytest.raises(ValueError, match="not a digest"):
        files.path(digest)
