"""How interactions are cut into batches never changes a judgement."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from arm.cast import NOW, judged, said
from armature.arm import Joined, Judgement, Known, Past, Turn


def said_by(identity: int, text: str, minute: int, public: bool) -> tuple[int, str, int, bool]:
    return identity, text, minute, public


_TALK = st.lists(
    st.builds(
        said_by,
        st.sampled_from([0, 1, 2]),
        st.sampled_from(["complaint", "perhaps complaint", "praise", "thanks", "question", "complaint furious"]),
        st.integers(0, 3),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


def turns_of(talk: Sequence[tuple[int, str, int, bool]]) -> list[Turn]:
    """In order of time; every identity waits for feedback on what went out earlier."""
    made = [
        said(text, number, at=NOW + timedelta(minutes=minute), identity=identity, public=public, conversation=identity)
        for number, (identity, text, minute, public) in enumerate(talk, 1)
    ]
    return [Turn(item, waits=frozenset({"Feedback"})) for item in sorted(made, key=lambda item: item.order)]


def run(turns: Sequence[Turn], knowledge: Mapping[int, Known]) -> dict[int, Judgement]:
    return {judgement.interaction: judgement for judgement in judged(*turns, knowledge=knowledge)}


def folded(knowledge: dict[int, Known], turns: Sequence[Turn], results: Mapping[int, Judgement]) -> dict[int, Known]:
    """What the database would know after these were judged."""
    known = dict(knowledge)
    for turn in turns:
        item, reading = turn.interaction, results[turn.interaction.id].reading
        if item.identity and reading:
            past = (*known.get(item.identity, Known()).past, Past(item.occurred_at, item.id, reading.intent))
            known[item.identity] = Known(past=past)
    return known


@given(_TALK, st.data())
def test_how_interactions_are_cut_into_batches_changes_nothing(
    talk: list[tuple[int, str, int, bool]], data: st.DataObject
) -> None:
    turns = turns_of(talk)
    at_once = run(turns, {})
    cuts = sorted(data.draw(st.sets(st.integers(1, len(turns)), max_size=4)) | {len(turns)})
    knowledge: dict[int, Known] = {}
    apart: dict[int, Judgement] = {}
    begin = 0
    for cut in cuts:
        closed = {
            item.interaction.identity for item in turns[:begin] if isinstance(apart[item.interaction.id].stop, Joined)
        }
        part = [
            dataclasses.replace(turn, waits=frozenset()) if turn.interaction.identity in closed else turn
            for turn in turns[begin:cut]
        ]
        results = run(data.draw(st.permutations(part)), knowledge)
        knowledge = folded(knowledge, part, results)
        apart |= results
        begin = cut
    assert apart == at_once


@given(_TALK, st.data())
def test_when_all_is_known_already_the_order_of_batches_changes_nothing(
    talk: list[tuple[int, str, int, bool]], data: st.DataObject
) -> None:
    turns = [dataclasses.replace(turn, waits=frozenset()) for turn in turns_of(talk)]
    at_once = run(turns, {})
    knowledge = folded({}, turns, at_once)
    assert run(turns, knowledge) == at_once, "the batch itself is in the past, and counts once"
    mixed = data.draw(st.permutations(turns))
    cut = data.draw(st.integers(0, len(mixed)))
    assert run(mixed[:cut], knowledge) | run(mixed[cut:], knowledge) == at_once
