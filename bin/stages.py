"""The stages of bin/test: run in this order, up to the first that fails; then a summary with the minutes of each."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import debian

TOP = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
POSTGRES_15 = "/usr/lib/postgresql/15"


@dataclass(frozen=True)
class Stage:
    """Commands of the environment, then test folders or files for pytest; Debian packages that both need.

    ``at_once`` so many of pytest's workers share the tests, one after the other, or whole files when ``by_file``.
    What is ``by_hand`` runs only when it is named.
    """

    name: str
    commands: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    on_postgres_15: bool = False
    at_once: int = 1
    by_file: bool = False
    by_hand: bool = False


DATABASE = ("tests/crm", "tests/channels", "tests/platforms", "tests/site", "tests/web")
SPEAK_SQL = (
    "at_once", "audit", "back_search", "budgets", "claims", "counts", "heard", "leases", "loop", "newest", "outbox",
    "recognise", "revisions", "statements", "threads", "waits",
)  # fmt: skip
OLDEST = tuple(f"tests/crm/test_{name}.py" for name in SPEAK_SQL)
"""What is closest to the database; all else runs on the embedded server only, for time."""
PAPER = ("tesseract-ocr", "tesseract-ocr-deu", "poppler-utils", "fonts-dejavu-core")
"""What reads and sets letters."""
STAGES = (
    Stage("lint", ("ruff check .", "ruff format --check .")),
    Stage("types", ("mypy",)),
    Stage("contracts", ("lint-imports",)),
    Stage("core", tests=("tests/arm", "tests/shape"), at_once=2),
    Stage("database", tests=DATABASE, at_once=2),
    Stage("database15", tests=OLDEST, needs=("postgresql-15",), on_postgres_15=True),
    Stage("postgres", tests=("tests/postgres",), needs=("postgresql-15",)),
    Stage("mail", tests=("tests/mail",), needs=("postfix", "dovecot-imapd", "dovecot-lmtpd")),
    Stage("sms", tests=("tests/sms",), needs=("kannel", "kannel-extras")),
    Stage("social", tests=("tests/social",), needs=("apt-get", "dpkg-deb")),
    Stage("blog", tests=("tests/blog",), needs=("wordpress", "mariadb-server", "php-cli", "php-mysql", "php-xml")),
    Stage("chat", tests=("tests/chat",)),
    Stage("letters", tests=("tests/letters",), needs=PAPER),
    Stage(
        "journeys",
        tests=("tests/journeys",),
        needs=("chromium", "postfix", "dovecot-imapd", "dovecot-lmtpd", *PAPER),
        at_once=3,
        by_file=True,
    ),
    Stage("bluesky", tests=("tests/bluesky",), needs=("redis-server", "g++", "make"), by_hand=True),
)
WHOLE = [stage for stage in STAGES if not stage.by_hand]
NAMES = [stage.name for stage in STAGES]
LANES = (("postgres", "mail", "sms", "letters", "database15"), ("social", "chat", "blog"))
"""What waits more than it works: in a whole run each lane goes on beside the stages before the journeys.

Tests on PostgreSQL 15 share one server, on which the open work of one holds up the sealing of another: one by one.
"""
WAITING = [name for lane in LANES for name in lane]


def run(stage: Stage, more: Sequence[str]) -> bool:
    """Run all of a stage; false at its first failure. `more` goes to pytest."""
    if not debian.have(stage.needs):
        return False
    for command in stage.commands:
        program, *words = command.split()
        if subprocess.run([str(BIN / program), *words], cwd=TOP).returncode:
            return False
    return not stage.tests or _pytest(stage, more)


def _pytest(stage: Stage, more: Sequence[str]) -> bool:
    folders = [folder for folder in stage.tests if (TOP / folder).exists()]
    if not folders:
        print(f"stage {stage.name}: none of {', '.join(stage.tests)} exists", file=sys.stderr)
        return False
    command = [sys.executable, "-m", "pytest", "-o", f"cache_dir=.pytest_cache/{stage.name}", *folders, *more]
    at_once = ["-n", str(stage.at_once), "--dist", "loadfile" if stage.by_file else "load"]
    if _passes(stage, [*command, *(at_once if stage.at_once > 1 else [])]):
        return True
    print(f"== {stage.name}: what failed is run once more, alone; it is named in the summary either way", flush=True)
    if not _passes(stage, [*command, "--last-failed", "--last-failed-no-failures=none"]):
        return False
    AGAIN.append(stage.name)
    return True


AGAIN: list[str] = []
"""Stages in which something failed among others and passed alone: a race to be found."""


def _passes(stage: Stage, command: Sequence[str]) -> bool:
    if not stage.on_postgres_15:
        return subprocess.run(command, cwd=TOP).returncode == 0
    with tempfile.TemporaryDirectory(prefix="armature-15-") as folder:
        server = [sys.executable, "-m", "armature.postgres", "--programs", POSTGRES_15, folder]
        done = subprocess.run([*server, *command], cwd=TOP)
        _remove_data(Path(folder) / "postgres")
    return done.returncode == 0


def _remove_data(home: Path) -> None:
    """For root the data stands elsewhere, behind a link."""
    if home.is_symlink():
        shutil.rmtree(home.readlink())


def arguments(words: Sequence[str]) -> tuple[list[Stage], list[str]]:
    """The stages that were asked for, in their usual order, and what goes to pytest."""
    own, more = (list(words), []) if "--" not in words else (words[: words.index("--")], words[words.index("--") + 1 :])
    parser = argparse.ArgumentParser(prog="bin/test", usage="bin/test [--list] [STAGE...] [-- ARGUMENTS FOR PYTEST]")
    parser.add_argument("--list", action="store_true", help="name the stages")
    for name in (stage.name for stage in STAGES if stage.by_hand):
        parser.add_argument(
            f"--{name}", dest="stages_by_hand", action="append_const", const=name,
            help="a stage that no whole run has: it fetches much",
        )  # fmt: skip
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=", ".join(NAMES))
    given = parser.parse_args(own)
    if given.list:
        print("\n".join(NAMES))
        sys.exit(0)
    asked = [*given.stages, *(given.stages_by_hand or [])]
    unknown = [name for name in asked if name not in NAMES]
    if unknown:
        parser.error(f"no stage is named {', '.join(unknown)}; there are: {', '.join(NAMES)}")
    return [stage for stage in STAGES if stage.name in asked] if asked else WHOLE, list(more)


def main(words: Sequence[str]) -> int:
    stages, more = arguments(words)
    whole = stages == WHOLE and debian.have(NEEDS)
    beside = [Beside(lane, more) for lane in LANES] if whole else []
    summary, failed = [], False
    for stage in stages:
        if beside and stage.name in WAITING:
            continue
        if beside and stage.name == "journeys":
            over = [lane.passed(summary) for lane in beside]
            failed = failed or not all(over)
        if failed:
            summary.append(f"{stage.name:<12} not run")
            continue
        print(f"\n== {stage.name}", flush=True)
        start = time.monotonic()
        failed = not run(stage, more)
        summary.append(
            f"{stage.name:<12} {'FAILED' if failed else 'passed'}  {(time.monotonic() - start) / 60:5.1f} min"
        )
        print(f"== {summary[-1]}", flush=True)
    print("\n== summary", *summary, sep="\n")
    if AGAIN:
        print(f"passed only at the second try, alone: tests of {', '.join(AGAIN)}")
    return int(failed)


NEEDS = [package for stage in WHOLE for package in stage.needs]


class Beside:
    """The stages of a lane, in a process of their own; what they print is shown when they are over."""

    def __init__(self, lane: Sequence[str], more: Sequence[str]) -> None:
        self.said = tempfile.TemporaryFile("w+")  # noqa: SIM115  open for as long as the process
        command = [sys.executable, __file__, *lane, *(["--", *more] if more else [])]
        self.process = subprocess.Popen(command, stdout=self.said, stderr=self.said)

    def passed(self, summary: list[str]) -> bool:
        """Wait for them; their lines go into the summary."""
        code = self.process.wait()
        self.said.seek(0)
        said = self.said.read()
        print(said, flush=True)
        summary += [f"{line}, beside the others" for line in said.partition("== summary\n")[2].splitlines()]
        return code == 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main(sys.argv[1:]))
