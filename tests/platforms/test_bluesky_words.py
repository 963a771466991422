"""What Bluesky's posts are made of: links and names by their bytes, and our names for what we say."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from armature.crm.channels.bluesky import facets, names
from house import MONDAY


def _key(number: int) -> UUID:
    return UUID(int=number)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Grüße 👩🏽‍🚀 @a.test", ["@a.test"]),
        ("(see https://x.example/a_(b)?q=ø).", ["https://x.example/a_(b)?q=ø"]),
        ("https://x.example/@a.test, @nobody.test a@b.test @a.test!", ["https://x.example/@a.test", "@a.test"]),
        ("@a.test @A.TEST.", ["@a.test", "@A.TEST"]),
        ("nothing here: http:// @ @a", []),
    ],
)
def test_links_and_names_are_marked_by_their_bytes(text: str, marked: list[str]) -> None:
    found = facets.made(text, lambda handle: "did:plc:a" if handle == "a.test" else "")
    raw = text.encode()
    assert [raw[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode() for one in found] == marked


def test_a_link_under_other_words_shows_where_it_leads() -> None:
    def link(start: int, end: int, uri: str) -> dict[str, Any]:
        feature = {"$type": facets.LINK, "uri": uri}
        return {"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}

    shown = "my bank ü bank.example/lo..."
    marks = [link(0, 7, "https://evil.example/"), link(11, 29, "https://bank.example/login?a=1")]
    assert facets.written_out(shown, marks) == "my bank (https://evil.example/) ü https://bank.example/login?a=1"
    assert facets.written_out("bank.example/lo...", [link(0, 18, "https://evil.example/")]).endswith("evil.example/)")
    assert facets.written_out("x.example", [link(0, 9, "https://x.example/")]) == "x.example"
    assert facets.written_out("short", [link(2, 99, "https://x.example/"), link(3, 1, "https://x.example/")]) == "short"


def test_our_names_sort_by_time_and_tell_it() -> None:
    made = [names.timed(_key(number), MONDAY + timedelta(seconds=number)) for number in range(50)]
    assert made == sorted(made) and len(set(made)) == 50 and {len(one) for one in made} == {13}
    assert names.moment_of(made[7]) == MONDAY + timedelta(seconds=7)
    assert names.timed(_key(7), MONDAY) == names.timed(_key(7), MONDAY) != names.timed(_key(8), MONDAY)
    for odd in ("", "3kaaaaaaaaaa", "3kaaaaaaaaaa1", "zkaaaaaaaaaa2"):
        with pytest.raises(ValueError, match="name"):
            names.moment_of(odd)
