"""In a language that is written from right to left everything is mirrored, and nothing sticks out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

import catalogue
from company import Company
from conftest import LogIn

PAGES = ("/cases/open", "/approvals", "/notices", "/profile", "/people", "/hours", "/ending-cases", "/team", "/map",
         "/canned", "/macros", "/search?q=order", "/profile/log-in")  # fmt: skip


@pytest.fixture(scope="module")
def number(company: Company) -> int:
    """A case to look at."""
    return company.case("demo-price")


def _sticks_out(page: Page) -> bool:
    """Whether one could scroll sideways, in either direction."""
    return bool(
        page.evaluate(
            "() => { const page = document.scrollingElement; page.scrollLeft = -999; const left = page.scrollLeft;"
            " page.scrollLeft = 999; return left !== 0 || page.scrollLeft !== 0; }"
        )
    )


def _wrong(page: Page, addresses: tuple[str, ...]) -> Iterator[str]:
    for address in addresses:
        page.goto(address)
        if page.locator("html").get_attribute("dir") != "rtl":
            yield f"{address} is written from left to right"
        if _sticks_out(page):
            yield f"{address} sticks out"


@pytest.mark.parametrize("width", [1280, 375])
def test_no_page_sticks_out(log_in: LogIn, number: int, width: int) -> None:
    page = log_in("ada", width=width, locale="ar")
    addresses = (*PAGES, f"/cases/open/{number}", f"/cases/open/{number}?write=note", f"/case/{number}/sight")
    assert not list(_wrong(page, addresses))


def test_the_desk_is_mirrored(log_in: LogIn, number: int) -> None:
    page = log_in("leo", locale="ar")
    page.goto(f"/cases/open/{number}")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    rail, cases, talk, why = (page.locator(one).bounding_box() for one in ("#rail", "#list", "#middle", "#why"))
    assert rail and cases and talk and why
    assert rail["x"] + rail["width"] == pytest.approx(1280, abs=1)
    assert rail["x"] > cases["x"] > talk["x"] > why["x"] == pytest.approx(0, abs=1)


def test_customers_words_keep_their_own_direction(log_in: LogIn, number: int) -> None:
    page = log_in("leo", locale="ar")
    page.goto(f"/cases/open/{number}")
    said = page.locator("#thread .body").first
    expect(said).to_have_css("direction", "ltr")
    expect(said).to_have_css("text-align", "start")


def test_scripts_speak_the_language_too(log_in: LogIn, number: int, faults: list[str]) -> None:
    page = log_in("leo", locale="ar")
    with page.expect_response(lambda answer: "part=list" in answer.url):  # the live stream said hello
        page.goto(f"/cases/open/{number}")
    page.context.set_offline(True)
    lost = "The connection is lost. What you write is kept; sending waits until it is back."
    expect(page.locator("#banner")).to_have_text(catalogue.mirrored(lost), timeout=20_000)
    faults.clear()
