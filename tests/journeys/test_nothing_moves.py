"""What is on the screen stays where it is: a case that opens and a message that comes live move nothing (U6)."""

import pytest
from playwright.sync_api import Page, expect

from company import Company
from conftest import LogIn

VAGUE = "About 4711 and the other thing."
MOST = 0.05
"""Layout shift by the web's own measure: the share of the window that moved, times how far."""
SOON = 5000
WATCH = """window.moved = [];
    const named = ({node}) => node?.id || node?.className || node?.nodeName || '?';
    const note = one => window.moved.push([one.value, ...one.sources.map(named)]);
    new PerformanceObserver(list => list.getEntries().forEach(note)).observe({type: 'layout-shift', buffered: true});"""


def _watched(page: Page) -> None:
    page.evaluate("window.moved.length = 0")


def _moved(page: Page) -> float:
    """How much moved since, also right after a key or a click; and what it was, for whoever must mend it."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    moved = page.evaluate("window.moved")
    print(moved)
    return sum(one[0] for one in moved)


@pytest.mark.parametrize("width", [1280, 375])
def test_a_case_opens_and_a_message_comes_and_nothing_moves(company: Company, log_in: LogIn, width: int) -> None:
    name = f"still-{width}"
    line = {"author": f"{name}@people.example", "name": f"Siv Still {width}", "text": VAGUE}
    company.hear("email", external_id=name, **line)
    number = company.case(name, "intent")
    page = log_in("mona", width=width, has_touch=width < 768)
    page.add_init_script(WATCH)
    page.goto("/cases/open")
    expect(page.locator("#rows .row").first).to_be_visible()
    page.locator(f"#row-{number}").scroll_into_view_if_needed()
    _watched(page)
    page.locator(f"#row-{number}").click()
    expect(page.locator(f"#middle[data-case='{number}']")).to_be_visible()
    expect(page.locator("#composer")).to_be_visible()
    opened = _moved(page)
    page.locator("#text").fill("Dear Siv,")
    expect(page.locator("#kept")).to_contain_text("Saved", timeout=SOON)
    _watched(page)
    company.hear("email", external_id=f"{name}-more", in_reply_to=name, **line | {"text": "And one thing more."})
    expect(page.locator("#thread")).to_contain_text("And one thing more.", timeout=2 * SOON)
    expect(page.locator("#notice")).to_contain_text("wrote again while you write")
    came = _moved(page)
    assert (opened <= MOST, came <= MOST) == (True, True), (opened, came)


@pytest.mark.parametrize("width", [1280, 375])
def test_whoever_looks_at_the_same_case_covers_nothing(
    company: Company, busy: dict[str, int], log_in: LogIn, width: int
) -> None:
    other, page = log_in("leo"), log_in("mona", width=width)
    other.goto(f"/cases/open/{busy['answered']}")
    page.goto(f"/cases/open/{busy['answered']}")
    expect(page.locator("#here .present")).to_be_visible(timeout=20_000)
    covered = page.evaluate("""() => {
        const place = (one) => one.getBoundingClientRect(), here = place(document.querySelector("#here .present"));
        const across = (one) => one.left < here.right && one.right > here.left;
        const meets = (one) => across(one) && one.top < here.bottom && one.bottom > here.top;
        return [...document.querySelectorAll("#thread, .traces, #head h2, #head p, #bar > * > .btn")]
            .filter((one) => one.checkVisibility() && meets(place(one))).map((one) => one.outerHTML.slice(0, 80));
    }""")
    assert covered == []
