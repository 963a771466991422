"""A channel for tests, installed like anybody's plug-in: the world outside is two files that survive every kill.

What people say stands in the spool, a line of JSON each; what we say is added to the ledger and synced, so that the
ledger tells the truth about what went out, whoever was killed when.
"""

import hashlib
import json
import os
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from armature.arm.channel import Capabilities
from armature.crm.channels.port import Account, Conversation, Created, Cursor, Envelope, Event, Outcome, Outgoing, Sent
from armature.crm.channels.settings import Setting


class Ledger:
    """Reads ``spool`` from a byte offset, writes ``ledger``; ``pause`` is how many milliseconds sending may take,
    ``gate`` a pipe: while it is there, sending waits until somebody opens its other end."""

    key: ClassVar[str] = "ledger"
    label: ClassVar[str] = "Ledger"
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("spool", "What people say", required=True),
        Setting("ledger", "What we say", required=True),
        Setting("gate", "A pipe to wait at"),
        Setting("pause", "Milliseconds", "number", highest=10_000, default=400),
    )
    polls: ClassVar[bool] = True

    def check(self, account: Account) -> None:
        """Always well."""

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """What a mailbox can do."""
        return Capabilities(reads=True, private_reply=True)

    def probe(self, account: Account) -> str:
        """Nothing to log in to."""
        return account.address

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """Whole lines behind the offset."""
        with Path(account.settings["spool"]).open("rb") as spool:
            spool.seek(cursor.get("offset", 0))
            while lines := [line for line, _ in zip(_whole_lines(spool), range(limit), strict=False)]:
                at = cursor.get("offset", 0) + sum(map(len, lines))
                cursor = {"offset": at}
                yield [_envelope(line) for line in lines], cursor
                spool.seek(at)

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """Look at the size again and again."""
        until = time.monotonic() + seconds
        while Path(account.settings["spool"]).stat().st_size <= cursor.get("offset", 0):
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """A line to what was said."""
        said = json.loads(envelope.body)
        return [
            Created(
                external_id=said["id"],
                author=said["author"],
                author_name="",
                occurred_at=datetime.fromisoformat(said["at"]),
                text=said["text"],
                network="ledger",
                references=tuple(said["answers"]),
            )
        ]

    def external_id(self, account: Account, key: UUID) -> str:
        """What we say carries its key."""
        return f"ours-{key}"

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """One line in the ledger, synced, with time to be killed before and after."""
        pause = account.settings.get("pause", 400) / 2000
        text = json.dumps([outgoing.subject, list(outgoing.recipients), outgoing.text])
        line = f"{outgoing.external_id} {hashlib.sha256(text.encode()).hexdigest()} {outgoing.recipients[0]}\n"
        time.sleep(random.uniform(0, pause))
        if (gate := account.settings.get("gate")) and Path(gate).exists():
            Path(gate).open("rb").close()
        ledger = os.open(account.settings["ledger"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(ledger, line.encode())
            os.fsync(ledger)
        finally:
            os.close(ledger)
        time.sleep(random.uniform(0, pause))
        return Sent(outgoing.external_id)


def _whole_lines(spool: Iterator[bytes]) -> Iterator[bytes]:
    return (line for line in spool if line.endswith(b"\n"))


def _envelope(line: bytes) -> Envelope:
    return Envelope(f"created:{json.loads(line)['id']}", line, "application/json", datetime.now(UTC))
