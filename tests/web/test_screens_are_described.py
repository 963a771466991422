"""Every screen is named, by its address, on a page of docs/; and docs/screens.md names none that is not there."""

import re
from pathlib import Path

from django.urls import URLPattern, get_resolver
from test_front_state import ONLY_DONE

DOCS = Path(__file__).resolve().parents[2] / "docs"
ADDRESS = re.compile(r"[`*](/[\w/.-]*)[`*]")
NO_SCREENS = {"script-words", "account_signup", "account_set_password", "mfa_list_webauthn", "canned-words",
              "map-canvas-step"}  # fmt: skip
"""Scripts ask for them, or they only lead elsewhere."""


def _like(address: str) -> str:
    """With X for whatever a part of it is the name or number of."""
    return re.sub(r"(?<=[/.-])[A-Z]+(?=[/.-]|$)", "X", address)


def screens() -> dict[str, str]:
    """The addresses that a browser can be sent to, each with the name of its route."""
    found: dict[str, str] = {}

    def walk(patterns: list[object], before: str) -> None:
        for one in patterns:
            if not isinstance(one, URLPattern):
                walk(one.url_patterns, before + str(one.pattern))  # type: ignore[attr-defined]
            elif one.name not in ONLY_DONE | NO_SCREENS:
                found[re.sub(r"<[^>]+>", "X", before + str(one.pattern))] = str(one.name)

    walk(get_resolver().url_patterns, "/")
    return found


def _named(page: Path) -> set[str]:
    return {_like(one) for one in ADDRESS.findall(page.read_text("utf-8"))}


def test_every_screen_is_named_on_a_page_of_the_docs() -> None:
    named = set().union(*(_named(page) for page in DOCS.glob("*.md")))
    assert {address: name for address, name in screens().items() if address not in named} == {}


def test_the_page_of_screens_names_none_that_is_not_there() -> None:
    posts = {"/imports/X/to-mend"}
    there = {re.sub(r"\.X$", "", one) for one in screens()} | set(screens()) | posts
    assert _named(DOCS / "screens.md") - there == set()
