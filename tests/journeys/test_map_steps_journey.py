"""The process is drawn by keyboard alone: a review of public complaints, mended, published, and gone back from."""

import re

from playwright.sync_api import Page, expect

from company import Company
from conftest import LogIn

ANGRY = "I want to complain: my boots are broken and nobody answers me."


def _to(page: Page, where: str, most: int = 400) -> None:
    """On with the tabulator until this has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("where => document.activeElement.matches(where)", where):
            return
    raise AssertionError(f"the tabulator never comes to {where!r}")


def _choose(page: Page, where: str, words: str) -> None:
    _to(page, where)
    page.keyboard.type(words)
    expect(page.locator(f"{where} option:checked")).to_contain_text(words)


def _do(page: Page, button: str) -> None:
    _to(page, f"button[value='{button}']:not(.unseen)")
    page.keyboard.press("Enter")


def _add(page: Page, kind: str, name: str, lane: str = "") -> None:
    _choose(page, "#new_kind", kind)
    _to(page, "#new_name")
    page.keyboard.type(name)
    if lane:
        _choose(page, "#new_lane", lane)
    _do(page, "add")
    expect(page.locator("h1")).to_have_text(name)


def _when(page: Page, fact: str, value: str) -> None:
    """The first arrow to a step is taken when a fact is so; the other one else."""
    ways = page.locator("#ways > fieldset")
    aside = 1 if "Who judges?" in ways.nth(0).locator("> legend").inner_text() else 0
    arrow, rest = (ways.nth(n).locator("[name=rest]").get_attribute("value") for n in (aside, 1 - aside))
    _to(page, "[name=rest]")
    page.keyboard.press("Space" if page.evaluate("document.activeElement.value") == rest else "ArrowDown")
    expect(page.locator(f"[name=rest][value={rest}]")).to_be_checked()
    _choose(page, f"#fact-{arrow}", fact)
    _do(page, f"look:{arrow}")
    expect(page.locator(f"#sign-{arrow}")).to_be_focused()
    _to(page, f"[name=values-{arrow}][value={value}]")
    page.keyboard.press("Space")
    _do(page, "keep")
    expect(page.locator("li[id^=step-]:focus")).to_have_count(1)


def _open(page: Page, name: str) -> None:
    row = page.locator(".rows > li", has=page.locator("p b", has_text=re.compile(rf"^{re.escape(name)}$")))
    _to(page, f"#{row.first.get_attribute('id')} > p a")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)


def _publish(page: Page, note: str) -> None:
    _to(page, "#note")
    page.keyboard.type(note)
    _do(page, "publish")
    expect(page.locator("[role=status]")).to_contain_text("is in force")


def _begin(page: Page) -> bool:
    """Begin a draft; whether another was given up for it."""
    page.goto("/maps/reactive")
    if there := page.locator("a", has_text="Go on with the draft").count() > 0:
        page.goto("/maps/reactive/draft")
        _to(page, "details:has(form[action$='give-up']) > summary")
        page.keyboard.press("Enter")
        _to(page, "form[action$='give-up'] button:not(.unseen)")
        page.keyboard.press("Enter")
        expect(page.locator("[role=status]")).to_contain_text("was given up")
    _to(page, "form[action$='begin'] button")
    page.keyboard.press("Enter")
    expect(page.locator("#findings-head")).to_have_text("Nothing to mend")
    return there


def test_a_review_of_public_complaints_is_drawn_mended_published_and_taken_back(
    company: Company, log_in: LogIn
) -> None:
    company.hear("email", external_id="steps-old", author="steps-old@people.example", text=ANGRY, public=True)
    old = company.case("steps-old", "intent")
    page = log_in("ada")
    drawn_before = _begin(page)
    _open(page, "What we know")
    _add(page, "A choice", "In public?")
    _add(page, "A choice", "A complaint?")
    _add(page, "A task", "Review a public complaint", "Evaluation")
    expect(page.locator(".wrong li").first).to_contain_text("choose what people do here")
    _choose(page, "#bound", "Judge intent")
    _choose(page, "#team", "Legal")
    _choose(page, "#new_to", "Who judges?")
    _do(page, "arrow")
    expect(page.locator("[role=status]")).to_contain_text("findings are left")
    page.goto("/maps/reactive/draft")
    _open(page, "A complaint?")
    _choose(page, "#new_to", "Who judges?")
    _do(page, "arrow")
    expect(page.locator("#ways > fieldset")).to_have_count(2)
    _when(page, "Intent", "complaint")
    _open(page, "In public?")
    _when(page, "Public", "yes")
    expect(page.locator("[role=status]")).to_contain_text("No findings are left.")
    _publish(page, "Legal looks at public complaints")
    company.hear("email", external_id="steps-new", author="steps-new@people.example", text=ANGRY, public=True)
    new = company.case("steps-new", "intent")
    page.goto("/cases/open?team=legal")
    expect(page.locator(f"a[href*='/{new}']").first).to_be_visible()
    expect(page.locator(f"a[href*='/cases/open/{old}?'], a[href$='/{old}']")).to_have_count(0)
    company.deed("leo", "steps-old", "commands.judge_intent", intent="complaint")
    assert company.case("steps-old", "response") == old
    page.goto("/maps/reactive/versions")
    before = int(re.findall(r"\d+", page.locator(".line b").first.inner_text())[0]) - 1
    _to(page, f"form[action$='/versions/{before}/back'] button")
    page.keyboard.press("Enter")
    expect(page.locator("#findings-head")).to_have_text("Nothing to mend")
    _publish(page, "Back to how it was")
    if drawn_before:  # other journeys look at a draft
        _begin(page)
