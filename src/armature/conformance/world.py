"""The other side of a channel, as the kit wants it: a customer who says things there and sees what we say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from armature.conformance.faults import writes
from armature.crm.channels.port import Account, Attachment, Envelope, Kind, Request


class CannotDo(Exception):
    """The other side has no such thing; the words say what. The check is skipped with them."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something a customer said there: its id in the other side's words, who said it, whether everybody can read it."""

    external_id: str
    author: str
    public: bool


@dataclass(frozen=True, slots=True)
class Call:
    """Calls of a hook: a genuine one with some text in it, and the same with something wrong, by what it is."""

    genuine: Callable[[str], Request]
    wrong: Callable[[str], Sequence[tuple[str, Request]]]


class World(Protocol):
    """What a check needs. Methods that are not possible there raise ``CannotDo`` with the reason in words.

    ``account`` works; ``locked_out`` is the same with a secret that is no longer taken, ``nowhere`` one whose server
    cannot be reached. ``needed`` names the settings without which ``check`` must refuse, ``signs`` are letters beyond
    the Latin ones that what we say there can have, ``tick`` the seconds within which it tells no two edits apart.
    """

    kind: Kind
    account: Account
    needed: tuple[str, ...]
    signs: str
    tick: float

    def locked_out(self) -> Account:
        """The account with a wrong secret."""

    def nowhere(self) -> Account:
        """The account on a server that is not there."""

    def through(self, address: str) -> Account:
        """The account with its server reached through a proxy at this address (http://host:port)."""

    def server(self) -> str:
        """The address of the server, for that proxy."""

    def hands_over(self, method: str, path: str) -> bool:
        """Whether a call of the server is one with which we say something there."""

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """A customer says something to us; ``answers`` is the other side's id of what they answer."""

    def edit(self, external_id: str, text: str) -> None:
        """The customer changes what they said."""

    def delete(self, external_id: str) -> None:
        """The customer takes it back."""

    def arrived(self) -> Sequence[Envelope]:
        """For a kind that is told and not asked: everything that came in so far."""

    def asked(self) -> Sequence[Envelope]:
        """For a kind that is told where to look: all that it was told so far."""

    def sees(self, *, public: bool) -> list[str]:
        """Everything we said that the customer can read there, in public or in private, as plain text."""

    def posted(self, document: Attachment) -> None:
        """For a kind whose answers are documents: a person posts this one."""

    def call(self) -> Call:
        """For a kind that is called: genuine calls and bad ones."""

    def settle(self) -> None:
        """Let the other side finish what it does in the background."""


class Bare:
    """A world with nothing in it: begin with this, and write what there is. ``nothing`` says why the rest is not."""

    needed: tuple[str, ...] = ()
    signs = "Ærø 東京"
    tick = 0.0
    nothing = "there is no such thing there"

    def locked_out(self) -> Account:
        """No log-in."""
        raise CannotDo("there is nothing to log in to")

    def nowhere(self) -> Account:
        """No server."""
        raise CannotDo("there is no server")

    def through(self, address: str) -> Account:
        """No server that speaks HTTP."""
        raise CannotDo("there is no server that speaks HTTP")

    def server(self) -> str:
        """No server that speaks HTTP."""
        raise CannotDo("there is no server that speaks HTTP")

    def hands_over(self, method: str, path: str) -> bool:
        """Whatever is no mere question, as HTTP tells them apart."""
        return writes(method, path)

    def edit(self, external_id: str, text: str) -> None:
        """Words stay as they are."""
        raise CannotDo(f"nothing is edited: {self.nothing}")

    def delete(self, external_id: str) -> None:
        """Words stay."""
        raise CannotDo(f"nothing is taken back: {self.nothing}")

    def sees(self, *, public: bool) -> list[str]:
        """Nobody reads us."""
        raise CannotDo("what we say cannot be looked at there")

    def arrived(self) -> Sequence[Envelope]:
        """Nothing."""
        return ()

    def asked(self) -> Sequence[Envelope]:
        """Nothing."""
        return ()

    def posted(self, document: Attachment) -> None:
        """Nobody carries anything there."""
        raise CannotDo("no answers are carried there by hand")

    def call(self) -> Call:
        """No calls."""
        raise CannotDo("it is not called")

    def settle(self) -> None:
        """Nothing goes on by itself."""
