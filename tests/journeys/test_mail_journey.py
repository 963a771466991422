"""A customer's mail, all the way: heard, judged, answered, approved, delivered into their thread, answered with thanks.

Real mail servers, the real command, a real browser for each of two people.
"""

import tempfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from company import until
from mailing import PASSWORD, MailCompany
from mailserver import MailServer

SOON = 20_000
"""Milliseconds within which a mail that was handed over is on the screen; real servers on a busy machine."""
ADA = "ada@customer.test"
ANSWER = "Dear Ada,\n\nwe are sorry to hear it. If you stay, the next box is on us.\n\nMona"


@pytest.fixture
def mail_company(mailserver: MailServer) -> Iterator[MailCompany]:
    """A company of its own."""
    with tempfile.TemporaryDirectory(prefix="armature-journey-") as folder:
        running = MailCompany(Path(folder), mailserver)
        try:
            yield running
        finally:
            running.stop()


def _at_the_desk(browser: Browser, company: MailCompany, who: str) -> Page:
    page = browser.new_context(base_url=company.address).new_page()
    page.goto("/log-in")
    page.locator("#id_login").fill(f"{who}@fjord.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/cases/**")
    return page


def _asked(company: MailCompany, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(company.url) as connection:
        return connection.execute(sql.encode()).fetchall()


def _write(page: Page, number: int) -> None:
    page.goto(f"/cases/open/{number}")
    page.get_by_text("Correct", exact=False).first.click()
    page.locator("form[action$='/intent'] button[value=cancel]").click()
    button = page.locator("button[formaction$='/write']")
    expect(button).to_be_visible(timeout=SOON)
    page.locator("textarea[name=text]:visible").fill(ANSWER)
    button.click()
    expect(button).to_have_count(0, timeout=SOON)


def _approve(page: Page, number: int) -> None:
    page.goto("/cases/approve")
    page.locator(f"a[href='/cases/approve/{number}']").click()
    expect(page.locator(".proposal.ours")).to_contain_text("If you stay, the next box is on us", timeout=SOON)
    page.locator("button[formaction$='/approve']").click()
    expect(page.locator("button[formaction$='/approve']")).to_have_count(0, timeout=SOON)


def _received(mail: MailServer) -> EmailMessage:
    def ours() -> EmailMessage | None:
        mails = [message_from_bytes(raw, policy=policy.default) for raw in mail.mailbox(ADA)]
        return next((each for each in mails if "on us" in each.get_content()), None)

    return mail.wait_for(ours)


def test_a_mail_goes_all_the_way_from_complaint_to_thanks(
    mailserver: MailServer, mail_company: MailCompany, browser: Browser
) -> None:
    mona, leo = (_at_the_desk(browser, mail_company, who) for who in ("mona", "leo"))
    first, second, number = _heard(mona, mailserver, mail_company)
    _write(mona, number)
    assert not mailserver.mailbox(ADA), "it left without approval"
    _approve(leo, number)
    ours = _delivered(mailserver, mail_company, first, second)
    quoted = "".join(f"> {line}\n" for line in ANSWER.splitlines())
    thanks = f"Thank you so much, that is very kind!\n\nOn Monday, Mona wrote:\n{quoted}"
    mailserver.post_as_customer(
        ours["Reply-To"] or mail_company.mailbox, "Re: Box 4711", thanks, ADA,
        {"In-Reply-To": ours["Message-ID"], "References": f"<{first}> <{second}> {ours['Message-ID']}"},
    )  # fmt: skip
    _learned(mona, mail_company, number)


def _heard(mona: Page, mail: MailServer, company: MailCompany) -> tuple[str, str, int]:
    """Two mails of one customer appear by themselves, as one case: their ids and its number."""
    mona.goto("/cases/open")
    first = mail.post_as_customer(company.mailbox, "Box 4711", "The box came broken again, I am fed up.\n", ADA)
    row = mona.locator("a[href^='/cases/open/']", has_text="The box came broken")
    expect(row).to_be_visible(timeout=SOON)
    number = int((row.get_attribute("href") or "").rsplit("/", 1)[1])
    answers = {"In-Reply-To": f"<{first}>", "References": f"<{first}>"}
    second = mail.post_as_customer(company.mailbox, "Re: Box 4711", "And the second one too.\n", ADA, answers)
    row.click()
    expect(mona.get_by_role("log")).to_contain_text("And the second one too.", timeout=SOON)
    assert _asked(company, "SELECT count(*) FROM act_case") == [(1,)]
    return first, second, number


def _delivered(mail: MailServer, company: MailCompany, first: str, second: str) -> EmailMessage:
    """Our answer stands in the customer's thread under our own id, and our copy of it is no interaction."""
    ours = _received(mail)
    (our_id,) = _asked(company, "SELECT external_id FROM listen_interaction WHERE direction = 'out'")[0]
    assert ours["Message-ID"] == f"<{our_id}>"
    assert ours["In-Reply-To"] == f"<{second}>"
    assert ours["References"].split() == [f"<{first}>", f"<{second}>"]
    assert ours.get_content().replace("\r\n", "\n").strip() == ANSWER
    proof = "SELECT 1 FROM act_delivery WHERE proof_at IS NOT NULL"
    until(lambda: _asked(company, proof), "our own copy came back")
    said = _asked(company, "SELECT direction, count(*) FROM listen_interaction GROUP BY 1 ORDER BY 1")
    assert said == [("in", 2), ("out", 1)]
    return ours


def _learned(mona: Page, company: MailCompany, number: int) -> None:
    """Their thanks stand in the same case without the quoted words; person and rule know what came of it."""
    until(lambda: _asked(company, "SELECT 1 FROM learn_outcome"), "what came of it is known")
    mona.goto(f"/cases/done/{number}")
    last = mona.get_by_role("log").locator("article").last
    expect(last).to_contain_text("Thank you so much", timeout=SOON)
    expect(last).not_to_contain_text("Mona wrote")
    expect(mona.get_by_role("complementary")).to_contain_text("Satisfied of R04", timeout=SOON)
    known = "SELECT p.name <> '', o.rule, o.verdict FROM learn_outcome o JOIN identify_person p ON p.id = o.person_id"
    assert _asked(company, known) == [(True, "business_rules:R04", "satisfied")]
    assert _asked(company, "SELECT count(*) FROM act_case") == [(1,)]
