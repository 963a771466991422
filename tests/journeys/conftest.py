"""One running company and one browser for all journeys; every page is watched for what a user would never report."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import catalogue
from busy import fill
from company import PASSWORD, Company
from mailserver import mailserver

__all__ = ["mailserver"]

CHROMIUM = shutil.which("chromium") or "chromium"
LogIn = Callable[..., Page]


@pytest.fixture(scope="session")
def company() -> Iterator[Company]:
    """The demo, for all tests."""
    with tempfile.TemporaryDirectory(prefix="armature-journey-") as folder:
        catalogue.write(Path(folder) / "home" / "locale", "ar")  # spoken to whoever's browser asks for it
        running = Company(Path(folder) / "home")
        try:
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="session")
def busy(company: Company) -> dict[str, int]:
    """The same company in the middle of its day: numbers of what it has, by their names."""
    return fill(company)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield found
        found.close()


@pytest.fixture
def faults() -> list[str]:
    """What pages complained about; empty at the end of a good journey."""
    return []


def _told(words: str) -> bool:
    """What the browser or htmx only reports: a question given up because a newer one was asked, a refusal in words."""
    return (
        words.startswith(("htmx:afterRequest", "htmx:sendAbort"))
        or "status of 409" in words
        or "status of 422" in words
    )


@pytest.fixture
def log_in(company: Company, browser: Browser, faults: list[str]) -> Iterator[LogIn]:
    """Somebody of the demo at the desk, in a browser of their own."""
    contexts: list[BrowserContext] = []

    def enter(who: str, width: int = 1280, height: int = 800, **more: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=company.address, **more)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda said: (
                faults.append(f"{said.text} {said.location}") if said.type == "error" and not _told(said.text) else None
            ),
        )
        page.on("pageerror", lambda problem: faults.append(str(problem)))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        if who:
            page.goto("/log-in")
            page.fill("#id_login", f"{who}@fjord.example")
            page.fill("#id_password", PASSWORD)
            page.click("button")
            page.wait_for_selector("#desk")
        return page

    yield enter
    for context in contexts:
        context.close()
    assert not faults
