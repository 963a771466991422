"""Take the pictures of docs/pictures from a fresh demo company, and make them small."""

from __future__ import annotations

import shutil
import struct
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "tests" / "journeys"))

from busy import fill  # noqa: E402
from company import PASSWORD, Company  # noqa: E402  the journeys' running demo

PICTURES = TOP / "docs" / "pictures"
WIDE, PHONE = (1280, 800), (375, 760)
SHOTS = (
    ("desk-light", "leo", WIDE, "light", "/cases/open/{order}"),
    ("desk-dark", "leo", WIDE, "dark", "/cases/open/{approval}"),
    ("desk-phone", "leo", PHONE, "light", "/cases/open/{public}"),
    ("approvals", "eva", (1100, 560), "light", "/approvals"),
    ("person", "leo", (1100, 640), "light", "/people/at/{identity}"),
    ("search", "leo", (1100, 420), "light", "/search?q=boots"),
    ("survey", "leo", (1100, 900), "light", "/surveys/1"),
    ("survey-page", "leo", PHONE, "light", "/surveys/1/preview"),
    ("customer", "", (640, 900), "light", "/talk/hello"),
)
"""Name of the picture, whose screen, its size, light or dark, where."""


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="armature-pictures-") as folder:
        company = Company(Path(folder) / "home", small=False)
        try:
            numbers = fill(company)
            with sync_playwright() as playwright:
                chromium = shutil.which("chromium") or "chromium"
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
                for name, who, size, scheme, address in SHOTS:
                    if name == "approvals":
                        _change_words(_come_in(browser, company, "leo", WIDE, "light"))
                    page = _come_in(browser, company, who, size, scheme)
                    page.goto(address.format_map(numbers))
                    picture = _shot(page)
                    (PICTURES / f"{name}.png").write_bytes(small(picture))
                browser.close()
        finally:
            company.stop()


def _come_in(browser: Browser, company: Company, who: str, size: tuple[int, int], scheme: str) -> Page:
    width, height = size
    look = {"viewport": {"width": width, "height": height}, "color_scheme": scheme, "has_touch": width < 768}
    page = browser.new_context(base_url=company.address, **look).new_page()  # type: ignore[arg-type]
    if who:
        page.goto("/log-in")
        page.fill("#id_login", f"{who}@fjord.example")
        page.fill("#id_password", PASSWORD)
        page.click("button")
        page.wait_for_selector("#desk")
    return page


def _change_words(page: Page) -> None:
    """A lead changes what waits for approval, so that another one sees what was changed."""
    page.goto("/approvals")
    page.get_by_text("Change the words").first.click()
    words = page.get_by_label("The words").first
    words.fill(words.input_value().replace("ten percent", "fifteen percent").replace("just answer", "simply answer"))
    page.get_by_role("button", name="Change, and ask").first.click()
    page.get_by_text("Changed.").wait_for()
    page.context.close()


def _shot(page: Page) -> bytes:
    if page.url.endswith("/talk/hello"):
        page.get_by_label("Your name").fill("Yara Lind")
        said = "Hello, I am very disappointed with my tent: the pole snapped on the second night. I want to complain."
        page.get_by_label("Your message").press_sequentially(said, delay=40)  # nobody types faster
        page.get_by_role("button", name="Send").click()
        page.get_by_text("Did we understand you?").wait_for(timeout=120_000)
        page.evaluate("scrollTo(0, 0)")
    if "/cases/" in page.url:
        page.wait_for_selector("#rows [aria-current]", state="attached")
    picture = page.screenshot()
    page.context.close()
    return picture


def small(png: bytes) -> bytes:
    """The same picture with its 256 commonest colours; each other pixel gets the nearest of them."""
    pixels = _pixels(png)
    height, width, _ = pixels.shape
    packed = pixels.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    colours, where, often = np.unique(packed.ravel(), return_inverse=True, return_counts=True)
    palette = colours[np.argsort(-often)[:256]]
    split = lambda numbers: np.stack([numbers >> 16, numbers >> 8 & 255, numbers & 255], 1).astype(np.int32)  # noqa: E731
    nearest = np.concatenate(
        [((part[:, None] - split(palette)[None]) ** 2).sum(2).argmin(1) for part in np.array_split(split(colours), 64)]
    ).astype(np.uint8)
    lines = np.zeros((height, width + 1), np.uint8)
    lines[:, 1:] = nearest[where].reshape(height, width)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (b"IHDR", head), (b"PLTE", split(palette).astype(np.uint8).tobytes()), (b"IDAT", zlib.compress(lines, 9))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in (*parts, (b"IEND", b"")))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _pixels(png: bytes) -> np.ndarray:
    """Rows, columns, red green blue of what the browser wrote: 8 bits, with or without transparency."""
    at, data, width, height, channels = 8, b"", 0, 0, 3
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + length]
        if name == b"IHDR":
            width, height, _, kind = struct.unpack(">IIBB", body[:10])
            channels = 4 if kind == 6 else 3
        data += body if name == b"IDAT" else b""
        at += 12 + length
    raw = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + width * channels)
    out = np.zeros((height, width, channels), np.uint8)
    for y in range(height):
        above = out[y - 1] if y else np.zeros((width, channels), np.uint8)
        out[y] = _line(int(raw[y, 0]), raw[y, 1:].reshape(width, channels), above)
    return out[:, :, :3]


def _line(how: int, line: np.ndarray, above: np.ndarray) -> np.ndarray:
    """Undo one of the five ways in which PNG writes a line as its difference from its neighbours."""
    if how == 0:
        return line
    if how == 1:
        return np.cumsum(line, 0, dtype=np.uint32).astype(np.uint8)
    if how == 2:
        return line + above
    done = np.zeros_like(line)
    left = corner = np.zeros(line.shape[1], np.int32)
    for x in range(len(line)):
        up = above[x].astype(np.int32)
        guess = (left + up) >> 1 if how == 3 else _paeth(left, up, corner)
        done[x] = (line[x] + guess) & 255
        left, corner = done[x].astype(np.int32), up
    return done


def _paeth(left: np.ndarray, up: np.ndarray, corner: np.ndarray) -> np.ndarray:
    guess = left + up - corner
    far = np.abs(guess - left), np.abs(guess - up), np.abs(guess - corner)
    return np.where((far[0] <= far[1]) & (far[0] <= far[2]), left, np.where(far[1] <= far[2], up, corner))


if __name__ == "__main__":
    main()
