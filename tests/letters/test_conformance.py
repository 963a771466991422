"""The checks of all kinds, for letters: scanned, read by the real programs, corrected and filed by a person."""

import subprocess
from collections.abc import Sequence
from typing import Any

import pytest

from armature.conformance import Bare, Conforms, Said
from armature.conformance.world import CannotDo
from armature.crm import jobs
from armature.crm.act import papers
from armature.crm.act.papers import Checked
from armature.crm.channels.letter import Letter
from armature.crm.channels.port import Attachment, Created, Envelope
from armature.crm.listen import queries as listened
from armature.crm.listen.models import Channel
from house import House
from kept import kept
from letters.papers import picture

INGRID = "Ingrid Berg, 12 Harbour Street, Bristol BS1 4RN"
SCRAP = {"size": (420, 160), "font": 24}


class PaperWorld(Bare):
    """Somebody who writes letters, and our own people who open them, type what a machine misread, and post answers."""

    kind = Letter()
    nothing = "paper stays as it is"
    signs = "Ærø Ελλάδα Київ"

    def __init__(self, house: House, post_box: Channel) -> None:
        self.house, self.channel = house, post_box
        self.account = listened.account(post_box)
        self.in_the_post: list[str] = []

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """A scan of it, read by machine; the words are those that a person made of it."""
        if public or answers:
            raise CannotDo("a letter is for us alone, and does not say what it answers")
        before = len(self.arrived())
        name = files[0].name if files else "letter.png"
        scan = papers.upload(self.house.mona, self.channel, name, picture(f"No. {before}", **SCRAP))  # type: ignore[arg-type]
        while jobs.read_paper():
            pass
        scan.refresh_from_db()
        where = "12 Harbour Street\nBristol BS1 4RN"
        papers.file(self.house.mona, scan, Checked(text, name="Ingrid Berg", address=where))
        (event,) = self.kind.normalise(self.account, self.arrived()[before])
        assert isinstance(event, Created)
        return Said(event.external_id, INGRID, False)

    def arrived(self) -> Sequence[Envelope]:
        """What was filed."""
        return kept(self.channel)

    def posted(self, document: Attachment) -> None:
        """A person prints it; what stands on the sheets can be read."""
        read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=document.body, capture_output=True, check=True)
        self.in_the_post.append(read.stdout.decode())

    def sees(self, *, public: bool) -> list[str]:
        """What came to their address."""
        if public:
            raise CannotDo("no letter is public")
        return self.in_the_post


class TestLetters(Conforms):
    kind_name = "letters"

    @pytest.fixture
    def world(self, house: House, post_box: Channel, settings: Any) -> PaperWorld:
        return PaperWorld(house, post_box)
