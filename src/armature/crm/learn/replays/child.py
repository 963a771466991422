"""A replay runs in a process of its own, of low priority, so that the work that lives is not slowed.

The worker starts it and waits. It ends by itself when the worker has gone, and another worker goes on where it was.
"""

import os
import subprocess
import sys

from armature.crm.learn.replays import commands
from armature.crm.lease import Claim

NICE = 15


def run(held: Claim) -> int:
    """Start it and wait for its end; raises ``RuntimeError`` with its last words when it fails."""
    told = f"{held.keys[0]}:{held.token}:{os.getpid()}"
    arguments = [sys.executable, "-m", "armature", "replay", "--child", told]
    done = subprocess.run(arguments, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, check=False)  # noqa: S603
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise RuntimeError(said[-500:] or f"it ended with {done.returncode}")
    return 1


def work(told: str) -> None:
    """The child's side: as much as there is to do, while its parent lives."""
    number, token, parent = (int(one) for one in told.split(":"))
    os.nice(NICE)
    commands.carry_out(Claim(token, (number,)), lambda: os.getppid() == parent)
