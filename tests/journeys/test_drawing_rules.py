"""A rule is changed by keyboard alone, mended, tried, put in force; the next message takes it."""

import re

from playwright.sync_api import Page, expect

from company import Company
from conftest import LogIn

DRAFT = "/tables/business_rules/draft"


def _cell(page: Page, row: str, field: str) -> None:
    page.locator(f'tr[data-row="{row}"] .cell[data-field="{field}"]').focus()


def test_a_rule_is_drawn_by_keyboard_mended_tried_and_put_in_force(company: Company, log_in: LogIn) -> None:
    page = log_in("ada")
    page.goto("/tables/business_rules")
    page.get_by_role("button", name="Change").click()
    expect(page).to_have_url(re.compile(f"{DRAFT}$"))
    _cell(page, "R07", "intent")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".cell:focus")).to_have_attribute("data-field", "public")
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Yes").check()
    page.keyboard.press("Enter")
    never = page.locator(".to-mend", has_text="Row R07 can never fire: row R06 always fires first")
    expect(never).to_be_visible()
    expect(page.locator(".cell:focus")).to_have_attribute("data-field", "public")
    page.keyboard.press("Control+z")
    expect(never).to_have_count(0)
    _cell(page, "R04", "intent")
    page.keyboard.press("Control+d")
    expect(page.locator("tbody tr")).to_have_count(14)
    page.keyboard.press("Control+z")
    expect(page.locator("tbody tr")).to_have_count(13)
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("tbody tr").nth(2)).to_have_attribute("data-row", "R04")
    _cell(page, "R04", "incentive")
    page.keyboard.press("Enter")
    page.locator("dialog #then-incentive").fill("gift")
    page.keyboard.press("Enter")
    expect(page.locator("#row-3")).to_contain_text('with the incentive "gift"')
    page.get_by_role("link", name="Try it").click()
    page.locator("#fact-intent").select_option("cancel")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#tried")).to_contain_text("R04")
    page.get_by_role("link", name="Back to the draft").click()
    page.get_by_label("What changes, and why").fill("Cancellations come first")
    page.get_by_role("button", name="Put in force").click()
    expect(page.get_by_text("In force from the next message on.")).to_be_visible()
    company.hear("email", external_id="drawn", author="drawn@people.example", text="Please cancel my subscription.")
    company.case("drawn", "response")
