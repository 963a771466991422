"""Which conversations wait for what comes back, while a batch is judged in order of time."""

from armature.arm.action import Ask, End, Joined
from armature.arm.judgement import Turn
from armature.arm.process_map import Plan


class OpenWaits:
    """The waits for feedback that were open before the batch, and those that the batch itself opens and closes."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._changed: dict[tuple[int, int, str], bool] = {}

    def listening(self, turn: Turn) -> str:
        """The element that waits for feedback from the same identity in the same conversation; empty when none does."""
        conversation, identity = turn.interaction.conversation, turn.interaction.identity
        if not (conversation and identity):
            return ""
        for element in sorted(self._plan.listening):
            if self._changed.get((conversation, identity, element), element in turn.waits):
                return element
        return ""

    def follow(self, turn: Turn, stop: Ask | End | Joined) -> None:
        """Note what this turn closed and opened."""
        node = self._plan.nodes.get(turn.after)
        if node and node.interrupts:
            self._set(turn, node.host or node.id, False)
        self._set(turn, stop.element, isinstance(stop, Ask))

    def _set(self, turn: Turn, element: str, is_open: bool) -> None:
        if element in self._plan.listening:
            self._changed[turn.interaction.conversation, turn.interaction.identity, element] = is_open
