"""What people said of messages: what the reader learns from, and the part it is only ever measured on."""

from collections.abc import Sequence
from typing import NamedTuple

from armature.crm import rows

MOST = 20_000
"""The newest verdicts; older ones no longer count."""

FIXED, RANDOM = 2, 5
"""Half of what was drawn by chance is only measured on; a fifth of what is new is held out of one learning."""


class Verdict(NamedTuple):
    """One message, what a person says it is, and whether it was drawn by chance."""

    number: int
    interaction: int
    text: str
    language: str
    intent: str
    by_chance: bool

    @property
    def fixed(self) -> bool:
        """Whether it belongs to the fixed check sample; it then does so for ever."""
        return self.by_chance and _mixed(self.interaction, 0) % FIXED == 0

    def held_out(self, turn: int) -> bool:
        """Whether it is held out in this turn of learning."""
        return _mixed(self.interaction, turn + 1) % RANDOM == 0


def _mixed(number: int, turn: int) -> int:
    return ((number * 0x9E3779B97F4A7C15 + turn * 0xBF58476D1CE4E5B9) % 2**64) >> 40


NOT_OURS_TO_LEARN = """i.deleted_at IS NULL AND i.text <> ''
    AND NOT EXISTS (SELECT FROM act_restriction x WHERE x.conversation_id = i.conversation_id)"""
"""Deleted words and restricted cases teach nothing."""


def newest(most: int = MOST) -> list[Verdict]:
    """What holds by people's word, oldest first."""
    found = rows.fetch(
        f"""
        SELECT r.id, r.interaction_id, left(i.text, 5000), i.language, r.intent_id, coalesce(l.drawn = 'random', false)
        FROM understand_reading r JOIN listen_interaction i ON i.id = r.interaction_id
        LEFT JOIN learn_label l ON l.interaction_id = r.interaction_id
        WHERE r.user_id IS NOT NULL AND r.current AND {NOT_OURS_TO_LEARN}
        ORDER BY r.read_at DESC, r.id DESC LIMIT %s
        """,
        [most],
    )
    return [Verdict(*one) for one in reversed(found)]


def since(upto: int) -> int:
    """How many verdicts hold that are newer than this reading."""
    counted = rows.fetch(
        "SELECT count(*) FROM understand_reading WHERE user_id IS NOT NULL AND current AND id > %s", [upto]
    )
    return int(counted[0][0])


def intents(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    """The company's intents, and those that people used before they were taken out."""
    catalogue = [key for (key,) in rows.fetch('SELECT key FROM understand_intent ORDER BY "order", key', [])]
    return tuple(dict.fromkeys([*catalogue, *sorted({one.intent for one in verdicts})]))
