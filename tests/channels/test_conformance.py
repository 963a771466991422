"""The checks of all kinds, for those that need no server: lines handed in, our page on the web, surveys."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from armature.conformance import Bare, Conforms, Said
from armature.conformance.world import Call, CannotDo
from armature.crm.channels import lines, signatures, talks
from armature.crm.channels.lines import Lines
from armature.crm.channels.port import Account, Attachment, Envelope, Request
from armature.crm.channels.survey import Survey, Who, survey_line
from armature.crm.channels.web import Web

KEY = b"k" * 32


class Handed(Bare):
    """A world in which we are handed what people say, and nothing is asked for."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.kept: list[Envelope] = []

    def arrived(self) -> Sequence[Envelope]:
        """All of it."""
        return self.kept


class LinesWorld(Handed):
    """Other programs hand lines in, or post them signed."""

    kind = Lines()

    def __init__(self) -> None:
        secret = signatures.new_secret()
        super().__init__(Account(1, "lines", "forum", {}, {"hook_secret": secret}, KEY))

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """A line."""
        if files:
            raise CannotDo("lines carry no files")
        name = uuid4().hex
        self._hand({"external_id": name, "author": "ingrid", "text": text, "public": public, "in_reply_to": answers})
        return Said(name, "ingrid", public)

    def edit(self, external_id: str, text: str) -> None:
        """A line that says so."""
        self._hand({"event": "edited", "external_id": external_id, "text": text, "author": "ingrid"})

    def delete(self, external_id: str) -> None:
        """A line that says so."""
        self._hand({"event": "deleted", "external_id": external_id, "author": "ingrid"})

    def _hand(self, line: dict[str, object]) -> None:
        now = datetime.now(UTC)
        self.kept.append(lines.envelope({**line, "occurred_at": now.isoformat()}, now))

    def call(self) -> Call:
        """Signed calls."""
        return Call(lambda text: self._request(text), self._wrong)

    def _request(self, text: str, *, name: str = "msg_1", late: int = 0, key: str = "") -> Request:
        body = json.dumps({"text": text, "author": "ingrid", "external_id": name}).encode()
        now = datetime.now(UTC)
        headers = signatures.sign_webhook(
            key or self.account.secrets["hook_secret"], name, body, now - timedelta(seconds=late)
        )
        return Request("POST", "https://desk.example/hook/x", {}, headers, body, now)

    def _wrong(self, text: str) -> list[tuple[str, Request]]:
        good = self._request(text)
        other = Request(good.method, good.url, {}, good.headers, good.body + b" ", good.received_at)
        bare = Request(good.method, good.url, {}, {}, good.body, good.received_at)
        forged = self._request(text, key=signatures.new_secret())
        return [("another body", other), ("unsigned", bare), ("old", self._request(text, late=600)), ("forged", forged)]


class WebWorld(Handed):
    """A visitor writes on our page."""

    kind = Web()

    def __init__(self) -> None:
        super().__init__(Account(1, "web", "hello", {}, {}, KEY))
        self.names = 0

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """What the form takes."""
        if public:
            raise CannotDo("nothing there is public")
        visitor, name = talks.handle("talk"), f"n{self.names}" if self.names else talks.FIRST
        self.names += 1
        at = datetime.now(UTC)
        self.kept.append(talks.envelope(visitor, name, text=text, author_name="Ingrid", files=files, at=at))
        return Said(talks.external_id(visitor, name), visitor, False)


class SurveyWorld(Handed):
    """Somebody answers a survey on our page, and changes the answer."""

    kind = Survey()

    def __init__(self) -> None:
        super().__init__(Account(1, "survey", "surveys of main", {}, {}, KEY))

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """What the page hands in."""
        if public or answers or files:
            raise CannotDo("an answer to a survey is private, stands alone and carries no files")
        said = Said(f"survey-1-{uuid4().hex}", "ingrid@people.example", False)
        self._hand("created", said.external_id, text)
        return said

    def edit(self, external_id: str, text: str) -> None:
        """The same person, by the same link."""
        self._hand("edited", external_id, text)

    def _hand(self, event: str, name: str, text: str) -> None:
        now = datetime.now(UTC)
        line = survey_line(event, name, Who("email", "ingrid@people.example", "Ingrid"), text, now)
        self.kept.append(lines.envelope(line, now))


class TestLines(Conforms):
    kind_name = "lines"

    @pytest.fixture
    def world(self) -> LinesWorld:
        return LinesWorld()


class TestWeb(Conforms):
    kind_name = "web page"

    @pytest.fixture
    def world(self) -> WebWorld:
        return WebWorld()


class TestSurvey(Conforms):
    kind_name = "survey"

    @pytest.fixture
    def world(self) -> SurveyWorld:
        return SurveyWorld()
