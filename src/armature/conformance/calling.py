"""The checks of a kind that the other side calls."""

from armature.conformance.tools import events_in, hooked, possible
from armature.conformance.world import World
from armature.crm.channels.port import Created, Looks, NotGenuine


class Called:
    """Calls of the hook."""

    def test_a_genuine_call_is_taken_once(self, world: World) -> None:
        """Raw, and under the same key when it comes again."""
        kind, call = hooked(world), possible(world.call)
        request = call.genuine("Called in.")
        first, again = (
            [*answer.envelopes, *answer.asked] for answer in (kind.receive(world.account, request) for _ in range(2))
        )
        assert first
        assert [one.event_key for one in first] == [one.event_key for one in again]
        if isinstance(kind, Looks):
            first = [one for told in first for one in kind.look(world.account, {}, told)[0]]
        said = [event.text for event in events_in(world, first) if isinstance(event, Created)]
        assert any("Called in." in words for words in said), said

    def test_a_forged_call_is_refused(self, world: World) -> None:
        """A bad signature, another body, an old time, none at all: nothing of it is kept, and the caller hears so."""
        kind, call = hooked(world), possible(world.call)
        wrong = call.wrong("Forged.")
        assert wrong
        for what, request in wrong:
            try:
                answer = kind.receive(world.account, request)
            except NotGenuine:
                continue
            assert answer.status >= 400, f"taken although wrong: {what}: {answer}"
            assert not answer.envelopes, what
            assert not answer.asked, what
