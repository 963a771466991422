"""The programs that read paper: tesseract and those of poppler, each in a process of its own within limits."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from math import ceil
from pathlib import Path

from django.utils.translation import gettext as _

PACKAGES = {"tesseract": "tesseract-ocr", "pdftoppm": "poppler-utils", "pdfinfo": "poppler-utils"}
"""Each program, and the package of Debian that has it."""
SECONDS = 60
MEMORY = 2_000_000_000
LARGEST = 100_000_000
"""Bytes of a file that a program may write."""
_LIMITED = str(Path(__file__).with_name("limited.py"))


class Missing(Exception):
    """A program or a language is not installed; the words say what to install."""


class Unreadable(Exception):
    """The program could make nothing of the file; the words say what it said."""


def missing(languages: str = "") -> str:
    """What must be installed before paper can be read (in these languages, ``eng+deu``); empty when all is there."""
    wanted = sorted({package for program, package in PACKAGES.items() if shutil.which(program) is None})
    if not wanted:
        lacking = [one for one in languages.split("+") if one and one not in _languages()]
        wanted = [f"tesseract-ocr-{one.replace('_', '-')}" for one in lacking]
    if not wanted:
        return ""
    return _("Paper cannot be read by machine here yet. Install: %s") % f"apt install {' '.join(wanted)}"


@cache
def _languages() -> frozenset[str]:
    said = run(["tesseract", "--list-langs"], seconds=10)
    return frozenset(said.decode(errors="replace").split("\n")[1:])


def run(command: Sequence[str], *, seconds: float = SECONDS, memory: int = MEMORY) -> bytes:
    """What a program writes to its output; raises ``Missing`` and ``Unreadable``."""
    program = shutil.which(command[0])
    if program is None:
        raise Missing(missing())
    limits = [str(memory), str(ceil(seconds)), str(LARGEST)]
    whole = [sys.executable, "-I", "-S", _LIMITED, *limits, program, *command[1:]]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603  the program is ours, its arguments are no shell's
            whole, stdin=subprocess.DEVNULL, stdout=out, stderr=said, start_new_session=True,
            env={"PATH": os.environ.get("PATH", ""), "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        try:
            code = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Unreadable(_("reading it takes longer than %s seconds") % seconds) from None
        finally:
            _end(process)
        for stream in (out, said):
            stream.seek(0)
        if code:
            words = said.read(2000).decode(errors="replace").strip().splitlines()
            raise Unreadable(words[-1][:200] if words else _("the program that reads it stopped"))
        return out.read(LARGEST)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Whatever still runs in the session of its own that it was given."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
