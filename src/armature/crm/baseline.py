"""The map and the tables that ship, as files of the core; read here because the core reads no files."""

from functools import cache
from importlib import resources

from armature.arm.process_map import Plan, compile_plan

TABLES = ("who_judges", "business_rules", "action_details")


def files() -> tuple[bytes, dict[str, bytes]]:
    """The drawing, and the tables by key."""
    folder = resources.files("armature.arm") / "baseline"
    return (folder / "reactive.bpmn").read_bytes(), {key: (folder / f"{key}.json").read_bytes() for key in TABLES}


@cache
def load_plan() -> Plan:
    """The baseline ready to run."""
    xml, tables = files()
    return compile_plan(xml, tables)
