"""Everything of a working day by keyboard alone: whoever holds no mouse misses nothing. Nothing here is clicked."""

import re

from playwright.sync_api import Page, Route, expect

from company import Company
from conftest import LogIn

VAGUE = "About 4711 and the other thing."
SOON = 5000
"""Milliseconds within which a screen shows what happened elsewhere."""


def _said(company: Company, name: str, who: str, form: str = "intent") -> int:
    company.hear("email", external_id=name, author=f"{name}@people.example", name=who, text=VAGUE)
    return company.case(name, form)


def _at(page: Page, number: int) -> None:
    page.goto(f"/cases/open/{number}")
    expect(page.locator("#banner")).to_be_empty()


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _tab_to(page: Page, words: str, most: int = 60) -> None:
    """On with the tabulator until something of that name has the focus, as anybody can reach it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip().startswith(words):
            return
    raise AssertionError(f"the tabulator never comes to {words!r}")


def _done(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("#composer .success[data-stay]")).to_contain_text(words)


def test_take_assign_tag_snooze_wake_end_and_reopen(company: Company, log_in: LogIn) -> None:
    page, number = log_in("mona"), _said(company, "keys-deeds", "Kaja Keys")
    _at(page, number)
    _press(page, "a")
    _done(page, "The case is yours.")
    _press(page, "a")
    expect(page.locator("#assign-to")).to_be_focused()
    page.keyboard.type("Leo")
    _press(page, "Tab", "Enter")
    expect(page.locator("#head")).to_contain_text("taken by Leo Brandt")
    _press(page, "t")
    expect(page.locator("#tag-name")).to_be_focused()
    page.keyboard.type("parcel")
    _press(page, "Enter")
    expect(page.locator("#traces .tags")).to_contain_text("parcel")
    _press(page, "s")
    expect(page.locator("#menu-snooze .choice").first).to_be_focused()
    _press(page, "Enter")
    expect(page.locator("#traces")).to_contain_text("Snoozed until")
    _press(page, "s")
    expect(page.locator("#traces")).not_to_contain_text("Snoozed until")
    _press(page, "e")
    expect(page.locator("#menu-end [name=how]").first).to_be_focused()
    _press(page, "ArrowDown", "ArrowDown")
    expect(page.locator("#menu-end [value=no_response]")).to_be_checked()
    page.locator("#end-reason").focus()
    page.keyboard.type("They called.")
    _press(page, "Enter")
    expect(page.locator("#traces")).to_contain_text("They called.")
    _press(page, "o")
    expect(page.locator("#menu-end")).to_be_attached()


def test_escape_leaves_a_menu_and_gives_the_focus_back(company: Company, log_in: LogIn) -> None:
    page, number = log_in("mona"), _said(company, "keys-escape", "Esa Escape")
    _at(page, number)
    for key, menu in (("s", "snooze"), ("t", "tag"), ("e", "end"), ("m", "more")):
        _press(page, key)
        expect(page.locator(f"#menu-{menu} > :not(summary)")).to_be_visible()
        _press(page, "Escape")
        expect(page.locator(f"#menu-{menu} > summary")).to_be_focused()


def test_a_note_asks_for_a_colleague_by_name(company: Company, log_in: LogIn) -> None:
    page, number = log_in("mona"), _said(company, "keys-note", "Nina Note")
    _at(page, number)
    _press(page, "n")
    page.keyboard.type("May we? @Le")
    expect(page.locator("#mention-list [aria-selected=true]")).to_have_text("Leo Brandt")
    _press(page, "Enter")
    page.keyboard.type("please look.")
    _press(page, "Control+Enter")
    expect(page.locator("#thread .msg.note")).to_contain_text("May we? @Leo Brandt please look.")
    leo = log_in("leo")
    leo.goto("/cases/mentions")
    expect(leo.locator(f"#row-{number}")).to_be_visible()


def test_what_has_not_left_is_taken_back(company: Company, log_in: LogIn) -> None:
    page, number = log_in("mona"), _said(company, "keys-back", "Bo Back")
    company.deed("mona", "keys-back", "commands.judge_intent", intent="complaint")
    company.case("keys-back", "response")
    _at(page, number)
    _press(page, "r")
    page.keyboard.type("Dear Bo, it leaves tomorrow.")
    _tab_to(page, "Later")
    _press(page, "Enter")
    _tab_to(page, "Tomorrow")
    _press(page, "Enter", "Control+Enter")
    expect(page.locator("#composer")).to_contain_text("waits to leave", timeout=2 * SOON)
    _press(page, "z")
    expect(page.locator("#text")).to_have_value("Dear Bo, it leaves tomorrow.")


def test_search_is_reached_by_name_and_a_hit_opened(company: Company, log_in: LogIn) -> None:
    page, number = log_in("mona"), _said(company, "keys-search", "Sverre Sought")
    page.goto("/cases/open")
    _press(page, "Control+k")
    page.keyboard.type("sear")
    _press(page, "Enter")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("sverre sou")
    _press(page, "Enter")
    expect(page.locator(".hits li")).to_have_count(1)
    _tab_to(page, "Sverre Sought")
    _press(page, "Enter")
    expect(page.locator(f"#middle[data-case='{number}']")).to_be_visible()


def test_many_cases_at_once(company: Company, log_in: LogIn) -> None:
    page = log_in("leo")
    numbers = [_said(company, f"keys-many-{at}", f"Max Many {at}") for at in range(3)]
    page.goto("/cases/intent")
    page.locator(f"#row-{numbers[0]}").focus()
    _press(page, "x", "Control+k")
    page.keyboard.type("chosen cases")
    _press(page, "Enter")
    expect(page.locator("#bulk-form")).to_be_visible()
    page.locator("#bulk-tag").focus()
    page.keyboard.type("many")
    _press(page, "Tab", "Enter")
    expect(page.locator("#bulk #job")).to_contain_text("1 done", timeout=6 * SOON)
    assert page.url.endswith("/cases/intent"), "nobody is led away from the desk"
    expect(page.locator("#bulk-bar")).to_be_hidden()
    _tab_to(page, "Undo all of it")
    _press(page, "Enter")
    expect(page.locator("#bulk #job")).to_contain_text("1 undone", timeout=6 * SOON)
    _press(page, "Escape")
    expect(page.locator("#bulk")).to_be_hidden()


def test_a_key_pressed_before_the_scripts_have_come_is_done_when_they_have(company: Company, log_in: LogIn) -> None:
    company.hear("email", external_id="early-1", author="eli@people.example", name="Eli", text="Where is my tent?")
    company.case("early-1")
    page = log_in("mona")
    held: list[Route] = []
    page.route("**/web/desk*.js", lambda route: held.append(route))
    page.goto("/cases/open", wait_until="commit")
    page.wait_for_selector("#rows .row", state="attached")
    page.keyboard.press("j")
    for each in held:
        each.continue_()
    page.wait_for_url("**/cases/open/*")
