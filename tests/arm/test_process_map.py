"""The process map: what is refused, with which words, and that the map that ships is sound."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arm.cast import MAP, PLAN, TABLES
from armature.arm import FACTS, Unfit, compile_plan, examine, parse

NODES = {
    "start": '<startEvent id="{id}" name="{name}" {more}><messageEventDefinition/></startEvent>',
    "step": '<serviceTask id="{id}" name="{name}" {more}/>',
    "table": '<businessRuleTask id="{id}" name="{name}" {more}/>',
    "ask": '<userTask id="{id}" name="{name}" {more}/>',
    "choice": '<exclusiveGateway id="{id}" name="{name}" {more}/>',
    "timer": '<boundaryEvent id="{id}" name="{name}" {more}><timerEventDefinition/></boundaryEvent>',
    "end": '<endEvent id="{id}" name="{name}" {more}/>',
    "raw": "{more}",
}


def draw(nodes: list[tuple[str, str, str]], arrows: list[str], lane: str = 'arm:team="desk"') -> bytes:
    """A map of one lane. Nodes are (kind, id, attributes); arrows read ``A > B`` or ``A > B : condition``."""
    body = [NODES[kind].format(id=key, name=f"The {key}", more=more) for kind, key, more in nodes]
    for number, arrow in enumerate(arrows):
        ends, _, condition = arrow.partition(" : ")
        source, target = ends.split(" > ")
        inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        body.append(f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>')
    held = "".join(f"<flowNodeRef>{key}</flowNodeRef>" for _, key, _ in nodes)
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:arm="urn:armature:bpmn:1" '
        f'xmlns:other="urn:other"><process id="P" name="P"><laneSet><lane id="L" name="Desk" {lane}>{held}</lane>'
        f"</laneSet>{''.join(body)}</process></definitions>"
    ).encode()


def words(xml: bytes) -> list[str]:
    return [finding.words for finding in examine(xml, TABLES)]


START = ("start", "Start", "")
END = ("end", "End", 'arm:outcome="internal"')
ROAD = [START, ("step", "Where", 'arm:step="where"'), END]


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
        ("scriptTask", "use a service task"),
        ("task", "say what kind it is"),
        ("receiveTask", "use a service task with the step feedback"),
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
    "must be a message start event": draw(
        [("raw", "Start", '<startEvent id="Start" name="S"/>'), END], ["Start > End"]
    ),
    "The map needs at least one end": draw([START, ("step", "Where", 'arm:step="where"')], ["Start > Where"]),
    "The Where (Where): no arrow leaves it": draw(ROAD, ["Start > Where"]),
    "The Where (Where): no road from here reaches an end": draw(ROAD, ["Start > Where"]),
    "The End (End): no road leads here": draw(ROAD, ["Start > Where"]),
    '"whree" is not one of where, intent, known': draw(
        [START, ("step", "Where", 'arm:step="whree"'), END], ["Start > Where", "Where > End"]
    ),
    '(did you mean "where"?)': draw(
        [START, ("step", "Where", 'arm:step="whree"'), END], ["Start > Where", "Where > End"]
    ),
    "arm:form is missing; it must be one of intent, response": draw(
        [START, ("ask", "Ask", ""), END], ["Start > Ask", "Ask > End"]
    ),
    '"rulez" is not one of who_judges, business_rules': draw(
        [START, ("table", "T", 'arm:table="rulez"'), END], ["Start > T", "T > End"]
    ),
    'The T (T): the table "Business rules" needs intent, which is not known on every road here; lead all roads through '
    'a step "Suggest intent" first': draw(
        [START, ("table", "T", 'arm:table="business_rules"'), END], ["Start > T", "T > End"]
    ),
    "2 arrows leave it; choose between them with an exclusive gateway": draw(
        [*ROAD, ("end", "Other", 'arm:outcome="internal"')], ["Start > Where", "Where > End", "Where > Other"]
    ),
    "mark one of its arrows as the default": draw(
        [*ROAD, ("choice", "C", ""), ("end", "Other", 'arm:outcome="internal"')],
        ["Start > Where", "Where > C", "C > End : public = yes", "C > Other : public = no"],
    ),
    "condition: it is missing": draw(
        [*ROAD, ("choice", "C", 'default="f2"'), ("end", "Other", 'arm:outcome="internal"')],
        ["Start > Where", "Where > C", "C > End", "C > Other"],
    ),
    "the default arrow cannot have one": draw(
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
    'the condition "intent = spam" needs intent, which is not known on every road here': draw(
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
    'arm:after: "soon-ish" is not a duration': draw(
        [START, ("ask", "Ask", 'arm:form="intent"'), END, ("timer", "T", 'attachedToRef="Ask" arm:after="soon-ish"')],
        ["Start > Ask", "Ask > End", "T > End"],
    ),
    "the timer needs sla_minutes, which is not known on every road here; lead all roads through a table": draw(
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
    "The End (End): a timer that does not interrupt leads here": draw(
        [
            START,
            ("ask", "Ask", 'arm:form="intent"'),
            END,
            ("timer", "T", 'attachedToRef="Ask" cancelActivity="false" arm:after="5"'),
        ],
        ["Start > Ask", "Ask > End", "T > End"],
    ),
    'the outcome "noted" is only for roads of timers': draw(
        [START, ("end", "End", 'arm:outcome="noted"')], ["Start > End"]
    ),
    'nobody acts here: give the lane "Desk" an arm:team': draw(
        [START, ("ask", "Ask", 'arm:form="intent"'), END], ["Start > Ask", "Ask > End"], lane=""
    ),
    "must stand in exactly one lane; it stands in 0": draw([*ROAD], ["Start > Where", "Where > End"]).replace(
        b"<flowNodeRef>Where</flowNodeRef>", b""
    ),
    'ends at "Nowhere", which is not in the map': draw(ROAD, ["Start > Where", "Where > Nowhere"]),
    "another element has the same id": draw([*ROAD, END], ["Start > Where", "Where > End"]),
    "needs a name that people understand": draw(ROAD, ["Start > Where", "Where > End"]).replace(b"The Where", b""),
    "the reason for not answering needs reason": draw(
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


def test_all_faults_are_found_at_once() -> None:
    xml = draw([START, ("step", "A", 'arm:step="x"'), ("ask", "B", 'arm:form="y"'), END], ["Start > A", "A > B"])
    assert {finding.place for finding in examine(xml, TABLES)} >= {"A", "B", "End"}


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
    assert found[0].startswith("The Send (Send): a road leads here past a required approval: The Start -> The Where")


def test_writing_again_voids_an_approval() -> None:
    again = (("ask", "Polish", 'arm:form="response"'),)
    xml = draw([*WRITE, *again], [r.replace("Ok > Send", "Ok > Polish") for r in ROADS] + ["Polish > Send"])
    assert any("past a required approval" in line and "The Polish" in line for line in words(xml))


def test_an_overdue_approval_does_not_count_as_one() -> None:
    timer = (("timer", "Late", 'attachedToRef="Approve" arm:after="60 minutes"'),)
    xml = draw([*WRITE, *timer], [*ROADS, "Late > Send"])
    assert any("past a required approval" in line and "The Late" in line for line in words(xml))


def test_nothing_that_no_person_wrote_can_be_sent() -> None:
    found = approval(lambda road: {"Rules > Write": "Rules > Needed"}.get(road, road))
    assert any("something is sent that no person wrote" in line for line in found)


def test_in_the_map_that_ships_each_shortcut_to_sending_is_found() -> None:
    shortcuts = [
        (b'targetRef="Approve"', b'targetRef="Details"'),
        (b"approved = yes", b"approved = no"),
        (b"approval = no", b"reply = private"),
    ]
    for old, new in shortcuts:
        assert old in MAP
        assert any("past a required approval" in line for line in words(MAP.replace(old, new))), new


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
