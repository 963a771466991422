"""A change of the process in one piece: drawn on the canvas, mended, replayed over the past, published, lived with."""

import re

from playwright.sync_api import Page, expect

from company import Company
from conftest import LogIn

ANGRY = "I want to complain: my tent is torn and nobody answers me."
SAVED = "#canvas-saved"


def _begin(page: Page) -> bool:
    """Begin a draft of the baseline; whether another was given up for it."""
    page.goto("/maps/reactive")
    if there := page.locator("a", has_text="Go on with the draft").count() > 0:
        page.goto("/maps/reactive/draft")
        page.click("details:has(form[action$='give-up']) > summary")
        page.click("form[action$='give-up'] button")
    page.click("form[action$='begin'] button")
    page.get_by_role("link", name="On the canvas").click()
    expect(page.locator(SAVED)).to_have_text("Saved")
    return there


def _choose(page: Page, element: str, name: str) -> None:
    page.locator(f"[data-element-id={element}] .djs-hit").first.click(force=True)
    expect(page.locator("#canvas-panel h2")).to_have_text(name)


def _append(page: Page, kind: str, name: str) -> str:
    """A step behind the one that is chosen, by the form beside the canvas; its element."""
    panel = page.locator("#canvas-panel")
    panel.locator("summary", has_text="Add a step behind it").click()
    panel.locator("#new_kind").select_option(label=kind)
    panel.locator("#new_name").fill(name)
    panel.get_by_role("button", name="Add the step").click()
    expect(panel.locator("h2")).to_have_text(name)
    return str(panel.locator("form").get_attribute("action")).rsplit("/", 1)[-1]


def _arrow(page: Page, to: str) -> None:
    panel = page.locator("#canvas-panel")
    panel.locator("#new_to").select_option(label=to)
    panel.get_by_role("button", name="Add the arrow").click()
    expect(panel.locator("legend", has_text=f"Leads to “{to}”")).to_have_count(1)


def _when(page: Page, rest: str, fact: str, value: str) -> None:
    """The way to ``rest`` is taken when nothing else holds, the other one when a fact is so."""
    panel = page.locator("#canvas-panel")
    ways = panel.locator("fieldset:has(> legend:has-text('Leads to'))")
    ways.filter(has_text=f"Leads to “{rest}”").get_by_label("taken when nothing else holds").check()
    aside = ways.filter(has_not_text=f"Leads to “{rest}”")
    aside.get_by_label("Taken when", exact=True).select_option(label=fact)
    aside.get_by_role("button", name="Show its values").click()
    aside = panel.locator("fieldset:has(fieldset.values)")
    aside.get_by_label(value, exact=True).check()
    panel.get_by_role("button", name="Keep").last.click()
    expect(panel.locator("fieldset.values input:checked")).to_have_count(1)


def _wrong(page: Page, words: str) -> None:
    expect(page.locator("#canvas-wrong")).to_have_text(words)
    expect(page.locator(SAVED)).to_have_text("Saved")


def _draw_a_review(page: Page) -> None:
    """In public, and a complaint: legal looks at it before it goes on."""
    panel = page.locator("#canvas-panel")
    _choose(page, "Known", "What we know")
    panel.locator("fieldset", has_text="Leads to “Who judges?”").get_by_role("button", name="Take this").click()
    expect(panel.locator("legend", has_text="Leads to")).to_have_count(0)
    public = _append(page, "A choice: the way parts", "In public?")
    _arrow(page, "Who judges?")
    complaint = _append(page, "A choice: the way parts", "A complaint?")
    _arrow(page, "Who judges?")
    _append(page, "A task for people", "Review a public complaint")
    expect(page.locator("#canvas-findings li", has_text="choose what people do here")).to_have_count(1)
    panel.locator("#bound").select_option(label="Judge intent")
    panel.locator("#team").select_option(label="Legal")
    panel.get_by_role("button", name="Keep").last.click()
    expect(page.locator("#canvas-findings li", has_text="choose what people do here")).to_have_count(0)
    _arrow(page, "Who judges?")
    page.fill("#note", "Too early")
    page.locator("#publish button.ok").click()
    expect(page.get_by_role("alert")).to_contain_text("have to be mended first")
    page.goto("/maps/reactive/draft/canvas")
    expect(page.locator(".canvas-mark")).to_have_count(2)
    _choose(page, complaint, "A complaint?")
    _when(page, "Who judges?", "Intent", "Complaint")
    _wrong(page, "3 findings are left.")
    _choose(page, public, "In public?")
    _when(page, "Who judges?", "Public", "yes")
    _wrong(page, "No findings are left.")


def _replay(page: Page) -> None:
    """What it would have done with the past: who would have been asked, one of them with both whys."""
    page.get_by_role("link", name="Replay this draft").click()
    expect(page.locator("input[name=drafts]:checked")).to_have_count(1)
    page.get_by_role("button", name="Replay").click()
    expect(page.locator("h1")).to_contain_text("would have done", timeout=60_000)
    count = page.locator(".lead-figure a")
    expect(count).to_have_text(re.compile(r"^[1-9]\d* interactions? would have gone otherwise$"))
    asks = page.locator("section", has=page.get_by_role("heading", name="What would wait where nobody was asked"))
    expect(asks.locator("th").last).to_be_visible()
    count.click()
    page.locator(".otherwise a").first.click()
    expect(page.locator(".both section")).to_have_count(2)
    expect(page.locator(".drawing svg")).to_have_count(2)


def test_a_review_is_drawn_replayed_and_published_and_what_runs_ends_on_its_own_way(
    company: Company, log_in: LogIn
) -> None:
    company.hear("email", external_id="whole-old", author="whole-old@people.example", text=ANGRY, public=True)
    old = company.case("whole-old", "intent")
    page = log_in("ada", height=1000)
    drawn_before = _begin(page)
    _draw_a_review(page)
    _replay(page)
    page.goto("/maps/reactive/draft/canvas")
    page.fill("#note", "Legal looks at public complaints")
    page.locator("#publish button.ok").click()
    expect(page.locator("main > [role=status]")).to_contain_text("is in force")
    company.hear("email", external_id="whole-new", author="whole-new@people.example", text=ANGRY, public=True)
    new = company.case("whole-new", "intent")
    page.goto("/cases/open?team=legal")
    expect(page.locator(f"a[href*='/{new}']").first).to_be_visible()
    expect(page.locator(f"a[href*='/cases/open/{old}?'], a[href$='/{old}']")).to_have_count(0)
    company.deed("leo", "whole-old", "commands.judge_intent", intent="complaint")
    assert company.case("whole-old", "response") == old
    page.goto("/maps/reactive/versions")
    page.locator("form[action$='/back'] button").first.click()
    page.fill("#note", "Back to how it was")
    page.locator("button[name=do][value=publish]").click()
    expect(page.locator("main > [role=status]")).to_contain_text("is in force")
    if drawn_before:  # other journeys look at a draft
        _begin(page)
