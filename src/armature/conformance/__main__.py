"""Print what came of the checks as a table: ``python -m armature.conformance FILE``."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

SIGNS = {"passed": "yes", "skipped": "–", "failed": "**no**"}


def lines(found: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """A table in Markdown: a row for each check, a column for each kind."""
    kinds = sorted(found)
    checks = dict.fromkeys(check for kind in kinds for check in found[kind])
    yield f"| check | {' | '.join(kinds)} |"
    yield f"| --- |{' --- |' * len(kinds)}"
    for check in checks:
        yield f"| {check} | {' | '.join(SIGNS.get(found[kind].get(check, ''), '') for kind in kinds)} |"


def main(words: list[str]) -> int:
    """One file, made by ``pytest --channel-table``."""
    if len(words) != 1 or not Path(words[0]).exists():
        print(__doc__, file=sys.stderr)
        return 2
    print("\n".join(lines(json.loads(Path(words[0]).read_text()))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
