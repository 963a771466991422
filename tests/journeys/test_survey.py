"""A survey, all the way: made by a lead, opened by the link of its code, answered, judged, in the results."""

from playwright.sync_api import Page, expect

from conftest import LogIn
from looking import wrong

SLOW = 60_000
"""Milliseconds that a message may take on a busy machine."""
WORDS = "I am very disappointed: the zip broke on the first day. I want to complain."


def _make(leo: Page, name: str, findings: list[str]) -> str:
    """With nothing but the form; the link that stands on paper."""
    leo.goto("/surveys/new")
    leo.get_by_label("Name; those who answer read it too").fill(name)
    leo.get_by_label("Kind").select_option("nps")
    leo.get_by_label("The question for the rating").fill("How likely are you to recommend us?")
    leo.get_by_label("Words", exact=True).fill("What should we do better?")
    leo.get_by_role("button", name="Add a question").click()
    second = leo.get_by_role("group", name="Question 2")
    second.get_by_label("Words", exact=True).fill("What was it about?")
    second.get_by_label("How it is answered").select_option("choice")
    second.get_by_label("To choose from, one on each line").fill("Delivery\nBoots")
    findings += wrong(leo)
    leo.get_by_role("button", name="Keep").click()
    leo.get_by_role("link", name="Preview").click()
    expect(leo.get_by_text("Preview: nothing can be sent from here.")).to_be_visible()
    findings += wrong(leo)
    leo.get_by_role("link", name="Back to the survey").click()
    leo.get_by_role("button", name="Open it").click()
    expect(leo.get_by_text("It can be answered now.")).to_be_visible()
    return leo.locator("#link code").inner_text()


def _answer(customer: Page, link: str, findings: list[str]) -> None:
    """On the page that the code leads to: no script of ours is needed for it."""
    customer.goto(link)
    findings += wrong(customer)
    customer.get_by_role("radio", name="3", exact=True).check()
    customer.get_by_label("What should we do better?").fill(WORDS)
    customer.get_by_role("radio", name="Boots").check()
    customer.wait_for_timeout(2100)  # nobody types faster
    customer.get_by_role("button", name="Send").click()
    expect(customer.get_by_role("heading", name="Thank you")).to_be_visible()
    findings += wrong(customer)
    assert not customer.context.cookies()


def test_a_survey_is_made_answered_judged_and_counted_on_a_phone(log_in: LogIn) -> None:
    leo, findings = log_in("leo", width=375, has_touch=True), list[str]()
    customer = log_in("", width=375, has_touch=True)
    link = _make(leo, "After delivery", findings)
    _answer(customer, link, findings)
    case = leo.locator(".answers li", has_text="the zip broke").get_by_role("link", name="Case")
    for _second in range(SLOW // 1000):  # the page stands still: a worker may still be judging
        leo.reload()
        if case.count():
            break
        leo.wait_for_timeout(1000)
    expect(leo.locator(".figures")).to_contain_text("-100")
    findings += wrong(leo)
    case.click()
    expect(leo.locator(".msg.in")).to_contain_text("Rating: 3 of 10")
    leo.get_by_text("Question by question").click()
    expect(leo.locator(".msg.in .facts")).to_contain_text("Boots")
    findings += wrong(leo)
    assert not findings
