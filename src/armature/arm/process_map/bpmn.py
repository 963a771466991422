"""From BPMN 2.0 XML to a process map, safely: nothing is executed, fetched or expanded, and nothing is raised."""

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element as Xml
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from armature.arm.process_map.picture import lines, shapes
from armature.arm.process_map.records import Arrow, Element, Lane, ProcessMap
from armature.arm.rule.finding import Finding, listed, quoted

OURS = "urn:armature:bpmn:1"
"""The namespace of our attributes (prefix ``arm``)."""
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
LARGEST = 2_000_000
"""Bytes of a map's XML."""
MOST_ELEMENTS = 500
"""Boxes of a map."""
MOST_ARROWS = 1_000
"""Arrows of a map."""

KINDS = (
    "startEvent",
    "serviceTask",
    "businessRuleTask",
    "userTask",
    "exclusiveGateway",
    "boundaryEvent",
    "endEvent",
)
_PICTURE_ONLY = (
    "documentation", "extensionElements", "textAnnotation", "association", "group", "laneSet",
    "ioSpecification", "property", "auditing", "monitoring", "resourceRole", "performer", "potentialOwner",
)  # fmt: skip
"""What is not run and does no harm."""
_INSTEAD = {
    "parallelGateway": "do one thing after the other; macro and micro together go through an incident",
    "inclusiveGateway": "use choices one after the other",
    "eventBasedGateway": "put timers on the task that waits",
    "complexGateway": "use a decision by a table, and a choice behind it",
    "subProcess": "draw its steps in this map",
    "adHocSubProcess": "draw its steps in this map",
    "transaction": "draw its steps in this map",
    "callActivity": "draw its steps in this map",
    "scriptTask": "use something that Armature does, or a decision by a table",
    "task": "say what kind it is: something that Armature does, a decision by a table or a task for people",
    "manualTask": "use a task for people",
    "sendTask": 'use something that Armature does: "Send"',
    "receiveTask": 'use something that Armature does: "Wait for feedback"',
    "intermediateCatchEvent": "put a timer on the task that waits",
    "intermediateThrowEvent": "use something that Armature does",
    "dataObject": "write it as a text annotation",
    "dataObjectReference": "write it as a text annotation",
    "dataStoreReference": "write it as a text annotation",
}
_INNER = {
    "startEvent": ("messageEventDefinition",),
    "boundaryEvent": ("timerEventDefinition",),
    "endEvent": (),
}


def parse(xml: bytes) -> tuple[ProcessMap, list[Finding]]:
    """The map in ``xml`` as far as it can be read, and everything in it that cannot be run."""
    if len(xml) > LARGEST:
        return ProcessMap(), [Finding("", "", f"The map is larger than {LARGEST:,} bytes")]
    try:
        root = fromstring(xml, forbid_dtd=True)
    except DefusedXmlException:
        return ProcessMap(), [Finding("", "", "The map must not hold a DTD or entities: save it again without them")]
    except (ParseError, ValueError, LookupError) as fault:
        return ProcessMap(), [Finding("", "", f"The map is not readable XML: {str(fault)[:200]}")]
    processes = root.findall(f"{BPMN}process")
    if root.tag != f"{BPMN}definitions" or len(processes) != 1:
        return ProcessMap(), [Finding("", "", f"The file must hold one BPMN 2.0 process; it holds {len(processes)}")]
    findings = _collaboration(root) + _refused(processes[0])
    elements = _elements(processes[0], findings)
    arrows = _arrows(processes[0], elements, findings)
    pool = root.find(f"{BPMN}collaboration/{BPMN}participant")
    head = processes[0] if pool is None else pool
    name = head.get("name") or processes[0].get("name") or ""
    lanes = tuple(_lanes(processes[0], elements, findings))
    return ProcessMap(name, elements, arrows, lanes, head.get("id", ""), *shapes(root), lines(root)), findings


def local(xml: Xml) -> str:
    """An element's BPMN name; empty for what is not BPMN."""
    return xml.tag[len(BPMN) :] if isinstance(xml.tag, str) and xml.tag.startswith(BPMN) else ""


def _called(xml: Xml) -> str:
    return f"{xml.get('name')} ({xml.get('id', '?')})"[:120] if xml.get("name") else xml.get("id", "?")[:60]


def _collaboration(root: Xml) -> list[Finding]:
    found = []
    if len(root.findall(f"{BPMN}collaboration/{BPMN}participant")) > 1:
        found.append(Finding("", "participant", "Only one pool is run: draw other parties as lanes or leave them out"))
    for flow in root.iterfind(f"{BPMN}collaboration/{BPMN}messageFlow"):
        words = f"{_called(flow)}: message flows are not run; use the steps send and feedback instead"
        found.append(Finding(flow.get("id", ""), "", words))
    return found


def _refused(process: Xml) -> list[Finding]:
    found = []
    for xml in process:
        name = local(xml)
        if name and name not in (*KINDS, *_PICTURE_ONLY, "sequenceFlow"):
            instead = _INSTEAD.get(name, f"use one of {listed(KINDS, 'or')}")
            found.append(Finding(xml.get("id", ""), "", f"{_called(xml)}: {name} cannot be used here; {instead}"))
        for inner in xml if name in KINDS else ():
            found += _refused_inside(xml, name, local(inner))
    if len(found) > MOST_ELEMENTS:
        words = f"{len(found) - MOST_ELEMENTS:,} more elements cannot be used here; mend the first {MOST_ELEMENTS}"
        return [*found[:MOST_ELEMENTS], Finding("", "", words)]
    return found


def _refused_inside(xml: Xml, kind: str, inner: str) -> Iterable[Finding]:
    if inner.endswith("LoopCharacteristics"):
        words = "repetition on a task cannot be used; draw the loop with a choice behind a task that waits"
        yield Finding(xml.get("id", ""), inner, f"{_called(xml)}: {words}")
    if inner.endswith("EventDefinition") and inner not in _INNER.get(kind, ()):
        accepted = listed(_INNER.get(kind, ()), "or") or "no event definition"
        yield Finding(xml.get("id", ""), inner, f"{_called(xml)}: {inner} cannot be used here, only {accepted}")


def _elements(process: Xml, findings: list[Finding]) -> dict[str, Element]:
    elements: dict[str, Element] = {}
    drawn = [xml for xml in process if local(xml) in KINDS]
    if len(drawn) > MOST_ELEMENTS:
        findings.append(Finding("", "", f"The map has more than {MOST_ELEMENTS} boxes"))
    for xml in drawn[:MOST_ELEMENTS]:
        key = xml.get("id", "")
        if not key or key in elements:
            words = "needs an id" if not key else "another element has the same id"
            findings.append(Finding(key, "id", f"{_called(xml)}: {words}"))
        else:
            elements[key] = _element(key, xml)
    return elements


def _element(key: str, xml: Xml) -> Element:
    return Element(
        key,
        (xml.get("name") or "").strip(),
        local(xml),
        _own(xml.attrib),
        xml.get("default", ""),
        xml.get("attachedToRef", ""),
        xml.get("cancelActivity", "true") != "false",
        xml.find(f"{BPMN}messageEventDefinition") is not None,
    )


def _own(attributes: Mapping[str, str]) -> dict[str, str]:
    prefix = f"{{{OURS}}}"
    return {key[len(prefix) :]: value.strip() for key, value in attributes.items() if key.startswith(prefix)}


def _arrows(process: Xml, elements: Mapping[str, Element], findings: list[Finding]) -> tuple[Arrow, ...]:
    arrows: dict[str, Arrow] = {}
    refused = {xml.get("id", "") for xml in process} - elements.keys()
    drawn = process.findall(f"{BPMN}sequenceFlow")
    if len(drawn) > MOST_ARROWS:
        findings.append(Finding("", "", f"The map has more than {MOST_ARROWS:,} arrows"))
    for xml in drawn[:MOST_ARROWS]:
        key, source, target = xml.get("id", ""), xml.get("sourceRef", ""), xml.get("targetRef", "")
        for end, meant in (("begins", source), ("ends", target)):
            if meant not in elements and meant not in refused:
                words = f"Arrow {_called(xml)} {end} at {quoted(meant)}, which is not in the map"
                findings.append(Finding(key, "", words))
        if not key or key in arrows or key in elements:
            findings.append(Finding(key, "id", f"Arrow {_called(xml)} needs an id of its own"))
        elif source in elements and target in elements:
            text = "".join(xml.findtext(f"{BPMN}conditionExpression", "")).strip()
            arrows[key] = Arrow(key, source, target, xml.get("name", ""), text)
    return tuple(arrows.values())


def _lanes(process: Xml, elements: Mapping[str, Element], findings: list[Finding]) -> Iterable[Lane]:
    if process.find(f".//{BPMN}childLaneSet") is not None:
        findings.append(Finding("", "lane", "Lanes inside lanes cannot be used: draw them one below the other"))
    for xml in process.findall(f"{BPMN}laneSet/{BPMN}lane")[:MOST_ELEMENTS]:
        held = [(ref.text or "").strip() for ref in xml.findall(f"{BPMN}flowNodeRef")]
        own = _own(xml.attrib)
        inside = tuple(key for key in dict.fromkeys(held) if key in elements)
        yield Lane(xml.get("id", ""), xml.get("name", ""), inside, own.get("team", ""), own.get("team_from", ""))
