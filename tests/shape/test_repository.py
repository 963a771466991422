"""What must hold for the repository as a whole: no addresses or machine paths, the licence, sizes, a stage for all."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).resolve().parents[2]
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LOCKS = ["requirements/run.txt", "requirements/test.txt"]
CANVAS_LOCK = "requirements/canvas/package-lock.json"
CANVAS = TOP / "src/armature/crm/web/static/web/vendor/bpmn-js"
PACKAGE_HOSTS = r"pypi\.org|pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|crates\.io|deb\.debian\.org"
HOME_OF_SOMEBODY = r"(?:(?<![\w.:/~-])|file://)/(?:root|work|Users/\w+|home/\w+|opt/\w+)/[\w.]"


def tracked() -> list[Path]:
    """All files of the repository that git keeps or would keep."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True).stdout.split("\0")
    return [TOP / name for name in names if name and (TOP / name).is_file()]


def lines(path: Path) -> list[str]:
    """The lines of a text; none of a binary file."""
    try:
        return path.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        return []


def named(path: Path) -> str:
    return str(path.relative_to(TOP))


def found(pattern: str, paths: list[Path]) -> list[str]:
    """Where the pattern stands, as `file:line: text`."""
    search = re.compile(pattern).search
    return [
        f"{named(path)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(lines(path), 1)
        if search(line)
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_no_address(lock: str) -> None:
    allowed = r"^#|^$|^[a-z0-9-]+==[\w.!+]+ \\$|^    --hash=sha256:[0-9a-f]{64}( \\)?$"
    wrong = [line for line in lines(TOP / lock) if not re.match(allowed, line)]
    assert not wrong, f"{lock} holds more than versions and hashes; make it with bin/pin: {wrong[:5]}"


def test_no_file_names_a_host_that_packages_come_from() -> None:
    wrong = found(rf"://[\w.-]*(?:{PACKAGE_HOSTS})", [path for path in tracked() if path.suffix != ".md"])
    assert not wrong, f"leave it to each machine where its packages come from: {wrong}"


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    wrong = found(HOME_OF_SOMEBODY, tracked())
    assert not wrong, f"use a path relative to the repository, or a temporary folder: {wrong}"


@pytest.mark.parametrize("line", ["cd |root|x", '"|home|ann|y"', "see |Users|ann|notes", "file:|||opt|packages|x"])
def test_the_search_for_machine_paths_finds_one(line: str) -> None:
    assert re.search(HOME_OF_SOMEBODY, line.replace("|", "/"))


@pytest.mark.parametrize("line", ["https:||example.org|work|x", "src|root|x", "|usr|bin|python3", "~|work|x"])
def test_the_search_for_machine_paths_leaves_addresses_and_system_paths(line: str) -> None:
    assert not re.search(HOME_OF_SOMEBODY, line.replace("|", "/"))


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (TOP / lock).read_text(), re.MULTILINE))


def wanted() -> dict[str, list[str]]:
    """What pyproject.toml asks for, by the lock that must hold it."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text())
    run = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    return {LOCKS[0]: run, LOCKS[1]: [*run, *project["project"]["optional-dependencies"]["dev"]]}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_satisfies_what_the_project_asks_for(lock: str) -> None:
    have = pins(lock)
    requirements = [Requirement(each) for each in wanted()[lock]]
    missing = [str(each) for each in requirements if have.get(canonicalize_name(each.name), "0") not in each.specifier]
    assert not missing, f"{lock} does not satisfy {missing}: run bin/pin"


def test_tests_run_with_the_versions_that_users_run() -> None:
    run, test = (pins(lock) for lock in LOCKS)
    differ = {name: (version, test.get(name)) for name, version in run.items() if test.get(name) != version}
    assert not differ, f"run bin/pin, which makes both at once: {differ}"


def test_the_licence_is_apache_2() -> None:
    assert tomllib.loads((TOP / "pyproject.toml").read_text())["project"]["license"] == "Apache-2.0"
    text = (TOP / "LICENSE").read_text()
    assert re.match(r"\s+Apache License\s+Version 2\.0, January 2004\s", text), "LICENSE is not Apache 2.0"
    assert "END OF TERMS AND CONDITIONS" in text, "LICENSE is cut short"


def sources() -> list[Path]:
    """Our Python: the package and the scripts; what Django writes (migrations) is not held to sizes."""
    ours = [path for path in tracked() if path.suffix == ".py" and "migrations" not in path.parts]
    return [path for path in ours if path.relative_to(TOP).parts[0] in {"src", "bin", "bench"}]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function with its number of lines, without decorators."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            yield f"{named(path)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def test_no_source_file_is_too_long_to_read_at_once() -> None:
    long = {named(path): len(lines(path)) for path in sources() if len(lines(path)) > LONGEST_FILE}
    assert not long, f"split by what the parts are about; at most {LONGEST_FILE} lines: {long}"


def test_no_function_is_too_long_to_see_at_once() -> None:
    long = {name: size for path in sources() for name, size in functions(path) if size > LONGEST_FUNCTION}
    assert not long, f"name its steps as functions; at most {LONGEST_FUNCTION} lines: {long}"


def test_every_script_can_be_run() -> None:
    scripts = [path for path in tracked() if path.parent.name in {"bin", ".ci"} and path.suffix == ""]
    assert scripts
    wrong = [named(path) for path in scripts if not os.access(path, os.X_OK) or not lines(path)[0].startswith("#!")]
    assert not wrong, f"needs a first line `#!/bin/sh` and chmod +x: {wrong}"


def _stages() -> ModuleType:
    sys.path.insert(0, str(TOP / "bin"))
    try:
        spec = importlib.util.spec_from_file_location("stages", TOP / "bin" / "stages.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["stages"] = module  # dataclasses look their module up
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(TOP / "bin"))
    return module


def test_every_test_is_in_a_stage() -> None:
    in_stages = {folder for stage in _stages().STAGES for folder in stage.tests}
    tests = [path.relative_to(TOP) for path in tracked() if path.name.startswith("test_") and path.suffix == ".py"]
    examples = [each for each in tests if each.parts[0] == "examples"]  # run by tests/site/test_example_channel.py
    lost = [str(each) for each in tests if "/".join(each.parts[:2]) not in in_stages and each not in examples]
    assert not lost, f"bin/stages.py runs none of these: {lost}"


def test_the_lock_of_the_canvas_holds_versions_and_hashes_and_no_address() -> None:
    packages = json.loads((TOP / CANVAS_LOCK).read_text())["packages"]
    wrong = [name for name, one in packages.items() if name and ("resolved" in one or "integrity" not in one)]
    assert not wrong, f"{CANVAS_LOCK} holds no hash, or an address; make it with bin/canvas --pin: {wrong}"
    assert not found("://", [TOP / CANVAS_LOCK])


def test_the_files_of_the_canvas_are_those_that_were_taken_from_what_the_lock_pins() -> None:
    sums = dict(reversed(line.split("  ")) for line in lines(CANVAS / "SHA256SUMS"))
    there = {str(path.relative_to(CANVAS)) for path in CANVAS.rglob("*") if path.is_file()} - {"SHA256SUMS"}
    assert sums.keys() == there
    changed = [name for name in sums if sha256((CANVAS / name).read_bytes()).hexdigest() != sums[name]]
    assert not changed, f"take them again with bin/canvas: {changed}"
    pinned = json.loads((TOP / CANVAS_LOCK).read_text())["packages"]["node_modules/bpmn-js"]["version"]
    assert f"bpmn-modeler v{pinned} " in (CANVAS / "bpmn-modeler.production.min.js").read_text()[:200]
    assert f"bpmn-js {pinned}," in (TOP / "NOTICE").read_text()
    assert "watermark" in (CANVAS / "LICENSE").read_text()
