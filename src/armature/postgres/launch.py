"""Run by a bare interpreter in a child process: take the server's account, then turn into the program.

Arguments: the parent's process id, the user id, the group id, then the program and its arguments.
A program of its own, and not a function that runs between fork and exec, because the application has threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, uid: int, gid: int, command: list[str]) -> None:
    """Become `command` as user `uid`; on Linux the kernel asks it to stop when the thread that started us ends."""
    os.umask(0o077)
    os.chdir("/")
    if os.geteuid() != uid:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":  # after the change of user, which would clear it
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the process that wanted this server has ended")
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
