"""Every screen that somebody can come to: whose it is, its address, and what is opened on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from armature.crm.web.views_of_cases import VIEWS
from company import PASSWORD

MENUS = ("assign", "snooze", "tag", "end", "more", "filter")
CASES = (
    "unknown", "snoozed", "ended", "restricted", "note", "long", "intent", "response", "approval", "public", "answered",
    "letter", "order",
)  # fmt: skip
DESK = ("/approvals", "/canned", "/canned/new", "/macros", "/macros/new", "/map", "/map/live?days=28",
        "/map/live/waiting/Judge", "/maps",
        "/maps/reactive", "/maps/reactive/versions?from=1&to=draft", "/maps/reactive/draft",
        "/maps/reactive/draft/canvas",
        "/maps/reactive/draft/steps/Approve", "/maps/reactive/draft/steps/WhatNext",
        "/tables", "/tables/business_rules",
        "/tables/business_rules/versions?from=1&to=1", "/lists", "/search", "/search?q=boots",
        "/search?q=nothing+of+that+kind", "/ending-cases", "/cases/open?intent=praise",
        "/incidents", "/incidents/new", "/incidents/{incident}",
        "/listening", "/listening/new?text=the", "/listening/shipped", "/listening/button",
        "/surveys", "/surveys/new", "/surveys/after-answers", "/case/1/survey",
        "/measures?days=90", "/measures/volume?days=90",
        "/measures/answers?days=own&since=2026-05-02&until=2026-05-01", "/measures/decisions?days=90",
        "/measures/outcomes?days=90", "/measures/rows/heard?days=90", "/reader", "/reader/behind", "/reader/label",
        "/listening/quote?url=https://x.com/ann/status/1&title=Boots")  # fmt: skip
OFFICE = (
    "/profile", "/profile/log-in", "/profile/password", "/profile/app", "/profile/keys/new", "/team",
    "/team/people/1", "/team/people/5", "/team?q=nobody", "/team/teams", "/team/brands", "/channels",
    "/channels/new", "/channels/new/email", "/channels/new/sms", "/channels/new/letter", "/channels/new/webhook",
    "/channels/1", "/channels/{running}", "/channels/{stopped}", "/channels/{parked}", "/channels/{phone}/list",
    "/log", "/try", "/try/{tried_out}", "/imports", "/imports/{to_map}", "/imports/{brought_in}",
    "/who-judges", "/who-judges/checks",
    "/assessment", "/assessment/{assessed}", "/assessment/{assessed}/proposals",
    "/assessment/{assessed}/exchanges?kind=never",
    "/replays", "/replays/begin", "/replays/alone", "/replays/alone/rules", "/replays/alone/known",
    "/replays/{replayed}", "/replays/{replayed}/otherwise",
    "/replays/{replayed}/otherwise/{otherwise}",
    "/hours", "/people",
    "/people?q=ingrid", "/people?q=nobody", "/people/by-phone/+4799887766", "/notices", "/ending-cases",
    "/again", "/nowhere",
)  # fmt: skip
DOOR = (
    "/log-in",
    "/password",
    "/password/sent",
    "/password/done",
    "/log-in/closed",
    "/join/no-such-link",
    "/talk/hello",
)
WRITTEN = (
    "400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html", "web/reconnecting.html",
    "web/first_run.html", "web/nobody_yet.html",
)  # fmt: skip
"""Pages that nobody comes to while all is well: the server writes them out for us."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: who sees it (nobody: the door), where it is, and which part of it is opened."""

    who: str
    address: str
    opened: str = ""

    def show(self, page: Page) -> None:
        """Go there and open it."""
        page.goto(self.address)
        if "/again" in page.url and not self.address.startswith("/again"):
            page.fill("#id_password", PASSWORD)  # the page itself is meant, not the door in front of it
            page.get_by_role("button", name="Go on").click()
            expect(page.get_by_role("heading", name="Is it you?")).to_have_count(0)
        if self.opened.startswith("#menu-"):
            page.locator(f"{self.opened} > summary").click()
            if self.opened == "#menu-filter":
                expect(page.locator("#filter-form")).to_be_visible()
        elif self.opened == "bulk":
            page.keyboard.press("x")
            page.locator("#bulk-do").click()
            expect(page.locator("#bulk-form")).to_be_visible()
        elif self.opened == "why":
            page.locator(".to-why").click()
            expect(page.locator("#why")).to_be_visible()
        elif self.opened:
            page.keyboard.press(self.opened)

    def __str__(self) -> str:
        return f"{self.who or 'nobody'} {self.address} {self.opened}".strip()


def of(numbers: Mapping[str, int], *, narrow: bool = False) -> Iterator[Screen]:
    """All of them, in an order that opens each person's one after the other; on a phone the judgement is a page too."""
    for address in DOOR:
        yield Screen("", address)
    yield Screen("nia", "/approvals")
    yield Screen("nia", "/cases/mine")
    for view in VIEWS:
        yield Screen("leo", f"/cases/{view}")
    for name in CASES:
        yield Screen("leo", f"/cases/open/{numbers[name]}")
        if narrow:
            yield Screen("leo", f"/cases/open/{numbers[name]}", "why")
    for address in (f"/cases/open/{numbers['note']}?write=note", f"/cases/open/{numbers['public']}?write=note"):
        yield Screen("leo", address)
    for address in DESK:
        yield Screen("leo", address.format_map(numbers))
    yield from _opened(numbers)
    for address in OFFICE:
        yield Screen("ada", address.format_map(numbers))


def _opened(numbers: Mapping[str, int]) -> Iterator[Screen]:
    for key in ("Control+k", "?", "bulk"):
        yield Screen("leo", "/cases/open", key)
    for menu in MENUS:
        yield Screen("leo", f"/cases/open/{numbers['note']}" if menu != "filter" else "/cases/open", f"#menu-{menu}")
    yield Screen("leo", f"/cases/open/{numbers['intent']}", "c")
    for address in ("canned/{canned}", "macros/{macro}", "bulk/{job}", "case/{note}/sight", "case/{restricted}/sight",
                    "people/{person}", "people/{person}/same?q=a", "people/at/{identity}",
                    "companies/{company}", "listening/{query}", "listening/{query}?aside=1", "listening/{query}/change",
                    "listening/search/{tried}", "case/{approval}/replay", "letters", "letters/{scan}",
                    "letters/{being_read}", "meetings/new"):  # fmt: skip
        yield Screen("leo", "/" + address.format_map(numbers))
