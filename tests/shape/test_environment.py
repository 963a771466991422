"""bin/environment: says what is missing in words that can be followed, and installs only when something changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
KEPT = ("pyproject.toml", "requirements/run.txt", "requirements/test.txt")
# Stands for the Python of an environment: it notes what it was asked to do.
NOTING = '#!/bin/sh\necho "$@" >> "$(dirname "$0")/notes"\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The scripts in a checkout with a space in its path."""
    top = tmp_path / "my checkout"
    for name in (*KEPT, "bin/environment"):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TOP / name, top / name)
    return top


def prepare(checkout: Path, wanted: str, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(checkout / "bin" / "environment"), wanted],
        env={**os.environ, "PYTHON": python},
        cwd="/",
        capture_output=True,
        text=True,
    )


def script(path: Path, words: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words)
    path.chmod(0o755)
    return path


@pytest.fixture
def noting(checkout: Path) -> Path:
    """A checkout whose environment is there, with a Python that only notes; gives the notes."""
    script(checkout / ".venv" / "bin" / "python", NOTING)
    (checkout / ".venv" / "bin" / "activate").write_text(f"VIRTUAL_ENV={checkout.resolve()}/.venv\n")
    return checkout / ".venv" / "bin" / "notes"


def installs(notes: Path) -> list[str]:
    """The locks that were installed since the notes were last read."""
    found = [line.split("-r ")[1] for line in notes.read_text().splitlines() if "-r " in line] if notes.exists() else []
    notes.unlink(missing_ok=True)
    return found


def test_an_old_python_is_refused_with_what_to_install(checkout: Path, tmp_path: Path) -> None:
    old = script(tmp_path / "python3.9", "#!/bin/sh\nexit 1\n")
    done = prepare(checkout, "run", str(old))
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "apt install python3 python3-venv" in done.stderr


def test_a_python_without_venv_is_refused_with_the_package_that_brings_it(checkout: Path, tmp_path: Path) -> None:
    words = f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec "{sys.executable}" "$@"\n'
    done = prepare(checkout, "run", str(script(tmp_path / "python3", words)))
    assert done.returncode == 1
    assert f"apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_a_second_start_installs_nothing(checkout: Path, noting: Path) -> None:
    assert prepare(checkout, "run").returncode == 0
    assert installs(noting) == ["requirements/run.txt"]
    assert prepare(checkout, "run").returncode == 0
    assert installs(noting) == []


def test_what_the_tests_need_is_enough_for_a_run_but_not_the_other_way(checkout: Path, noting: Path) -> None:
    prepare(checkout, "run")
    prepare(checkout, "test")
    assert installs(noting) == ["requirements/run.txt", "requirements/test.txt"]
    prepare(checkout, "run")
    assert installs(noting) == []


@pytest.mark.parametrize("name", KEPT)
def test_a_changed_lock_is_installed_again(checkout: Path, noting: Path, name: str) -> None:
    prepare(checkout, "run")
    with (checkout / name).open("a") as changed:
        changed.write("\n")
    prepare(checkout, "run")
    assert len(installs(noting)) == 2


def test_an_installation_that_failed_is_tried_again(checkout: Path, noting: Path) -> None:
    script(checkout / ".venv" / "bin" / "python", NOTING + 'case "$*" in *pip*) exit 1;; esac\n')
    assert prepare(checkout, "run").returncode == 1
    script(checkout / ".venv" / "bin" / "python", NOTING)
    installs(noting)
    assert prepare(checkout, "run").returncode == 0
    assert installs(noting) == ["requirements/run.txt"]


def test_an_environment_that_was_moved_is_made_anew(checkout: Path, noting: Path) -> None:
    prepare(checkout, "run")
    moved = checkout.with_name("moved")
    checkout.rename(moved)
    (moved / "requirements" / "run.txt").write_text("")
    prepare(moved, "run")
    assert (moved / ".venv" / "pyvenv.cfg").exists(), "the old environment was kept"
