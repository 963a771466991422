"""A drawing tool that writes the file anew drops its comments: they are put back beside what they stood at."""

from armature.arm.process_map.edit import Drawing, carry_comments

FILE = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D"><bpmn:process id="P">
{process}
</bpmn:process></bpmn:definitions>"""
TASK = '<bpmn:task id="A">{}<bpmn:incoming>x</bpmn:incoming></bpmn:task>'


def _carried(before: str, after: str) -> str:
    drawn = Drawing(FILE.format(process=after).encode())
    carry_comments(Drawing(FILE.format(process=before).encode()), drawn)
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
