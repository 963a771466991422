"""The tutorial, as a newcomer goes through it: each step of the document has its function here, and keeps its word."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from company import Company
from conftest import LogIn
from looking import wrong
from tour import SLOW, Tour, promised, steps

Walk = Callable[[Tour], None]
WALKS: dict[str, Walk] = {}
TOP = Path(__file__).resolve().parents[2]
CUSTOMER = {"width": 375, "color_scheme": "dark", "has_touch": True}


def step(title: str) -> Callable[[Walk], Walk]:
    """This function is the step of that title."""

    def keep(walk: Walk) -> Walk:
        WALKS[title] = walk
        return walk

    return keep


@pytest.fixture
def tour(company: Company, log_in: LogIn, tmp_path: Path) -> Tour:
    """A newcomer beside a running demo; their folder is like a clone that has its environment."""
    (tmp_path / "bin").symlink_to(TOP / "bin")
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    return Tour(company, log_in, tmp_path)


def test_who_follows_the_tutorial_finds_what_it_says(tour: Tour) -> None:
    assert list(WALKS) == list(steps()), "each step of the document has its function, in the same order"
    for title, text in steps().items():
        tour.found.clear()
        WALKS[title](tour)
        assert promised(text) - tour.found == set(), f"{title}: named in the document, and not found on the way"


@step("Start the demo")
def _start(tour: Tour) -> None:
    assert (tour.folder / "bin" / "demo").is_file()
    tour.found.add("bin/demo")
    tour.enter("mona")
    tour.sees("Intent to confirm", "To approve", "All open", inside="#rail")


@step("Look at a judgement, and why it is so")
def _judgement(tour: Tour) -> None:
    _search(tour, "stove fire", "Piet Vos")
    tour.sees("Find", inside="#rail")
    tour.sees("Said", "Where", "Intent", "Known", "Rule", "Action", inside="#why h3")
    expect(tour.here.locator("#dot-intent")).to_have_class("waits")
    tour.sees(
        "When the text that was said contains lawsuit, injury or fire: a person confirms what the reader filled in",
        inside="#why",
    )


def _search(tour: Tour, words: str, who: str) -> None:
    if "/search" not in tour.here.url:
        tour.presses("Search", inside="#rail")
    tour.types("Words, a name, a handle or the number of a case", words)
    tour.here.keyboard.press("Enter")
    tour.presses(who, inside=".hits")
    tour.here.wait_for_selector("#why")


@step("Judge an intent")
def _judge(tour: Tour) -> None:
    tour.sees("Complaint", inside="#dot-intent")
    tour.presses("Confirm", inside="#why", key="i")
    tour.sees("it waits for the executive desk", inside="#dot-action")
    tour.sees("Rule", "Action", inside="#why h3")


@step("Write")
def _write(tour: Tour) -> None:
    _search(tour, "Rechnung doppelt", "Ute Kratz")
    tour.sees("Rule", inside="#why h3")
    tour.presses("Why not the rows above?", inside="#why")
    expect(tour.here.locator("#dot-rule .facts dd").first).to_be_visible()
    tour.presses("Take it", key="a")
    tour.sees("The case is yours.")
    tour.sees("Private reply")
    _ask(tour, "Guten Tag Frau Kratz, wir sehen heute nach und melden uns bis morgen.")


def _ask(tour: Tour, words: str) -> None:
    """Write, and ask somebody to approve it."""
    expect(tour.here.locator("button.main[data-send]")).to_contain_text("Ask approval", timeout=SLOW)
    tour.here.locator("#text").fill(words)
    tour.found.add(words)
    tour.presses("Ask approval", inside="#composer")
    tour.sees("You wrote it, so somebody else approves it.", inside="#composer")


@step("Approve")
def _approve(tour: Tour) -> None:
    tour.enter("leo")
    tour.sees("Words", inside="#rail")
    tour.presses("Approvals", inside="#rail")
    card = "article:has-text('Ute Kratz')"
    tour.sees("They said", "Mona Dahl would say, in private", "Change the words", "What should change?", inside=card)
    tour.sees("Send back", inside=card)
    tour.presses("Approve and send privately", inside=card)
    expect(tour.here.locator(card)).to_have_count(0)


@step("Be the customer")
def _customer(tour: Tour) -> None:
    yara = tour.window("yara", **CUSTOMER)
    tour.goes("/talk/hello")
    findings = wrong(yara)
    tour.types("Your name", "Yara Lind")
    tour.types("Your message", "I am very disappointed with my box and do not want it any more.")
    yara.wait_for_timeout(2100)  # nobody types faster
    tour.presses("Send")
    tour.sees("Did we understand you?")
    findings += wrong(yara)
    tour.presses("No, it is something else")
    tour.presses("Cancellation")
    _mona_answers_yara(tour)
    tour.window("leo")
    _menu(tour, "Words", "Approvals")
    tour.presses("Approve and send privately", inside="article:has-text('Yara Lind')")
    tour.window("yara")
    tour.sees("Dear Yara, your box is stopped, nothing more is charged.", "How good was our answer?")
    tour.sees("1 is bad, 5 is very good.")
    findings += wrong(yara)
    tour.presses("5")
    expect(yara.get_by_text("How good was our answer?")).to_have_count(0)
    assert not findings, "\n".join(findings)


def _mona_answers_yara(tour: Tour) -> None:
    tour.window("mona")
    tour.presses("Unassigned", inside="#rail")
    tour.presses("Yara Lind", inside="#rows")
    tour.sees("Complaint", "They say", inside="#dot-intent")
    tour.presses("Correct", inside="#why", key="c")
    tour.presses("Cancellation", inside="#correct")
    _ask(tour, "Dear Yara, your box is stopped, nothing more is charged.")


@step("Look at the measures")
def _measures(tour: Tour) -> None:
    tour.window("leo")
    tour.presses("Back to the desk")
    tour.sees("Figures", inside="#rail")
    tour.presses("Measures", inside="#rail")
    tour.sees("In these days", "Waiting now", "Due and overdue", "What this counts")
    tour.here.locator(".figures a").first.click()
    expect(tour.here).to_have_url(re.compile("/(measures/rows|cases)/"))
    tour.here.go_back()
    tour.presses("Outcomes", inside=".tabs")
    _reloads(tour.here, "main", r"[1-9]\d*\s*%\s*of these responses: satisfied|of these responses: satisfied\s*[1-9]")


def _menu(tour: Tour, group: str, name: str) -> None:
    tour.presses(group, inside=".page-head")
    tour.presses(name, inside=".page-head")


@step("Bring in the past")
def _past(tour: Tour) -> None:
    tour.runs("Bring in the past")
    _menu(tour, "Process", "The past")
    tour.field("The file").set_input_files(tour.folder / "old.csv")
    tour.presses("Upload")
    tour.sees("rows, as they will be understood")
    tour.presses("Try the whole file out")
    tour.sees("Tried out: this is what would come in", "To mend")
    tour.presses("Bring in 1 record")
    expect(tour.here.get_by_role("heading", name="Brought in", exact=True)).to_be_visible(timeout=SLOW)


@step("Teach the reader")
def _reader(tour: Tour) -> None:
    _menu(tour, "Figures", "The reader")
    tour.presses("Label messages")
    tour.sees("The reader says", "I do not know")
    tour.presses("Confirm")
    expect(tour.here.locator("#labelled")).to_contain_text(re.compile("labels? by you today"))
    tour.presses("How often people agree")
    tour.sees("How often it is right")


@step("Ask what they think")
def _survey(tour: Tour) -> None:
    _menu(tour, "Figures", "Surveys")
    tour.presses("New survey")
    tour.types("Name; those who answer read it too", "After the visit")
    tour.field("Kind").select_option(label="CSAT: how satisfied, 1 to 5")
    tour.found.add("CSAT: how satisfied, 1 to 5")
    tour.types("The question for the rating", "How satisfied were you with us?")
    tour.presses("Keep")
    tour.presses("Open it")
    tour.sees("It can be answered now.", "Its link, and the code for paper")
    link = tour.here.locator("#link code").inner_text()
    tour.window("yara").goto(link)
    tour.here.get_by_role("radio", name="5", exact=True).check()
    tour.here.wait_for_timeout(2100)  # nobody types faster
    tour.presses("Send")
    tour.sees("Thank you", inside="h1")
    _reloads(tour.window("leo"), ".figures", r"answer\s*1")
    tour.found.add("1 answer")


def _reloads(page: Page, part: str, words: str) -> None:
    """Load the page again until what was counted a moment ago stands there."""
    for _second in range(SLOW // 1000):
        page.reload()
        if re.search(words, page.locator(part).first.inner_text()):
            return
        page.wait_for_timeout(500)
    expect(page.locator(part).first).to_contain_text(words)


@step("The same at the terminal")
def _terminal(tour: Tour) -> None:
    printed = tour.runs("The same at the terminal")
    assert "Judge intent" in printed and "1 of 1 posts match" in printed and "macro-F1" in printed


@step("Keep it safe")
def _safe(tour: Tour) -> None:
    printed = tour.runs("Keep it safe")
    assert "dry run: " in printed and "FAIL" not in printed
    assert "as we know" in printed and (tour.folder / "company.tar").stat().st_size > 100_000
