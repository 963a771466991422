"""Files that other tools wrote: what fits is kept as it stands, what is read otherwise is said, nothing is raised."""

import pytest

from arm.cast import MAP, TABLES
from arm.test_hostile_maps import HOSTILE
from armature.arm.process_map import examine, parse
from armature.arm.process_map.edit.foreign import take_over
from armature.arm.process_map.edit.tree import CannotDraw

POOLS = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn elsewhere -->
<semantic:definitions xmlns:semantic="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:tool="urn:tool">
  <semantic:collaboration id="C">
    <semantic:participant id="PoolA" name="Customer" processRef="A"/>
    <semantic:participant id="PoolB" name="Our company" processRef="B"/>
    <semantic:participant id="PoolC" name="Bank"/>
    <semantic:messageFlow id="m1" name="Complaint" sourceRef="PoolA" targetRef="b1"/>
  </semantic:collaboration>
  <semantic:process id="A"><semantic:task id="a1" name="Complain"/></semantic:process>
  <semantic:process id="B" name="Complaints">
    <semantic:extensionElements><tool:colour of="b2">red</tool:colour></semantic:extensionElements>
    <semantic:laneSet id="ls"><semantic:lane id="outer" name="Service">
      <semantic:flowNodeRef>b1</semantic:flowNodeRef><semantic:flowNodeRef>b2</semantic:flowNodeRef>
      <semantic:childLaneSet id="inner"><semantic:lane id="l1" name="First line"><semantic:flowNodeRef>b2</semantic:flowNodeRef></semantic:lane>
      <semantic:lane id="l2" name="Second line"><semantic:flowNodeRef>b3</semantic:flowNodeRef></semantic:lane></semantic:childLaneSet>
    </semantic:lane></semantic:laneSet>
    <semantic:startEvent id="b1" name="Begin"/>
    <semantic:manualTask id="b2" name="Read it" tool:cost="7"/>
    <semantic:boundaryEvent id="t2" name="Late" attachedToRef="b2"><semantic:timerEventDefinition/></semantic:boundaryEvent>
    <semantic:sendTask id="b3" name="Answer"/>
    <semantic:subProcess id="b4" name="Refund"/>
    <semantic:endEvent id="b5" name="Over"><semantic:terminateEventDefinition/></semantic:endEvent>
    <semantic:sequenceFlow id="f1" sourceRef="b1" targetRef="b2"/>
    <semantic:sequenceFlow id="f2" sourceRef="b2" targetRef="b4"/>
  </semantic:process>
  <bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="C">
    <bpmndi:BPMNShape id="s1" bpmnElement="PoolA"><dc:Bounds x="0" y="0" width="9" height="9"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s2" bpmnElement="b2"><dc:Bounds x="1" y="2" width="100" height="80"/></bpmndi:BPMNShape>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</semantic:definitions>
"""  # noqa: E501


def test_a_map_of_ours_comes_out_byte_for_byte() -> None:
    taken = take_over(MAP)
    assert (taken.xml, list(taken.changes)) == (MAP, [])


def test_of_several_pools_one_is_taken_and_everything_else_is_said_by_element() -> None:
    taken = take_over(POOLS)
    process, findings = parse(taken.xml)
    said = {change.place: change.words for change in taken.changes}
    assert taken.processes == [("A", "Customer"), ("B", "Our company")]
    assert process.name == "Our company" and set(process.elements) == {"b1", "b2", "t2", "b3", "b5"}
    assert said["A"].startswith("Process A: left out") and said["PoolA"].startswith("Pool Customer")
    assert "left out" in said["m1"] and "Bank" in said["PoolC"]
    assert said["b2"] == "Read it (b2): was a manualTask; it is done by somebody: say what they do"
    assert process.elements["b3"].own == {"step": "send"}
    assert process.elements["b1"].message and process.elements["b2"].kind == "userTask"
    assert [finding.place for finding in findings if "subProcess" in finding.words] == ["b4"]


def test_lanes_inside_lanes_stand_by_themselves_and_a_timer_stands_with_its_box() -> None:
    lanes = {lane.name: set(lane.elements) for lane in parse(take_over(POOLS).xml)[0].lanes}
    assert lanes == {"First line": {"b2", "t2"}, "Second line": {"b3"}, "Service": {"b1"}}


def test_what_other_tools_keep_in_the_file_stays_and_pictures_of_what_is_gone_go() -> None:
    xml = take_over(POOLS).xml.decode()
    for kept in ("<!-- drawn elsewhere -->", '<tool:colour of="b2">red</tool:colour>', 'tool:cost="7"', "xmlns:tool"):
        assert kept in xml
    assert 'bpmnElement="b2"' in xml and 'bpmnElement="PoolA"' not in xml


def test_another_process_can_be_taken_and_one_without_lanes_gets_one() -> None:
    taken = take_over(POOLS, "A")
    [lane] = parse(taken.xml)[0].lanes
    assert (lane.name, lane.elements) == ("Everybody", ("a1",))


def test_taking_over_twice_changes_nothing_more() -> None:
    once = take_over(POOLS).xml
    assert take_over(once).xml == once


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_made_to_do_harm_is_refused_in_words_or_has_findings(what: str) -> None:
    try:
        taken = take_over(HOSTILE[what])
    except CannotDraw as refused:
        assert str(refused)
    else:
        assert examine(taken.xml, TABLES)
