"""A third party adds a kind of channel: a package of its own, installed beside ours, offered and passing the checks."""

import os
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "guestbook"
OFFERED = "from armature.crm.channels.registry import load; print(load().kinds['guestbook'].label, load().disabled)"


def _run(*words: str, beside: Path | None = None) -> str:
    environment = {**os.environ, "PYTHONPATH": str(beside or ""), "DJANGO_SETTINGS_MODULE": "armature.site.settings"}
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def test_the_example_is_installed_offered_and_passes_the_checks(tmp_path: Path) -> None:
    quiet = ("-m", "pip", "--disable-pip-version-check", "-q", "install", "--no-deps", "--no-build-isolation")
    _run(*quiet, "--target", str(tmp_path / "beside"), str(EXAMPLE))
    assert _run("-c", OFFERED, beside=tmp_path / "beside").strip() == "Guest book {}"
    said = _run("-m", "pytest", "-q", "-p", "no:cacheprovider", str(EXAMPLE / "tests"), beside=tmp_path / "beside")
    assert " passed" in said
    assert "failed" not in said
