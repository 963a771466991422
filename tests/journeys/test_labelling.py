"""Twenty messages a minute and more, by keyboard alone: the next one stands there before the server has answered."""

import re
import time

from playwright.sync_api import Page, expect

from company import Company, until
from conftest import LogIn


def _shown(page: Page) -> str:
    return str(page.evaluate("() => [...document.querySelectorAll('.ask')].find(a => !a.hidden)?.dataset.number || ''"))


def test_eight_messages_are_labelled_by_keyboard_and_one_taken_back(company: Company, log_in: LogIn) -> None:
    for n in range(10):
        company.hear("email", external_id=f"label-{n}", author=f"label{n}@people.example", text=f"About {n} of them.")
    for n in range(10):
        company.case(f"label-{n}", "intent")
        company.deed("leo", f"label-{n}", "endings.end", how="no_response", reason="Nothing to answer.")
    page = log_in("leo")
    page.goto("/reader/label")
    expect(page.locator(".ask")).to_have_count(6)
    before, began = page.locator("#labelled p").inner_text(), time.monotonic()
    for key in ("Enter", "5", "d", "Enter", "4", "w", "Enter", "5"):
        until(lambda: _shown(page), "the next message is there")
        here = _shown(page)
        page.keyboard.press(key)
        assert _shown(page) != here, f"after {key} nobody waits for the server"
    assert time.monotonic() - began < 24, "eight in 24 seconds are twenty a minute"
    given = int(re.findall(r"\d+", before)[0]) + 8
    expect(page.locator("#labelled p")).to_have_text(re.compile(rf"^{given} labels"))
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile(r"first=\d+"))
    expect(page.locator("#labelled p")).to_have_text(re.compile(rf"^{given - 1} label"))
    assert _shown(page) == re.findall(r"first=(\d+)", page.url)[0]
