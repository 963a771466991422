"""No road reaches Send past a required approval, in any map."""

from collections.abc import Callable

import pytest

from arm.cast import MAP
from arm.drawing import START, draw, words

WRITE = [
    START,
    ("step", "Where", 'arm:step="where"'),
    ("step", "Intent", 'arm:step="intent"'),
    ("step", "Known", 'arm:step="known"'),
    ("table", "Rules", 'arm:table="business_rules"'),
    ("ask", "Write", 'arm:form="response"'),
    ("ask", "Approve", 'arm:form="approval"'),
    ("choice", "Needed", 'default="f7"'),
    ("choice", "Ok", 'default="f10"'),
    ("step", "Send", 'arm:step="send"'),
    ("end", "End", 'arm:outcome="answered"'),
]
ROADS = [
    "Start > Where",
    "Where > Intent",
    "Intent > Known",
    "Known > Rules",
    "Rules > Write",
    "Write > Needed",
    "Needed > Send : approval = no",
    "Needed > Approve",
    "Approve > Ok",
    "Ok > Send : approved = yes",
    "Ok > Write",
    "Send > End",
]


def approval(change: Callable[[str], str], more: tuple[tuple[str, str, str], ...] = ()) -> list[str]:
    return words(draw([*WRITE, *more], [changed for road in ROADS if (changed := change(road))]))


def test_a_map_that_asks_for_approval_wherever_it_is_needed_is_fit() -> None:
    assert approval(lambda road: road) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Needed > Send : approval = no", "Needed > Send : approval = yes"),
        ("Needed > Send : approval = no", "Needed > Send : priority = 3"),
        ("Ok > Send : approved = yes", "Ok > Send : approved = no"),
        ("Ok > Send : approved = yes", "Ok > Send : priority in 3"),
    ],
)
def test_a_road_past_a_required_approval_is_named(old: str, new: str) -> None:
    found = approval(lambda road: new if road == old else road)
    assert len(found) == 1
    assert found[0].startswith("The Send: a road leads here past a required approval: The Start -> The Where")


def test_where_the_rules_say_yes_the_default_arrow_is_not_taken() -> None:
    roads = {"Needed > Send : approval = no": "Needed > Approve : approval = yes", "Needed > Approve": "Needed > Send"}
    assert approval(lambda road: roads.get(road, road)) == []


def test_writing_again_voids_an_approval() -> None:
    again = (("ask", "Polish", 'arm:form="response"'),)
    xml = draw([*WRITE, *again], [r.replace("Ok > Send", "Ok > Polish") for r in ROADS] + ["Polish > Send"])
    assert any("past a required approval" in line and "The Polish" in line for line in words(xml))


def test_an_overdue_approval_does_not_count_as_one() -> None:
    timer = (("timer", "Late", 'attachedToRef="Approve" arm:after="60 minutes"'),)
    xml = draw([*WRITE, *timer], [*ROADS, "Late > Send"])
    assert any("past a required approval" in line and "The Late" in line for line in words(xml))


def test_behind_a_timer_nobody_has_answered_yet() -> None:
    timer = (("timer", "Late", 'attachedToRef="Write" arm:after="60 minutes"'),)
    xml = draw([*WRITE, *timer], [*ROADS, "Late > Approve"])
    assert any(
        '"Approve a response" needs "Written at", which is not known on every road' in line for line in words(xml)
    )


def test_nothing_that_no_person_wrote_can_be_sent() -> None:
    found = approval(lambda road: {"Rules > Write": "Rules > Needed"}.get(road, road))
    assert any("something is sent that no person wrote" in line for line in found)


def test_an_incident_may_need_approval_or_not_and_both_roads_are_walked() -> None:
    opened = '<startEvent id="Opened" name="O" arm:start="incident"/>'
    found = words(draw([*WRITE, ("raw", "Opened", opened)], [*ROADS, "Opened > Needed"]))
    assert any("something is sent that no person wrote: O -> The Needed -> The Send" in line for line in found)


def test_in_the_map_that_ships_each_shortcut_to_sending_is_found() -> None:
    shortcuts = [
        (b'targetRef="Approve"', b'targetRef="Details"'),
        (b"approved = yes", b"approved = no"),
        (b"approval = no", b"reply = private"),
    ]
    for old, new in shortcuts:
        assert old in MAP
        assert any("past a required approval" in line for line in words(MAP.replace(old, new))), new
