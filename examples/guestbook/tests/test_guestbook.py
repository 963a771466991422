"""The checks of Armature for this kind: the other side is the same file."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from armature_guestbook import Guestbook, write

from armature.conformance import Bare, Conforms, Said
from armature.conformance.world import CannotDo
from armature.crm.channels.port import Account, Attachment


class Book(Bare):
    """A book, and a guest who writes into it."""

    kind = Guestbook()
    needed = ("file",)
    nothing = "ink stays"

    def __init__(self, folder: Path) -> None:
        self.book = folder / "book.jsonl"
        self.book.touch()
        self.account = Account(1, "guestbook", "shop", {"file": str(self.book)})

    def nowhere(self) -> Account:
        """A file that is not there."""
        return dataclasses.replace(self.account, settings={"file": str(self.book.parent / "nowhere" / "book")})

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """An entry."""
        if not public or files:
            raise CannotDo("a guest book holds public words only")
        name = uuid4().hex
        write(self.book, name, "ingrid", text, answers=(answers,) if answers else ())
        return Said(name, "ingrid", True)

    def sees(self, *, public: bool) -> list[str]:
        """Our entries."""
        if not public:
            raise CannotDo("a guest book holds public words only")
        entries = [json.loads(line) for line in self.book.read_text("utf-8").splitlines()]
        return [entry["text"] for entry in entries if entry["ours"]]


class TestGuestbook(Conforms):
    kind_name = "guest book (example)"

    @pytest.fixture
    def world(self, tmp_path: Path) -> Book:
        return Book(tmp_path)
