"""The bubble on a site of the company: nothing before somebody presses it, then a talk; and no other site has it."""

import html
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from company import PASSWORD, Company
from conftest import LogIn

SLOW = 60_000


class Site:
    """A page of somebody else, on a host of its own: what stands in ``body`` is what they serve."""

    def __init__(self) -> None:
        site = self
        self.body = ""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                words = f"<!doctype html><html lang=en><title>Shop</title><h1>Boots</h1>{site.body}".encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(words)))
                self.end_headers()
                self.wfile.write(words)

            def log_message(self, *_: object) -> None:
                """Nothing to say."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://localhost:{self.server.server_address[1]}"
        """Another site than 127.0.0.1 for a browser: cookies of one are not sent from the other."""


@pytest.fixture
def shop() -> Iterator[Site]:
    """A site of the company."""
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


def _bubble_line(ada: Page, site: str) -> str:
    """What an administrator copies from the channel's page after naming the site."""
    ada.goto("/channels")
    ada.get_by_role("link", name="Web page").click()
    if ada.get_by_role("heading", name="Is it you?").count():
        ada.fill("#id_password", PASSWORD)
        ada.get_by_role("button", name="Go on").click()
    ada.get_by_label("Sites that may show it as a bubble").fill("shop.example")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("is no site: write it like https://shop.example")).to_be_visible()
    ada.get_by_label("Sites that may show it as a bubble").fill(site)
    ada.get_by_role("button", name="Save").click()
    return html.unescape(ada.locator("#bubble").inner_text())


def _cookies(context: BrowserContext) -> list[str]:
    return [str(one.get("name")) for one in context.cookies()]


def test_a_customer_writes_in_the_bubble_of_a_shop_and_goes_on_after_a_reload(
    company: Company, log_in: LogIn, shop: Site
) -> None:
    ada, mona = log_in("ada"), log_in("mona")
    shop.body = _bubble_line(ada, shop.address)
    for width in (1280, 375):
        customer = log_in("", width=width, height=760)
        asked: list[str] = []
        customer.on("request", lambda request, asked=asked: asked.append(request.url))  # type: ignore[misc]
        customer.goto(shop.address)
        bubble = customer.get_by_role("button", name="Write to Fjord Outdoor")
        expect(bubble).to_be_visible()
        assert [one for one in asked if "/talk/" in one] == []
        assert (_cookies(customer.context), customer.evaluate("localStorage.length")) == ([], 0)

        bubble.click()
        talk = customer.frame_locator("iframe")
        name = f"Zora {width}"
        talk.get_by_label("Your name").fill(name)
        talk.get_by_label("Your message").fill("The laces of my boots tore. What can I do?")
        customer.wait_for_timeout(2100)  # nobody types faster
        talk.get_by_role("button", name="Send").click()
        expect(talk.get_by_text("The laces of my boots tore")).to_be_visible(timeout=SLOW)
        assert _cookies(customer.context) == []

        customer.get_by_role("button", name="Close").click()
        expect(customer.locator("iframe")).to_be_hidden()
        _answer(mona, name, f"New laces are on their way, {name}.")
        expect(customer.locator("button[data-news]")).to_be_visible(timeout=SLOW)
        customer.reload()
        customer.get_by_role("button", name="Write to Fjord Outdoor").click()
        expect(customer.frame_locator("iframe").get_by_text(f"on their way, {name}.")).to_be_visible(timeout=SLOW)


def _answer(mona: Page, name: str, words: str) -> None:
    mona.goto("/cases/open")
    mona.locator("#rows .row", has_text=name).first.click()
    expect(mona.get_by_text("laces of my boots").first).to_be_visible(timeout=SLOW)
    expect(mona.locator("#composer")).to_be_visible()
    mona.keyboard.press("c")
    mona.keyboard.press("c")
    mona.locator("form[action$='/intent'] button[value=complaint]").click()
    mona.wait_for_selector("#composer .success")
    send = mona.locator("button.main[data-send]")
    expect(send).to_be_visible(timeout=SLOW)
    mona.locator("textarea[name=text]:visible").fill(words)
    send.click()


def test_no_other_site_gets_the_page_into_a_frame(
    company: Company, log_in: LogIn, shop: Site, faults: list[str]
) -> None:
    stranger = Site()
    try:
        line = _bubble_line(log_in("ada"), shop.address)
        stranger.body = line
        customer = log_in("")
        customer.goto(stranger.address)
        customer.get_by_role("button", name="Write to Fjord Outdoor").click()
        customer.wait_for_timeout(1500)
        assert customer.frames[-1].locator("textarea").count() == 0
        assert any("frame-ancestors" in one for one in faults)
        faults.clear()
    finally:
        stranger.server.shutdown()
        stranger.server.server_close()
