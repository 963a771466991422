"""What people say: first messages, more of the same, answers to us, the same line twice, two firsts at one moment."""

from __future__ import annotations

import json
import os
import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

FIRST = ("My parcel is broken.", "Where is my order?", "Please end my subscription.", "Do you have this in blue?")
MORE = ("Hello? Is anybody there?", "One more thing: it is urgent.", "I found the number, it is 4711.")
BACK = ("Thank you so much!", "That does not help me at all.", "Thanks, it works now.")


@dataclass
class Feeder:
    """Adds to the spool until told to stop. ``said`` is every message once, in order."""

    spool: Path
    ledger: Path
    chance: random.Random
    said: list[dict[str, object]] = field(default_factory=list)
    repeated: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    answered: set[str] = field(default_factory=set)

    def run(self, pause: float) -> None:
        """About one of these every ``pause`` seconds."""
        while not self.stop.wait(self.chance.uniform(0, 2 * pause)):
            self.once()

    def once(self) -> None:
        """One thing that happens outside."""
        what = self.chance.random()
        if what < 0.15 and self.said:
            self.repeated += 1
            self._add([self.chance.choice(self.said)])
        elif what < 0.25:
            somebody = self._somebody()
            self._add([self._new(somebody, FIRST), self._new(somebody, FIRST)])
        elif what < 0.45 and self.said:
            earlier = self.chance.choice(self.said[-50:])
            self._add([self._new(str(earlier["author"]), MORE, [str(earlier["id"])])])
        elif what < 0.65 and (ours := self._ours()):
            external_id, author = ours
            self._add([self._new(author, BACK, [external_id])])
        else:
            self._add([self._new(self._somebody(), FIRST)])

    def _somebody(self) -> str:
        return f"person-{len(self.said)}@people.example"

    def _new(self, author: str, texts: Sequence[str], answers: Sequence[str] = ()) -> dict[str, object]:
        at = datetime.now(UTC).isoformat()
        number = len(self.said)
        line = {"id": f"said-{number}", "author": author, "text": self.chance.choice(texts), "at": at}
        self.said.append({**line, "answers": list(answers)})
        return self.said[-1]

    def _ours(self) -> tuple[str, str] | None:
        """Something of ours that nobody has answered yet, and to whom it went."""
        sent = [line.split() for line in self.ledger.read_text().splitlines()]
        waiting = [(line[0], line[2]) for line in sent if line[0] not in self.answered]
        if not waiting:
            return None
        chosen = self.chance.choice(waiting)
        self.answered.add(chosen[0])
        return chosen

    def _add(self, lines: Sequence[dict[str, object]]) -> None:
        spool = os.open(self.spool, os.O_WRONLY | os.O_APPEND)
        try:
            os.write(spool, "".join(json.dumps(line) + "\n" for line in lines).encode())
            os.fsync(spool)
        finally:
            os.close(spool)
