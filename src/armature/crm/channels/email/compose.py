"""An approved answer as an e-mail, byte for byte. What would break out of a header field is refused, never mended."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from armature.crm.channels.email.address import proof_mark, thread_address
from armature.crm.channels.email.automatic import OUR_MARK
from armature.crm.channels.port import Account, Attachment, Outgoing

# Long ids must not be folded: the standard library would turn their second line into an encoded word.
_UNFOLDED = SMTP.clone(max_line_length=980)
_MOST_REFERENCES = 900


def composed(account: Account, outgoing: Outgoing, now: datetime | None = None) -> bytes:
    """The mail to hand over; raises ``ValueError`` saying which field cannot be sent and why."""
    _refuse_breaks(outgoing)
    mail = EmailMessage()
    mail["Message-ID"] = f"<{outgoing.external_id}>"
    mail["Date"] = format_datetime(now or datetime.now(UTC))
    mail["From"] = formataddr((outgoing.author_name, account.address)) if outgoing.author_name else account.address
    mail["To"] = ", ".join(outgoing.recipients)
    if outgoing.copies:
        mail["Cc"] = ", ".join(outgoing.copies)
    mail["Subject"] = outgoing.subject
    if outgoing.thread:
        mail["Reply-To"] = thread_address(account.address, outgoing.thread, account.signing_key)
    if outgoing.in_reply_to:
        mail["In-Reply-To"] = f"<{outgoing.in_reply_to}>"
        mail["References"] = _chain(outgoing)
    if outgoing.automatic:
        mail["Auto-Submitted"] = "auto-replied" if outgoing.in_reply_to else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
    mail[OUR_MARK] = proof_mark(outgoing.external_id, account.signing_key)
    mail.set_content(outgoing.text or "\n", charset="utf-8", cte="quoted-printable")
    for attachment in outgoing.attachments:
        _attach(mail, attachment)
    return mail.as_bytes(policy=_UNFOLDED)


def _chain(outgoing: Outgoing) -> str:
    """References as the standard wants them, oldest first, the mail answered last."""
    nearest = dict.fromkeys((outgoing.in_reply_to, *outgoing.references))
    chain = ""
    for each in nearest:
        if len(chain) + len(each) > _MOST_REFERENCES:
            break
        chain = f"<{each}> {chain}".strip()
    return chain


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    main, _, sub = attachment.content_type.partition(";")[0].strip().lower().partition("/")
    if not sub.replace("-", "").replace(".", "").replace("+", "").isalnum() or main in ("message", "multipart"):
        main, sub = "application", "octet-stream"
    mail.add_attachment(attachment.body, maintype=main, subtype=sub, filename=attachment.name or "file")


def _refuse_breaks(outgoing: Outgoing) -> None:
    fields = {
        "subject": [outgoing.subject],
        "recipient": [*outgoing.recipients, *outgoing.copies],
        "sender's name": [outgoing.author_name],
        "Message-ID": [outgoing.external_id, outgoing.in_reply_to, *outgoing.references],
        "file name": [each.name for each in outgoing.attachments],
        "file type": [each.content_type for each in outgoing.attachments],
    }
    for name, values in fields.items():
        if any(ord(letter) < 32 or ord(letter) == 127 for value in values for letter in value):
            raise ValueError(f"The {name} holds a line break or another control character: take it out.")
    ids = fields["Message-ID"]
    if any(letter in each for each in ids for letter in "<> ") or "@" not in outgoing.external_id:
        raise ValueError("A Message-ID holds blanks or angle brackets, or no “@”: this is a fault of the program.")
