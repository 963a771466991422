"""Whatever was said: each part of a report adds up, and it is the same in whatever chunks it is counted."""

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from armature.crm.decide.plans import Plans
from armature.crm.learn.assessments import sums
from armature.crm.learn.assessments.counting import Counted
from armature.crm.learn.assessments.frame import Frame, Place
from armature.crm.learn.assessments.past import Chunk, Said, Work
from armature.crm.learn.assessments.ruled import Rules
from armature.crm.learn.assessments.scope import Scope
from armature.crm.learn.assessments.sides import Sides
from house import MONDAY

CHANNELS = {1: Place(1, "email"), 2: Place(2, "chat")}
INTENTS = ["question", "complaint", "thanks", "spam", ""]


def frame() -> Frame:
    """Ten days of two channels, for whoever administers all."""
    return Frame(
        MONDAY + timedelta(days=2), MONDAY + timedelta(days=12), ZoneInfo("Europe/Oslo"), CHANNELS, {},
        Scope(((None, None, True),)), Rules(), Plans({}, {}), Sides(), {},
    )  # fmt: skip


@st.composite
def chunks(draw: st.DrawFn) -> Chunk:
    """Up to six conversations of up to twelve interactions."""
    found, number = Chunk(work={}), 0
    for conversation in range(1, draw(st.integers(1, 6)) + 1):
        channel, at = draw(st.sampled_from([1, 2])), MONDAY
        for _ in range(draw(st.integers(1, 12))):
            number, at = number + 1, at + timedelta(hours=draw(st.integers(0, 40)))
            ours = draw(st.booleans())
            found.said.setdefault(conversation, []).append(Said(
                conversation, number, at, ours, channel, False, draw(st.booleans()), draw(st.integers(0, 9)) > 0,
                draw(st.sampled_from(["a@x.example", "b@x.example", ""])), -1 if draw(st.integers(0, 9)) == 0 else 0,
                0 if ours else draw(st.integers(1, 3)), draw(st.sampled_from(INTENTS)),
                draw(st.sampled_from(["billing", ""])), 0.0, draw(st.sampled_from(["en", "de", ""])), 0.9, False,
                "message", "words",
            ))  # fmt: skip
    statuses = st.sampled_from(["new", "closed", "resolved", "spam", "no_response"])
    whose = {(one.conversation, one.identity) for said in found.said.values() for one in said if not one.ours}
    found.work = {key: Work(status=draw(statuses), ended_at=MONDAY) for key in sorted(whose)}
    return found


@settings(max_examples=200, deadline=None)
@given(chunks())
def test_each_part_adds_up_and_everything_is_counted_once(chunk: Chunk) -> None:
    counted = Counted(frame())
    counted.chunk(chunk)
    counts = counted.sums
    heard = [one for said in chunk.said.values() for one in said
             if not one.ours and one.counts and one.user >= 0 and counted.inside(one.at)]  # fmt: skip
    assert counts[sums.MESSAGES] == len(heard)
    for part in (sums.CHANNEL, sums.INTENT, sums.HOUR, sums.LANGUAGE, sums.MONTH):
        assert sum(sums.by(counts, part).values()) == len(heard), part
    assert sums.by(counts, sums.INTENT) == Counter(one.intent for one in heard)
    states = sums.by(counts, sums.EXCHANGE)
    kept = Counter(one.kind for one in counted.kept)
    assert kept[sums.FIRST] == states[sums.ANSWERED]
    assert sum(sums.by(counts, sums.FIRST, "all", "clock").values()) == states[sums.ANSWERED]
    for split in (sums.CHANNEL, sums.INTENT):
        assert sum(sums.by(counts, sums.FIRST, split, "clock").values()) == states[sums.ANSWERED]
    assert (kept[sums.NEVER], kept[sums.AGAIN]) == (states[sums.NEVER], sum(sums.by(counts, sums.AGAIN).values()))
    answers = sum(sums.by(counts, sums.ASKING).values())
    for part in (sums.BY, sums.KIND, sums.ROUTE):
        assert sum(sums.by(counts, part).values()) == answers, part


@settings(max_examples=100, deadline=None)
@given(chunks())
def test_it_is_the_same_in_whatever_chunks_it_is_counted(chunk: Chunk) -> None:
    whole, parts = Counted(frame()), Counted(frame())
    whole.chunk(chunk)
    for conversation, said in chunk.said.items():
        parts.chunk(Chunk({conversation: said}, chunk.work))
    assert (whole.sums, whole.longest, whole.kept) == (parts.sums, parts.longest, parts.kept)
