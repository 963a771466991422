"""Letters, faxes and comment cards: read from paper by our own people; what we answer is printed and posted by them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.utils.translation.trans_null import gettext_noop as _

from armature.arm.channel import Capabilities
from armature.crm.channels import lines, post
from armature.crm.channels.letter import sheets
from armature.crm.channels.port import (
    Account,
    ByHand,
    Conversation,
    Cursor,
    Envelope,
    Event,
    Failed,
    Outcome,
    Outgoing,
)
from armature.crm.channels.settings import BadSettings, Setting

LONGEST = 40_000
NO_ADDRESS = _("They left no address: nothing can be posted to them.")


class Letter:
    """A post box, a fax machine, a box for comment cards."""

    key: ClassVar[str] = "letter"
    label: ClassVar[str] = _("Letters, faxes and comment cards")
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("sender", _("Our name on letters"), required=True),
        Setting(
            "sender_address", _("Our address on letters"), required=True,
            help=_("In one line, parts divided by commas: Marktstr. 1, 10115 Berlin"),
        ),
        Setting("sender_contact", _("A line below it"), help=_("For example a telephone number; may stay empty.")),
        Setting(
            "reads", _("Languages of what comes in"), default="eng",
            help=_("As tesseract names them, joined by a plus: eng+deu"),
        ),
        Setting(
            "team", _("Team that opens the post"), default="support",
            help=_("The key of a team: it reads and files what comes in, before the rules say whose it is."),
        ),
        Setting(
            "font", _("Font of letters"), default=sheets.USUAL_FONT,
            help=_("A file of a TrueType font on this machine that has all letters you write."),
        ),
    )  # fmt: skip
    polls: ClassVar[bool] = False

    def check(self, account: Account) -> None:
        """A letter can be set with these settings; raises ``BadSettings``."""
        problems = {}
        languages = str(account.settings.get("reads", "eng"))
        if not all(one.isascii() and one.replace("_", "").isalnum() for one in languages.split("+")):
            problems["reads"] = f"is “{languages}”: name languages like eng, or eng+deu"
        if wrong := sheets.font_problem(_font(account)):
            problems["font"] = wrong
        if problems:
            raise BadSettings(problems)

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """A private answer on paper, where there is an address."""
        can = Capabilities(reads=True, private_reply=True, max_length=LONGEST)
        if conversation and not post.is_address(conversation.author):
            return replace(can, blocked=NO_ADDRESS)
        return can

    def probe(self, account: Account) -> str:
        """Nothing to log in to: the settings are looked at."""
        self.check(account)
        return account.address

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """Nothing to fetch: people hand in what they read."""
        return iter(())

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """Nothing ever comes by itself."""
        return False

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """One paper to one event; raises ``ValueError`` naming the field that is wrong."""
        line = lines.read_line(envelope.body)
        said = lines.created(line, post.NETWORK, envelope.received_at)
        author = str(line.get("author", ""))
        return [replace(said, author=author, attachments=lines.files_of(line))]

    def external_id(self, account: Account, key: UUID) -> str:
        """What an answer is called."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """The answer as a document that a person prints and posts."""
        if not outgoing.recipients or not post.is_address(outgoing.recipients[0]):
            return Failed(NO_ADDRESS)
        if len(outgoing.text) > LONGEST:
            return Failed(f"It has {len(outgoing.text)} characters, and a letter has {LONGEST} at most: shorten it.")
        sender = sheets.Sender(
            str(account.settings.get("sender", "")), post.block(str(account.settings.get("sender_address", ""))),
            str(account.settings.get("sender_contact", "")),
        )  # fmt: skip
        try:
            return ByHand(sheets.letter(sender, outgoing, _font(account)))
        except sheets.CannotSet as wrong:
            return Failed(str(wrong))

    def find(self, account: Account, outgoing: Outgoing) -> ByHand | None:
        """Whoever stopped while a document was made has posted nothing: it is made again."""
        made = self.send(account, outgoing)
        return made if isinstance(made, ByHand) else None


def _font(account: Account) -> str:
    return str(account.settings.get("font") or sheets.USUAL_FONT)
