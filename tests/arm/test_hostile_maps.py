"""A file that is no map, or was made to do harm, is refused in words; nothing is raised or walked for ever."""

import pytest

from arm.cast import TABLES
from armature.arm.process_map import examine
from armature.arm.process_map.bpmn import MOST_ELEMENTS
from armature.arm.rule.finding import errors

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:arm="urn:armature:bpmn:1">'


def _map(inside: str) -> bytes:
    return f'{HEAD}<process id="P">{inside}</process></definitions>'.encode()


def _many(what: str, number: int) -> str:
    return "".join(what.format(n=n, next=(n + 1) % number) for n in range(number))


NEXT = '<sequenceFlow id="f{n}" sourceRef="a{n}" targetRef="a{next}"/>'
HOSTILE = {
    "nothing": b"",
    "no process": b"<a/>",
    "an empty process": _map(""),
    "a DTD": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "an entity that grows": b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><a>&c;</a>',
    "a file from elsewhere": b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    "ten megabytes": _map('<task id="a"/>' * 700_000),
    "ten thousand people's tasks": _map(_many('<userTask id="a{n}" name="x"/>', 10_000)),
    "ten thousand scripts": _map(_many('<scriptTask id="a{n}"/>', 10_000)),
    "a circle of people": _map(_many(f'<userTask id="a{{n}}" arm:form="intent"/>{NEXT}', 400)),
    "a circle of steps": _map(_many(f'<serviceTask id="a{{n}}" arm:step="where"/>{NEXT}', 400)),
    "a timer on itself": _map('<boundaryEvent id="a" attachedToRef="a" arm:after="1 day"/>'),
    "timers on each other": _map('<boundaryEvent id="a" attachedToRef="b"/><boundaryEvent id="b" attachedToRef="a"/>'),
    "boxes in boxes": _map("<subProcess>" * 30_000 + "</subProcess>" * 30_000),
    "a lane that names one box for ever": _map(
        f'<laneSet><lane id="l">{"<flowNodeRef>a</flowNodeRef>" * 50_000}</lane></laneSet><userTask id="a"/>'
    ),
    "letters that nobody knows": b'<?xml version="1.0" encoding="wat"?><a/>',
    "zeros": b"\x00" * 100,
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_refused_in_words(what: str) -> None:
    found = errors(examine(HOSTILE[what], TABLES))
    assert found and all(finding.words for finding in found)


def test_of_very_many_things_that_cannot_be_used_the_first_are_named_and_the_others_counted() -> None:
    found = examine(HOSTILE["ten thousand scripts"], TABLES)
    assert len(found) == MOST_ELEMENTS + 1
    assert "scriptTask cannot be used here" in found[0].words
    assert found[-1].words.startswith("9,500 more")
