"""Files of a draft: stored once under their digest, under a name that is only data, within what the channel takes."""

import mimetypes
import unicodedata
from pathlib import PurePosixPath

from django.db.models import Sum
from django.utils.translation import gettext as _

from armature.crm.accounts.models import Role, User
from armature.crm.act import drafts
from armature.crm.act.models import Case, Response, ResponseFile
from armature.crm.act.reach import reach
from armature.crm.act.work import DRAFTING, Refused, allowed, at_work
from armature.crm.listen import files

MOST_FILES = 20
RUNS = frozenset(
    ".ade .adp .apk .app .appx .bat .cab .chm .cmd .com .cpl .dll .dmg .exe .hta .htaccess .ins .isp .iso .jar .js"
    " .jse .lib .lnk .mde .msc .msi .msp .mst .nsh .pif .ps1 .scr .sct .shb .svg .sys .vb .vbe .vbs .vxd .wsc .wsf"
    " .wsh .xll".split()
)
"""Endings of what runs when it is opened: mail servers refuse it, and so do we."""


def attach(user: User, case: Case, *, name: str, body: bytes, text: str = "", tab: str = "") -> ResponseFile:
    """Add a file to the user's draft in a case; the draft is begun with ``text`` when there is none."""
    allowed(user, case, Role.DRAFT_ONLY)
    called = clean_name(name)
    kind = mimetypes.guess_type(called)[0] or "application/octet-stream"
    _refuse_what_runs(called)
    digest = files.write(body)
    with at_work(case) as (wait, items):
        if wait.form not in DRAFTING:
            raise Refused(_("Nothing can be attached here now."))
        can = reach(case, drafts.facts_of(items)).can
        if not can.attachments:
            raise Refused(_("This channel takes no files."))
        if can.attachment_types and not kind.startswith(can.attachment_types):
            raise Refused(_("This channel does not take files like “%s”.") % called)
        mine = drafts.of(user, case).first() or drafts.put(
            user, case, (wait, items), text, drafts.AS_SUGGESTED, drafts.Base(tab=tab)
        )
        if there := mine.files.filter(digest=digest, name=called).first():  # tried once more: it is there already
            return there
        _refuse_too_much(mine, len(body), can.attachment_bytes)
        return ResponseFile.objects.create(
            response=mine, digest=digest, name=called, content_type=kind[:80], size=len(body)
        )


def detach(user: User, case: Case, number: int) -> None:
    """Take a file off the user's own draft."""
    allowed(user, case, Role.DRAFT_ONLY)
    with at_work(case):
        mine = Response.objects.filter(case=case, author=user, state=Response.State.DRAFT)
        if not ResponseFile.objects.filter(pk=number, response__in=mine).delete()[0]:
            raise Refused(_("This file is not with your draft (any more)."))


def _refuse_too_much(mine: Response, more: int, most: int) -> None:
    there = mine.files.aggregate(bytes=Sum("size"))["bytes"] or 0
    if mine.files.count() >= MOST_FILES:
        raise Refused(_("More than %s files do not fit one answer.") % MOST_FILES)
    if not more:
        raise Refused(_("The file is empty."))
    if most and there + more > most:
        words = {"most": f"{most / 1e6:.0f}", "left": f"{max(most - there, 0) / 1e6:.1f}"}
        raise Refused(_("This channel takes %(most)s MB of files in one answer; %(left)s MB are left.") % words)


def _refuse_what_runs(called: str) -> None:
    endings = {ending.lower() for ending in PurePosixPath(called).suffixes} | {called.lower()}
    if endings & RUNS:
        raise Refused(_("“%s” could run on their machine: it is not sent. Send it another way.") % called)


def clean_name(name: str) -> str:
    """A name that is only a name: the last part of a path, without letters that cannot be seen."""
    seen = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(letter for letter in seen if unicodedata.category(letter)[0] != "C")
    return " ".join(seen.split()).strip(". ")[-200:] or "file" if not seen.startswith(".") else seen[:200]
