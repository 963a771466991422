"""Address books: vCard 3 and 4, card by card, as rows of people."""

import codecs
import quopri
import re
from collections.abc import Generator

from django.utils.translation import gettext as _

from armature.crm.listen.imports.records import Counted, NotReadable, Record

HEADS = ["name", "email", "email 2", "phone", "phone 2", "company", "website"]
MOST_LINES = 5_000
"""Of one card."""
LONGEST_FIELD = 10_000
"""Characters: what goes on for longer in an address book is no address."""
_PICTURES = ("PHOTO", "LOGO", "SOUND", "KEY")
_ESCAPED = re.compile(r"\\([\\,;nN:])")


class Cards(Counted):
    """A file of cards."""

    heads = HEADS

    def records(self) -> Generator[Record, None, None]:
        """See ``Source``."""
        number, card, place, wrong, inside = 0, list[str](), 0, "", False
        for at, raw in enumerate(self._counting.lines(), 1):
            line = "" if raw is None else raw.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").rstrip("\r\n")
            word = line.strip().upper()
            if word == "BEGIN:VCARD":
                if inside:
                    yield Record(
                        number, _("line %(place)s") % {"place": place}, [], _("END:VCARD is missing behind this card")
                    )
                number, card, place, wrong, inside = number + 1, [], at, "", True
            elif word == "END:VCARD" and inside:
                yield Record(number, _("line %(place)s") % {"place": place}, [] if wrong else row(card), wrong)
                inside = False
            elif inside and (raw is None or len(card) > MOST_LINES):
                wrong = _("this card is longer than any address book writes one (a picture?): it is left out")
            elif inside and not wrong:
                _add(card, line)
        if inside:
            yield Record(
                number,
                _("line %(place)s") % {"place": place},
                [],
                _("the file ends inside this card: END:VCARD is missing"),
            )
        if not number:
            raise NotReadable(_("There is no card (BEGIN:VCARD) in this file."))


def _add(card: list[str], line: str) -> None:
    """A line, or the rest of the one before it: what goes on begins with a space (or stands behind ``=``)."""
    if card and line[:1] in (" ", "\t"):
        if len(card[-1]) < LONGEST_FIELD and not card[-1].upper().startswith(_PICTURES):
            card[-1] += line[1:]
    elif card and card[-1].endswith("=") and "QUOTED-PRINTABLE" in card[-1].partition(":")[0].upper():
        card[-1] = card[-1][:-1] + line
    else:
        card.append(line)


def row(card: list[str]) -> list[str]:
    """The fields of ``HEADS``."""
    found: dict[str, list[str]] = {}
    for line in card:
        head, colon, value = line.partition(":")
        name, *parameters = head.split(";")
        if colon:
            found.setdefault(name.rpartition(".")[2].upper(), []).append(_value(value, parameters))
    names = [part.strip() for part in re.split(r"(?<!\\);", found.get("N", [""])[0])]
    full = found.get("FN", [""])[0] or " ".join(filter(None, [*names[1:2], *names[:1]]))
    phones = [one.removeprefix("tel:") for one in found.get("TEL", [])]
    company = re.split(r"(?<!\\);", found.get("ORG", [""])[0])[0]
    mails = [one.removeprefix("mailto:") for one in found.get("EMAIL", [])]
    cells = [full, *([*mails, "", ""])[:2], *([*phones, "", ""])[:2], company, found.get("URL", [""])[0]]
    return [
        _ESCAPED.sub(lambda one: "\n" if one[1] in "nN" else one[1], cell).replace("\x00", "").strip() for cell in cells
    ]


def _value(value: str, parameters: list[str]) -> str:
    if any("QUOTED-PRINTABLE" in one.upper() for one in parameters):
        return quopri.decodestring(value.encode()).decode("utf-8", "replace")
    return value
