"""Reading mailboxes by message number. What the server's people mark as seen plays no part, and we mark nothing."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from imaplib import IMAP4

from armature.crm.channels.email.login import Folder, logged_in, opened
from armature.crm.channels.email.message_ids import event_key
from armature.crm.channels.email.settings import MailSettings
from armature.crm.channels.port import Cursor, Envelope

BATCH_BYTES = 16_000_000
WHOLE_BYTES = 64_000_000
CUT_BYTES = 1_000_000
SEARCH_WINDOW = 50_000

Batch = tuple[list[Envelope], Cursor]
Sizes = list[tuple[int, int]]
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_ARRIVED = re.compile(rb'\bINTERNALDATE "([^"]{1,40})"')


def batches(settings: MailSettings, cursor: Cursor, limit: int) -> Iterator[Batch]:
    """What is new in every folder. A cursor maps a folder to its validity, the last number read, and since when."""
    with logged_in(settings) as box:
        for name in settings.folders:
            for envelopes, place in _folder(opened(box, name), _place(cursor, name, settings.history_days), limit):
                cursor = {**cursor, name: place}
                yield envelopes, cursor


def newest_known(cursor: Cursor, folder: Folder) -> bool:
    """Whether the cursor has come to the end of the folder."""
    place = cursor.get(folder.name) or {}
    return place.get("validity") == folder.validity and int(place.get("uid", 0)) >= folder.next_uid - 1


def _place(cursor: Cursor, name: str, history_days: int) -> Cursor:
    first = (datetime.now(UTC) - timedelta(days=history_days + 1)).date().isoformat()
    return dict(cursor.get(name) or {"validity": 0, "uid": 0, "since": first})


def _folder(folder: Folder, place: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
    # New validity means that all numbers were dealt anew: read again from the first day on; keys tell the known ones.
    known = int(place["uid"]) if place["validity"] == folder.validity else 0
    told = place
    for uids in _new(folder, known, place["since"]):
        for sizes in _cut(_sizes(folder.client, uids), limit):
            told = {**place, "validity": folder.validity, "uid": sizes[-1][0]}
            yield _fetched(folder.client, sizes), told
    end = {**place, "validity": folder.validity, "uid": max(folder.next_uid - 1, known)}
    if end != told:
        yield [], end


def _new(folder: Folder, known: int, since: str) -> Iterator[list[int]]:
    """Numbers above ``known``, in windows, because an answer is one line and a line has a limit."""
    day = datetime.fromisoformat(since).strftime("%d-%b-%Y")
    for low in range(known + 1, folder.next_uid, SEARCH_WINDOW):
        high = min(low + SEARCH_WINDOW, folder.next_uid) - 1
        criteria = f"UID {low}:{high}" + ("" if known else f" SINCE {day}")
        found = _answer(folder.client.uid("SEARCH", criteria))
        uids = sorted(int(uid) for line in found if isinstance(line, bytes) for uid in line.split())
        # "n:*" and some servers answer with numbers outside the range.
        yield [uid for uid in uids if low <= uid <= high]


def _sizes(client: IMAP4, uids: list[int]) -> Sizes:
    sizes: Sizes = []
    for first in range(0, len(uids), 1000):
        answer = _answer(client.uid("FETCH", _set(uids[first : first + 1000]), "(UID RFC822.SIZE)"))
        for line in answer:
            text = line if isinstance(line, bytes) else b""
            uid, size = _UID.search(text), _SIZE.search(text)
            if uid and size:
                sizes.append((int(uid[1]), int(size[1])))
    return sorted(sizes)


def _cut(sizes: Sizes, limit: int) -> Iterator[Sizes]:
    part: Sizes = []
    total = 0
    for uid, size in sizes:
        if part and (len(part) >= limit or total + size > BATCH_BYTES):
            yield part
            part, total = [], 0
        part.append((uid, size))
        total += min(size, WHOLE_BYTES)
    if part:
        yield part


def _fetched(client: IMAP4, sizes: Sizes) -> list[Envelope]:
    whole = [uid for uid, size in sizes if size <= WHOLE_BYTES]
    found = dict(_mails(client, whole, "BODY.PEEK[]", {})) if whole else {}
    for uid, size in sizes:
        if size > WHOLE_BYTES:
            found |= dict(_mails(client, [uid], f"BODY.PEEK[]<0.{CUT_BYTES}>", {uid: size}))
    # A number without a mail was deleted by somebody while we read.
    return [found[uid] for uid, _ in sizes if uid in found]


def _mails(client: IMAP4, uids: list[int], what: str, cut: dict[int, int]) -> Iterator[tuple[int, Envelope]]:
    answer = _answer(client.uid("FETCH", _set(uids), f"(UID INTERNALDATE {what})"))
    for index, part in enumerate(answer):
        if not isinstance(part, tuple):
            continue
        after = answer[index + 1] if index + 1 < len(answer) else b""
        around = part[0] + (after if isinstance(after, bytes) else b"")
        uid = _UID.search(around)
        if uid:
            yield int(uid[1]), _envelope(part[1], around, cut.get(int(uid[1]), 0))


def _envelope(raw: bytes, around: bytes, whole_size: int) -> Envelope:
    arrived = _ARRIVED.search(around)
    note = f"; cut={whole_size}" if whole_size else ""
    return Envelope(event_key(raw), raw, f"message/rfc822{note}", _time(arrived[1]) if arrived else datetime.now(UTC))


def _time(text: bytes) -> datetime:
    try:
        return parsedate_to_datetime(text.decode("ascii").strip()).astimezone(UTC)
    except (ValueError, UnicodeDecodeError, OverflowError):
        return datetime.now(UTC)


def _set(uids: Iterable[int]) -> str:
    """Numbers as the protocol writes them, runs joined, so that the command line stays short."""
    runs: list[list[int]] = []
    for uid in uids:
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(f"{low}:{high}" if high > low else str(low) for low, high in runs)


def _answer(result: tuple[str, list[object]]) -> list[object]:
    if result[0] != "OK":
        raise IMAP4.error(f"the server answered {result[0]} {str(result[1])[:120]}")
    return result[1]
