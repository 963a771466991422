"""A day at the desk in a real browser on the real server: live, by keyboard, offline, on a phone, under attack."""

import re

import pytest
from playwright.sync_api import Page, expect

from company import PASSWORD, Company
from conftest import LogIn

VAGUE = "About 4711 and the other thing."
"""Words that no reader is sure of: a person judges them, at whatever hour they come."""
SOON = 5000
"""Milliseconds within which a screen shows what happened elsewhere."""


def _open(page: Page, number: int, more: str = "") -> None:
    page.goto(f"/cases/open/{number}{more}")
    page.wait_for_selector("#banner:empty", state="attached")


def test_what_somebody_says_appears_in_an_open_list_by_itself(company: Company, log_in: LogIn) -> None:
    page = log_in("mona")
    page.goto("/cases/open")
    company.hear(
        "email", external_id="live-1", author="lia@people.example", name="Lia Live", text="Are you open today?"
    )
    row = page.locator("#rows .row", has_text="Lia Live")
    expect(row).to_contain_text("Are you open today?", timeout=SOON)


def test_they_write_again_while_one_writes(company: Company, log_in: LogIn) -> None:
    company.hear("email", external_id="again-1", author="noa@people.example", name="Noa", subject="Boots",
                 text=VAGUE)  # fmt: skip
    page = log_in("mona")
    _open(page, company.case("again-1", "intent"))
    page.keyboard.press("c")
    page.keyboard.press("c")
    page.keyboard.press("Enter")
    page.wait_for_selector("#composer .success")
    page.wait_for_selector("button.main[data-send]")
    page.keyboard.press("r")
    page.keyboard.type("Dear Noa, we are sorry.")
    page.evaluate("document.getElementById('text').setSelectionRange(5, 8)")
    company.hear("email", external_id="again-2", author="noa@people.example", name="Noa", in_reply_to="again-1",
                 text="And the laces tore too.")  # fmt: skip
    expect(page.locator("#thread")).to_contain_text("And the laces tore too.", timeout=SOON)
    expect(page.locator("#notice")).to_contain_text("Noa wrote again while you write")
    expect(page.locator("#heard")).to_contain_text("New message from Noa")
    kept = page.evaluate("[document.activeElement.id, text.value, text.selectionStart, text.selectionEnd]")
    assert kept == ["text", "Dear Noa, we are sorry.", 5, 8]
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer .problem")).to_contain_text("wrote again", timeout=SOON)
    expect(page.locator("#text")).to_have_value("Dear Noa, we are sorry.")


def test_words_outlive_a_lost_connection_and_a_reload(company: Company, log_in: LogIn, faults: list[str]) -> None:
    company.hear("email", external_id="lost-1", author="ole@people.example", name="Ole", text=VAGUE)
    page = log_in("mona")
    _open(page, company.case("lost-1", "intent"))
    page.fill("#text", "Dear Ole")
    expect(page.locator("#kept")).to_contain_text("Saved", timeout=SOON)
    page.context.set_offline(True)
    expect(page.locator("#banner")).to_contain_text("The connection is lost", timeout=SOON)
    page.locator("#text").press_sequentially(", it left today.")
    expect(page.locator("#mode-reply button").first).to_be_disabled()
    expect(page.locator("#mode-reply [data-why-not]")).to_contain_text("No connection")
    page.context.set_offline(False)
    expect(page.locator("#banner")).to_be_empty(timeout=2 * SOON)
    expect(page.locator("#mode-reply button").first).to_be_enabled()
    page.reload()
    expect(page.locator("#text")).to_have_value(re.compile("^Dear Ole.*today"))
    faults[:] = [fault for fault in faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def test_a_session_that_ends_leads_through_the_door_and_back_to_the_same_words(company: Company, log_in: LogIn) -> None:
    company.hear("email", external_id="over-1", author="pia@people.example", name="Pia", text=VAGUE)
    page = log_in("mona")
    number = company.case("over-1", "intent")
    _open(page, number)
    page.context.clear_cookies(name="armature")
    page.fill("#text", "Dear Pia, yes.")  # all at once: who is led out while typing keeps what was typed
    page.wait_for_url("**/log-in?next=*", timeout=20_000)
    page.fill("#id_login", "mona@fjord.example")
    page.fill("#id_password", PASSWORD)
    page.click("button")
    page.wait_for_url(f"**/cases/open/{number}")
    expect(page.locator("#text")).to_have_value("Dear Pia, yes.")


def test_an_agents_day_by_keyboard_alone(company: Company, log_in: LogIn) -> None:
    company.hear("facebook", external_id="day-1", author="rut.k", name="Rut K", text=VAGUE)
    number = company.case("day-1", "intent")
    mona, leo = log_in("mona"), log_in("leo")
    mona.goto("/cases/intent")
    mona.wait_for_selector(f"#row-{number}")
    for _ in range(40):
        mona.keyboard.press("j")
        if mona.locator(f"#row-{number}:focus").count():
            break
    expect(mona.locator(f"#middle[data-case='{number}']")).to_be_attached()
    assert mona.url.endswith(f"/cases/intent/{number}")
    mona.keyboard.press("a")
    expect(mona.locator("#composer .success")).to_have_text("The case is yours.")
    mona.keyboard.press("c")
    mona.keyboard.press("c")
    mona.keyboard.press("ArrowUp")
    expect(mona.locator(".choice:focus")).to_have_count(1)
    mona.keyboard.press("Escape")
    mona.keyboard.press("c")
    for _ in range(12):
        if mona.locator(".choice:focus").inner_text() == "Cancellation":
            break
        mona.keyboard.press("ArrowDown")
    mona.keyboard.press("Enter")
    expect(mona.locator("#composer .success")).to_have_text("Judged: cancellation.")
    mona.keyboard.press("n")
    mona.keyboard.type("Called them: jkr?")
    mona.keyboard.press("Control+Enter")
    expect(mona.locator("#composer .success")).to_contain_text("Note kept.")
    expect(mona.locator(".msg.note")).to_contain_text("Called them: jkr?")
    mona.keyboard.press("r")
    mona.keyboard.type("Dear Rut, it is cancelled.")
    expect(mona.locator("button.main[data-send]")).to_have_text("Ask approval, then send privately as Facebook page")
    mona.keyboard.press("Control+Enter")
    expect(mona.locator("#composer")).to_contain_text("You wrote it, so somebody else approves it.")
    leo.goto(f"/cases/approve/{number}")
    leo.keyboard.press("b")
    leo.keyboard.type("Add our thanks.")
    leo.keyboard.press("Enter")
    expect(leo.locator("#composer .success")).to_contain_text("Sent back")
    expect(mona.locator("#composer")).to_contain_text("Leo Brandt: Add our thanks.", timeout=SOON)
    mona.keyboard.press("r")
    mona.keyboard.press("Control+End")
    mona.keyboard.type(" Thank you!")
    mona.keyboard.press("Control+Enter")
    expect(leo.locator(".proposal.ours")).to_contain_text("Thank you!", timeout=SOON)
    leo.keyboard.press("Escape")
    leo.locator("#middle").focus()
    leo.keyboard.press("y")
    expect(leo.locator("#thread .msg.out")).to_contain_text("Dear Rut, it is cancelled. Thank you!", timeout=SOON)
    expect(mona.locator("#thread .msg.out .state")).to_have_text("Sent", timeout=2 * SOON)


def test_the_sheet_of_keys_keeps_the_focus_and_gives_it_back_and_switches_them_off(log_in: LogIn) -> None:
    page = log_in("mona")
    page.goto("/cases/open")
    page.locator("#rows .row").first.focus()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('#keys')")
    page.locator("#single-keys").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    assert page.evaluate("document.activeElement.classList.contains('row')")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
    page.reload()
    page.keyboard.press("j")
    assert page.url.endswith("/cases/open")


def test_back_and_reload_lead_where_one_was(company: Company, log_in: LogIn) -> None:
    page = log_in("leo")
    page.goto("/cases/open")
    rows = page.locator("#rows .row")
    first, second = (str(rows.nth(at).get_attribute("id")).removeprefix("row-") for at in (0, 1))
    for number in (first, second):
        page.click(f"#row-{number}")
        page.wait_for_selector(f"#middle[data-case='{number}']")
    page.keyboard.press("n")
    assert page.url.endswith(f"/cases/open/{second}?write=note")
    page.reload()
    expect(page.locator("#mode-note")).to_be_visible()
    page.go_back()
    page.wait_for_selector(f"#middle[data-case='{first}']")
    expect(page.locator(f"#row-{first}")).to_have_attribute("aria-current", "true")
    page.go_back()
    expect(page.locator("#middle[data-case]")).to_have_count(0)


ATTACKS = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>", "<div hx-get=/log-out hx-trigger=load></div>",
    "</textarea></title><svg onload=alert(1)>", "<div data-hx-post=/log-out data-hx-trigger=load hx-on:load=alert(1)>",
]  # fmt: skip


def test_markup_of_strangers_does_nothing_in_a_browser(company: Company, log_in: LogIn) -> None:
    page = log_in("leo")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for at, attack in enumerate(ATTACKS):
        company.hear("email", external_id=f"attack-{at}", author=f"{attack}@{at}.example", name=attack, subject=attack,
                     text=attack)  # fmt: skip
        number = company.case(f"attack-{at}", "intent")
        _open(page, number)
        page.keyboard.press("n")
        page.keyboard.insert_text(attack)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".msg.note .body")).to_have_text(attack)
        expect(page.locator(".msg.in .body")).to_have_text(attack)
    assert not [url for url in asked if "log-out" in url or "evil" in url]
    page.goto("/cases/open")
    expect(page.locator("#rows .who", has_text="<script>").first).to_be_visible()


def test_a_very_long_conversation_scrolls_in_its_own_pane(company: Company, log_in: LogIn) -> None:
    company.hear("email", external_id="long-0", author="uma@people.example", name="U" * 190, subject="S" * 290,
                 text="W" * 3000)  # fmt: skip
    number = company.case("long-0", "intent")
    for at in range(1, 30):
        company.hear("email", external_id=f"long-{at}", author="uma@people.example", name="U" * 190,
                     in_reply_to="long-0", text=f"Message {at}. " + "and so on " * 40)  # fmt: skip
    page = log_in("leo")
    _open(page, number)
    expect(page.locator("#thread")).to_contain_text("Message 29.", timeout=4 * SOON)
    for width in (1440, 1280, 900, 375, 320):
        page.set_viewport_size({"width": width, "height": 700})
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size[0] <= width
        assert size[1] <= 700
        box = page.locator("#composer").bounding_box()
        assert box and box["y"] + box["height"] <= 701
        assert page.evaluate("thread.scrollHeight > thread.clientHeight && thread.clientHeight >= 90")


@pytest.mark.parametrize("width", [1280, 768, 320])
def test_nothing_is_wider_than_the_window(log_in: LogIn, company: Company, width: int) -> None:
    page = log_in("leo", width=width)
    case = company.case("demo-cancel")
    for address in ("/cases/mine", "/cases/open", f"/cases/open/{case}", f"/cases/open/{case}?write=note", "/map"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
