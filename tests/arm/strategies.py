"""Random decision tables and facts over a small catalogue, for the properties of rules."""

from typing import Any

from hypothesis import strategies as st

from armature.arm import DecisionTable, Field, Value
from armature.arm.rule import Row
from armature.arm.rule.words import word_line

FIELDS = {
    field.key: field
    for field in (
        Field("said", "What was said", "words", "start"),
        Field("intent", "Intent", "choice", "intent", {"a": "A", "b": "B", "c": "C"}),
        Field("product", "Product", "choice", "known", {"p": "P", "q": "Q"}, open=True),
        Field("followers", "Followers", "number", "known"),
        Field("mood", "Mood", "number", "intent", low=-1, high=1),
        Field("public", "Public", "yes_no", "where"),
        Field("team", "Team", "choice", "table", open=True),
    )
}
INPUTS = tuple(key for key in FIELDS if key != "team")
_KEYWORDS = st.sampled_from(["fire", "fire*", "on fire", "water", "fireman", "wat*"])
_NUMBERS = st.sampled_from([-1, -0.5, 0, 0.5, 1, 3])


def _some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


_CELLS: dict[str, st.SearchStrategy[Any]] = {
    "said": st.builds(lambda words: {"contains": words}, st.lists(_KEYWORDS, min_size=1, max_size=2)),
    "intent": st.builds(
        lambda head, some: {head: some}, st.sampled_from(["one_of", "none_of"]), _some(["a", "b", "c"])
    ),
    "product": st.builds(
        lambda head, some: {head: some}, st.sampled_from(["one_of", "none_of"]), _some(["p", "q", "r"])
    ),
    "followers": st.one_of(
        st.builds(lambda sign, end: {sign: end}, st.sampled_from([">", ">=", "<", "<="]), _NUMBERS),
        st.builds(lambda low, more: f"{low}..{low + more}", st.integers(-1, 2), st.integers(0, 2)),
    ),
    "mood": st.builds(
        lambda sign, end: {sign: end}, st.sampled_from([">", ">=", "<", "<="]), st.sampled_from([-0.5, 0, 0.5])
    ),
    "public": st.booleans(),
}
_ROW = st.lists(st.sampled_from(INPUTS), max_size=3, unique=True).flatmap(
    lambda keys: st.fixed_dictionaries({key: _CELLS[key] for key in keys})
)

tables = st.builds(
    lambda whens: DecisionTable(
        "t",
        "T",
        INPUTS,
        ("team",),
        tuple(Row(f"X{n}", when, {"team": f"t{n}"}) for n, when in enumerate([*whens, {}])),
    ),
    st.lists(_ROW, max_size=6),
)
"""Tables without faults, save for rows that can never fire."""

facts: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {
        "said": st.none() | st.lists(st.sampled_from(["fire", "on", "water", "fireman"])).map(" ".join).map(word_line),
        "intent": st.sampled_from([None, "a", "b", "c"]),
        "product": st.sampled_from([None, "p", "q", "r", "s"]),
        "followers": st.none() | _NUMBERS | st.floats(allow_nan=False),
        "mood": st.none() | st.sampled_from([-1, -0.5, -0.2, 0, 0.3, 0.5, 1]),
        "public": st.sampled_from([None, True, False]),
    }
)
"""Facts for them; any may be not known."""
