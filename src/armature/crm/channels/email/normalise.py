"""A raw mail to what happened. Pure: the same bytes give the same events, on any machine at any time."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from armature.crm.channels.email.address import is_ours, is_proof, thread_of
from armature.crm.channels.email.automatic import OUR_MARK, why_automatic
from armature.crm.channels.email.bounce import reported
from armature.crm.channels.email.content import Content, content
from armature.crm.channels.email.doubt import doubts
from armature.crm.channels.email.head import Head
from armature.crm.channels.email.message_ids import answered, external_id
from armature.crm.channels.email.parts import Mail, taken_apart
from armature.crm.channels.email.people import addresses, author, delivered_to, recipients
from armature.crm.channels.email.quoted import new_words
from armature.crm.channels.port import Account, Created, DeliveryChanged, Envelope, Event

_FIRST_YEAR = 1995
_CUT = re.compile(r"; cut=(\d+)")


def normalise(account: Account, envelope: Envelope) -> list[Event]:
    """The events of one mail; none when it only says that a delivery is late. An empty one raises ``ValueError``."""
    if not envelope.body.strip():
        raise ValueError("The mail is empty: there is nothing to read.")
    mail = taken_apart(envelope.body)
    key = external_id(mail.head, envelope.body)
    sender, name = author(mail.head)
    if is_ours(account.address, sender) and _is_proof(account, mail.head, key):
        return [DeliveryChanged(key, "accepted", "our own copy of the mail arrived")]
    news = reported(mail, account.address)
    if news is not None:
        return list(news)
    return [_created(account, envelope, mail, key, sender, name)]


def _is_proof(account: Account, head: Head, key: str) -> bool:
    mark = head.first(OUR_MARK.lower())
    there = delivered_to(head)
    return any(is_proof(account.address, there, mark, key, signing) for signing in _keys(account))


def _thread(account: Account, head: Head) -> str:
    there = delivered_to(head)
    return next(filter(None, (thread_of(account.address, there, signing) for signing in _keys(account))), "")


def _keys(account: Account) -> tuple[bytes, ...]:
    """Those with which a mark of ours may be signed."""
    return (account.signing_key, *account.former_keys)


def _created(account: Account, envelope: Envelope, mail: Mail, key: str, sender: str, name: str) -> Created:
    found = content(mail)
    head = mail.head
    return Created(
        external_id=key,
        author=sender,
        author_name=name,
        occurred_at=occurred_at(head, envelope.received_at),
        text=new_words(found.text),
        network="email",
        subject=head.shown("subject"),
        full_text=found.text,
        html=found.html,
        thread=_thread(account, head),
        references=answered(head),
        recipients=recipients(head),
        attachments=found.files,
        automatic=_automatic(head, mail, sender, account.address),
        warning=_warning(envelope, mail, found, sender, name),
        reply_to=next((address for address, _ in addresses(head.all("reply-to")) if address != sender), ""),
    )


def occurred_at(head: Head, received_at: datetime) -> datetime:
    """When it was written; when it was received where the mail does not say or names a time that cannot be."""
    try:
        written = parsedate_to_datetime(head.first("date")[:200])
        written = (written if written.tzinfo else written.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return received_at
    return written if written.year >= _FIRST_YEAR and written <= received_at else received_at


def _automatic(head: Head, mail: Mail, sender: str, own_address: str) -> str:
    if head.type() == "multipart/report" or any(part.type == "message/delivery-status" for part in mail.parts):
        return "a mail server's report"
    return why_automatic(head, sender, own_address)


def _warning(envelope: Envelope, mail: Mail, found: Content, sender: str, name: str) -> str:
    cut = _CUT.search(envelope.content_type)
    size = f"The mail has {int(cut[1]):,} bytes: only its beginning was fetched." if cut else ""
    return " ".join(filter(None, (doubts(mail.head, sender, name), size, mail.warning, found.warning)))
