"""Rarer faults of a process map: each is named, and none breaks the reading."""

import pytest

from arm.cast import MAP, NOW, OFFICE, TABLES, KeywordReader, said
from arm.drawing import END, ROAD, START, draw, words
from armature.arm import End, Turn, catalogue, compile_plan, examine, judge, parse
from armature.arm import draw as picture

WAY = ["Start > Where", "Where > End"]
ASK = [START, ("ask", "Ask", 'arm:form="intent"'), END]
CHOICE = [*ROAD, ("choice", "C", 'default="f2"'), ("end", "Other", 'arm:outcome="internal"')]
PARTY = b"<collaboration><participant id='a'/>%s</collaboration><process "


def _chosen(condition: str) -> bytes:
    return draw(CHOICE, ["Start > Where", "Where > C", "C > End", f"C > Other : {condition}"])


def _timed(after: str) -> bytes:
    timer = ("timer", "T", f'attachedToRef="Ask" arm:after="{after}"')
    return draw([*ASK, timer], ["Start > Ask", "Ask > End", "T > End"])


FAULTS = {
    "Only one pool is run": draw(ROAD, WAY).replace(b"<process ", PARTY % b"<participant id='b'/>"),
    "Hello (m): message flows are not run": draw(ROAD, WAY).replace(
        b"<process ", PARTY % b"<messageFlow id='m' name='Hello'/>"
    ),
    "The map has more than 500 boxes": draw([*ROAD, *(("end", f"E{n}", "") for n in range(500))], WAY),
    "Arrow f0 needs an id of its own": draw(ROAD, [*WAY]).replace(b'id="f1"', b'id="f0"'),
    "Arrow Where needs an id of its own": draw(ROAD, WAY).replace(b'id="f1"', b'id="Where"'),
    "At most one start can be for incidents": draw(
        [*ROAD, *(("start", f"I{n}", 'arm:start="incident"') for n in (1, 2))],
        [*WAY, "I1 > Where", "I2 > Where"],
    ),
    '"tem" is no field that names a team (did you mean "team"?)': draw(
        ASK, ["Start > Ask", "Ask > End"], lane='arm:team_from="tem"'
    ),
    '"followers" is no field that names a team': draw(
        ASK, ["Start > Ask", "Ask > End"], lane='arm:team_from="followers"'
    ),
    '"said" holds words; only a table can test those': _chosen("said = fire"),
    "intent cannot be compared with &gt;": _chosen("intent &gt; praise"),
    "public cannot be compared with in": _chosen("public in yes, no"),
    'the time after which it fires: "intent" is no field that holds a number': _timed("intent"),
    '"sla_minuts" is no field that holds a number (did you mean "sla_minutes"?)': _timed("2 x sla_minuts"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_rare_fault_of_a_map_is_named_with_its_mend(fault: str) -> None:
    found = words(FAULTS[fault])
    assert any(fault.replace("&gt;", ">") in line for line in found), found


def test_a_team_that_the_company_does_not_have_cannot_be_asked() -> None:
    xml = draw(ASK, ["Start > Ask", "Ask > End"])
    ours = catalogue(teams={"support": "Support"})
    assert ["desk" in one.words for one in examine(xml, TABLES, ours) if one.field == "team"] == [True]
    assert examine(xml, TABLES, catalogue(teams={"desk": "Desk"})) == []


def test_a_table_that_cannot_be_read_is_named_with_what_is_wrong_with_it() -> None:
    found = [one.words for one in examine(MAP, {**TABLES, "business_rules": b"{"})]
    assert found[0].startswith('Table "business_rules": The table is not readable JSON')


def test_at_a_gateway_with_one_way_on_there_is_nothing_to_choose() -> None:
    xml = draw([*ROAD, ("choice", "C", "")], ["Start > Where", "Where > C", "C > End"])
    (found,) = judge([Turn(said("Hello"))], {}, compile_plan(xml, TABLES), KeywordReader(), {0: OFFICE}, NOW)
    assert isinstance(found.stop, End)
    assert found.path[-2:] == ("C", "End")


def test_what_was_drawn_without_a_place_is_left_out_of_the_picture() -> None:
    process, _ = parse(draw(ROAD, WAY))
    assert len(process.elements) == 3
    assert "data-element" not in picture(process)
