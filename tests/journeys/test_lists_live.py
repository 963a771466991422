"""What changes elsewhere while a list is open: the rows stay what they are, and the keys go on where one was."""

import pytest
from playwright.sync_api import Page, expect

from company import Company
from conftest import LogIn

VAGUE = "About 4711 and the other thing."
SOON = 5000
"""Milliseconds within which a screen shows what happened elsewhere."""


def _said(company: Company, name: str, who: str) -> int:
    company.hear("email", external_id=name, author=f"{name}@people.example", name=who, text=VAGUE)
    return company.case(name, "intent")


def _deed(page: Page, key: str, words: str) -> None:
    page.keyboard.press(key)
    expect(page.locator(".sheet input:focus")).to_have_count(1)
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def test_a_row_that_changes_looks_as_if_it_had_just_been_drawn(company: Company, log_in: LogIn) -> None:
    number = _said(company, "rows-tag", "Tilda Tag")
    looking, working = log_in("leo"), log_in("mona")
    looking.goto("/cases/open")
    working.goto(f"/cases/open/{number}")
    there, here = (page.locator(f"#row-{number}") for page in (looking, working))
    expect(there.locator(".here")).to_contain_text("Mona Dahl", timeout=SOON)
    _deed(working, "t", "parcel")
    for row in (there, here):
        expect(row.locator(".tag")).to_have_text("parcel", timeout=SOON)
        expect(row.locator(".tiny")).to_have_count(1)
    expect(there.locator(".here")).to_contain_text("Mona Dahl")
    working.locator("#traces .tags button").click()
    expect(here.locator(".tag")).to_have_count(0, timeout=SOON)
    changed = here.locator(".meta").inner_html()
    working.reload()
    assert here.locator(".meta").inner_html() == changed


def test_after_a_row_that_was_clicked_has_left_the_keys_go_on_where_it_stood(company: Company, log_in: LogIn) -> None:
    numbers = [_said(company, f"rows-next-{at}", f"Next {at}") for at in range(3)]
    page = log_in("mona")
    page.goto("/cases/intent")
    page.locator(f"#row-{numbers[1]}").click()
    expect(page.locator("#middle")).to_have_attribute("data-case", str(numbers[1]))
    page.get_by_role("button", name="Something else", exact=True).click()
    expect(page.locator("#composer .success")).to_be_visible()
    expect(page.locator(f"#row-{numbers[1]}")).to_have_count(0, timeout=SOON)  # one's own deed is not news
    expect(page.locator("#news")).to_have_count(0)
    page.keyboard.press("j")
    expect(page.locator("#middle")).to_have_attribute("data-case", str(numbers[2]))


def test_a_list_that_was_clicked_into_moves_once_the_pointer_has_left(company: Company, log_in: LogIn) -> None:
    first, second = (_said(company, f"rows-left-{at}", f"Left {at}") for at in range(2))
    page = log_in("mona")
    page.goto("/cases/intent")
    page.locator(f"#row-{first}").click()
    expect(page.locator("#middle")).to_have_attribute("data-case", str(first))
    again = {"author": "rows-left-0@people.example", "in_reply_to": "rows-left-0", "text": VAGUE}
    company.hear("email", external_id="rows-left-again", **again)
    expect(page.locator("#news")).to_be_visible(timeout=SOON)
    page.mouse.move(900, 400)
    expect(page.locator("#news")).to_have_count(0)
    expect(page.locator(".line").last).to_have_id(f"line-{first}")
    assert page.locator(f"#line-{second}").count() == 1


@pytest.mark.parametrize("width", [1280, 375])
def test_who_is_here_covers_nothing_that_can_be_pressed(company: Company, log_in: LogIn, width: int) -> None:
    name = f"cover-{width}"
    number = _said(company, name, "Cato Cover")
    company.deed("mona", name, "notes.add_note", text="@Leo Brandt may we?")
    company.deed("mona", name, "marking.tag", name="parcel")
    log_in("mona").goto(f"/cases/open/{number}")
    page = log_in("leo", width=width, has_touch=width < 768)
    page.goto(f"/cases/open/{number}")
    expect(page.locator("#here")).to_contain_text("Mona Dahl", timeout=SOON)
    under = page.locator("#here").bounding_box()
    seen_to = page.get_by_role("button", name="Seen to").bounding_box()
    assert under and seen_to
    assert under["y"] + under["height"] <= seen_to["y"]
