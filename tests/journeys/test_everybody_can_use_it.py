"""No page, in no state, in light or dark, on a desk or a phone, shuts anybody out: axe finds nothing (WCAG 2.2 AA)."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from armature.crm.web.views_of_cases import VIEWS
from company import Company
from conftest import LogIn

TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]


def _findings(page: Page) -> list[str]:
    # The targets are as large as the wider rule of a touch screen asks for, and none lies under another.
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


@pytest.fixture(scope="module")
def states(company: Company) -> dict[str, int]:
    """A case in each state."""
    company.hear(
        "email",
        external_id="axe-unknown",
        author="ulf@people.example",
        name="Ulf",
        text="About 4711 and the other thing.",
    )
    company.unknown(external_id="axe-unknown", intent="complaint", text="Dear Ulf, we are sorry.")
    company.hear("email", external_id="axe-thanks", author="amira@people.example", in_reply_to="demo-tent",
                 text="Thank you so much, that was quick!")  # fmt: skip
    return {
        "unknown": company.case("axe-unknown", "delivery"), "intent": company.case("demo-fire"),
        "response": company.case("demo-price"), "approval": company.case("demo-cancel"),
        "public": company.case("demo-public"), "answered": company.case("demo-tent"),
    }  # fmt: skip


def _pages(states: dict[str, int]) -> Iterator[tuple[str, str]]:
    for view in VIEWS:
        yield f"/cases/{view}", ""
    for number in states.values():
        yield f"/cases/open/{number}", ""
        yield f"/cases/open/{number}?write=note", ""
    yield f"/cases/open/{states['intent']}", "c"
    yield f"/cases/open/{states['intent']}", "?"
    yield "/map", ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing_anywhere(
    log_in: LogIn, states: dict[str, int], scheme: Any, width: int, faults: list[str]
) -> None:
    page = log_in("leo", width=width, color_scheme=scheme, has_touch=width == 375)
    found: dict[str, list[str]] = {}
    for address, key in _pages(states):
        page.goto(address)
        if key:
            page.keyboard.press(key)
        if width == 375 and "/open/" in address and not key and "write" not in address:
            page.click(".to-why")
            expect(page.locator("#why")).to_be_visible()
        if findings := _findings(page):
            found[f"{address} {key}"] = findings
    assert not found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_the_door(log_in: LogIn, scheme: Any, faults: list[str]) -> None:
    page = log_in("", width=375, color_scheme=scheme)
    for address in ("/log-in", "/nowhere"):
        page.goto(address)
        assert not _findings(page), address
    page.goto("/log-in")
    page.fill("#id_login", "mona@fjord.example")
    page.fill("#id_password", "wrong")
    page.click("button")
    expect(page.locator(".problem:not([hidden])")).to_contain_text("do not belong together")
    assert not _findings(page)
    faults[:] = [fault for fault in faults if "status of 404" not in fault]


def test_fingers_find_every_target_on_a_phone(log_in: LogIn, states: dict[str, int]) -> None:
    page = log_in("leo", width=375, has_touch=True, is_mobile=True)
    small: dict[str, Any] = {}
    for address in ("/cases/open", f"/cases/open/{states['response']}", f"/cases/open/{states['approval']}"):
        page.goto(address)
        small[address] = page.evaluate(
            """[...document.querySelectorAll('a, button, summary, input:not([type=hidden]), textarea')]
            .filter(one => one.checkVisibility({visibilityProperty: true}) && one.getBoundingClientRect().width > 1)
            .filter(one => !one.closest('p, td, .skip') && one.getBoundingClientRect().height < 43.5)
            .map(one => one.outerHTML.slice(0, 90))"""
        )
    assert not any(small.values()), small
