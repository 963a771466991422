"""A letter, all the way: scanned, corrected, filed, judged, answered, approved, printed, posted; wide and narrow."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from company import PASSWORD
from conftest import LogIn
from letters.papers import ENGLISH, smudged
from looking import wrong

SLOW = 60_000
"""Milliseconds that reading a page may take on a busy machine."""
WRITTEN = "Dear Ingrid,\n\nwe are sorry. If you stay, the next kettle is on us.\n\nMona"


def _box(ada: Page, name: str) -> None:
    """An administrator sets the post box up, with nothing but the page."""
    ada.goto("/channels/new/letter")
    _password(ada, ada.get_by_label("Name, as colleagues read it"))
    ada.get_by_label("Name, as colleagues read it").fill(name)
    ada.get_by_label("Our address there").fill(name)
    ada.get_by_label("Our name on letters").fill("Fjord Outdoor")
    ada.get_by_label("Our address on letters").fill("Havnegata 1, 0150 Oslo")
    _press(ada, "Keep", "Start")
    _press(ada, "Start", "Pause")
    expect(ada.get_by_text("Started.")).to_be_visible()


def _press(page: Page, button: str, then: str) -> None:
    """Press a button, up to the next one."""
    page.get_by_role("button", name=button, exact=True).click()
    _password(page, page.get_by_role("button", name=then, exact=True))


def _password(page: Page, then: Locator) -> None:
    """Secrets ask for the password once more, after a while; ``then`` is what stands behind it."""
    password = page.get_by_label("Password")
    expect(password.or_(then).first).to_be_visible(timeout=SLOW)
    if password.count():
        password.fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
    expect(then).to_be_visible(timeout=SLOW)


def _file(mona: Page, box: str, who: str, findings: list[str]) -> None:
    """The picture is read; the doubtful words are marked; a person corrects them and says who wrote."""
    mona.goto("/letters")
    mona.get_by_label("Where it came in").select_option(label=box)
    picture = {"name": f"{box}.png", "mimeType": "image/png", "buffer": smudged(ENGLISH.replace("Ingrid Berg", who))}
    mona.get_by_label("Scans: PDF, PNG or JPEG").set_input_files([picture])  # type: ignore[list-item]
    findings += wrong(mona)
    mona.get_by_role("button", name="Upload and read").click()
    check = mona.locator(".line", has_text=f"{box}.png").get_by_role("link", name=re.compile("^Check"))
    expect(check).to_be_visible(timeout=SLOW)
    check.click()
    expect(mona.get_by_text("Not sure of")).to_be_visible()
    assert mona.locator("svg.paper rect").count() > 0
    findings += wrong(mona)
    mona.get_by_label("The words, as they stand").fill("My parcel arrived broken. I want to cancel my contract.")
    mona.get_by_label("Subject").fill("The blue kettle")
    mona.get_by_label("Name", exact=True).fill(who)
    mona.get_by_label("Address, as it stands").fill("12 Harbour Street\nBristol BS1 4RN")
    mona.get_by_role("button", name="File it").click()
    expect(mona.get_by_text("Filed. It is judged")).to_be_visible()


def _answer(mona: Page, who: str) -> int:
    mona.goto("/cases/open")
    row = mona.locator("a[href^='/cases/open/']", has_text=who).first
    expect(row).to_be_visible(timeout=SLOW)
    number = int((row.get_attribute("href") or "").rsplit("/", 1)[1].partition("?")[0])
    mona.goto(f"/cases/open/{number}")
    if mona.locator(".to-why:visible").count():
        mona.locator(".to-why").click()
    mona.get_by_text("Correct", exact=False).first.click()
    mona.locator("form[action$='/intent'] button[value=cancel]").click()
    mona.wait_for_timeout(500)
    mona.goto(f"/cases/open/{number}")
    send = mona.locator("button[formaction$='/write']").first
    expect(send).to_be_visible(timeout=SLOW)
    mona.locator("textarea[name=text]:visible").fill(WRITTEN)
    send.click()
    expect(send).to_have_count(0, timeout=SLOW)
    return number


@pytest.mark.parametrize("width", [1280, 375])
def test_a_letter_goes_all_the_way(log_in: LogIn, width: int) -> None:
    findings: list[str] = []
    box, who = f"Box {width}", f"Ingrid Berg {'ABC'[width % 3]}"
    _box(log_in("ada", width=width), box)
    mona = log_in("mona", width=width)
    _file(mona, box, who, findings)
    number = _answer(mona, who)
    leo = log_in("leo")
    leo.goto(f"/cases/approve/{number}")
    leo.locator("button[formaction$='/approve']").click()
    mona.goto(f"/cases/open/{number}")
    posted = mona.get_by_role("button", name="Posted", exact=True)
    for _ in range(60):
        if posted.count():
            break
        mona.wait_for_timeout(500)
        mona.goto(f"/cases/open/{number}")
    expect(mona.get_by_text("Printed and posted?")).to_be_visible()
    findings += wrong(mona)
    with mona.expect_download() as download:
        mona.get_by_role("link", name="Download the letter (PDF)").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    posted.click()
    expect(mona.get_by_role("log")).to_contain_text("If you stay, the next kettle is on us", timeout=SLOW)
    mona.goto(f"/cases/open/{number}")
    expect(mona.get_by_text("Printed and posted?")).to_have_count(0)
    assert not findings
