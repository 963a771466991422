"""What every kind of channel can do. One folder per kind implements this; nobody else imports the folder.

A *kind* is a class found by entry point (group ``armature.channels``); an *account* is one presence of ours on it, a
row elsewhere, handed in here as a value. A kind has no tables and knows no step of the process.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol, runtime_checkable
from uuid import UUID

from armature.arm.channel import Capabilities
from armature.crm.channels.events import (
    Attachment as Attachment,
)
from armature.crm.channels.events import (
    CallStep as CallStep,
)
from armature.crm.channels.events import (
    Consent as Consent,
)
from armature.crm.channels.events import (
    Created as Created,
)
from armature.crm.channels.events import (
    Deleted as Deleted,
)
from armature.crm.channels.events import (
    DeliveryChanged as DeliveryChanged,
)
from armature.crm.channels.events import (
    Edited as Edited,
)
from armature.crm.channels.events import (
    Event as Event,
)
from armature.crm.channels.rates import UNCOUNTED, Budget
from armature.crm.channels.settings import Setting

Cursor = dict[str, Any]
"""Where reading stopped: opaque JSON, saved in the same transaction as what was read."""


@dataclass(frozen=True, slots=True)
class Account:
    """Our presence on a channel: its public settings, its secrets (never logged), its key for signing tokens.

    ``former_keys`` were put aside: what they signed is still read, and nothing is signed with them. ``budget`` counts
    the calls to the other side; whoever uses ``api`` has nothing to do with it. ``hook`` is the path at which the other
    side calls us.
    """

    id: int
    kind: str
    address: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    signing_key: bytes = field(default=b"", repr=False)
    former_keys: tuple[bytes, ...] = field(default=(), repr=False)
    budget: Budget = field(default=UNCOUNTED, repr=False, compare=False)
    hook: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where an answer would go: with which handle, whether their last words were public, and when they were said."""

    author: str
    public: bool
    last_heard: datetime | None = None


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
class Outgoing:
    """What is to leave, exactly as approved. ``external_id`` was made before it was queued.

    ``public`` is whether everybody can read it there; ``copies`` are those who get it besides its recipients.
    ``heard_at`` is when that was said which it answers, where that is known.
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
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side accepted it under this id. ``external_id`` is how it will name it to us, when not as we did."""

    provider_id: str
    external_id: str = ""


LOGIN, WINDOW = "login", "window"


@dataclass(frozen=True, slots=True)
class Failed:
    """The other side cannot have accepted it. ``retryable`` when trying again may help, ``after`` so many seconds.

    ``cause`` is ``LOGIN`` when the account's key is no longer taken: the account pauses and keeps what waits, until
    somebody mends it. It is ``WINDOW`` when the time for answers is over; words in ``reason`` say so.
    """

    reason: str
    retryable: bool = False
    after: int = 0
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have gone out or not: never send again without a look-up or a person."""

    reason: str


@dataclass(frozen=True, slots=True)
class ByHand:
    """Nothing leaves by itself: a person prints and posts this, then says so. After a crash ``find`` makes it again."""

    document: Attachment


Outcome = Sent | Failed | Unknown | ByHand


class Unreachable(Exception):
    """The account cannot be read now (network, log-in); the words are meant for the person who set it up."""


class LoginRefused(Unreachable):
    """The account's key is no longer taken: asking again helps nobody, so the account pauses until it is mended."""


@dataclass(frozen=True, slots=True)
class Request:
    """What came to the address of an account's hook, untouched. ``headers`` have lower-case names.

    ``url`` is the public address as the other side called it, ``query`` what stood behind its question mark.
    """

    method: str
    url: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What a hook takes in, raw, and what the other side hears once that is kept. ``asked`` only says where to look."""

    envelopes: tuple[Envelope, ...] = ()
    asked: tuple[Envelope, ...] = ()
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200


class NotGenuine(Exception):
    """A call of the hook that nobody may trust: nothing of it is kept, and the other side hears 401 and no more."""


class Kind(Protocol):
    """One kind of channel. A missing ability is said in ``capabilities``, never by a surprise at sending.

    ``polls`` is whether there is something to fetch. A kind of whose envelopes ``received_at`` is when the other side
    received them, not when we fetched them, says so with ``knows_arrival``; one that hears of what we start ourselves,
    and whom it reached, with ``reaches``. Every method but ``capabilities`` and ``normalise`` raises ``BadSettings``
    when the account is not set up.
    """

    key: ClassVar[str]
    label: ClassVar[str]
    settings: ClassVar[tuple[Setting, ...]]
    polls: ClassVar[bool]

    def check(self, account: Account) -> None:
        """Look at the account's settings without any network; raises ``BadSettings`` naming each field."""

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """What can be done in a conversation at this moment; without one, on the account at all. No network."""

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


@runtime_checkable
class Hooked(Protocol):
    """A kind that is told by the other side calling us, beside or instead of being asked."""

    def receive(self, account: Account, request: Request) -> Answer:
        """Verify the raw call (see ``signatures``) and give its raw bytes on; ``NotGenuine``, also without a secret."""


@runtime_checkable
class Announces(Protocol):
    """A kind whose other side must be told where to call us."""

    def announce(self, account: Account) -> None:
        """Tell it, before the account starts; twice is as once. Raises ``Unreachable`` when it does not take that."""


@runtime_checkable
class Looks(Protocol):
    """A kind whose hook is told where something is, and not what: a worker looks there, never the call itself."""

    def look(self, account: Account, cursor: Cursor, asked: Envelope) -> tuple[list[Envelope], Cursor]:
        """What is there, and the cursor that follows it. Raises ``Unreachable`` when it is to be tried again."""


@runtime_checkable
class Finds(Protocol):
    """A kind that can look whether something it handed over is there after all."""

    def find(self, account: Account, outgoing: Outgoing) -> Sent | ByHand | None:
        """What we said, as the other side has it; None when it is not there. Raises ``Unreachable``."""
