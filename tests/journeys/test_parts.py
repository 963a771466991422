"""The composer counts the parts of a text message as the core does."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

import armature
from armature.arm.text_message import ALONE, JOINED, parts

SOURCE = (Path(armature.__file__).parent / "crm/web/static/web/parts.js").read_text()
LETTERS = [chr(number) for number in [*range(1, 0x500), 0x20AC, 0x2019, 0x1F44D]]


@pytest.mark.parametrize("join", ["", "x", "ж"])
def test_browser_and_core_count_alike(browser: Browser, join: str) -> None:
    texts = [one * (place // width) + join for one in LETTERS for place in (*ALONE, *JOINED) for width in (1, 2)]
    texts += ["", "x" * 152 + "€" + join, "👍" * 67 + join]
    page = browser.new_page()
    page.add_script_tag(content=SOURCE.replace("export function", "function"))
    counted = page.evaluate("(texts) => texts.map((one) => parts(one))", texts)
    page.close()
    assert [(text, n) for text, n in zip(texts, counted, strict=True) if n != parts(text)] == []
