"""Letters, faxes and comment cards as the envelopes that the kind `letter` reads, and the addresses they come from.

An address is one line, its parts divided by commas: the name, then what stands below it on an envelope.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from armature.crm.channels import lines
from armature.crm.channels.port import Attachment, Envelope

KINDS = {"letter": "letter", "fax": "letter", "comment_card": "card"}
"""The places that are read from paper, each with what an interaction of it is."""
NETWORK = "letter"
"""All that comes on paper shares one network: who faxes is who writes."""
LONGEST_ADDRESS = 254
UNNAMED = "unnamed-"
"""How the handle of somebody begins who left no address."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What somebody read on paper. ``key`` names the paper for good: under one key it is heard once."""

    key: str
    place: str
    text: str
    subject: str
    name: str
    address: str
    written_at: datetime


def one_line(name: str, address: str) -> str:
    """Name and address as one handle; empty when there is no address."""
    below = [" ".join(line.split()).strip(",") for line in address.replace(",", "\n").splitlines()]
    found = [line for line in below if line]
    return ", ".join([" ".join(name.replace(",", " ").split()), *found]) if found else ""


def block(handle: str) -> list[str]:
    """The lines of an address, as they stand on an envelope."""
    return [line.strip() for line in handle.split(",") if line.strip()]


def is_address(handle: str) -> bool:
    """Whether something can be posted there: a name and at least one line below it."""
    return not handle.startswith(UNNAMED) and len(block(handle)) > 1


def envelope(paper: Paper, files: Sequence[Attachment], at: datetime) -> Envelope:
    """A paper as it is accepted; the same key twice (a second click) is one."""
    line = {
        "external_id": paper.key, "author": one_line(paper.name, paper.address) or f"{UNNAMED}{paper.key}",
        "name": paper.name, "text": paper.text, "subject": paper.subject, "kind": KINDS.get(paper.place, "letter"),
        "network": NETWORK, "occurred_at": paper.written_at.isoformat(),
    }  # fmt: skip
    return lines.envelope(lines.with_files(line, files), at)
