"""What a file is: told by how it begins, not by its name; and opening it as that."""

import json
import zipfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from armature.crm.listen.imports.cards import Cards
from armature.crm.listen.imports.mails import Mails, Mbox
from armature.crm.listen.imports.objects import Objects
from armature.crm.listen.imports.records import NotReadable, Source
from armature.crm.listen.imports.sheets import MOST_PARTS, Sheet, looked_at
from armature.crm.listen.imports.tables import Table, encoding_of
from armature.crm.listen.imports.tickets import Tickets

TABLES = ("csv", "xlsx", "lines")
MAILS = ("mbox", "mails")
TICKETS = ("zendesk", "chatwoot")
CARDS = "vcard"
LABELS = {"csv": "CSV", "xlsx": "Excel (XLSX)", "lines": "JSON Lines", "mbox": "mbox", "mails": "EML (zip)",
          "zendesk": "Zendesk (JSON)", "chatwoot": "Chatwoot (JSON)", "vcard": "vCard"}  # fmt: skip
_BEGIN = 65_536


@dataclass(frozen=True, slots=True)
class Known:
    """What a file is, and what must be known to open it the same way again."""

    kind: str
    options: Mapping[str, Any]


def known(path: Path) -> Known:
    """What this file is; raises ``NotReadable`` when it is nothing that can be brought in."""
    with path.open("rb") as stream:
        begin = stream.read(_BEGIN)
    if not begin.strip():
        raise NotReadable(_("The file is empty."))
    if begin.startswith(b"PK"):
        return Known(_packed(path), {})
    if begin.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotReadable(_("This is an old Excel file (XLS), or one with a password: save it as XLSX or CSV."))
    if begin.startswith(b"From "):
        return Known("mbox", {})
    text = begin.decode(encoding_of(begin), "replace").lstrip("\ufeff").lstrip()
    if text[:1] in ("{", "["):
        return _json(text)
    if text[:11].upper() == "BEGIN:VCARD":
        return Known(CARDS, {})
    odd = sum(sign < " " and sign not in "\t\r\n\x0c" for sign in text[:4096])
    if odd > len(text[:4096]) // 10:
        raise NotReadable(
            _("This is neither text nor Excel nor mail: give CSV, XLSX, JSON Lines, mbox or a zip of EML.")
        )
    with closing(Table(path)) as table:
        return Known("csv", {"encoding": table.encoding, "delimiter": table.delimiter})


def opened(path: Path, kind: str, options: Mapping[str, Any]) -> Source:
    """The file, to be read from its begin; raises ``NotReadable``."""
    if not path.exists():
        raise NotReadable(_("The file is not on the disk of the server any more: upload it once more."))
    match kind:
        case "csv":
            return Table(path, str(options.get("encoding", "")), str(options.get("delimiter", "")))
        case "xlsx":
            return Sheet(path)
        case "lines":
            return Objects(path)
        case "mbox":
            return Mbox(path)
        case "mails":
            return Mails(path)
        case "zendesk" | "chatwoot":
            return Tickets(path, kind, bool(options.get("one_list")))
        case "vcard":
            return Cards(path)
    raise NotReadable(_("This kind of file cannot be brought in."))


def _packed(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as problem:
        raise NotReadable(
            _("The file is damaged, or no zip at all (%(problem)s): save or pack it once more.") % {"problem": problem}
        ) from None
    if any(name.startswith("xl/") for name in names):
        looked_at(path, entries=MOST_PARTS)
        return "xlsx"
    if any(name.lower().endswith(".eml") for name in names):
        return "mails"
    raise NotReadable(_("In this zip is neither a workbook nor a mail (.eml): give the file itself, unpacked."))


def _json(text: str) -> Known:
    """A list, or an object on each line; and of which desk it is."""
    first = text.partition("\n")[0]
    one: Any = None
    if text[0] == "{":
        try:
            one = json.loads(first)
        except (ValueError, RecursionError):
            one = None
    wrapped = isinstance(one, dict) and any(
        isinstance(one.get(key), list | dict) for key in ("payload", "data", "tickets")
    )
    one_list = text[0] == "[" or (one is None and '"comments"' not in first and '"messages"' not in first) or wrapped
    if '"requester' in text and ('"comments"' in text or '"ticket_form_id"' in text or '"subject"' in text):
        return Known("zendesk", {"one_list": one_list})
    if '"messages"' in text and (
        '"inbox_id"' in text or '"meta"' in text or '"contact"' in text or '"message_type"' in text
    ):
        return Known("chatwoot", {"one_list": one_list})
    if text[0] == "[":
        raise NotReadable(_("This is one JSON list: give JSON Lines, an object on each line (jq -c '.[]' makes them)."))
    return Known("lines", {})
