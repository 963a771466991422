"""A company brings its past in, has it assessed, reads how things stand, and takes a row and a lane into its drafts."""

import re

from playwright.sync_api import Page, expect

from conftest import LogIn
from looking import wrong

ASKED = 40
SLOW = 90_000
"""Milliseconds that the workers may take on a busy machine."""


def _file() -> bytes:
    """People who cancelled by mail and were answered by the address of Support; some whom nobody answered."""
    lines = ["Date,From,Subject,Text,Ticket,Direction"]
    for n in range(ASKED):
        day = f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}"
        lines.append(f"{day} 09:{n % 60:02},gone{n}@people.example,Bye,Please cancel my subscription.,T-{n},in")
        if n % 8:
            lines.append(f"{day} 10:{n % 60:02},support@fjord.example,Re: Bye,It is cancelled.,T-{n},out")
    return "\n".join(lines).encode()


def _bring_in(ada: Page) -> None:
    ada.goto("/imports")
    ada.get_by_label("The file").set_input_files({"name": "past.csv", "mimeType": "text/csv", "buffer": _file()})
    ada.get_by_role("button", name="Upload").click()
    expect(ada.get_by_role("heading", name="rows, as they will be understood")).to_be_visible(timeout=SLOW)
    ada.get_by_role("button", name="Try the whole file out").click()
    expect(ada.get_by_role("heading", name="Tried out: this is what would come in")).to_be_visible(timeout=SLOW)
    ada.get_by_role("button", name=re.compile(r"Bring in \d+ records")).click()
    expect(ada.get_by_role("heading", name="Brought in", exact=True)).to_be_visible(timeout=SLOW)


def test_a_past_is_brought_in_assessed_and_a_row_and_a_lane_of_it_are_drawn(log_in: LogIn) -> None:
    ada, findings = log_in("ada"), list[str]()
    _bring_in(ada)
    ada.goto("/imports")
    ada.get_by_role("link", name="What it tells: the assessment").click()
    findings += wrong(ada)
    ada.get_by_label("What is assessed").select_option("past")
    ada.get_by_role("button", name="Assess", exact=True).click()
    expect(ada.get_by_role("heading", name="How things stand")).to_be_visible(timeout=SLOW)
    expect(ada.locator("#f-who")).to_contain_text("support@fjord.example")
    findings += wrong(ada)
    ada.locator("dl.figures").first.get_by_role("link").first.click()
    expect(ada.get_by_role("heading", level=1)).to_contain_text("Never answered")
    findings += wrong(ada)
    ada.get_by_role("link", name="Back to the report").click()
    ada.get_by_role("link", name=re.compile("proposals? to look at")).click()
    findings += wrong(ada)
    row, lane = re.compile("^Cancellation.*: to Support"), "A lane for Support"
    for title in (row, lane):
        ada.get_by_role("article", name=title).get_by_role("button", name="Accept into the draft").click()
        expect(ada.get_by_role("status")).to_contain_text("It stands in the draft now")
    findings += wrong(ada)
    ada.goto("/tables/business_rules/draft")
    expect(ada.locator("main")).to_contain_text("were answered by Support")
    ada.goto("/maps/reactive/draft")
    expect(ada.locator("main")).to_contain_text("Support")
    for draft in ("/tables/business_rules/draft", "/maps/reactive/draft"):  # other journeys begin their own
        ada.goto(draft)
        ada.click("details:has(form[action$='give-up'], [value='give-up']) > summary")
        ada.locator("form[action$='give-up'] button:not(.unseen), button[value='give-up']").last.click()
        expect(ada.get_by_role("status")).to_contain_text("given up")
    assert not findings, "\n".join(findings)
