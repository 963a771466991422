"""Start a program within limits; run as a file, by `programs`, so that nothing of ours is loaded into the child.

Arguments: bytes of memory, seconds of work, bytes of a file, the program, and what it is told.
"""

import os
import resource
import sys


def main(words: list[str]) -> None:
    """Give up what the program may not use, then become it."""
    memory, seconds, size = (int(word) for word in words[:3])
    for limit, most in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, size),
        (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(limit, (most, most))
    os.execv(words[3], words[3:])  # noqa: S606  no shell: the program and its arguments as they are


if __name__ == "__main__":
    main(sys.argv[1:])
