"""Signs that the sender may not be who they say. They warn a person; they decide nothing."""

import re

from armature.crm.channels.email.head import Head
from armature.crm.channels.email.people import addresses

_FAILED = re.compile(r"\b(dmarc|dkim|spf)=(fail|softfail|permerror)\b", re.IGNORECASE)
_SHOWN_ADDRESS = re.compile(r"[^\s<>\"'()]{1,64}@[^\s<>\"'()]{1,255}")


def doubts(head: Head, author: str, name: str) -> str:
    """What to beware of, in words; empty when nothing stands out."""
    said = [_senders(head), _name(author, name), _answers(head, author), _checks(head)]
    return " ".join(words for words in said if words)


def _senders(head: Head) -> str:
    senders = {address for address, _ in addresses(head.all("from"))}
    if not senders:
        return "The mail names no sender."
    return "The mail names more than one sender: " + ", ".join(sorted(senders)[:5]) + "." if len(senders) > 1 else ""


def _name(author: str, name: str) -> str:
    shown = _SHOWN_ADDRESS.search(name[:400])
    if shown and shown[0].lower() != author:
        return f"The sender's name shows another address ({shown[0]}) than the mail came from ({author})."
    return ""


def _answers(head: Head, author: str) -> str:
    elsewhere = [address for address, _ in addresses(head.all("reply-to")) if address != author]
    return f"Answers are asked to go to {elsewhere[0]}, not to the sender." if elsewhere and author else ""


def _checks(head: Head) -> str:
    # Only the topmost was written by our own server; a failure that somebody else noted would warn too often.
    failed = [found[0].lower() for found in _FAILED.finditer(head.first("authentication-results"))]
    return f"The mail server could not confirm the sender ({', '.join(dict.fromkeys(failed))})." if failed else ""
