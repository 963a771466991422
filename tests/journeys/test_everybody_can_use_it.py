"""No screen, in no state, in light or dark, on a desk or a phone, shuts anybody out: axe finds nothing (WCAG 2.2 AA),
nothing scrolls sideways down to 320 pixels, and fingers find every target on a phone."""

import base64
import hashlib
import hmac
import time

import pytest
from playwright.sync_api import Page, expect

import screens
from company import PASSWORD, Company
from conftest import LogIn
from looking import wrong
from test_door_in_chromium import DEVICE


def _loud(faults: list[str]) -> list[str]:
    return [fault for fault in faults if "status of 4" not in fault]


@pytest.mark.parametrize("width", [1280, 375])
def test_nobody_is_shut_out_of_any_screen(log_in: LogIn, busy: dict[str, int], width: int, faults: list[str]) -> None:
    pages: dict[str, Page] = {}
    found: dict[str, list[str]] = {}
    for screen in screens.of(busy, narrow=width < 768):
        if screen.who not in pages:
            pages[screen.who] = log_in(screen.who, width=width, has_touch=width < 768)
        screen.show(pages[screen.who])
        if bad := wrong(pages[screen.who]):
            found[str(screen)] = bad
    assert not found
    faults[:] = _loud(faults)


@pytest.mark.parametrize("width", [1280, 375])
def test_nobody_is_shut_out_of_a_page_that_only_comes_when_something_is_wrong(
    company: Company, log_in: LogIn, width: int
) -> None:
    page = log_in("", width=width, has_touch=width < 768)
    found: dict[str, list[str]] = {}
    for template in screens.WRITTEN:
        page.goto("/log-in")  # its styles are there
        page.set_content(company.page(template).replace("/static/", f"{company.address}/static/"))
        expect(page.locator("h1")).to_be_visible()
        if bad := wrong(page):
            found[template] = bad
    page.goto("/log-in")
    page.fill("#id_login", "mona@fjord.example")
    page.fill("#id_password", "wrong")
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.locator(".problem:not([hidden])")).to_contain_text("do not belong together")
    found["refused"] = wrong(page)
    assert not {name: bad for name, bad in found.items() if bad}


def test_nobody_is_shut_out_while_a_colleague_comes_in(company: Company, log_in: LogIn, busy: dict[str, int]) -> None:
    ada, guest = (log_in(who, width=375, has_touch=True) for who in ("ada", ""))
    found = []
    ada.goto("/team")
    ada.get_by_label("E-mail address").fill("per@fjord.example")
    ada.get_by_role("button", name="Invite", exact=True).click()
    expect(ada.get_by_role("heading", name="Is it you?")).to_be_visible()
    found += wrong(ada)
    ada.fill("#id_password", PASSWORD)
    ada.get_by_role("button", name="Go on").click()
    expect(ada.locator(".secret")).to_be_visible()
    found += wrong(ada)
    guest.goto(ada.locator(".secret").inner_text())
    expect(guest.get_by_label("Name")).to_be_visible()
    found += wrong(guest)
    ada.goto("/team/people/3")
    ada.get_by_role("button", name="Link for a new password").click()
    guest.goto(ada.locator(".secret").inner_text())
    expect(guest.locator("input[type=password]").first).to_be_visible()
    assert not found + wrong(guest)


def test_nobody_is_shut_out_by_the_second_step(company: Company, log_in: LogIn, faults: list[str]) -> None:
    page, here, found = log_in("", width=375, has_touch=True), f"http://localhost:{company.port}", {}
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    _log_in(page, here)
    page.wait_for_url("**/cases/**")
    page.goto(f"{here}/profile/app")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Go on").click()
    found["app"] = wrong(page)
    page.locator("#id_code").fill(_six_digits(page.locator("main code").first.inner_text()))
    page.get_by_role("button", name="Turn it on").click()
    code = page.locator(".codes li").first.inner_text()
    found["codes"] = wrong(page)
    page.goto(f"{here}/profile/keys/new")
    found["new key"] = wrong(page)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("link", name="Rename")).to_be_visible()
    for link in ("Rename", "Remove", "Turn it off", "Show them", "Make new ones"):
        page.goto(f"{here}/profile/log-in")
        page.get_by_role("link", name=link).first.click()
        found[link] = wrong(page)
    page.goto(f"{here}/profile/log-in")
    found["log-in"] = wrong(page)
    for again in ("code", "passkey"):
        page.goto(f"{here}/again/{again}")
        found[again] = wrong(page)
    page.goto(f"{here}/cases/open")
    page.get_by_role("button", name="Log out").click()
    _log_in(page, here)
    expect(page.get_by_role("heading", name="The second step")).to_be_visible()
    found["second"] = wrong(page)
    page.locator("#id_code").fill(code)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/cases/**")
    assert not {name: bad for name, bad in found.items() if bad}


def _log_in(page: Page, here: str) -> None:
    page.goto(f"{here}/log-in")
    page.fill("#id_login", "nia@fjord.example")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def _six_digits(secret: str) -> str:
    """What an authenticator app shows now for that key (RFC 6238)."""
    moment = (int(time.time()) // 30).to_bytes(8, "big")
    digest = hmac.new(base64.b32decode(secret), moment, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"
