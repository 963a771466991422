"""The past of a company: a file with 3 % faulty rows, the workers killed in the middle, resumed, mended, finished."""

import os
import re
import signal
import subprocess
from pathlib import Path

from playwright.sync_api import Page, expect

from company import Company
from conftest import LogIn
from looking import wrong

ROWS = 3000
FAULTY = ROWS * 3 // 100
SLOW = 90_000
"""Milliseconds that a run may take on a busy machine."""


def _file() -> bytes:
    """So many rows; every 33rd or so names a day that there is not."""
    lines = ["Datum;Absender;Name;Betreff;Nachricht;Ticket"]
    for n in range(ROWS):
        day = (
            "31.02.2022 10:00"
            if n % 100 in (7, 40, 73)
            else f"{n % 28 + 1:02}.{n % 12 + 1:02}.2022 {n % 24:02}:{n % 60:02}"
        )
        lines.append(f"{day};past{n}@people.example;Person {n};Kettle {n};My old kettle number {n} leaks.;P-{n}")
    return "\n".join(lines).encode("cp1252")


def _upload(ada: Page, name: str, body: bytes) -> None:
    ada.goto("/imports")
    ada.get_by_label("The file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": body})
    ada.get_by_role("button", name="Upload").click()
    expect(ada.get_by_role("heading", name="rows, as they will be understood")).to_be_visible(timeout=SLOW)


def _tried(ada: Page, new: int, faulty: int) -> None:
    ada.get_by_role("button", name="Try the whole file out").click()
    expect(ada.get_by_role("heading", name="Tried out: this is what would come in")).to_be_visible(timeout=SLOW)
    _figures(ada, new, faulty)


def _figures(ada: Page, new: int, faulty: int) -> None:
    expect(ada.locator("dl.figures")).to_contain_text(re.compile(rf"New\s*{new}.*Faulty\s*{faulty}", re.DOTALL))


def _kill_workers(company: Company) -> int:
    """Every worker of the company, without warning; whoever looks after them starts new ones."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(company.server.pid)], capture_output=True, text=True
    )
    pids = [int(line.split()[0]) for line in listed.stdout.splitlines() if line.rstrip().endswith("worker")]
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return len(pids)


def test_a_past_is_tried_out_brought_in_killed_in_the_middle_mended_and_finished(
    company: Company, log_in: LogIn, tmp_path: Path
) -> None:
    ada, findings = log_in("ada"), list[str]()
    _upload(ada, "old desk.csv", _file())
    findings += wrong(ada)
    _tried(ada, ROWS - FAULTY, FAULTY)
    findings += wrong(ada)
    ada.get_by_role("button", name=f"Bring in {ROWS - FAULTY} records").click()
    expect(ada.locator("#how-far")).to_have_attribute("value", re.compile(r"^([1-7]\d)$"), timeout=SLOW)
    assert _kill_workers(company)
    findings += wrong(ada)
    expect(ada.get_by_role("heading", name="Brought in", exact=True)).to_be_visible(timeout=SLOW)
    expect(ada.locator("dl.figures")).to_contain_text(
        re.compile(rf"New\s*{ROWS - FAULTY}.*Faulty\s*{FAULTY}", re.DOTALL)
    )
    with ada.expect_download() as loading:
        ada.get_by_role("button", name="Download what is to be mended").click()
    kept = tmp_path / "mended.csv"
    loading.value.save_as(kept)
    mended = kept.read_bytes().replace(b"31.02.2022", b"28.02.2022")
    _upload(ada, loading.value.suggested_filename, mended)
    _tried(ada, FAULTY, 0)
    ada.get_by_role("button", name=f"Bring in {FAULTY} records").click()
    expect(ada.get_by_role("heading", name="Brought in", exact=True)).to_be_visible(timeout=SLOW)
    _figures(ada, FAULTY, 0)
    findings += wrong(ada)
    assert not findings, "\n".join(findings)
