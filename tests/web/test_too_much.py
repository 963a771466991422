"""What is too large, or too much alike to compare, stalls nothing: requests without end, texts made to be compared."""

import asyncio
import time
from typing import Any

import pytest

from armature.crm.accounts.models import User
from armature.crm.act import notes
from armature.crm.web import weight
from armature.crm.web.differences import Piece, differences
from armature.crm.web.stream import Stream


@pytest.mark.parametrize("said", [[(b"content-length", b"100000001")], [(b"content-length", b"9" * 5000)], []])
def test_a_request_that_is_too_large_is_not_read_to_its_end(said: list[tuple[bytes, bytes]]) -> None:
    read, answers = [0], list[Any]()

    async def endless() -> dict[str, Any]:
        read[0] += 1_000_000
        return {"type": "http.request", "body": b"x" * 1_000_000, "more_body": True}

    async def rest(_scope: Any, receive: Any, _send: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    async def take(message: Any) -> None:
        answers.append(message)

    scope = {"type": "http", "method": "POST", "path": "/talk/hello", "headers": said}
    asyncio.run(asyncio.wait_for(Stream(rest)(scope, endless, take), 60))
    assert read[0] == (0 if said else weight.MOST_BYTES + 1_000_000)
    assert [one.get("status") for one in answers[:1]] == ([413] if said else [])


@pytest.mark.parametrize(
    ("before", "after"),
    [(" ".join(["a"] * 1990), " ".join(["a", "b"] * 990)), ("\n" * 6000, "x" + "\n" * 5000 + "y\n" * 1000)],
)
def test_texts_of_the_same_few_words_are_compared_in_no_time(before: str, after: str) -> None:
    begun = time.process_time()
    found = differences(before, after)
    assert time.process_time() - begun < 5
    assert "".join(one.words for one in found if one.kind != "gone") == after
    assert "".join(one.words for one in found if one.kind != "new") == before


def test_what_stands_before_and_behind_a_change_stays() -> None:
    assert differences("a b c", "a d c") == [
        Piece("same", "a "), Piece("gone", "b "), Piece("new", "d "), Piece("same", "c"),
    ]  # fmt: skip


def test_a_note_of_nothing_but_names_is_looked_at_in_no_time() -> None:
    people = [User(pk=number, name=f"Person {number}", email=f"p{number}@shop.example") for number in range(1, 201)]
    begun = time.process_time()
    assert notes.mentioned("@p7 " + "".join(f"@a{number} " for number in range(100_000)), people) == [people[6]]
    assert time.process_time() - begun < 5
