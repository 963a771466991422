"""The checks of Armature for this kind: the other side is the same file."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from armature_guestbook import Guestbook, write

from armature.conformance import Conforms, Said
from armature.conformance.world import Call, CannotDo
from armature.crm.channels.port import Account, Attachment, Envelope


class Book:
    """A book, and a guest who writes into it."""

    kind = Guestbook()
    needed = ("file",)

    def __init__(self, folder: Path) -> None:
        self.book = folder / "book.jsonl"
        self.book.touch()
        self.account = Account(1, "guestbook", "shop", {"file": str(self.book)})

    def locked_out(self) -> Account:
        """No."""
        raise CannotDo("there is nothing to log in to")

    def nowhere(self) -> Account:
        """A file that is not there."""
        return dataclasses.replace(self.account, settings={"file": str(self.book.parent / "nowhere" / "book")})

    def through(self, address: str) -> Account:
        """No."""
        raise CannotDo("a file is not a server")

    def server(self) -> str:
        """No."""
        raise CannotDo("a file is not a server")

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """An entry."""
        if not public or files:
            raise CannotDo("a guest book holds public words only")
        name = uuid4().hex
        write(self.book, name, "ingrid", text, answers=(answers,) if answers else ())
        return Said(name, "ingrid", True)

    def edit(self, external_id: str, text: str) -> None:
        """No."""
        raise CannotDo("ink stays")

    def delete(self, external_id: str) -> None:
        """No."""
        raise CannotDo("ink stays")

    def sees(self, *, public: bool) -> list[str]:
        """Our entries."""
        if not public:
            raise CannotDo("a guest book holds public words only")
        entries = [json.loads(line) for line in self.book.read_text("utf-8").splitlines()]
        return [entry["text"] for entry in entries if entry["ours"]]

    def arrived(self) -> Sequence[Envelope]:
        """It is asked."""
        return ()

    def call(self) -> Call:
        """No."""
        raise CannotDo("it is not called")

    def settle(self) -> None:
        """Nothing goes on by itself."""


class TestGuestbook(Conforms):
    kind_name = "guest book (example)"

    @pytest.fixture
    def world(self, tmp_path: Path) -> Book:
        return Book(tmp_path)
