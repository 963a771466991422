"""The process map: what is refused, with which words, and that the map that ships is sound."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arm.cast import MAP, PLAN, TABLES
from arm.drawing import END, ROAD, START, draw, words
from armature.arm import FACTS, Unfit, compile_plan, examine, parse


def test_the_map_that_ships_has_no_findings() -> None:
    assert examine(MAP, TABLES) == []
    process, _ = parse(MAP)
    assert [lane.name for lane in process.lanes] == [
        "Automatic",
        "Evaluation team",
        "Response teams",
        "Executive desk",
    ]
    assert process.shapes.keys() >= process.elements.keys()
    assert process.lines.keys() == {arrow.id for arrow in process.arrows}


def test_the_boxes_of_the_map_that_ships_do_not_overlap() -> None:
    process, _ = parse(MAP)
    boxes = {key: process.shapes[key] for key, element in process.elements.items() if not element.host}
    for one, a in boxes.items():
        for other, b in boxes.items():
            apart = a.x + a.width < b.x or b.x + b.width < a.x or a.y + a.height < b.y or b.y + b.height < a.y
            assert one == other or apart, f"{one} lies over {other}"


def test_the_arrows_of_the_map_that_ships_begin_and_end_at_their_boxes() -> None:
    process, _ = parse(MAP)
    for arrow in process.arrows:
        ends = ((arrow.source, process.lines[arrow.id][0]), (arrow.target, process.lines[arrow.id][-1]))
        for key, (x, y) in ends:
            box = process.shapes[key]
            assert box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height, f"{arrow.id} misses {key}"


def test_a_plan_is_the_same_when_it_is_built_again_and_another_when_a_row_changes() -> None:
    assert compile_plan(MAP, TABLES).hash == PLAN.hash
    changed = {**TABLES, "business_rules": TABLES["business_rules"].replace(b"50000", b"60000")}
    assert compile_plan(MAP, changed).hash != PLAN.hash
    assert compile_plan(MAP.replace(b"14 days", b"15 days"), TABLES).hash != PLAN.hash


def test_a_small_map_of_any_bpmn_tool_is_accepted_with_what_we_do_not_know_ignored() -> None:
    nodes = [*ROAD, ("raw", "note", '<textAnnotation id="note"/>'), ("raw", "x", '<other:thing id="x"/>')]
    assert words(draw(nodes, ["Start > Where", "Where > End"])) == []


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("parallelGateway", "do one thing after the other"),
        ("subProcess", "draw its steps in this map"),
        ("scriptTask", "use something that Armature does, or a decision by a table"),
        ("task", "say what kind it is"),
        ("receiveTask", 'use something that Armature does: "Wait for feedback"'),
        ("intermediateCatchEvent", "put a timer on the task that waits"),
        ("somethingNew", "use one of startEvent, serviceTask"),
    ],
)
def test_what_cannot_be_run_is_refused_by_name_with_what_to_use_instead(name: str, instead: str) -> None:
    xml = draw([*ROAD, ("raw", "Odd", f'<{name} id="Odd" name="Strange box"/>')], ["Start > Where", "Where > End"])
    found = [finding for finding in examine(xml, TABLES) if finding.place == "Odd"]
    assert len(found) == 1
    assert found[0].words.startswith(f"Strange box (Odd): {name} cannot be used here; {instead}")


FAULTS = {
    "needs exactly one start for interactions; it has 0": draw([END], []),
    "needs exactly one start for interactions; it has 2": draw(
        [*ROAD, ("start", "Again", "")], ["Start > Where", "Where > End", "Again > End"]
    ),
    "must be a start for what comes in": draw(
        [("raw", "Start", '<startEvent id="Start" name="S"/>'), END], ["Start > End"]
    ),
    "The map needs at least one end": draw([START, ("step", "Where", 'arm:step="where"')], ["Start > Where"]),
    "The Where: no arrow leaves it": draw(ROAD, ["Start > Where"]),
    "The Where: no road from here reaches an end": draw(ROAD, ["Start > Where"]),
    "The End: no road leads here": draw(ROAD, ["Start > Where"]),
    '"whree" is not one of where, intent, known': draw(
        [START, ("step", "Where", 'arm:step="whree"'), END], ["Start > Where", "Where > End"]
    ),
    '(did you mean "where"?)': draw(
        [START, ("step", "Where", 'arm:step="whree"'), END], ["Start > Where", "Where > End"]
    ),
    'The Ask: choose what people do here: "Judge intent", "Write a response"': draw(
        [START, ("ask", "Ask", ""), END], ["Start > Ask", "Ask > End"]
    ),
    '"rulez" is not one of who_judges, business_rules': draw(
        [START, ("table", "T", 'arm:table="rulez"'), END], ["Start > T", "T > End"]
    ),
    'The T: the table "Business rules" needs "Intent", which is not known on every road here; lead all roads '
    'through a step "Suggest intent" first': draw(
        [START, ("table", "T", 'arm:table="business_rules"'), END], ["Start > T", "T > End"]
    ),
    "2 arrows leave it; add a choice behind it": draw(
        [*ROAD, ("end", "Other", 'arm:outcome="internal"')], ["Start > Where", "Where > End", "Where > Other"]
    ),
    'one of its arrows must be "taken when nothing else holds"': draw(
        [*ROAD, ("choice", "C", ""), ("end", "Other", 'arm:outcome="internal"')],
        ["Start > Where", "Where > C", "C > End : public = yes", "C > Other : public = no"],
    ),
    "condition: it is missing": draw(
        [*ROAD, ("choice", "C", 'default="f2"'), ("end", "Other", 'arm:outcome="internal"')],
        ["Start > Where", "Where > C", "C > End", "C > Other"],
    ),
    'it is "taken when nothing else holds", so it cannot have one': draw(
        [*ROAD, ("choice", "C", 'default="f2"'), ("end", "Other", 'arm:outcome="internal"')],
        ["Start > Where", "Where > C", "C > End : public = yes", "C > Other : public = no"],
    ),
    'there is no field called "pubic" (did you mean "public"?)': draw(
        [*ROAD, ("choice", "C", 'default="f2"'), ("end", "Other", 'arm:outcome="internal"')],
        ["Start > Where", "Where > C", "C > End", "C > Other : pubic = no"],
    ),
    "\"__import__('os')\" is not a condition": draw(
        [*ROAD, ("choice", "C", 'default="f2"'), ("end", "Other", 'arm:outcome="internal"')],
        ["Start > Where", "Where > C", "C > End", "C > Other : __import__('os')"],
    ),
    'public: "perhaps" is not yes or no': draw(
        [*ROAD, ("choice", "C", 'default="f2"'), ("end", "Other", 'arm:outcome="internal"')],
        ["Start > Where", "Where > C", "C > End", "C > Other : public = perhaps"],
    ),
    'the condition "Intent is Spam" needs "Intent", which is not known on every road here': draw(
        [*ROAD, ("choice", "C", 'default="f2"'), ("end", "Other", 'arm:outcome="internal"')],
        ["Start > Where", "Where > C", "C > End", "C > Other : intent = spam"],
    ),
    "form a circle in which nothing waits": draw(
        [*ROAD, ("choice", "C", 'default="f2"')],
        ["Start > Where", "Where > C", "C > End", "C > Where : public = yes"],
    ),
    "a timer must sit on a task that waits": draw(
        [*ROAD, ("timer", "T", 'attachedToRef="Where" arm:after="5 minutes"')],
        ["Start > Where", "Where > End", "T > End"],
    ),
    'the time after which it fires: "soon-ish" is not a duration': draw(
        [START, ("ask", "Ask", 'arm:form="intent"'), END, ("timer", "T", 'attachedToRef="Ask" arm:after="soon-ish"')],
        ["Start > Ask", "Ask > End", "T > End"],
    ),
    'the timer needs "Minutes to answer", which is not known on every road here; lead all roads through a table': draw(
        [
            START,
            ("ask", "Ask", 'arm:form="intent"'),
            END,
            ("timer", "T", 'attachedToRef="Ask" arm:after="sla_minutes"'),
        ],
        ["Start > Ask", "Ask > End", "T > End"],
    ),
    "the timer leads back to the task it sits on": draw(
        [START, ("ask", "Ask", 'arm:form="intent"'), END, ("timer", "T", 'attachedToRef="Ask" arm:after="5"')],
        ["Start > Ask", "Ask > End", "T > Ask"],
    ),
    "The End: a timer after which the wait goes on leads here": draw(
        [
            START,
            ("ask", "Ask", 'arm:form="intent"'),
            END,
            ("timer", "T", 'attachedToRef="Ask" cancelActivity="false" arm:after="5"'),
        ],
        ["Start > Ask", "Ask > End", "T > End"],
    ),
    'beside a wait this is not carried out: use "Raise the priority, tell the lead" or "Offer to the next team"': draw(
        [
            START,
            ("ask", "Ask", 'arm:form="intent"'),
            END,
            ("timer", "T", 'attachedToRef="Ask" cancelActivity="false" arm:after="5"'),
            ("step", "Flag", 'arm:step="flag"'),
            ("end", "Noted", 'arm:outcome="noted"'),
        ],
        ["Start > Ask", "Ask > End", "T > Flag", "Flag > Noted"],
    ),
    'the end "Told or raised, the wait goes on" is only for roads of timers': draw(
        [START, ("end", "End", 'arm:outcome="noted"')], ["Start > End"]
    ),
    'nobody acts here: choose "Who acts" for this step or for the lane "Desk"': draw(
        [START, ("ask", "Ask", 'arm:form="intent"'), END], ["Start > Ask", "Ask > End"], lane=""
    ),
    "must stand in exactly one lane; it stands in 0": draw([*ROAD], ["Start > Where", "Where > End"]).replace(
        b"<flowNodeRef>Where</flowNodeRef>", b""
    ),
    'ends at "Nowhere", which is not in the map': draw(ROAD, ["Start > Where", "Where > Nowhere"]),
    "another element has the same id": draw([*ROAD, END], ["Start > Where", "Where > End"]),
    "needs a name that people understand": draw(ROAD, ["Start > Where", "Where > End"]).replace(b"The Where", b""),
    'the reason for not answering needs "Reason"': draw(
        [START, ("end", "End", 'arm:outcome="no_response"')], ["Start > End"]
    ),
    "repetition on a task cannot be used": draw(
        [START, ("raw", "R", '<userTask id="R" name="R"><standardLoopCharacteristics/></userTask>'), END], ["Start > R"]
    ),
    "signalEventDefinition cannot be used here, only messageEventDefinition": draw(
        [("raw", "S", '<startEvent id="S" name="S"><signalEventDefinition/></startEvent>'), END], ["S > End"]
    ),
    "Lanes inside lanes cannot be used": draw(ROAD, ["Start > Where", "Where > End"]).replace(
        b"</lane>", b"<childLaneSet/></lane>"
    ),
    "no arrow can leave an end": draw(ROAD, ["Start > Where", "Where > End", "End > Where"]),
    "no arrow can lead here": draw(ROAD, ["Start > Where", "Where > End", "Where > Start"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_map_is_named_with_its_mend(fault: str) -> None:
    assert any(fault in line for line in words(FAULTS[fault])), words(FAULTS[fault])
    with pytest.raises(Unfit):
        compile_plan(FAULTS[fault], TABLES)


def test_a_fact_that_only_one_of_two_roads_provides_is_not_known_where_they_meet() -> None:
    nodes = [*ROAD, ("choice", "C", 'default="f2"'), ("step", "Intent", 'arm:step="intent"')]
    nodes += [("choice", "D", 'default="f5"'), ("end", "Other", 'arm:outcome="internal"')]
    meet = ["Start > Where", "Where > C", "C > D", "C > Intent : public = yes", "Intent > D", "D > End"]
    found = words(draw(nodes, [*meet, "D > Other : intent = spam"]))
    assert len(found) == 1
    assert 'needs "Intent", which is not known on every road here' in found[0]
    after = [road.replace("C > D", "C > End") for road in meet]
    assert words(draw(nodes, [*after, "D > Other : intent = spam"])) == []


def test_a_step_is_called_by_its_name_and_by_its_id_only_where_others_have_the_same_name() -> None:
    nodes = [*ROAD, ("ask", "One", ""), ("ask", "Two", "")]
    xml = draw(nodes, ["Start > Where", "Where > One", "One > Two", "Two > End"])
    alike = xml.replace(b"The Two", b"The One")
    assert {line.partition(":")[0] for line in words(xml)} == {"The One", "The Two"}
    assert {line.partition(":")[0] for line in words(alike)} == {"The One (One)", "The One (Two)"}
    nameless = words(xml.replace(b"The Two", b""))
    assert any(line.startswith("The task for people without a name: ") for line in nameless)
    both = words(xml.replace(b"The Two", b"").replace(b"The One", b""))
    assert any(line.startswith("The task for people without a name (Two): ") for line in both)


def test_a_finding_speaks_of_no_attribute_of_the_file() -> None:
    nodes = [START, ("ask", "Ask", ""), ("step", "Do", ""), ("choice", "C", ""), ("end", "End", "")]
    found = words(draw(nodes, ["Start > Ask", "Ask > Do", "Do > C", "C > End", "C > Do"], lane=""))
    assert len(found) > 5
    assert not [line for line in found if re.search(r"arm:|[Gg]ateway|[Dd]efault|Arrow f\d|[a-z]+_[a-z]+", line)]


def test_all_faults_are_found_at_once() -> None:
    xml = draw([START, ("step", "A", 'arm:step="x"'), ("ask", "B", 'arm:form="y"'), END], ["Start > A", "A > B"])
    assert {finding.place for finding in examine(xml, TABLES)} >= {"A", "B", "End"}


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"\x00\xff",
        b"<a",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<?xml version="1.0" encoding="nothing"?><a/>',
        b"<a>" * 50_000,
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process/><process/></definitions>',
        b" " * 2_000_001,
    ],
)
def test_what_is_no_map_gives_findings_and_no_exception(xml: bytes) -> None:
    process, findings = parse(xml)
    assert findings
    assert not process.elements
    assert examine(xml, TABLES)


def test_a_document_type_is_refused_with_words() -> None:
    assert words(b"<!DOCTYPE a><a/>") == ["The map must not hold a DTD or entities: save it again without them"]


TOKENS = sorted(set(re.findall(rb'"[^"<>]{1,40}"', MAP)))


@given(st.lists(st.tuples(st.sampled_from(TOKENS), st.sampled_from(TOKENS)), min_size=1, max_size=4))
def test_a_map_with_exchanged_texts_is_refused_with_words_or_compiles(swaps: list[tuple[bytes, bytes]]) -> None:
    xml = MAP
    for old, new in swaps:
        xml = xml.replace(old, new, 3)
    findings = examine(xml, TABLES)
    assert all(finding.words for finding in findings)
    if not findings:
        compile_plan(xml, TABLES, FACTS)


@given(st.integers(0, len(MAP) - 1), st.binary(max_size=8), st.integers(0, 300))
def test_a_damaged_map_never_raises(at: int, junk: bytes, cut: int) -> None:
    assert isinstance(examine(MAP[:at] + junk + MAP[at + cut :], TABLES), list)
