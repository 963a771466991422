"""A guest book that lies in a file: one line of JSON for each entry, read from where reading stopped."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from armature.arm.channel import Capabilities, size
from armature.crm.channels.port import (
    Account,
    Conversation,
    Created,
    Cursor,
    Envelope,
    Event,
    Failed,
    Outcome,
    Outgoing,
    Sent,
    Unknown,
    Unreachable,
)  # fmt: skip
from armature.crm.channels.reading import from_json
from armature.crm.channels.settings import Setting, read

LONGEST = 500


class Guestbook:
    """Everybody writes into it and reads it; there is nothing private in it."""

    key: ClassVar[str] = "guestbook"
    label: ClassVar[str] = "Guest book"
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("file", "Where the book lies", required=True, help="a file on this machine"),
    )
    polls: ClassVar[bool] = True

    def check(self, account: Account) -> None:
        """The name of a file; raises ``BadSettings``."""
        read(self.settings, account.settings)

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """Short public words. An entry is known by its name, so a second hand-over does nothing."""
        return Capabilities(reads=True, public_reply=True, max_length=LONGEST, idempotent=True)

    def probe(self, account: Account) -> str:
        """Whether the book lies there."""
        return f"A guest book with {len(self._lines(account))} entries."

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """The lines behind those that were read."""
        at, lines, now = int(cursor.get("line", 0)), self._lines(account), datetime.now(UTC)
        while at < len(lines):
            some = lines[at : at + limit]
            at += len(some)
            yield (
                [Envelope(f"entry:{json.loads(line)['id']}", line, "application/json", now) for line in some],
                {"line": at},
            )

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """Look once a second."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if len(self._lines(account)) > int(cursor.get("line", 0)):
                return True
            time.sleep(1)
        return False

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """One entry."""
        entry = from_json(envelope.body)
        try:
            return [
                Created(
                    external_id=entry["id"], author=entry["by"], author_name=entry["by"], text=entry["text"],
                    occurred_at=datetime.fromisoformat(entry["at"]), network="guestbook", public=True,
                    references=tuple(entry.get("answers", ())), own=bool(entry.get("ours")),
                )
            ]  # fmt: skip
        except (KeyError, TypeError, AttributeError) as odd:
            raise ValueError(f"this is no entry of a guest book: {type(odd).__name__} {odd}") from odd

    def external_id(self, account: Account, key: UUID) -> str:
        """The name of our entry, known before it is written."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """Write it, unless it stands there already."""
        if size(outgoing.text, "characters") > LONGEST:
            return Failed(f"An entry takes {LONGEST} characters: shorten it.")
        try:
            if any(json.loads(line)["id"] == outgoing.external_id for line in self._lines(account)):
                return Sent(outgoing.external_id)
            write(Path(account.settings["file"]), outgoing.external_id, account.address, outgoing.text, ours=True,
                  answers=outgoing.references)  # fmt: skip
        except Unreachable as away:
            return Failed(str(away), retryable=True)
        except OSError as problem:
            return Unknown(f"the book could not be written: {problem}")
        return Sent(outgoing.external_id)

    def _lines(self, account: Account) -> list[bytes]:
        try:
            return Path(account.settings["file"]).read_bytes().splitlines()
        except OSError as problem:
            raise Unreachable(f"The guest book cannot be read: {problem}. Look at the name of the file.") from problem


def write(book: Path, name: str, by: str, text: str, *, ours: bool = False, answers: tuple[str, ...] = ()) -> None:
    """Add an entry."""
    entry = {"id": name, "by": by, "at": datetime.now(UTC).isoformat(), "text": text, "ours": ours, "answers": answers}
    with book.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")
