"""Somebody who goes through the tutorial: notes each of its words that they found on the screen, typed or pressed."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from company import Company
from conftest import LogIn

SLOW = 60_000
"""Milliseconds that a message may take through everything on a busy machine."""
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
HEAD = re.compile(r"^## \d+\. (.+)\n", re.M)
SAID = (re.compile(r"(?<!\*)\*([^*]+)\*(?!\*)"), re.compile(r'"([^"]+)"'), re.compile(r"`([^`]+)`"))
"""On the screen; typed; a key, an address or a command."""


def steps() -> dict[str, str]:
    """The steps of the document by their titles, each up to the next heading."""
    _before, *rest = HEAD.split(DOCUMENT.read_text("utf-8"))
    return {title: text.partition("\n## ")[0] for title, text in zip(rest[::2], rest[1::2], strict=True)}


def promised(step: str) -> set[str]:
    """The words that a step names, as one finds them: lines of a terminal are run, not looked for."""
    prose = "\n".join(line for line in step.splitlines() if not line.startswith("    "))
    return {" ".join(one.split()) for kind in SAID for one in kind.findall(prose)}


def commands(step: str) -> str:
    """The lines for a terminal, as they stand there."""
    return "\n".join(line[4:] for line in step.splitlines() if line.startswith("    "))


@dataclass
class Tour:
    """The company, the folder of the terminal, the windows by who sits there, and the words that were found so far."""

    company: Company
    log_in: LogIn
    folder: Path
    windows: dict[str, Page] = field(default_factory=dict)
    found: set[str] = field(default_factory=set)

    @property
    def here(self) -> Page:
        """The window that was looked at last."""
        return next(reversed(self.windows.values()))

    def window(self, who: str, **more: object) -> Page:
        """Turn to somebody's window; a new one is at the door."""
        page = self.windows.pop(who, None) or self.log_in("", **more)
        self.windows[who] = page
        return page

    def enter(self, who: str) -> None:
        """Log in."""
        self.window(who).goto("/log-in")
        self.types("E-mail address", f"{who}@fjord.example")
        self.types("Password", "armature-demo")
        self.presses("Log in")
        self.here.wait_for_selector("#desk")

    def sees(self, *words: str, inside: str = "body") -> None:
        """All of these stand on the screen, or come by themselves."""
        for one in words:
            expect(self.here.locator(inside).get_by_text(one).filter(visible=True).first).to_be_visible(timeout=SLOW)
            self.found.add(one)

    def presses(self, name: str, inside: str = "body", key: str = "") -> None:
        """What is called so is a button, a link or a menu; with ``key`` the key is pressed that stands for it."""
        part = self.here.locator(inside)
        control = part.locator("button, a, summary, label.btn").filter(has_text=name).filter(visible=True).first
        expect(control).to_be_visible(timeout=SLOW)
        self.found |= {name, key} - {""}
        self.here.keyboard.press(key) if key else control.click()

    def types(self, label: str, words: str) -> None:
        """Into the field of that name."""
        self.field(label).fill(words)
        self.found.add(words)

    def field(self, label: str) -> Locator:
        """The field of that name."""
        self.found.add(label)
        return self.here.get_by_label(label, exact=True).filter(visible=True).first

    def goes(self, address: str) -> None:
        """An address that the document names."""
        self.here.goto(address)
        self.found.add(address)

    def runs(self, title: str) -> str:
        """The lines of a step in a terminal, one shell, in the folder of the clone; what they print."""
        here = Path(sys.executable).parent
        environment = {**os.environ, "ARMATURE_HOME": str(self.company.home), "DATABASE_URL": "", "COLUMNS": "120",
                       "PATH": f"{here}:{os.environ['PATH']}" if "export PATH" not in commands(steps()[title])
                       else os.environ["PATH"]}  # fmt: skip
        run = subprocess.run(
            ["sh", "-e"], input=commands(steps()[title]), cwd=self.folder, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout[-3000:]
        return run.stdout
