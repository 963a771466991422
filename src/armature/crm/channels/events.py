"""What can come out of an envelope: something said, its other wordings, news of what we sent, steps of a call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; ``name`` is only data and never becomes a path."""

    name: str
    content_type: str
    body: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether we may write to the author about this (``text messages``) from now on."""

    topic: str
    given: bool


@dataclass(frozen=True, slots=True)
class Created:
    """Somebody said something.

    ``text`` holds the new words, ``full_text`` and ``html`` all of it. ``thread`` is the signed token of ours that came
    back with it (a conversation's public key), already verified, else empty; ``references`` are external ids of earlier
    messages, nearest first. ``automatic`` says why no person wrote it, else is empty. ``warning`` says in words where
    the author may not be who they say, or what could not be read; ``reply_to`` is where they ask the answer to go, when
    that is not ``author``. ``edited_at`` is when these words took the place of earlier ones, if they did: the same
    message comes again with other words. ``own`` is whether we said it ourselves, here or by another program. ``talk``
    names the conversation on a channel whose messages do not say what they answer: all that is said under one name
    stands together. ``reaches`` is whether ``author`` of what we said ourselves is who was reached by it (a call that
    we made). ``consent`` is what these words say about writing to their author. ``historic`` is whether it was said
    before we listened here: it is kept and read, and asks for nothing. ``typed_by`` is the number of whoever of us
    typed in what was said on the phone or on paper, 0 when nobody did; ``reporter`` is who passed it on, when that is
    neither them nor the author.
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
    edited_at: datetime | None = None
    own: bool = False
    talk: str = ""
    reaches: bool = False
    consent: Consent | None = None
    historic: bool = False
    typed_by: int = 0
    reporter: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """Something said reads otherwise since ``at``; it may be heard before what it changes.

    ``author`` is who changed it: believed only when they are who said it. Empty when the channel itself vouches for it.
    """

    external_id: str
    at: datetime
    text: str
    author: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Deleted:
    """Something said was taken back at ``at``, by ``author`` as in ``Edited``; it too may come first."""

    external_id: str
    at: datetime
    author: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryChanged:
    """News of something we sent: it arrived (``accepted``), or bounced (``failed``) with the provider's words.

    ``external_id`` is the id made before sending, or the one that the other side gave it.
    """

    external_id: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CallStep:
    """Something that happened in a call (``external_id``): it began, was answered, ended, was recorded, was summed up.

    Steps come in any order; ``known`` is what each says, under the names of ``arm.call``.
    """

    external_id: str
    step: str
    at: datetime
    known: Mapping[str, str] = field(default_factory=dict)


Event = Created | Edited | Deleted | DeliveryChanged | CallStep
