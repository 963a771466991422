"""A map held open for drawing: the tree of its XML, and what the map says as it now stands."""

from collections.abc import Iterator
from typing import Any
from xml.dom.minidom import Document, Element, Text
from xml.parsers.expat import ExpatError

from defusedxml import DefusedXmlException
from defusedxml.minidom import parseString

from armature.arm.process_map.bpmn import LARGEST, OURS, parse
from armature.arm.process_map.edit.writing import written
from armature.arm.process_map.records import ProcessMap

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
DEEPEST = 100
"""Elements inside each other."""
LONGEST = 200
"""Characters of a name or a text in a map."""


class CannotDraw(ValueError):
    """What was asked cannot be drawn; the words say why, for its author."""


def must_be_shallow(root: Element | None) -> None:
    """Raises ``CannotDraw`` for what nests deeper than any tool draws: it could not be copied."""
    todo = [(root, 0)] if root is not None else []
    while todo:
        one, depth = todo.pop()
        if depth > DEEPEST:
            raise CannotDraw(f"The map nests elements more than {DEEPEST} deep: draw it anew, or leave out what does")
        todo += [(inside, depth + 1) for inside in one.childNodes if isinstance(inside, Element)]


class Drawing:
    """One map, read from its file. Changes are made in place by the functions beside this class.

    Raises ``CannotDraw`` when the file is no BPMN with one process.
    """

    def __init__(self, xml: bytes) -> None:
        if len(xml) > LARGEST:
            raise CannotDraw("The map is too large to be drawn")
        try:
            self.document: Document = parseString(xml, forbid_dtd=True)
        except (DefusedXmlException, ExpatError, ValueError, LookupError) as fault:
            raise CannotDraw(f"The map is not readable XML: {str(fault)[:200]}") from fault
        root = self.document.documentElement
        must_be_shallow(root)
        found = list(kids(root, "process")) if root is not None else []
        if root is None or (root.namespaceURI, root.localName) != (BPMN, "definitions") or len(found) != 1:
            raise CannotDraw("The file must hold one BPMN 2.0 process")
        self.root, self.process = root, found[0]
        self._map: ProcessMap | None = None

    def write(self) -> bytes:
        """The file as it now stands."""
        return written(self.document)

    @property
    def map(self) -> ProcessMap:
        """What the map says as it now stands."""
        if self._map is None:
            self._map = parse(self.write())[0]
        return self._map

    def changed(self) -> None:
        """The tree was changed; called by whoever changes it."""
        self._map = None

    def element(self, key: str) -> Element:
        """A box by its id; raises ``CannotDraw``."""
        if key in self.map.elements:
            for one in kids(self.process):
                if one.getAttribute("id") == key and one.localName != "sequenceFlow":
                    return one
        raise CannotDraw(f'There is no step "{key[:60]}" in this map')

    def arrow(self, key: str) -> Element:
        """An arrow by its id; raises ``CannotDraw``."""
        if any(arrow.id == key for arrow in self.map.arrows):
            for one in kids(self.process, "sequenceFlow"):
                if one.getAttribute("id") == key:
                    return one
        raise CannotDraw(f'There is no arrow "{key[:60]}" in this map')

    def lane(self, key: str) -> Element:
        """A lane by its id; raises ``CannotDraw``."""
        for inside in kids(self.process, "laneSet"):
            for one in kids(inside, "lane"):
                if one.getAttribute("id") == key:
                    return one
        raise CannotDraw(f'There is no lane "{key[:60]}" in this map')

    def fresh(self, begin: str) -> str:
        """An id that nothing in the file has yet."""
        taken = {one.getAttribute("id") for one in everything(self.root)}
        return next(key for number in range(1, len(taken) + 2) if (key := f"{begin}{number}") not in taken)

    def make(self, name: str, namespace: str = BPMN, /, **given: str) -> Element:
        """A new element, with the prefix that the file uses for its namespace."""
        prefix = (self.process.prefix or "") if namespace == BPMN else self._prefix(namespace)
        one = self.document.createElementNS(namespace, f"{prefix}:{name}" if prefix else name)
        for key, value in given.items():
            one.setAttribute(key, value)
        return one

    def own(self, one: Element, key: str, value: str) -> None:
        """Set one of our attributes; take it away when the value is empty."""
        if one.hasAttributeNS(OURS, key):
            one.removeAttributeNS(OURS, key)
        if value := clean(value):
            one.setAttributeNS(OURS, f"{self._prefix(OURS)}:{key}", value)

    def _prefix(self, namespace: str) -> str:
        names = {name: value for name, value in _given(self.root) if name.startswith("xmlns:")}
        known = next((name for name, value in names.items() if value == namespace), "")
        if not known:
            begin = {OURS: "arm", DC: "dc", DI: "di", BPMNDI: "bpmndi"}.get(namespace, "ns")
            known = next(n for i in range(len(names) + 1) if (n := f"xmlns:{begin}{i or ''}") not in names)
            self.root.setAttribute(known, namespace)
        return known.removeprefix("xmlns:")

    def plane(self) -> Element | None:
        """Where the picture is kept; None when the file has none."""
        return next(
            (one for one in everything(self.root) if one.namespaceURI == BPMNDI and one.localName == "BPMNPlane"), None
        )

    def shape(self, key: str) -> Element | None:
        """What draws a box, a lane, the pool or an arrow."""
        plane = self.plane()
        drawn = kids(plane, namespace=BPMNDI) if plane is not None else ()
        return next((one for one in drawn if one.getAttribute("bpmnElement") == key), None)


def kids(parent: Element, name: str = "", namespace: str = BPMN) -> Iterator[Element]:
    """The children of an element in a namespace, all or those with a name."""
    for one in list(parent.childNodes):
        if isinstance(one, Element) and one.namespaceURI == namespace and name in ("", one.localName):
            yield one


def everything(root: Element) -> Iterator[Element]:
    """An element and all elements inside it."""
    todo = [root]
    while todo:
        one = todo.pop()
        yield one
        todo += [inside for inside in one.childNodes if isinstance(inside, Element)]


def _given(one: Any) -> list[tuple[str, str]]:
    return list(one.attributes.items())


def clean(text: str, most: int = LONGEST) -> str:
    """A text that XML can hold, in one line, not too long."""
    readable = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    return " ".join(readable.split())[:most].strip()


def put(parent: Element, one: Element, before: Element | None = None) -> None:
    """Put an element into another, on a line of its own: last, or before one that is there."""
    document, depth, above = parent.ownerDocument, 0, parent.parentNode
    assert document is not None
    while isinstance(above, Element):
        depth, above = depth + 1, above.parentNode
    line = document.createTextNode("\n" + "  " * (depth + 1))
    if before is not None:
        parent.insertBefore(one, before)
        parent.insertBefore(line, before)
        return
    last = parent.lastChild
    if isinstance(last, Text) and not last.data.strip():
        parent.removeChild(last)
    parent.appendChild(line)
    parent.appendChild(one)
    parent.appendChild(document.createTextNode("\n" + "  " * depth))


def drop(one: Element | None) -> None:
    """Take an element out of the file, with the white space before it."""
    parent = one.parentNode if one is not None else None
    if one is None or parent is None:
        return
    space = one.previousSibling
    if isinstance(parent, Element) and isinstance(space, Text) and not space.data.strip():
        parent.removeChild(space)
    parent.removeChild(one)


def text_of(one: Element) -> str:
    """The text in an element."""
    return "".join(str(part.nodeValue or "") for part in one.childNodes if part.nodeType in (3, 4)).strip()
