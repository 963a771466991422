"""The first minutes: an own mailbox becomes a report, then a call is logged with a thumb while the network is gone."""

import re

from playwright.sync_api import expect

from company import Company
from conftest import LogIn
from looking import wrong

SLOW = 60_000
MAILS = 40


def _mbox() -> bytes:
    """Customers with questions and complaints; every other one has an answer."""
    mails = []
    for n in range(MAILS):
        day, who = f"{n % 27 + 1} Mar 2026 {n % 24:02}:10:00 +0000", f"person{n}@people.example"
        words = ("My kettle leaks and nobody answers, this is terrible.", "Where is my parcel?")[n % 2]
        mails.append((f"a{n}", "", who, "help@own.example", f"Kettle {n}", day, words))
        if n % 4 < 2:
            again = day.replace(":10:00", ":50:00")
            mails.append((f"b{n}", f"a{n}", "help@own.example", who, f"Re: Kettle {n}", again, "We send another one."))
    heads = "From x Mon Mar  2 10:00:00 2026\nMessage-ID: <{}@x>\n{}: <{}@x>\nFrom: {}\nTo: {}\nSubject: {}\nDate: {}"
    return "".join(
        heads.format(name, "In-Reply-To" if to else "X-Nothing", to, who, whom, subject, at) + f"\n\n{text}\n\n"
        for name, to, who, whom, subject, at, text in mails
    ).encode()


def test_an_own_mailbox_becomes_a_report_and_a_call_is_logged_without_network(
    company: Company, log_in: LogIn, faults: list[str]
) -> None:
    ada = log_in("ada")
    ada.goto("/cases/mentions")
    ada.locator("#file").set_input_files({"name": "own.mbox", "mimeType": "application/mbox", "buffer": _mbox()})
    ada.get_by_role("button", name="Try it out").click()
    expect(ada.get_by_role("heading", name="What would have been done with own.mbox")).to_be_visible(timeout=SLOW)
    expect(ada.get_by_role("heading", name=f"What nobody answered: {MAILS // 2} conversations")).to_be_visible()
    assert not wrong(ada)
    ada.get_by_role("button", name="Throw it all away").click()
    expect(ada.get_by_text("nothing of the file is here any more")).to_be_visible()

    mona = log_in("mona", width=375, has_touch=True)
    mona.goto("/log")
    mona.get_by_text("Comment card", exact=True).click()
    mona.get_by_label("What was said").fill("The lid of my kettle came off at the counter.")
    mona.get_by_label("Name, mail address or number").fill("Thumb Thumbsen")
    mona.context.set_offline(True)
    mona.get_by_role("button", name="Log it").click()
    expect(mona.locator("#log-state")).to_contain_text("kept here and sent when it is back: 1")
    mona.get_by_label("What was said").fill("Half a sentence")
    mona.context.set_offline(False)
    expect(mona.locator("#log-state")).to_contain_text("Logged", timeout=SLOW)
    mona.reload()
    expect(mona.get_by_label("What was said")).to_have_value("Half a sentence")
    assert not wrong(mona)
    faults[:] = [fault for fault in faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    mona.goto("/search?q=thumbsen")
    expect(mona.get_by_text(re.compile("Thumb Thumbsen")).first).to_be_visible()
    mona.goto("/cases/mentions")
    mona.get_by_role("button", name="Log out").click()
    expect(mona.get_by_role("button", name="Log in", exact=True)).to_be_visible()
    assert mona.evaluate("Object.keys(localStorage).filter(key => key.startsWith('log:'))") == []
    ada.goto("/search?q=came+off+counter")
    expect(ada.locator(".hits a")).to_have_count(1)
