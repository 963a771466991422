"""What the checks have in common: waiting for things, reading as a worker reads, skipping what is not offered."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

import pytest

from armature.arm.channel import Capabilities
from armature.conformance.world import CannotDo, Said, World
from armature.crm.channels.port import (
    Account,
    ByHand,
    Conversation,
    Created,
    Edited,
    Envelope,
    Event,
    Hooked,
    Looks,
    Outgoing,
    Sent,
)

T = TypeVar("T")
PATIENCE = 60.0
"""Seconds until something that must come has not come."""


def possible(act: Callable[[], T]) -> T:
    """What the world does; the check is skipped when the other side has no such thing."""
    try:
        return act()
    except CannotDo as reason:
        pytest.skip(str(reason))


def eventually(look: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What ``look`` finds, or its last empty answer when the time is over."""
    deadline = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


@contextmanager
def no_network() -> Iterator[None]:
    """Whoever opens a connection fails."""
    opened = socket.socket.connect

    def refuse(*_: object) -> None:
        raise AssertionError("this must not ask anybody")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    try:
        yield
    finally:
        socket.socket.connect = opened  # type: ignore[method-assign]


def openly(world: World) -> bool:
    return not abilities(world).private_reply


def abilities(world: World) -> Capabilities:
    now = datetime.now(UTC)
    return world.kind.capabilities(world.account, Conversation("customer", True, now), now)


def offered(world: World, public: bool) -> None:
    can = abilities(world)
    if not (can.public_reply if public else can.private_reply):
        pytest.skip(f"no answers {'in public' if public else 'in private'} there")


def polled(world: World) -> None:
    if not world.kind.polls:
        pytest.skip("it is told, not asked")


def hooked(world: World) -> Hooked:
    if not isinstance(world.kind, Hooked):
        pytest.skip("it is asked, not called")
    return world.kind


def say(world: World, text: str, public: bool | None = None) -> Said:
    """Something said as the channel can have it: in public where nothing else is possible."""
    start(world)
    if public is not None:
        return possible(lambda: world.say(text, public=public))
    try:
        return world.say(text, public=False)
    except CannotDo:
        return possible(lambda: world.say(text, public=True))


def sees(world: World, *, public: bool) -> list[str]:
    """What the customer can read of ours; skipped where we cannot look."""
    return possible(lambda: world.sees(public=public))


def read(world: World, cursor: Any, account: Account | None = None) -> tuple[list[Envelope], Any]:
    """All that is new since ``cursor``, also where the kind was only told where to look."""
    found, account = list[Envelope](), account or world.account
    for envelopes, after in world.kind.fetch(account, cursor, 50):
        found, cursor = found + envelopes, after
    if isinstance(world.kind, Looks):
        for told in world.asked():
            envelopes, cursor = world.kind.look(account, cursor, told)
            found += envelopes
    return found, cursor


def events_in(world: World, envelopes: Any) -> list[Event]:
    return [event for envelope in envelopes for event in world.kind.normalise(world.account, envelope)]


def start(world: World) -> Any:
    """Where reading began: some kinds hear only what is said after the first meeting."""
    if world not in _BEGUN:
        _BEGUN[world] = read(world, {})[1] if world.kind.polls else {}
    return _BEGUN[world]


_BEGUN: WeakKeyDictionary[World, Any] = WeakKeyDictionary()


def read_on(world: World) -> Any:
    """Read everything there is; where that ends."""
    return read(world, start(world))[1] if world.kind.polls else {}


def arrived(world: World, cursor: Any = None) -> list[Envelope]:
    """What came since ``cursor``, or since reading began."""
    return read(world, start(world) if cursor is None else cursor)[0] if world.kind.polls else list(world.arrived())


def created(world: World, said: Said, cursor: Any = None) -> Created:
    def look() -> Created | None:
        for event in events_in(world, arrived(world, cursor)):
            if isinstance(event, Created) and event.external_id == said.external_id:
                return event
        return None

    found = eventually(look)
    assert found is not None, f"never heard: {said}"
    return found  # type: ignore[no-any-return]


def envelope_of(world: World, said: Said) -> Envelope:
    def look() -> Envelope | None:
        for envelope in arrived(world):
            if any(isinstance(e, Created) and e.external_id == said.external_id for e in events_in(world, [envelope])):
                return envelope
        return None

    found = eventually(look)
    assert found is not None, f"never heard: {said}"
    return found  # type: ignore[no-any-return]


def new_words(event: Event, said: Said) -> str:
    if isinstance(event, Edited) and event.external_id == said.external_id:
        return event.text
    changed = isinstance(event, Created) and event.external_id == said.external_id and event.edited_at
    return event.text if changed and isinstance(event, Created) else ""


def until(world: World, fits: Callable[[Event], Any], since: Any) -> Any:
    """The first event that fits, as it comes, reading on from ``since`` as a worker does."""
    cursor: Any = since

    def look() -> Any:
        nonlocal cursor
        if not world.kind.polls:
            return next(filter(None, map(fits, events_in(world, world.arrived()))), None)
        envelopes, cursor = read(world, cursor)
        return next(filter(None, map(fits, events_in(world, envelopes))), None)

    found = eventually(look)
    assert found, "never heard of it"
    return found


def handed_over(world: World, letter: Outgoing) -> Sent:
    """It left, or a person posts the document that it became."""
    outcome = world.kind.send(world.account, letter)
    if isinstance(outcome, ByHand):
        document = outcome.document
        possible(lambda: world.posted(document))
        return Sent("")
    assert isinstance(outcome, Sent), outcome
    return outcome


def outgoing(world: World, said: Said, text: str, *, public: bool) -> Outgoing:
    key: UUID = uuid4()
    return Outgoing(
        external_id=world.kind.external_id(world.account, key), recipients=(said.author,), text=text, public=public,
        subject="Your message", thread="1", in_reply_to=said.external_id, references=(said.external_id,),
    )  # fmt: skip
