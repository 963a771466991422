"""What every kind of channel can do. One folder per kind implements this; nobody else imports the folder.

A *kind* is a class found by entry point (group ``armature.channels``); an *account* is one presence of ours on it, a
row elsewhere, handed in here as a value. A kind has no tables and knows no step of the process.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from armature.arm.channel import Capabilities
from armature.crm.channels.settings import Setting

Cursor = dict[str, Any]
"""Where reading stopped: opaque JSON, saved in the same transaction as what was read."""


@dataclass(frozen=True, slots=True)
class Account:
    """Our presence on a channel: its public settings, its secrets (never logged), its key for signing tokens.

    ``former_keys`` were put aside: what they signed is still read, and nothing is signed with them.
    """

    id: int
    kind: str
    address: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    signing_key: bytes = field(default=b"", repr=False)
    former_keys: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What arrived, untouched. ``event_key`` is unique per account (``created:ID``, ``edited:ID:stamp``).

    ``content_type`` may carry notes of the kind to itself as parameters (``message/rfc822; cut=SIZE``).
    """

    event_key: str
    body: bytes
    content_type: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; ``name`` is only data and never becomes a path."""

    name: str
    content_type: str
    body: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Created:
    """Somebody said something.

    ``text`` holds the new words, ``full_text`` and ``html`` all of it. ``thread`` is the signed token of ours that came
    back with it (a conversation's public key), already verified, else empty; ``references`` are external ids of earlier
    messages, nearest first. ``automatic`` says why no person wrote it, else is empty. ``warning`` says in words where
    the author may not be who they say, or what could not be read; ``reply_to`` is where they ask the answer to go, when
    that is not ``author``.
    """

    external_id: str
    author: str
    author_name: str
    occurred_at: datetime
    text: str
    network: str
    public: bool = False
    subject: str = ""
    full_text: str = ""
    html: str = ""
    thread: str = ""
    references: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    automatic: str = ""
    kind: str = "message"
    language: str = ""
    warning: str = ""
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryChanged:
    """News of something we sent: it arrived (``accepted``), or bounced (``failed``) with the provider's words."""

    external_id: str
    state: str
    reason: str = ""


Event = Created | DeliveryChanged


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to leave, exactly as approved. ``external_id`` was made before it was queued.

    ``public`` is whether everybody can read it there; ``copies`` are those who get it besides its recipients.
    """

    external_id: str
    recipients: tuple[str, ...]
    text: str
    public: bool = False
    copies: tuple[str, ...] = ()
    subject: str = ""
    thread: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = False
    author_name: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side accepted it under this id."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The other side cannot have accepted it. ``retryable`` when trying again may help, ``after`` so many seconds."""

    reason: str
    retryable: bool = False
    after: int = 0


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have gone out or not: never send again without a look-up or a person."""

    reason: str


Outcome = Sent | Failed | Unknown


class Unreachable(Exception):
    """The account cannot be read now (network, log-in); the words are meant for the person who set it up."""


class Kind(Protocol):
    """One kind of channel. A missing ability is said in ``capabilities``, never by a surprise at sending.

    ``polls`` is whether there is something to fetch. Every method but ``capabilities`` and ``normalise`` raises
    ``BadSettings`` when the account is not set up.
    """

    key: ClassVar[str]
    label: ClassVar[str]
    settings: ClassVar[tuple[Setting, ...]]
    polls: ClassVar[bool]

    def check(self, account: Account) -> None:
        """Look at the account's settings without any network; raises ``BadSettings`` naming each field."""

    def capabilities(self, account: Account, now: datetime) -> Capabilities:
        """What can be done there at this moment."""

    def probe(self, account: Account) -> str:
        """Log in both ways and say as whom; raises ``Unreachable`` with what to mend."""

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """Batches of what is new since ``cursor``, at most ``limit`` envelopes each, with the cursor that follows it.

        An empty cursor is a first meeting. The same thing may come twice (``event_key`` tells); nothing may be skipped.
        Raises ``Unreachable``; batches handed out before stay good.
        """

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """Block until there may be more than ``cursor`` knows, or the time is over: then False."""

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """Pure: raw to events, no network, no database, no clock. Raises ``ValueError`` for what cannot be read."""

    def external_id(self, account: Account, key: UUID) -> str:
        """The id that what we say will carry there, made before it is queued."""

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """Hand it over once. Whatever is not certainly refused before acceptance is ``Unknown``."""
