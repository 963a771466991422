"""The wheel: all of the package is in it, data files too, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
DATA = ["web/templates/page.html", "web/static/style.css", "maps/baseline.bpmn", "tables/first.json", "reader/v1.npz"]


def test_the_wheel_holds_every_file_of_the_package_and_its_data(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(TOP / name, tmp_path)
    shutil.copytree(TOP / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    package = tmp_path / "src" / "armature"
    for name in DATA:
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_bytes(b"\x93data")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {str(path.relative_to(package.parent)) for path in package.rglob("*") if path.is_file()}
    assert inside == expected
