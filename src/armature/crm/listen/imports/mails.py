"""Mail as other programs hand it out: mbox files, and zips of single mails (.eml)."""

import zipfile
from collections.abc import Generator
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from armature.crm.listen.imports.records import LONGEST_MAIL, Counted, NotReadable, Record
from armature.crm.listen.imports.sheets import looked_at

MOST_MAIL = 4_000_000_000
"""Bytes of all mails of a zip, unpacked."""
TOO_LARGE = gettext_noop("this mail is larger than mail servers take: it is left out")


class Mbox(Counted):
    """One file with many mails, each behind a line that begins with "From "."""

    heads = ["Mail"]

    def records(self) -> Generator[Record, None, None]:
        """See ``Source``."""
        number, lines, size, blank, wrong = 0, list[bytes](), 0, True, ""
        for line in self._counting.lines():
            if line is not None and blank and line.startswith(b"From "):
                if number:
                    yield _record(number, lines, wrong)
                number, lines, size, blank, wrong = number + 1, [], 0, False, ""
                continue
            size += len(line or b"")
            if line is None or size > LONGEST_MAIL:
                wrong, lines = (
                    _(TOO_LARGE) if line else _("this mail holds a line of more than 4 MB: it is left out"),
                    [],
                )
            elif not wrong and number:
                lines.append(line[1:] if line.startswith(b">") and line.lstrip(b">").startswith(b"From ") else line)
            blank = line is not None and not line.strip()
        if not number:
            raise NotReadable(_('No line of this file begins with "From ", so it is no mbox file.'))
        yield _record(number, lines, wrong)


def _record(number: int, lines: list[bytes], wrong: str) -> Record:
    return Record(
        number,
        _("mail %(number)s") % {"number": number},
        [],
        wrong,
        b"".join(lines).rstrip(b"\r\n") + b"\r\n" if lines else b"",
    )


class Mails:
    """A zip with a mail in each of its files."""

    heads = ["Mail"]

    def __init__(self, path: Path) -> None:
        self._zip = looked_at(path, most=MOST_MAIL)
        self._parts = sorted((one for one in self._zip.infolist() if _is_mail(one)), key=lambda one: one.filename)
        if not self._parts:
            raise NotReadable(_("There is no file that ends with .eml in this zip."))
        self._gone = 0

    def close(self) -> None:
        """See ``Source``."""
        self._zip.close()

    @property
    def share(self) -> float:
        """See ``Source``."""
        return self._gone / len(self._parts)

    def records(self) -> Generator[Record, None, None]:
        """See ``Source``."""
        for number, part in enumerate(self._parts, 1):
            self._gone = number
            yield self._read(number, part)

    def _read(self, number: int, part: zipfile.ZipInfo) -> Record:
        place = part.filename.rpartition("/")[2][:40].encode("utf-8", "replace").decode()
        try:
            with self._zip.open(part) as stream:
                raw = stream.read(LONGEST_MAIL + 1)
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as problem:
            return Record(
                number, place, [], (_("this file of the zip is damaged: %(problem)s") % {"problem": problem})[:250]
            )
        if len(raw) > LONGEST_MAIL:
            return Record(number, place, [], _(TOO_LARGE))
        return Record(number, place, [], "" if raw.strip() else _("this mail is empty"), raw)


def _is_mail(part: zipfile.ZipInfo) -> bool:
    last = part.filename.rpartition("/")[2]
    return last.lower().endswith(".eml") and not last.startswith("._")
