"""The map as one SVG picture, for reading only: lists, e-mails, print, a judgement's way through it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from armature.arm.process_map import Bounds, Element, ProcessMap

_HEAD = 30


@dataclass(frozen=True, slots=True)
class Note:
    """A number on the picture: its ``text``, the ``link`` behind it, what it is in words, a class to colour it."""

    text: str
    link: str
    told: str
    kind: str = ""


def draw(
    process: ProcessMap,
    marks: Mapping[str, str] | None = None,
    passed: Collection[str] = (),
    more: Mapping[str, str] | None = None,
    notes: Mapping[str, Sequence[Note]] | None = None,
) -> str:
    """An ``<svg>`` element from the coordinates stored in the map; elements without any are left out.

    ``marks`` puts a short text (a count, a finding's number) on an element or an arrow. ``passed`` elements, and the
    arrows between them, carry the class ``passed``; ``more`` gives elements and arrows further classes. Colours are
    left to the page: lines use ``currentColor``, and each group has the element's id in ``data-element``. ``notes``
    are several short texts on an element or arrow, each a link: the first at its upper right corner, others below it.
    It is as large as it was drawn.
    """
    boxes = process.shapes.values()
    left, top = min((box.x for box in boxes), default=0), min((box.y for box in boxes), default=0)
    right = max((box.x + box.width for box in boxes), default=0)
    bottom = max((box.y + box.height for box in boxes), default=0)
    role = "group" if notes else "img"
    wide, high = f"{right - left + 10:g}", f"{bottom - top + 10:g}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left - 5:g} {top - 5:g} {wide} {high}" '
        f'width="{wide}" height="{high}" role="{role}" class="map" fill="none" '
        'stroke="currentColor" stroke-width="1.5" font-family="sans-serif" font-size="12">',
        f"<title>{escape(process.name)}</title>",
        '<defs><marker id="map-arrow" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="12" markerHeight="12" '
        'markerUnits="userSpaceOnUse" '
        'orient="auto"><path d="M0 1 10 5 0 9z" fill="currentColor" stroke="none"/></marker></defs>',
        *_lanes(process),
        *_arrows(process, passed, more or {}),
        *_elements(process, passed, more or {}),
        *(_mark(box, text) for key, text in (marks or {}).items() if (box := _place(process, key))),
        *(_noted(box, some) for key, some in (notes or {}).items() if (box := _place(process, key))),
        "</svg>",
    ]
    return "\n".join(parts)


def _text(x: float, y: float, lines: Iterable[str], more: str = "") -> str:
    """Lines of text centred on a point."""
    rows = list(lines)
    first = y - 7 * (len(rows) - 1) + 4
    spans = "".join(f'<tspan x="{x:g}" y="{first + 14 * n:g}">{escape(row)}</tspan>' for n, row in enumerate(rows))
    return f'<text text-anchor="middle" fill="currentColor" stroke="none" {more}>{spans}</text>'


def _rectangle(box: Bounds, more: str = "") -> str:
    return f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" {more}/>'


def _lanes(process: ProcessMap) -> Iterator[str]:
    named = [(process.pool, process.name), *((lane.id, lane.name) for lane in process.lanes)]
    for key, name in named:
        if box := process.shapes.get(key):
            x, y = box.x + _HEAD / 2, box.y + box.height / 2
            title = _text(x, y, [name], f'transform="rotate(-90 {x:g} {y:g})"')
            yield f'<g class="lane" data-element="{escape(key)}">{_rectangle(box)}{title}</g>'


def _place(process: ProcessMap, key: str) -> Bounds | None:
    """Where the mark of an element or an arrow goes: its upper right corner."""
    points = process.lines.get(key)
    if not points:
        return process.shapes.get(key)
    (x, y), (next_x, next_y) = points[len(points) // 2 - 1 : len(points) // 2 + 1]
    return Bounds((x + next_x) / 2, (y + next_y) / 2, 0, 0)


def _arrows(process: ProcessMap, passed: Collection[str], more: Mapping[str, str]) -> Iterator[str]:
    defaults = {element.default for element in process.elements.values()}
    for arrow in process.arrows:
        points = process.lines.get(arrow.id)
        if not points:
            continue
        kind = "arrow passed" if arrow.source in passed and arrow.target in passed else "arrow"
        kind = f"{kind} {more[arrow.id]}" if arrow.id in more else kind
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        line = f'<polyline points="{path}" marker-end="url(#map-arrow)"/>'
        label = process.labels.get(arrow.id)
        name = _label(label, arrow.name) if label and arrow.name else ""
        slash = _slash(*points[:2]) if arrow.id in defaults else ""
        yield f'<g class="{kind}" data-element="{escape(arrow.id)}">{line}{slash}{name}</g>'


def _slash(start: tuple[float, float], to: tuple[float, float]) -> str:
    """The short stroke that marks a default arrow."""
    along_x, along_y = (to[0] > start[0]) - (to[0] < start[0]), (to[1] > start[1]) - (to[1] < start[1])
    x, y = start[0] + 10 * along_x, start[1] + 10 * along_y
    return f'<path d="M{x - 4:g} {y - 4:g} {x + 4:g} {y + 4:g}"/>'


def _label(box: Bounds, name: str) -> str:
    lines = wrap(name, 1 + int(box.width / 5), break_long_words=False)
    return _text(box.x + box.width / 2, box.y + box.height / 2, lines, 'font-size="11"')


def _elements(process: ProcessMap, passed: Collection[str], more: Mapping[str, str]) -> Iterator[str]:
    for key, element in process.elements.items():
        box = process.shapes.get(key)
        if box is None:
            continue
        kind = f"{element.kind} passed" if key in passed else element.kind
        kind = f"{kind} {more[key]}" if key in more else kind
        label = process.labels.get(key) or Bounds(box.x - 30, box.y + box.height + 2, box.width + 60, 14)
        name = "" if element.kind.endswith("Task") else _label(label, element.name)
        title = f"<title>{escape(element.name)}</title>"
        yield f'<g class="{kind}" data-element="{escape(key)}">{title}{_shape(element, box)}{name}</g>'


def _mark(box: Bounds, text: str) -> str:
    return f'<g class="mark">{_badge(box.x + box.width, box.y, text)}</g>'


def _badge(x: float, y: float, text: str) -> str:
    width = 12 + 7 * len(text)
    back = _rectangle(Bounds(x - width / 2, y - 9, width, 18), 'rx="9" fill="canvas"')
    return f"{back}{_text(x, y, [text])}"


def _noted(box: Bounds, notes: Sequence[Note]) -> str:
    parts = []
    for number, note in enumerate(notes):
        middle, below = box.x + box.width / 2, box.y + box.height + 20 * number - 4
        place = (middle, below) if number else (box.x + box.width, box.y)
        badge = _badge(*place, note.text)
        told = f"<title>{escape(note.told)}</title>"
        parts.append(
            f'<a href="{escape(note.link)}" class="mark {note.kind}" aria-label="{escape(note.told)}">{told}{badge}</a>'
        )
    return "".join(parts)


def _shape(element: Element, box: Bounds) -> str:
    x, y, half = box.x + box.width / 2, box.y + box.height / 2, box.width / 2
    if element.kind.endswith("Task"):
        name = _text(x, y + 4, wrap(element.name, max(8, int(box.width / 7.5)), break_long_words=False))
        return _rectangle(box, 'rx="10" fill="canvas"') + _ICONS[element.kind].format(x=box.x + 6, y=box.y + 6) + name
    if element.kind == "exclusiveGateway":
        corners = f"{x:g},{box.y:g} {box.x + box.width:g},{y:g} {x:g},{box.y + box.height:g} {box.x:g},{y:g}"
        cross = f"M{x - 7:g} {y - 8:g} {x + 7:g} {y + 8:g}M{x + 7:g} {y - 8:g} {x - 7:g} {y + 8:g}"
        return f'<polygon points="{corners}" fill="canvas"/><path d="{cross}" stroke-width="3"/>'
    width = 4 if element.kind == "endEvent" else 1.5
    circle = f'<circle cx="{x:g}" cy="{y:g}" r="{half:g}" fill="canvas" stroke-width="{width}"'
    if element.kind != "boundaryEvent":
        envelope = f"M{x - 8:g} {y - 5:g}h16v11h-16zl8 6 8-6" if element.message else ""
        return f'{circle}/><path d="{envelope}"/>'
    dashes = "" if element.interrupts else ' stroke-dasharray="4 3"'
    clock = f'<circle cx="{x:g}" cy="{y:g}" r="{half - 3:g}"{dashes}/><path d="M{x:g} {y - 8:g}v8l5 3"/>'
    return f"{circle}{dashes}/>{clock}"


_ICONS = {
    "userTask": '<circle cx="{x:g}" cy="{y:g}" r="4" transform="translate(6 5)"/>'
    '<path d="M{x:g} {y:g}m-1 17c0-9 14-9 14 0z"/>',
    "serviceTask": '<circle cx="{x:g}" cy="{y:g}" r="5" transform="translate(6 7)" stroke-width="3" '
    'stroke-dasharray="2.6 1.3"/>',
    "businessRuleTask": '<path d="M{x:g} {y:g}h16v12h-16zm0 4h16m-11 0v8m-5-4h16"/>',
}
