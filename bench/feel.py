"""How the desk feels in a real browser: ``python bench/feel.py`` (docs/performance.md).

The demo runs with a hundred cases more, Debian's Chromium opens the desk as somebody of it. Measured in the browser:
from a key to its visible effect (Event Timing), from the key that opens a case to that case, and the first
load over a line of 10 Mbit/s with the bytes of scripts and styles as they went over it. Printed: milliseconds, kB.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
LINE = 10_000_000 / 8
"""Bytes a second of the line for the first load."""
OPENED = """window.opened = []; let pressed = 0;
    document.addEventListener('keydown', () => { pressed = performance.now(); }, true);
    document.addEventListener('htmx:afterSwap', ({target}) => { if (target.id === 'case')
        requestAnimationFrame(() => setTimeout(() => window.opened.push(performance.now() - pressed))); });"""
TIMED = """window.keys = [];
    new PerformanceObserver((list) => window.keys.push(...list.getEntries().filter((one) => one.name === 'keydown')
        .map((one) => one.duration))).observe({type: 'event', durationThreshold: 16, buffered: true});"""


def _percentiles(took: list[float]) -> dict[str, float]:
    took = sorted(took)
    return {"median": round(took[len(took) // 2]), "p95": round(took[int(len(took) * 0.95)]), "of": len(took)}


def _moving(page: Any, times: int) -> dict[str, Any]:
    """Down and up the list, opening each case: from key to next frame by the browser's own measure (what is faster than
    16 ms counts as 16), and from key to the case on the screen."""
    page.evaluate(TIMED)
    page.evaluate(OPENED)
    for number in range(times):
        page.keyboard.press("j" if number % 20 < 12 else "k")
        page.wait_for_function("(so_many) => window.opened.length === so_many", arg=number + 1)
        page.wait_for_timeout(150)
    slow = page.evaluate("window.keys")
    opened = page.evaluate("window.opened")
    return {"key to effect": _percentiles([*slow, *[16.0] * (times - len(slow))]), "key to case": _percentiles(opened)}


def _first_load(page: Any, address: str) -> dict[str, Any]:
    """The desk from an empty cache over 10 Mbit/s and 20 ms."""
    talk, sizes = page.context.new_cdp_session(page), dict[str, int]()
    kinds: dict[str, str] = {}
    talk.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
    talk.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: int(told["encodedDataLength"])}))
    talk.send("Network.enable")
    talk.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line = {"offline": False, "latency": 20, "downloadThroughput": LINE, "uploadThroughput": LINE}
    talk.send("Network.emulateNetworkConditions", line)
    page.goto(address, wait_until="load")
    took = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    ours = sum(size for number, size in sizes.items() if kinds.get(number) in ("Script", "Stylesheet"))
    return {"milliseconds": round(took), "kB of scripts and styles": round(ours / 1000, 1)}


def main() -> int:
    """Read the words of the command line, open the desk, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=60)
    given = parser.parse_args()
    from playwright.sync_api import sync_playwright

    from company import PASSWORD, Company
    from conftest import CHROMIUM

    with tempfile.TemporaryDirectory(prefix="armature-feel-") as folder, sync_playwright() as playwright:
        company = Company(Path(folder) / "home")
        for number in range(100):
            company.hear("email", external_id=f"feel-{number}", author=f"f{number}@people.example", text="It broke.")
        company.case("feel-99")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(base_url=company.address, viewport={"width": 1280, "height": 800}).new_page()
        page.goto("/log-in")
        page.fill("#id_login", "leo@fjord.example")
        page.fill("#id_password", PASSWORD)
        page.click("button")
        page.wait_for_selector("#desk")
        page.goto("/cases/open")
        found = _moving(page, given.times)
        found["first load"] = _first_load(page, "/cases/open")
        browser.close()
        company.stop()
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.path[:0] = [str(TOP / "tests" / "journeys"), str(TOP / "tests")]
    sys.exit(main())
