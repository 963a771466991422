"""The checks of what comes in: each thing once, as it was said, with its edits and its end."""

import json
from datetime import UTC, datetime

import pytest

from armature.conformance.faults import FAULTS, SHORT, proxy, whatever
from armature.conformance.tools import (
    PATIENCE,
    created,
    envelope_of,
    events_in,
    eventually,
    new_words,
    no_network,
    openly,
    polled,
    possible,
    read,
    read_on,
    say,
    start,
    until,
)
from armature.conformance.world import World
from armature.crm.channels.http import at_most
from armature.crm.channels.port import Attachment, Created, Deleted, Envelope, Unreachable

LETTERS = "Ærø, Łódź, Ελλάδα, Київ, 東京, مرحبا, e\u0301, 👩🏽\u200d🚀 🇳🇴 1 < 2 & \"quoted\" 'too'"
"""Scripts, marks that belong to the letter before them, joined pictures, and what looks like markup."""
RUBBISH = (b"", b"\x00\xff\xfe", b"{", b"[]", b"null", b'{"a": ' * 2000)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)
"""The smallest picture."""


class Heard:
    """What customers say, as it comes in."""

    def test_what_is_said_comes_in(self, world: World) -> None:
        """With its author, its words, its time, and whether everybody can read it."""
        said = say(world, "The sole of my boot came off.")
        event = created(world, said)
        assert "The sole of my boot came off." in event.text
        assert (event.author, event.public) == (said.author, said.public)
        assert event.occurred_at.tzinfo is not None
        assert abs((datetime.now(UTC) - event.occurred_at).total_seconds()) < 3600
        assert not event.own

    def test_in_public_or_in_private_is_told_apart(self, world: World) -> None:
        """The same customer says one thing to everybody and one to us."""
        both = [say(world, f"Said {words}", public=public) for public, words in ((True, "aloud"), (False, "softly"))]
        assert [created(world, said).public for said in both] == [True, False]

    def test_where_reading_stopped_can_be_kept(self, world: World) -> None:
        """The cursor goes through JSON, and from it nothing is skipped."""
        polled(world)
        cursor = json.loads(json.dumps(read(world, {})[1]))
        said = say(world, "After the cursor.")
        assert created(world, said, cursor)

    def test_reading_again_from_before_brings_the_same_names(self, world: World) -> None:
        """A crash before the cursor was kept: what comes again is known by its key."""
        polled(world)
        cursor = read(world, {})[1]
        said = say(world, "Read twice.")
        created(world, said, cursor)
        first, second = (read(world, json.loads(json.dumps(cursor)))[0] for _ in range(2))
        assert {one.event_key for one in first} <= {one.event_key for one in second}

    def test_nothing_new_is_nothing(self, world: World) -> None:
        """Read to the end, then again: nothing, or only what is known by its key."""
        polled(world)
        seen, cursor = read(world, {})
        again, _ = read(world, cursor)
        assert {one.event_key for one in again} <= {one.event_key for one in seen}

    def test_the_same_envelope_is_the_same_event(self, world: World) -> None:
        """``normalise`` is pure: no network, and twice the same."""
        said = say(world, "Pure.")
        envelope = envelope_of(world, said)
        with no_network():
            assert world.kind.normalise(world.account, envelope) == world.kind.normalise(world.account, envelope)

    @pytest.mark.parametrize("fault", FAULTS)
    def test_reading_on_a_bad_day(self, world: World, fault: str) -> None:
        """It is said in words, and once the server is well again nothing was skipped."""
        polled(world)
        cursor = read_on(world)
        with proxy(possible(world.server), whatever) as between:
            account = possible(lambda: world.through(between.address))
            said = say(world, "Read me tomorrow.")
            between.fault = fault
            with at_most(SHORT if fault in ("drip", "silence") else PATIENCE), pytest.raises(Unreachable):
                read(world, cursor, account)
            between.fault = ""
            assert eventually(
                lambda: [
                    event
                    for event in events_in(world, read(world, cursor, account)[0])
                    if isinstance(event, Created) and event.external_id == said.external_id
                ]
            )

    @pytest.mark.parametrize("rubbish", RUBBISH, ids=["empty", "binary", "half", "a list", "null", "deep"])
    def test_rubbish_is_refused_in_words(self, world: World, rubbish: bytes) -> None:
        """What cannot be read is a ``ValueError`` with words, or nothing; never another error."""
        envelope = Envelope("created:rubbish", rubbish, "application/json", datetime.now(UTC))
        try:
            world.kind.normalise(world.account, envelope)
        except ValueError as refused:
            assert str(refused)

    def test_all_letters_arrive(self, world: World) -> None:
        """Every script, and what looks like markup, as it was typed."""
        said = say(world, LETTERS)
        assert LETTERS in created(world, said).text

    def test_an_answer_names_what_it_answers(self, world: World) -> None:
        """So that it stands in the same conversation."""
        first = say(world, "The first word.")
        created(world, first)
        second = possible(lambda: world.say("The second word.", public=first.public, answers=first.external_id))
        assert first.external_id in created(world, second).references

    def test_an_edit_comes_as_an_edit(self, world: World) -> None:
        """With the same name, the new words and when."""
        said = say(world, "Before the edit.")
        created(world, said)
        since = read_on(world)
        possible(lambda: world.edit(said.external_id, "After the edit."))
        assert "After the edit." in until(world, lambda event: new_words(event, said), since)

    def test_what_is_deleted_comes_as_deleted(self, world: World) -> None:
        """With the same name."""
        said = say(world, "To be deleted.")
        created(world, said)
        since = read_on(world)
        possible(lambda: world.delete(said.external_id))
        assert until(world, lambda event: isinstance(event, Deleted) and event.external_id == said.external_id, since)

    def test_files_come_along(self, world: World) -> None:
        """A picture that a customer sends is there, or named."""
        picture = Attachment("boot.png", "image/png", PIXEL)
        start(world)
        said = possible(lambda: world.say("See the picture.", public=openly(world), files=[picture]))
        event = created(world, said)
        assert event.attachments or "boot" in event.text or "image" in event.text.lower() or "http" in event.text
