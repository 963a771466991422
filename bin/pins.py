"""Write requirements/run.txt and requirements/test.txt: exact versions, and the hashes of all files that fit.

pip resolves and lists the files, so whatever index this machine is set up with is asked, and none is written down.
"""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pip._internal.commands.install import InstallCommand
from pip._internal.index.package_finder import LinkType, PackageFinder
from pip._internal.models.link import Link
from pip._vendor.packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename

TOP = Path(__file__).resolve().parent.parent
FOLDER = TOP / "requirements"
EDITABLE = ["editables"]  # what hatchling asks for besides itself to install a checkout
PYTHONS = {"py3", "cp311", "cp312", "cp313", "cp314"}
PLATFORM = re.compile(r"any|manylinux.*_(x86_64|aarch64)|linux_(x86_64|aarch64)|macosx_.*_(x86_64|arm64|universal2)")
HEAD = "# Made by bin/pin from pyproject.toml. Change that file, then run bin/pin.\n"


class AnyFile:
    """In place of pip's own judge, which only lets pass what fits this machine."""

    def __init__(self, name: str) -> None:
        self.project_name = canonicalize_name(name)

    def evaluate_link(self, link: Link) -> tuple[LinkType, str]:
        try:
            version = version_for_us(link.filename, self.project_name)
        except ValueError:  # an old kind of file
            version = None
        if version is None or link.is_yanked or link.hash_name != "sha256":
            return LinkType.different_project, "not for us"
        return LinkType.candidate, version


def version_for_us(filename: str, name: str) -> str | None:
    """The version, if the file is the source or a wheel for a Python and a system that Armature runs on."""
    if not filename.endswith(".whl"):
        found, version = parse_sdist_filename(filename)
        return str(version) if found == name else None
    found, version, _, tags = parse_wheel_filename(filename)
    fits = any(
        (tag.interpreter in PYTHONS or tag.abi == "abi3")
        and not tag.abi.endswith("t")
        and PLATFORM.fullmatch(tag.platform)
        for tag in tags
    )
    return str(version) if found == name and fits else None


def resolve(requirements: Iterable[str], constraints: Iterable[str]) -> dict[str, str]:
    """Exact versions of `requirements` and all they need, by name."""
    with tempfile.TemporaryDirectory() as scratch:
        wanted, limits = Path(scratch) / "wanted.txt", Path(scratch) / "limits.txt"
        report = Path(scratch) / "report.json"
        wanted.write_text("\n".join(requirements))
        limits.write_text("\n".join(constraints))
        command = [sys.executable, "-m", "pip", "install", "-qq", "--dry-run", "--ignore-installed"]
        subprocess.run(
            [*command, "--report", str(report), "-r", str(wanted), "-c", str(limits)], check=True, cwd=scratch
        )
        found: dict[str, Any] = json.loads(report.read_text())
    metadata = [each["metadata"] for each in found["install"]]
    return {canonicalize_name(each["name"]): each["version"] for each in metadata}


def hashes(finder: PackageFinder, name: str, version: str) -> list[str]:
    """The hashes of all files of one version that Armature may be installed from."""
    found = {each.link.hash for each in finder.find_all_candidates(name) if str(each.version) == version}
    if not found:
        sys.exit(f"The index gives no file with a hash for {name} {version}.")
    return sorted(each for each in found if each)


def lines(pins: dict[str, str], finder: PackageFinder) -> Iterable[str]:
    yield HEAD
    for name, version in sorted(pins.items()):
        marks = "".join(f" \\\n    --hash=sha256:{each}" for each in hashes(finder, name, version))
        yield f"{name}=={version}{marks}\n"


def pinned() -> list[str]:
    """What requirements/test.txt holds now, as constraints."""
    present = FOLDER / "test.txt"
    return re.findall(r"^[\w.-]+==[^\s\\]+", present.read_text(), re.MULTILINE) if present.exists() else []


def main(upgrade: bool) -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text())
    run = [*project["project"]["dependencies"], *project["build-system"]["requires"], *EDITABLE]
    test = [*run, *project["project"]["optional-dependencies"]["dev"]]
    for_tests = resolve(test, [] if upgrade else pinned())
    for_runs = resolve(run, [f"{name}=={version}" for name, version in for_tests.items()])
    pip = InstallCommand("install", "")
    options, _ = pip.parse_args([])
    logging.disable(logging.WARNING)
    with pip.main_context():
        finder = pip._build_package_finder(options, pip._build_session(options))
        finder.make_link_evaluator = AnyFile  # type: ignore[method-assign, assignment]
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / "run.txt").write_text("".join(lines(for_runs, finder)))
        (FOLDER / "test.txt").write_text("".join(lines(for_tests, finder)))


if __name__ == "__main__":
    main(upgrade="--upgrade" in sys.argv[1:])
