"""Reports of mail servers on what we sent: not an interaction but news of a delivery."""

import re

from armature.crm.channels.email.address import is_ours
from armature.crm.channels.email.head import Head, split
from armature.crm.channels.email.message_ids import ids
from armature.crm.channels.email.parts import Mail, Part
from armature.crm.channels.email.plain import one_line
from armature.crm.channels.port import DeliveryChanged

MOST_REPORTS = 200
_OUR_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@")


def reported(mail: Mail, own_address: str) -> list[DeliveryChanged] | None:
    """What a report says of a mail of ours: failed, accepted, or (delayed) nothing yet. None when it is no report."""
    original = _original(mail)
    recipients = _recipients(mail)
    if (
        not recipients
        or not _OUR_ID.match(original)
        or not original.endswith("@" + own_address.partition("@")[2].lower())
    ):
        return None
    told = [each for each in recipients if not is_ours(own_address, _address(each))]
    failed = [each for each in told if each.first("action").lower() == "failed"]
    if failed:
        return [DeliveryChanged(original, "failed", "; ".join(map(_words, failed[:5])))]
    arrived = [each for each in told if each.first("action").lower() in ("delivered", "relayed", "expanded")]
    return [DeliveryChanged(original, "accepted", _words(arrived[0]))] if arrived else []


def _recipients(mail: Mail) -> list[Head]:
    """One block of fields for each recipient of the report."""
    blocks: list[Head] = []
    for part in mail.parts:
        if part.type in ("message/delivery-status", "message/global-delivery-status"):
            body, at = mail.body(part)[:500_000], 0
            while at < len(body) and len(blocks) < MOST_REPORTS:
                block, at = split(body, at, len(body))
                blocks.append(block)
    return [block for block in blocks if block.first("action")]


def _original(mail: Mail) -> str:
    for part in mail.parts:
        if part.type in ("message/rfc822", "text/rfc822-headers", "message/global", "message/rfc822-headers"):
            found = ids(_head(mail, part).first("message-id"))
            if found:
                return found[0]
    return ""


def _head(mail: Mail, part: Part) -> Head:
    body = mail.body(part).lstrip(b"\r\n")
    return split(body, 0, len(body))[0]


def _address(block: Head) -> str:
    value = block.first("original-recipient") or block.first("final-recipient")
    return value.rpartition(";")[2].strip().strip("<>").lower()


def _words(block: Head) -> str:
    said = block.first("diagnostic-code").partition(";")[2].strip() or block.first("status")
    return one_line(f"{_address(block)}: {said or block.first('action')}")[:500]
