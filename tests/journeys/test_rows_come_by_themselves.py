"""Rows of an open list come, change and go with the live word itself: the list is not asked for again."""

from playwright.sync_api import APIResponse, Page, Route, expect

from company import Company
from conftest import LogIn

SOON = 5000
VAGUE = "About 4712 and the other thing."


def _only_told(page: Page) -> None:
    """From here on the list learns nothing but by the live stream."""

    def nothing(route: Route) -> None:
        route.fulfill(status=204)

    page.route("**/cases/*?part=list*", nothing)
    page.route("**/cases/*?part=rail*", nothing)


def _rows(page: Page) -> list[str]:
    return [str(row.get_attribute("id")) for row in page.locator("#rows .row").all()]


def test_a_row_comes_changes_and_goes(company: Company, log_in: LogIn) -> None:
    leo, mona = log_in("leo"), log_in("mona")
    leo.goto("/cases/unassigned")
    mona.goto("/cases/mine")
    expect(leo.locator("#banner")).to_be_empty()
    for page in (leo, mona):
        _only_told(page)
    before = _rows(leo)
    line = {"author": "live@people.example", "name": "Liv Live"}
    company.hear("email", external_id="self-1", text=VAGUE, **line)
    number = company.case("self-1", "intent")
    row = leo.locator(f"#row-{number}")
    expect(row).to_contain_text(VAGUE, timeout=SOON)
    assert _rows(leo) == [*before, f"row-{number}"]
    company.hear("email", external_id="self-2", in_reply_to="self-1", text="Are you there?", **line)
    expect(row).to_contain_text("Are you there?", timeout=SOON)
    expect(row).to_have_count(1)
    leo.locator("#list").hover()
    mona.goto(f"/cases/unassigned/{number}")
    mona.locator("#bar").get_by_role("button", name="Take it").click()
    expect(mona.locator("#bar")).not_to_contain_text("Take it", timeout=SOON)
    expect(leo.locator("#news")).to_be_visible(timeout=SOON)  # under the pointer nothing moves by itself
    leo.locator("#news").click()
    expect(row).to_have_count(0)
    assert _rows(leo) == before


def test_what_is_said_while_a_case_is_on_its_way_here_is_shown_too(company: Company, log_in: LogIn) -> None:
    line = {"author": "quick@people.example", "name": "Quinn Quick"}
    company.hear("email", external_id="self-4", text=VAGUE, **line)
    number = company.case("self-4", "intent")
    mona = log_in("mona")
    mona.goto("/cases/open")
    row = mona.locator(f"#row-{number}")
    expect(row).to_be_visible(timeout=SOON)
    held: list[tuple[Route, APIResponse]] = []
    mona.route(f"**/cases/open/{number}?part=case", lambda route: held.append((route, route.fetch())))
    row.click()
    while not held:  # the case is made, and does not come yet
        mona.wait_for_timeout(20)
    company.hear("email", external_id="self-5", in_reply_to="self-4", text="Are you there?", **line)
    expect(row).to_contain_text("Are you there?", timeout=SOON)
    expect(mona.locator("#thread")).to_have_count(0)
    route, made = held[0]
    route.fulfill(response=made)
    expect(mona.locator("#thread")).to_contain_text("Are you there?", timeout=SOON)


def test_an_empty_list_fills(company: Company, log_in: LogIn) -> None:
    company.hear("email", external_id="self-3", author="full@people.example", text=VAGUE)
    number = company.case("self-3", "intent")
    here, there = log_in("ada"), log_in("ada")
    here.goto("/cases/mine")
    expect(here.locator("#nothing")).to_be_visible()
    _only_told(here)
    there.goto(f"/cases/open/{number}")
    there.locator("#bar").get_by_role("button", name="Take it").click()
    expect(here.locator(f"#row-{number}")).to_contain_text("About 4712", timeout=SOON)
    expect(here.locator("#nothing")).to_be_hidden()
    expect(there.locator("#menu-assign summary")).not_to_contain_text("Assign")
    there.locator("#menu-assign summary").click()
    there.get_by_role("button", name="Put it back: nobody has it").click()
    expect(here.locator(f"#row-{number}")).to_have_count(0, timeout=SOON)
    expect(here.locator("#nothing")).to_be_visible()
