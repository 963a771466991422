"""A map drawn without a canvas: what is meant is changed, all else of the file stays, the picture stays readable."""

from itertools import pairwise
from xml.etree.ElementTree import canonicalize

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from arm.cast import MAP, TABLES
from armature.arm import examine, parse
from armature.arm.process_map import edit
from armature.arm.process_map.edit import CannotDraw, Drawing
from armature.arm.process_map.edit.geometry import overlap
from armature.arm.process_map.way import in_order
from armature.arm.rule.catalogue import FACTS

VENDOR = MAP.replace(
    b'<bpmn:serviceTask id="Where"',
    b'<!-- kept by hand -->\n    <bpmn:serviceTask xmlns:acme="urn:acme" acme:cost="3&#10;4" id="Where"',
).replace(
    b"<bpmn:incoming>f_received</bpmn:incoming>",
    b'<bpmn:extensionElements><acme:form xmlns:acme="urn:acme"><![CDATA[a < b]]></acme:form></bpmn:extensionElements>'
    b"<bpmn:incoming>f_received</bpmn:incoming>",
)


def _same(one: bytes, other: bytes) -> bool:
    return canonicalize(one.decode(), with_comments=True) == canonicalize(other.decode(), with_comments=True)


def _words(drawing: Drawing) -> list[str]:
    return [finding.words for finding in examine(drawing.write(), TABLES)]


@pytest.mark.parametrize("xml", [MAP, VENDOR])
def test_reading_and_writing_loses_nothing(xml: bytes) -> None:
    assert _same(Drawing(xml).write(), xml)


def test_what_somebody_else_put_into_the_file_survives_a_change() -> None:
    drawing = Drawing(VENDOR)
    edit.rename(drawing, "Where", "Where was it?")
    assert _same(drawing.write(), VENDOR.replace(b'name="Where it was said"', b'name="Where was it?"'))


def test_a_step_on_an_arrow_stands_between_and_behind_a_step_before_what_followed_it() -> None:
    drawing = Drawing(MAP)
    first = edit.add(drawing, "serviceTask", "Note it", arrow="f_known")
    second = edit.add(drawing, "serviceTask", "Note more", behind="Known")
    edit.bind(drawing, first, step="record")
    edit.bind(drawing, second, step="record")
    after = [drawing.map.leaving(key)[0].target for key in ("Known", second, first)]
    assert after == [second, first, "WhoJudges"]
    assert _words(drawing) == []


def test_a_step_that_is_taken_out_joins_those_before_it_to_what_followed() -> None:
    drawing = Drawing(MAP)
    key = edit.add(drawing, "serviceTask", "Note it", arrow="f_known")
    edit.take_out(drawing, key)
    assert drawing.map.leaving("Known")[0].target == "WhoJudges"
    edit.take_out(drawing, "Micro")
    assert not {"Micro", "MicroDue", "MicroLate"} & drawing.map.elements.keys()
    assert {arrow.target for arrow in drawing.map.leaving("WhoAnswers")} == {"NeedsApproval", "Executive"}
    assert "Micro" not in drawing.map.shapes


def test_a_review_of_public_complaints_is_drawn_and_fit() -> None:
    drawing = Drawing(MAP)
    public = edit.add(drawing, "exclusiveGateway", "In public?", arrow="f_known")
    complaint = edit.add(drawing, "exclusiveGateway", "A complaint?", behind=public)
    review = edit.add(drawing, "userTask", "Look at a public complaint", behind=complaint, lane="Lane_Evaluation")
    edit.add_arrow(drawing, review, "WhoJudges")
    edit.default(drawing, edit.add_arrow(drawing, complaint, "WhoJudges"))
    straight, aside = drawing.map.leaving(public)
    edit.default(drawing, straight.id)
    edit.condition(drawing, aside.id, edit.written(FACTS["public"], "=", ["yes"]))
    edit.condition(drawing, drawing.map.leaving(complaint)[0].id, edit.written(FACTS["intent"], "in", ["complaint"]))
    assert any("choose what people do here" in words for words in _words(drawing))
    edit.bind(drawing, review, form="intent")
    assert _words(drawing) == []
    order = in_order(drawing.map)
    assert order.index("Known") < order.index(public) < order.index(complaint) < order.index("WhoJudges")


def test_lanes_come_are_named_given_a_team_and_go() -> None:
    drawing = Drawing(MAP)
    key = edit.add_lane(drawing, "Legal", team="legal")
    edit.move(drawing, "Executive", key)
    assert drawing.map.lane("ExecutiveDue") == drawing.map.lane("Executive")
    assert drawing.map.lane("Executive").team == "legal"  # type: ignore[union-attr]
    with pytest.raises(CannotDraw, match="move them"):
        edit.take_out_lane(drawing, key)
    edit.move(drawing, "Executive", "Lane_Executive")
    edit.change_lane(drawing, key, "Law")
    edit.take_out_lane(drawing, key)
    assert [lane.name for lane in drawing.map.lanes] == [lane.name for lane in parse(MAP)[0].lanes]
    assert _words(drawing) == []


def test_a_condition_is_written_from_what_was_picked_and_never_typed() -> None:
    assert edit.written(FACTS["intent"], "not in", ["spam", "praise"]) == "intent not in spam, praise"
    assert edit.written(FACTS["followers"], ">=", ["100"]) == "followers >= 100"
    assert edit.written(FACTS["followers"], "; DROP", ["100"]) == "followers = 100"
    assert edit.written(FACTS["public"], "not in", ["no"]) == "public = no"
    with pytest.raises(CannotDraw, match="at least one"):
        edit.written(FACTS["intent"], "in", [" "])


@pytest.mark.parametrize("xml", [b"", b"<a/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"\xff\xfe", b"<a" * 9])
def test_what_is_no_map_cannot_be_drawn(xml: bytes) -> None:
    with pytest.raises(CannotDraw):
        Drawing(xml)


def test_what_is_not_in_the_map_is_said_and_nothing_changes() -> None:
    drawing = Drawing(MAP)
    for deed in (
        lambda: edit.rename(drawing, "Gone", "x"),
        lambda: edit.lead(drawing, "f_known", "Received"),
        lambda: edit.add(drawing, "parallelGateway", "x", behind="Known"),
        lambda: edit.add(drawing, "boundaryEvent", "x", behind="Known"),
        lambda: edit.add(drawing, "endEvent", "x", behind="EndDone"),
        lambda: edit.bind(drawing, "Known", colour="red"),
        lambda: edit.move(drawing, "Known", "Gone"),
    ):
        with pytest.raises(CannotDraw):
            deed()
    assert _same(drawing.write(), MAP)


KEYS = st.sampled_from([*parse(MAP)[0].elements, "Task1", "Choice1", "Step1", "End1", "Timer1"])
ARROWS = st.sampled_from([*(arrow.id for arrow in parse(MAP)[0].arrows), "Flow1", "Flow2", "Flow3"])
LANES = st.sampled_from([*(lane.id for lane in parse(MAP)[0].lanes), "Lane1"])
TEXT = st.text(max_size=12)
ON = st.fixed_dictionaries({"arrow": ARROWS, "lane": LANES})
DEEDS = st.one_of(
    st.tuples(st.just(edit.add), st.sampled_from([*edit.NEW]), TEXT, st.fixed_dictionaries({"behind": KEYS})),
    st.tuples(st.just(edit.add), st.sampled_from([*edit.NEW]), TEXT, ON),
    st.tuples(st.just(edit.take_out), KEYS),
    st.tuples(st.just(edit.take_out_arrow), ARROWS),
    st.tuples(st.just(edit.lead), ARROWS, KEYS),
    st.tuples(st.just(edit.add_arrow), KEYS, KEYS, TEXT),
    st.tuples(st.just(edit.condition), ARROWS, TEXT),
    st.tuples(st.just(edit.default), ARROWS),
    st.tuples(st.just(edit.rename), KEYS, TEXT),
    st.tuples(st.just(edit.move), KEYS, LANES),
    st.tuples(st.just(edit.add_lane), TEXT),
    st.tuples(st.just(edit.take_out_lane), LANES),
    st.tuples(st.just(edit.bind), KEYS, st.dictionaries(st.sampled_from(edit.BINDINGS), TEXT, max_size=2)),
)  # fmt: skip


@settings(max_examples=12, deadline=None, phases=(Phase.generate,))
@given(st.lists(DEEDS, max_size=7))
def test_whatever_is_drawn_one_after_the_other_stays_a_map_that_can_be_examined(deeds: list[tuple]) -> None:  # type: ignore[type-arg]
    drawing = Drawing(MAP)
    for deed, *told in deeds:
        more = told.pop() if isinstance(told[-1], dict) else {}
        try:
            deed(drawing, *told, **more)
        except CannotDraw:
            continue
    process, faults = parse(drawing.write())
    assert not [fault for fault in faults if "id" in fault.field or "readable" in fault.words or "Arrow" in fault.words]
    examine(drawing.write(), TABLES)
    assert sorted(in_order(process)) == sorted(process.elements)


def test_new_steps_overlap_nothing_and_arrows_are_level_and_upright() -> None:
    drawing = Drawing(MAP)
    before = set(drawing.map.elements)
    for number, arrow in enumerate(("f_known", "f_rules", "f_approve", "f_written", "f_meet")):
        edit.add(drawing, "exclusiveGateway" if number % 2 else "userTask", f"New {number}", arrow=arrow)
        edit.add(drawing, "userTask", f"Aside {number}", behind="NeedsApproval", lane="Lane_Evaluation")
    shapes = {key: box for key, box in drawing.map.shapes.items() if key in drawing.map.elements}
    for key in drawing.map.elements.keys() - before:
        others = [box for name, box in shapes.items() if name != key]
        assert not any(overlap(shapes[key], box) for box in others)
        lane = drawing.map.lane(key)
        frame = drawing.map.shapes[lane.id if lane else ""]
        assert frame.y <= shapes[key].y and shapes[key].y + shapes[key].height <= frame.y + frame.height
    for points in drawing.map.lines.values():
        assert all(one[0] == two[0] or one[1] == two[1] for one, two in pairwise(points))
    assert drawing.map.lines.keys() == {arrow.id for arrow in drawing.map.arrows}


@pytest.mark.parametrize("typed", [["10", "000"], ["1", "5"], ["yes", "no"]])
def test_a_number_written_with_a_comma_is_refused_and_never_cut_short(typed: list[str]) -> None:
    field = FACTS["public" if typed[0] == "yes" else "followers"]
    with pytest.raises(CannotDraw, match="one value"):
        edit.written(field, ">", typed)
    assert edit.written(FACTS["followers"], ">", ["10000"]) == "followers > 10000"
