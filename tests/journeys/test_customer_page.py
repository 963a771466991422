"""A customer without an account writes on our page and watches it happen: the answer comes by itself, they rate it."""

from playwright.sync_api import expect

from conftest import LogIn
from looking import wrong

SLOW = 60_000
"""Milliseconds that a message may take on a busy machine."""


def test_a_customer_watches_the_answer_come_and_rates_it(log_in: LogIn) -> None:
    customer, mona = log_in("", width=375, color_scheme="dark", has_touch=True), log_in("mona")
    customer.goto("/talk/hello")
    findings = wrong(customer)
    customer.get_by_label("Your name").fill("Yara Lind")
    customer.get_by_label("Your message").fill(
        "I am very disappointed with my tent: the pole snapped. I want to complain."
    )
    customer.wait_for_timeout(2100)  # nobody types faster
    customer.get_by_role("button", name="Send").click()
    expect(customer.get_by_text("the pole snapped")).to_be_visible(timeout=SLOW)
    expect(customer.get_by_text("Did we understand you?")).to_be_visible(timeout=SLOW)
    findings += wrong(customer)
    customer.get_by_role("button", name="Yes", exact=True).click()

    mona.goto("/cases/open")
    mona.locator("#rows .row", has_text="Yara Lind").first.click()
    expect(mona.get_by_text("the pole snapped").first).to_be_visible()
    expect(mona.locator("#composer")).to_be_visible()
    mona.keyboard.press("c")
    mona.keyboard.press("c")
    mona.locator("form[action$='/intent'] button[value=complaint]").click()
    mona.wait_for_selector("#composer .success")
    send = mona.locator("button.main[data-send]")
    expect(send).to_be_visible(timeout=SLOW)
    mona.locator("textarea[name=text]:visible").fill("We are sorry, Yara. A new pole is on its way.")
    send.click()
    expect(customer.get_by_text("A new pole is on its way.")).to_be_visible(timeout=SLOW)
    findings += wrong(customer)

    customer.get_by_role("button", name="5 of 5: very good").click()
    expect(customer.get_by_text("How good was our answer?")).to_have_count(0)
    assert not findings
