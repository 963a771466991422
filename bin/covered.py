"""The modules of which every branch must be walked by a test, and those that still lack some: run by bin/coverage."""

from __future__ import annotations

import json
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

WHOLE = {
    "judging": ("arm/*", "crm/process.py", "crm/facts.py", "crm/understand/*.py"),
    "intake": (
        "crm/listen/*", "crm/identify/*", "crm/lease.py", "crm/passing.py", "crm/rows.py", "crm/jobs/__init__.py",
        "crm/channels/*.py", "crm/channels/email/*", "crm/channels/lines/*", "crm/channels/web/*",
    ),
    "deciding": ("crm/decide/*",),
    "approving": ("crm/act/approvals.py", "crm/act/digest.py", "crm/act/responses.py", "crm/act/drafts.py",
                  "crm/act/work.py", "crm/act/follow.py", "crm/act/attaching.py", "crm/act/reach.py"),
    "sending": ("crm/act/outbox.py", "crm/act/queueing.py", "crm/act/doubts.py", "crm/act/caps.py", "crm/act/news.py",
                "crm/act/recipients.py", "crm/channels/email/sending.py", "crm/channels/email/compose.py",
                "crm/channels/email/outgoing.py"),
    "permissions": ("crm/accounts/access.py", "crm/accounts/commands.py", "crm/accounts/invitations.py",
                    "crm/accounts/sessions.py", "crm/accounts/factors.py", "crm/accounts/new_passwords.py",
                    "crm/accounts/queries.py", "crm/act/restricted.py", "crm/act/keeping.py"),
    "sanitising": ("crm/channels/clean.py", "crm/channels/shape.py", "crm/channels/email/[!rlwso]*.py",
                   "crm/act/canned.py"),
    "audit": ("crm/accounts/audit.py", "crm/accounts/seal.py"),
}  # fmt: skip
"""What must never be wrong, under ``src/armature/``. A ``*`` at the end takes in folders below, one before it does not.

Not ``crm/understand/training``: a maintainer runs it by hand to make the weights; nothing of it runs while judging.
"""
LACKING: dict[str, int] = {"crm/decide/timers.py": 1}
"""Modules that still lack something, with how many lines and branches. This list may only become shorter."""


def main(path: str) -> int:
    """Print the table; 1 when a module lacks what it must not."""
    files: dict[str, Any] = json.loads(Path(path).read_text())["files"]
    wrong = []
    for matter, patterns in WHOLE.items():
        print(f"\n{matter}")
        for name, lacks, words in _modules(files, patterns):
            allowed = LACKING.get(name, 0)
            if lacks != allowed:
                wrong.append(f"{name} lacks {lacks}, {allowed} are allowed" + ("" if lacks > allowed else ": say so"))
            if lacks:
                print(f"  {name:<48} {lacks:>3}  {words}")
    gone = LACKING.keys() - {name.removeprefix("src/armature/") for name in files}
    wrong += [f"{name} is in the list and not there" for name in sorted(gone)]
    print("\n" + ("\n".join(wrong) or "Every branch is walked that must be."))
    return int(bool(wrong))


def _modules(files: dict[str, Any], patterns: tuple[str, ...]) -> list[tuple[str, int, str]]:
    found = []
    for path, one in sorted(files.items()):
        name = path.removeprefix("src/armature/")
        if any(_fits(name, pattern) for pattern in patterns):
            lines, branches = one["missing_lines"], one["missing_branches"]
            words = ", ".join([*map(str, lines), *(f"{start}->{end}" for start, end in branches)])
            found.append((name, len(lines) + len(branches), words))
    return found


def _fits(name: str, pattern: str) -> bool:
    deep = pattern.endswith("/*") or name.count("/") == pattern.count("/")
    return deep and fnmatch(name, pattern)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
