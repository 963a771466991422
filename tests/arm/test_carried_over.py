"""A drawing tool writes the file anew: comments and extensions of other tools are put back as they stood."""

from armature.arm.process_map.edit import Drawing, carry_over

FILE = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D"><bpmn:process id="P">
{process}
</bpmn:process></bpmn:definitions>"""
TASK = '<bpmn:task id="A">{}<bpmn:incoming>x</bpmn:incoming></bpmn:task>'


def _carried(before: str, after: str) -> str:
    drawn = Drawing(FILE.format(process=after).encode())
    carry_over(Drawing(FILE.format(process=before).encode()), drawn)
    return "".join(drawn.write().decode().split())


def test_a_comment_stands_before_the_same_element_again() -> None:
    both = TASK.format("") + '<bpmn:task id="B"/>'
    assert '<!--why--><bpmn:taskid="B"' in _carried(TASK.format("") + '<!-- why --><bpmn:task id="B"/>', both)


def test_a_comment_inside_an_element_is_inside_it_again() -> None:
    assert "<!--why--></bpmn:task>" in _carried(TASK.format("<!-- why -->"), TASK.format(""))


def test_a_comment_that_is_still_there_is_not_put_twice() -> None:
    text = TASK.format("<!-- why -->")
    assert _carried(text, text).count("why") == 1


def test_a_comment_goes_with_what_it_stood_in() -> None:
    assert "why" not in _carried(TASK.format("<!-- why -->"), '<bpmn:task id="B"/>')


EXTENDED = '<bpmn:extensionElements><v:Sla v:hours="4">a<v:b/>c</v:Sla><v:sla hours="5"/></bpmn:extensionElements>'


def _extended(task: str, names: str = ' xmlns:v="urn:vendor"') -> str:
    return f'<bpmn:task id="A"{names}>{task}</bpmn:task>'


def test_extensions_of_other_tools_are_put_back_to_the_letter() -> None:
    bent = EXTENDED.replace("v:hours", "hours").replace("c</v:Sla>", "</v:Sla>")
    whole = "".join(EXTENDED.replace("/>", " />").split())
    for after in (_extended(bent), _extended("")):
        carried = _carried(_extended(EXTENDED), after)
        assert carried.count("</bpmn:extensionElements>") == 1
        assert whole.removeprefix("<bpmn:extensionElements>") in carried


def test_a_name_that_is_meant_otherwise_in_the_new_file_is_told_where_it_is_used() -> None:
    carried = _carried(_extended(EXTENDED), _extended(EXTENDED, ' xmlns:v="urn:another"'))
    assert '<bpmn:extensionElementsxmlns:v="urn:vendor">' in carried
