"""The checks of a kind that the other side calls."""

import pytest

from armature.conformance.tools import events_in, hooked, possible
from armature.conformance.world import World
from armature.crm.channels.port import Created, NotGenuine


class Called:
    """Calls of the hook."""

    def test_a_genuine_call_is_taken_once(self, world: World) -> None:
        """Raw, and under the same key when it comes again."""
        kind, call = hooked(world), possible(world.call)
        request = call.genuine("Called in.")
        first, again = kind.receive(world.account, request), kind.receive(world.account, request)
        assert first.envelopes
        assert [one.event_key for one in first.envelopes] == [one.event_key for one in again.envelopes]
        assert any(
            "Called in." in event.text for event in events_in(world, first.envelopes) if isinstance(event, Created)
        )

    def test_a_forged_call_is_refused(self, world: World) -> None:
        """A bad signature, another body, an old time, none at all: nothing of it is kept."""
        kind, call = hooked(world), possible(world.call)
        wrong = call.wrong("Forged.")
        assert wrong
        for what, request in wrong:
            with pytest.raises(NotGenuine):
                pytest.fail(f"taken although wrong: {what}: {kind.receive(world.account, request)}")
