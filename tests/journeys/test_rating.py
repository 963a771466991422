"""An answer that asks how it was: switched on, written, sent with its link, rated on a phone, back on the desk."""

import re

from playwright.sync_api import Page, expect

from company import Company
from conftest import LogIn
from looking import wrong

SLOW = 60_000
"""Milliseconds that a message may take on a busy machine."""
NAME = "rated-1"
ASKS = "How was this answer? Tell us here:"


def _switch(leo: Page, on: bool) -> None:
    leo.goto("/surveys")
    leo.get_by_role("link", name="After an answer by e-mail").click()
    leo.get_by_label("Ask how the answer was").first.set_checked(on)
    leo.get_by_role("button", name="Keep").first.click()
    expect(leo.get_by_text("Kept.")).to_be_visible()


def _answer(mona: Page, leo: Page, number: int) -> str:
    """Written and approved, where the line is shown before it leaves; the link that went out."""
    mona.goto(f"/cases/open/{number}")
    expect(mona.locator("#compose")).to_contain_text(ASKS)
    mona.locator("textarea[name=text]:visible").fill("Dear Rita, it is on its way.")
    mona.locator("button[formaction$='/write']").click()
    expect(mona.locator("#composer")).to_contain_text("Approval", timeout=SLOW)
    leo.goto(f"/cases/approve/{number}")
    expect(leo.locator(".proposal.ours")).to_contain_text(ASKS)
    leo.locator("button[formaction$='/approve']").click()
    out = mona.locator(".msg.out")
    expect(out).to_contain_text(ASKS, timeout=SLOW)
    expect(out).to_contain_text("Sent", timeout=SLOW)
    return re.findall(r"https?://\S+/rate/\S+", out.inner_text())[0]


def _rate(customer: Page, link: str, findings: list[str]) -> None:
    """On a phone, with the keyboard alone; to open it is no answer."""
    customer.goto(link)
    findings += wrong(customer)
    customer.get_by_role("radio", name="Bad", exact=True).focus()
    customer.keyboard.press("ArrowUp")
    expect(customer.get_by_role("radio", name="Not good")).to_be_checked()
    customer.get_by_role("button", name="Send").click()
    expect(customer.get_by_text("You said: Not good. It has arrived.")).to_be_visible()
    findings += wrong(customer)
    assert not customer.context.cookies()


def test_an_answer_is_rated_badly_and_its_case_is_back_on_the_desk(company: Company, log_in: LogIn) -> None:
    findings = list[str]()
    leo, mona, customer = log_in("leo"), log_in("mona"), log_in("", width=375, height=700, has_touch=True)
    _switch(leo, True)
    company.hear("email", external_id=NAME, author="rita@people.example", name="Rita Ask", subject="My order",
                 text="About 4711 and the other thing.")  # fmt: skip
    company.case(NAME, "intent")
    company.deed("mona", NAME, "commands.judge_intent", intent="question")
    number = company.case(NAME, "response")
    link = _answer(mona, leo, number)
    company.case(NAME, "feedback")
    _rate(customer, link, findings)
    mona.goto(f"/cases/open/{number}")
    expect(mona.locator(".came")).to_contain_text("They rated it 2 of 5, not satisfied", timeout=SLOW)
    back = mona.locator("#compose, #composer form").first
    expect(back).to_be_visible(timeout=SLOW)
    _switch(leo, False)
    assert not findings
