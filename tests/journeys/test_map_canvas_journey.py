"""The process is drawn by hand: a task by the pad, bound beside the canvas, mended where it is marked, published."""

from pathlib import Path

from playwright.sync_api import Page, Route, expect

import armature
from armature.arm.process_map import ProcessMap, parse
from company import Company
from conftest import LogIn

BASELINE = Path(armature.__file__).parent / "arm/baseline/reactive.bpmn"
OF_OTHERS = (
    '<bpmn:extensionElements><vendor:Sla vendor:hours="4"><vendor:note kind="a">Kim</vendor:note>'
    '</vendor:Sla><vendor:sla vendor:hours="5" /></bpmn:extensionElements>'
)
"""In two spellings that differ only by upper and lower case."""
SAVED = "#canvas-saved"


def _begin(page: Page) -> None:
    page.goto("/maps/reactive")
    if page.locator("a", has_text="Go on with the draft").count():
        page.goto("/maps/reactive/draft")
        page.click("details:has(form[action$='give-up']) > summary")
        page.click("form[action$='give-up'] button")
    page.click("form[action$='begin'] button")
    page.get_by_role("link", name="On the canvas").click()
    expect(page.locator(SAVED)).to_have_text("Saved")


def _choose(page: Page, element: str) -> None:
    page.locator(f"[data-element-id={element}] .djs-hit").first.click(force=True)
    expect(page.locator(f"#canvas-panel form[action$='/at/{element}']")).to_be_visible()


def _wrong(page: Page, words: str) -> None:
    expect(page.locator("#canvas-wrong")).to_have_text(words)
    expect(page.locator(SAVED)).to_have_text("Saved")


def _lane(process: ProcessMap, element: str) -> str:
    lane = process.lane(element)
    return lane.id if lane else ""


def test_a_task_is_drawn_bound_mended_and_published(company: Company, log_in: LogIn) -> None:
    page = log_in("ada", height=1000)
    _begin(page)
    panel = page.locator("#canvas-panel")
    _choose(page, "Known")
    offered = page.locator(".djs-palette .entry, .djs-context-pad .entry").evaluate_all(
        "all => all.map(one => one.dataset.action)"
    )
    assert not [one for one in offered if any(word in one for word in ("subprocess", "data", "participant", "group"))]
    page.click(".djs-context-pad [data-action='append.userTask']")
    _wrong(page, "6 findings are left.")
    expect(page.locator(".canvas-mark")).to_have_count(2)
    panel.locator("#name").fill("Look at it twice")
    panel.locator("#bound").select_option(label="Judge intent")
    panel.locator("#team").select_option(label="Legal")
    panel.get_by_role("button", name="Keep").first.click()
    _wrong(page, "3 findings are left.")
    panel.locator("#new_to").select_option(label="Who judges?")
    panel.get_by_role("button", name="Add the arrow").click()
    _wrong(page, "1 finding is left.")
    page.fill("#note", "Too early")
    page.locator("#publish button.ok").click()
    expect(page.get_by_role("alert")).to_contain_text("1 finding has to be mended first")
    page.goto("/maps/reactive/draft/canvas")
    finding = page.locator("#canvas-findings button")
    expect(finding).to_contain_text("add a choice behind it")
    finding.click()
    old = panel.locator("fieldset", has_text="Leads to “Who judges?”").first
    old.get_by_role("button", name="Take this arrow out").press("Enter")  # the picture scrolls: a click may miss
    _wrong(page, "No findings are left.")
    page.click("[data-do=undo]")
    _wrong(page, "1 finding is left.")
    page.click("[data-do=redo]")
    _wrong(page, "No findings are left.")
    page.fill("#note", "Legal looks at all of it")
    page.locator("#publish button.ok").click()
    expect(page.locator("main > [role=status]")).to_contain_text("is in force")
    page.goto("/maps/reactive/versions")
    page.locator("form[action$='/back'] button").first.click()
    page.fill("#note", "Back to how it was")
    page.locator("button[name=do][value=publish]").click()
    expect(page.locator("main > [role=status]")).to_contain_text("is in force")
    _begin(page)  # other journeys look at a draft


def test_a_slow_server_loses_nothing_that_is_typed_or_chosen_meanwhile(company: Company, log_in: LogIn) -> None:
    page = log_in("ada", height=1000)
    _begin(page)
    panel = page.locator("#canvas-panel")
    _choose(page, "Known")
    page.click(".djs-context-pad [data-action='append.userTask']")
    _wrong(page, "6 findings are left.")
    panel.locator("#name").fill("Look at it twice")
    held: list[Route] = []
    page.route("**/canvas/at/**", lambda one: held.append(one) if one.request.method == "GET" else one.continue_())
    with page.expect_request(lambda one: "/canvas/at/" in one.url and one.method == "GET"):
        panel.get_by_role("button", name="Keep").first.click()
    expect(panel.locator("#new_to")).to_be_disabled()
    page.locator("#note").press_sequentially("Nobody")
    with page.expect_response("**/canvas/at/**"):
        held[0].continue_()
    panel.locator("#new_to").select_option(label="Who judges?")  # waits until the form of now is there
    page.keyboard.type(" is in a hurry")
    expect(page.locator("#note")).to_have_value("Nobody is in a hurry")
    expect(panel.locator("#name")).to_have_value("Look at it twice")
    page.unroute("**/canvas/at/**")
    panel.get_by_role("button", name="Add the arrow").click()
    expect(panel.locator("fieldset", has_text="Leads to “Who judges?”")).to_have_count(1)
    expect(page.locator(SAVED)).to_have_text("Saved")
    page.fill("#note", "")
    _begin(page)


def test_what_other_tools_wrote_into_the_file_is_still_there_after_drawing(company: Company, log_in: LogIn) -> None:
    ours = BASELINE.read_text()
    theirs = ours.replace("<bpmn:definitions ", '<bpmn:definitions xmlns:vendor="urn:vendor" vendor:made="yes" ', 1)
    head = 'id="Where" name="Where it was said" arm:step="where"'
    assert head in theirs
    theirs = theirs.replace(f"{head}>", f'{head} vendor:Colour="Red">{OF_OTHERS}<!-- ask Kim -->', 1)
    page = log_in("ada", height=1000)
    page.goto("/maps")
    page.set_input_files("#bpmn-file", {"name": "theirs.bpmn", "mimeType": "text/xml", "buffer": theirs.encode()})
    page.locator("form[action$='bring-in'] button").click()
    page.get_by_role("link", name="Go on drawing").click()
    draft = page.url
    before = page.evaluate("address => fetch(address).then(one => one.text())", f"{draft}.bpmn")
    page.goto(f"{draft}/canvas")
    _choose(page, "Where")
    page.keyboard.press("ArrowDown")
    expect(page.locator(SAVED)).to_have_text("Not saved yet")
    expect(page.locator(SAVED)).to_have_text("Saved")
    after = page.evaluate("address => fetch(address).then(one => one.text())", f"{draft}.bpmn")
    one, other = (parse(text.encode())[0] for text in (before, after))
    assert other.shapes["Where"].y > one.shapes["Where"].y
    assert (other.elements, set(other.arrows)) == (one.elements, set(one.arrows))
    assert all(_lane(one, key) == _lane(other, key) for key in one.elements)
    squeezed = "".join(after.split())
    for kept in (OF_OTHERS, 'vendor:made="yes"', 'vendor:Colour="Red"', "<!-- ask Kim -->"):
        assert "".join(kept.split()) in squeezed, kept
    page.goto(draft)
    page.click("details:has(form[action$='give-up']) > summary")
    page.click("form[action$='give-up'] button")


def test_what_cannot_be_kept_beside_the_canvas_is_said_and_stays_typed(
    company: Company, log_in: LogIn, faults: list[str]
) -> None:
    page = log_in("ada", height=1000)
    _begin(page)
    _choose(page, "Known")
    panel, name = page.locator("#canvas-panel"), page.locator("#canvas-panel #name")
    page.route("**/canvas/at/**", lambda one: one.abort() if one.request.method == "POST" else one.continue_())
    name.fill("What we know of them")
    panel.get_by_role("button", name="Keep").last.click()
    expect(panel.get_by_role("alert")).to_have_text("Offline: this is not kept. Try again once the connection is back.")
    expect(name).to_have_value("What we know of them")
    assert all("ERR_FAILED" in one for one in faults)
    faults.clear()
    page.unroute("**/canvas/at/**")
    panel.get_by_role("button", name="Keep").last.click()
    expect(panel.get_by_role("alert")).to_have_count(0)
    expect(panel.locator("h2")).to_have_text("What we know of them")
    page.click("[data-do=undo]")
    expect(page.locator(SAVED)).to_have_text("Saved")
