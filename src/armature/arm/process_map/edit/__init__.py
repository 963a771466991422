"""Drawing a map without a canvas: pure changes of its XML, in which everything else of the file stays as it was."""

from armature.arm.process_map.edit.arrows import (
    add_arrow,
    condition,
    default,
    lead,
    name_arrow,
    take_out_arrow,
    written,
)
from armature.arm.process_map.edit.boxes import BINDINGS, NEW, add, bind, interrupt, rename, rename_map, take_out
from armature.arm.process_map.edit.carrying import carry_over
from armature.arm.process_map.edit.lanes import add_lane, change_lane, move, take_out_lane
from armature.arm.process_map.edit.tree import CannotDraw, Drawing

__all__ = [
    "BINDINGS",
    "NEW",
    "CannotDraw",
    "Drawing",
    "add",
    "add_arrow",
    "add_lane",
    "bind",
    "carry_over",
    "change_lane",
    "condition",
    "default",
    "interrupt",
    "lead",
    "move",
    "name_arrow",
    "rename",
    "rename_map",
    "take_out",
    "take_out_arrow",
    "take_out_lane",
    "written",
]
