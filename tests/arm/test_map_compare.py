"""What is different between two wordings of a map is told, and nothing but that."""

from arm.cast import MAP
from armature.arm import parse
from armature.arm.process_map import edit
from armature.arm.process_map.compare import Change, Difference, compare
from armature.arm.process_map.edit import Drawing


def _differences(drawing: Drawing) -> list[Difference]:
    return compare(parse(MAP)[0], drawing.map)


def test_a_map_does_not_differ_from_itself_however_it_is_laid_out() -> None:
    moved = MAP.replace(b'<dc:Bounds x="295"', b'<dc:Bounds x="305"')
    assert moved != MAP
    assert compare(parse(MAP)[0], parse(moved)[0]) == []


def test_what_was_added_taken_out_and_changed_is_told_both_ways() -> None:
    drawing = Drawing(MAP)
    key = edit.add(drawing, "serviceTask", "Note it", arrow="f_known")
    edit.rename(drawing, "Judge", "Say why")
    edit.move(drawing, "Judge", "Lane_Response")
    found = {(one.id, one.how): one for one in _differences(drawing)}
    assert found[key, "added"].called == "Note it"
    assert found["f_known", "changed"].changes == (Change("leads to", "Who judges?", "Note it"),)
    assert found["Judge", "changed"].changes == (
        Change("name", "Judge intent", "Say why"),
        Change("lane", "Evaluation team", "Response teams"),
    )
    back = compare(drawing.map, parse(MAP)[0])
    assert {(one.id, one.how) for one in back if one.what == "step"} >= {(key, "removed"), ("Judge", "changed")}


def test_a_condition_a_default_and_the_name_of_the_map_are_told() -> None:
    drawing = Drawing(MAP)
    edit.rename_map(drawing, "Ours")
    edit.condition(drawing, "f_none", "mode = internal")
    edit.default(drawing, "f_internal")
    changes = {(one.id, change.field, change.after) for one in _differences(drawing) for change in one.changes}
    assert changes >= {
        ("", "name", "Ours"), ("f_none", "condition", "mode = internal"), ("WhatNext", "default", "Act inside"),
    }  # fmt: skip
