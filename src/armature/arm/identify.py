"""Identify: what we know about whoever spoke, before anyone decides."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from armature.arm.interaction import Interaction, Value
from armature.arm.person import NOBODY, Known, Past
from armature.arm.rule import Catalogue

WINDOW = timedelta(days=30)


class Memory:
    """What is known about the people of one batch; it grows as the batch is judged in order of time.

    So an interaction counts what came before it, whether that was in an earlier batch or in this one.
    """

    def __init__(self, knowledge: Mapping[int, Known], catalogue: Catalogue) -> None:
        self._knowledge = knowledge
        self._fields = {key: field for key, field in catalogue.items() if field.step == "known"}
        self._facts: dict[int, dict[str, Value]] = {}
        self._past: dict[int, dict[int, Past]] = {}

    def facts(self, interaction: Interaction, now: datetime) -> dict[str, Value]:
        """The known facts for this interaction, with the complaints of the 30 days before it.

        A fact of the wrong type counts as not known. Intents that nobody confirmed count, and are counted apart.
        """
        identity = interaction.identity
        facts = self._facts.get(identity)
        if facts is None:
            facts = self._facts[identity] = self._accepted(identity)
        complaints = unconfirmed = 0
        since = min(interaction.occurred_at, now) - WINDOW
        for past in self._remembered(identity).values():
            if past.intent == "complaint" and past.occurred_at >= since and past.order < interaction.order:
                complaints += 1
                unconfirmed += not past.confirmed
        return {**facts, "complaints_30d": complaints, "complaints_30d_unconfirmed": unconfirmed}

    def remember(self, interaction: Interaction, intent: str, confirmed: bool) -> None:
        """Let later interactions of the same identity count this one; it outweighs an older note of the same id."""
        if interaction.identity:
            past = Past(interaction.occurred_at, interaction.id, intent, confirmed)
            self._remembered(interaction.identity)[interaction.id] = past

    def _remembered(self, identity: int) -> dict[int, Past]:
        past = self._past.get(identity)
        if past is None:
            past = self._past[identity] = {item.id: item for item in self._knowledge.get(identity, NOBODY).past}
        return past

    def _accepted(self, identity: int) -> dict[str, Value]:
        facts = self._knowledge.get(identity, NOBODY).facts
        fields = self._fields
        return {key: fact.value for key, fact in facts.items() if key in fields and fields[key].accepts(fact.value)}
