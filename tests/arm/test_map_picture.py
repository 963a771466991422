"""The map drawn as SVG."""

from xml.etree.ElementTree import fromstring

from arm.cast import MAP, PLAN
from armature.arm import ProcessMap, draw, parse

SVG = "{http://www.w3.org/2000/svg}"


def test_every_element_and_arrow_and_lane_is_in_the_picture() -> None:
    drawn = {group.get("data-element") for group in fromstring(draw(PLAN.process)).iter(f"{SVG}g")}
    process = PLAN.process
    assert drawn >= {*process.elements, *(arrow.id for arrow in process.arrows), *(lane.id for lane in process.lanes)}


def test_names_are_text_and_never_markup() -> None:
    process, _ = parse(MAP.replace(b'name="Judge intent"', b'name="&lt;script&gt;x&lt;/script&gt;&quot;"'))
    svg = draw(process, {"Judge": "<b>"})
    assert "<script" not in svg
    assert "<b>" not in svg
    assert "".join(fromstring(svg).itertext()).count("<script>x") >= 1


def test_counts_and_the_way_taken_are_marked() -> None:
    svg = fromstring(draw(PLAN.process, {"Micro": "12", "gone": "3"}, ("Received", "Where")))
    classes = {group.get("data-element"): group.get("class") for group in svg.iter(f"{SVG}g")}
    assert classes["Where"] == "serviceTask passed"
    assert classes["f_received"] == "arrow passed"
    assert classes["f_where"] == "arrow"
    marks = [group for group in svg.iter(f"{SVG}g") if group.get("class") == "mark"]
    assert ["".join(mark.itertext()) for mark in marks] == ["12"]


def test_a_map_without_coordinates_is_an_empty_picture() -> None:
    assert fromstring(draw(ProcessMap("Empty"))).findall(f"{SVG}g") == []


def test_the_picture_carries_no_style_that_a_strict_page_would_refuse() -> None:
    assert "style=" not in draw(PLAN.process)
