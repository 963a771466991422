"""Taking over a map that another tool wrote: what fits is kept as it stands, what is done otherwise is said by element.

Nothing is thrown away but what belongs to another party: one process is run, so of several pools one is taken. Boxes
that cannot be run stay in the file, and the findings name them with what to use instead.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.dom.minidom import Document, Element
from xml.parsers.expat import ExpatError

from defusedxml import DefusedXmlException
from defusedxml.minidom import parseString

from armature.arm.process_map.bpmn import LARGEST, MOST_ARROWS, MOST_ELEMENTS, OURS
from armature.arm.process_map.edit.tree import (
    BPMN,
    BPMNDI,
    CannotDraw,
    drop,
    everything,
    kids,
    must_be_shallow,
    put,
    text_of,
)
from armature.arm.process_map.edit.writing import written
from armature.arm.rule.finding import listed, quoted

BOXES = ("Task", "Event", "Gateway", "task", "subProcess", "callActivity", "transaction", "adHocSubProcess")
"""How the names of boxes end in BPMN."""
MOST_CHANGES = 500
_BECOMES = {
    "task": ("userTask", "", "it is done by somebody: say what they do"),
    "manualTask": ("userTask", "", "it is done by somebody: say what they do"),
    "sendTask": ("serviceTask", "send", "it is the step Send"),
    "receiveTask": ("serviceTask", "feedback", "it is the step Wait for feedback"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that reads otherwise than in the file; ``place`` is its id there."""

    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken over: its XML as it now stands, what was changed, and the processes it could be."""

    xml: bytes
    changes: Sequence[Change]
    processes: Sequence[tuple[str, str]]


def take_over(xml: bytes, wanted: str = "") -> Taken:
    """A file of another tool as a map of ours, as far as it can be; a file of ours comes out as it went in.

    ``wanted`` is the id of the process to take; without it, the one with the most boxes. Raises ``CannotDraw`` for what
    is no BPMN.
    """
    document = _read(xml)
    root = document.documentElement
    must_be_shallow(root)
    found = list(kids(root, "process")) if root is not None and root.namespaceURI == BPMN else []
    if root is None or not found:
        raise CannotDraw("The file holds no BPMN 2.0 process: export it as BPMN 2.0 from the tool that wrote it")
    named = [one for one in found if wanted and one.getAttribute("id") == wanted]
    process = max(named or found, key=lambda one: len(_boxes(one)))
    if (number := len(_boxes(process))) > MOST_ELEMENTS:
        raise CannotDraw(f"The process has {number:,} boxes, and at most {MOST_ELEMENTS} are run: draw a part of it")
    if (number := len(list(kids(process, "sequenceFlow")))) > MOST_ARROWS:
        raise CannotDraw(f"The process has {number:,} arrows, and at most {MOST_ARROWS:,} are run: draw a part of it")
    pools = {pool.getAttribute("processRef"): pool.getAttribute("name") for pool in _pools(root)}
    choices = [(one.getAttribute("id"), _name(pools.get(one.getAttribute("id"), "") or _called(one))) for one in found]
    changes = [*_other_parties(root, process), *_taken(process), *_lanes(process)]
    if not changes:
        return Taken(xml, (), choices)
    _forget_pictures(root)
    left = len(changes) - MOST_CHANGES
    more = [Change("", f"and {left:,} more")] if left > 0 else []
    return Taken(written(document), [*changes[:MOST_CHANGES], *more], choices)


def _read(xml: bytes) -> Document:
    if len(xml) > LARGEST:
        raise CannotDraw(f"The file is larger than {LARGEST:,} bytes")
    try:
        return parseString(xml, forbid_dtd=True)  # type: ignore[no-any-return]
    except DefusedXmlException:
        raise CannotDraw("The file must not hold a DTD or entities: save it again without them") from None
    except (ExpatError, ValueError, LookupError) as fault:
        raise CannotDraw(f"The file is not readable XML: {str(fault)[:200]}") from fault


def _pools(root: Element) -> Iterator[Element]:
    return (pool for talk in kids(root, "collaboration") for pool in kids(talk, "participant"))


def _boxes(process: Element) -> list[Element]:
    return [one for one in kids(process) if (one.localName or "").endswith(BOXES)]


def _name(text: str) -> str:
    return " ".join(text.split())[:80]


def _called(one: Element) -> str:
    name, key = _name(one.getAttribute("name")), one.getAttribute("id")[:60] or "?"
    return f"{name} ({key})" if name else key


def _other_parties(root: Element, process: Element) -> Iterator[Change]:
    for other in kids(root, "process"):
        if other is not process:
            drop(other)
            words = f"Process {_called(other)}: left out with its boxes ({len(_boxes(other))}); one process is run"
            yield Change(other.getAttribute("id"), words)
    for talk in kids(root, "collaboration"):
        for one in kids(talk):
            key = one.getAttribute("id")
            if one.localName == "messageFlow":
                drop(one)
                yield Change(key, f"Message flow {_called(one)}: left out; use the steps send and feedback")
            elif one.localName == "participant" and one.getAttribute("processRef") != process.getAttribute("id"):
                drop(one)
                yield Change(key, f"Pool {_called(one)}: left out; other parties are not run")


def _taken(process: Element) -> Iterator[Change]:
    for one in kids(process):
        what, key = str(one.localName), one.getAttribute("id")
        definitions = [inner for inner in kids(one) if str(inner.localName).endswith("EventDefinition")]
        if what in _BECOMES:
            kind, step, words = _BECOMES[what]
            _retag(one, kind)
            if step:
                _own(one, "step", step)
            yield Change(key, f"{_called(one)}: was a {what}; {words}")
        elif what == "startEvent" and not definitions:
            put(one, _make(one, "messageEventDefinition"))
            yield Change(key, f"{_called(one)}: begins when an interaction arrives")
        elif what == "endEvent":
            for inner in definitions:
                drop(inner)
                yield Change(key, f"{_called(one)}: is a plain end; {inner.localName} was left out")


def _retag(one: Element, kind: str) -> None:
    """What was one kind of box is another: the name is all that changes."""
    document = one.ownerDocument
    assert document is not None
    document.renameNode(one, BPMN, f"{one.prefix}:{kind}" if one.prefix else kind)


def _own(one: Element, key: str, value: str) -> None:
    if not one.hasAttributeNS(OURS, key):
        one.setAttribute("xmlns:arm", OURS)
        one.setAttributeNS(OURS, f"arm:{key}", value)


def _make(near: Element, name: str) -> Element:
    document = near.ownerDocument
    assert document is not None
    return document.createElementNS(BPMN, f"{near.prefix}:{name}" if near.prefix else name)


def _lanes(process: Element) -> Iterator[Change]:
    boxes = {one.getAttribute("id"): one for one in _boxes(process)}
    sets = list(kids(process, "laneSet"))
    if not boxes:
        return
    if not any(True for one in sets for _ in kids(one, "lane")):
        yield _one_lane(process, sets, boxes)
        return
    for one in sets:
        for lane in list(kids(one, "lane")):
            yield from _flattened(one, lane)
    held = {text_of(ref): lane for one in sets for lane in kids(one, "lane") for ref in kids(lane, "flowNodeRef")}
    for key, box in boxes.items():
        host = held.get(box.getAttribute("attachedToRef"))
        if key not in held and host is not None:
            _hold(host, key)
            yield Change(key, f"{_called(box)}: stands in the lane of the box it sits on")


def _hold(lane: Element, key: str) -> None:
    ref = _make(lane, "flowNodeRef")
    document = lane.ownerDocument
    assert document is not None
    ref.appendChild(document.createTextNode(key))
    put(lane, ref)


def _one_lane(process: Element, sets: Iterable[Element], boxes: Iterable[str]) -> Change:
    for empty in sets:
        drop(empty)
    lanes, lane = _make(process, "laneSet"), _make(process, "lane")
    taken = {one.getAttribute("id") for one in everything(process)}
    for one, begin in ((lanes, "Lanes"), (lane, "Lane_Everybody")):
        one.setAttribute("id", next(k for n in range(len(taken) + 2) if (k := f"{begin}{n or ''}") not in taken))
    lane.setAttribute("name", "Everybody")
    put(process, lanes, next(kids(process), None))
    put(lanes, lane)
    for key in boxes:
        _hold(lane, key)
    words = "The file has no lanes: all boxes stand in one, Everybody; say which team it is"
    return Change(lane.getAttribute("id"), words)


def _flattened(lanes: Element, lane: Element) -> Iterator[Change]:
    """Only the innermost lanes are lanes; the boxes that stand right in an outer one stay in a lane of its name."""
    inner = [one for one in everything(lane) if one is not lane and one.localName == "lane"]
    leaves = [one for one in inner if not any(True for _ in kids(one, "childLaneSet"))]
    if not leaves:
        return
    there = {text_of(ref) for leaf in leaves for ref in kids(leaf, "flowNodeRef")}
    for ref in list(kids(lane, "flowNodeRef")):
        if text_of(ref) in there:
            drop(ref)
    for leaf in leaves:
        drop(leaf)
        put(lanes, leaf, lane)
    for child in list(kids(lane, "childLaneSet")):
        drop(child)
    if not any(True for _ in kids(lane, "flowNodeRef")):
        drop(lane)
    names = listed(quoted(_name(leaf.getAttribute("name"))) for leaf in leaves)
    yield Change(lane.getAttribute("id"), f"Lane {_called(lane)}: the lanes inside it stand by themselves: {names}")


def _forget_pictures(root: Element) -> None:
    """Shapes and lines of what was left out, so that nothing is drawn that is not there."""
    there = {one.getAttribute("id") for one in everything(root)}
    process = next(kids(root, "process"))
    for plane in [one for one in everything(root) if one.namespaceURI == BPMNDI and one.localName == "BPMNPlane"]:
        for drawn in kids(plane, namespace=BPMNDI):
            if drawn.getAttribute("bpmnElement") not in there:
                drop(drawn)
        if plane.getAttribute("bpmnElement") not in there:
            plane.setAttribute("bpmnElement", process.getAttribute("id"))
