"""Handing a text to the gateway, and asking whether it knows us."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from armature.arm.text_message import is_gsm
from armature.crm.channels.addresses import Barred
from armature.crm.channels.api import refusal, said, unanswered
from armature.crm.channels.http import Reply, Unanswered
from armature.crm.channels.numbers import NoNumber, e164
from armature.crm.channels.port import LOGIN, Failed, LoginRefused, Outcome, Outgoing, Sent, Unknown, Unreachable
from armature.crm.channels.sms.settings import SmsSettings

PATH = "/cgi-bin/sendsms"
REPORTS = 1 + 2 + 8 + 16
"""At the phone, not at the phone, taken by the centre, refused by it."""
_LATER = 60


def send(settings: SmsSettings, outgoing: Outgoing) -> Outcome:
    """Hand it over once."""
    if len(outgoing.recipients) != 1 or outgoing.attachments or outgoing.copies:
        return Failed("A text message goes to one number and carries no files.")
    try:
        to = e164(outgoing.recipients[0])
    except NoNumber as odd:  # Kannel takes whatever is asked of it
        return Failed(str(odd))
    report = urlencode({"id": outgoing.external_id}) + "&report=%d&words=%A"
    wanted = {
        "from": settings.sender.removeprefix("+") if settings.sender.startswith("+") else settings.sender,
        "to": to, "text": outgoing.text, "charset": "UTF-8",
        "coding": "0" if is_gsm(outgoing.text) else "2", "dlr-mask": str(REPORTS),
        "dlr-url": f"{settings.report_to}&{report}",
    }  # fmt: skip
    try:
        reply = _asked(settings, wanted)
    except Barred as problem:
        return Failed(str(problem))
    except Unanswered as problem:
        return unanswered(problem)
    return _outcome(reply, outgoing.external_id)


def _outcome(reply: Reply, external_id: str) -> Outcome:
    if reply.status == 202:
        return Sent(said(reply).removeprefix("202 ") or external_id)
    if _no_login(reply):
        return Failed(f"The gateway refuses our user name or password: {said(reply)}", cause=LOGIN)
    if reply.status == 503:  # Kannel says so before it has taken anything
        return Failed(f"The gateway takes nothing now: {said(reply)}", retryable=True, after=_LATER)
    found = refusal(reply, datetime.now(UTC))
    return found or Unknown(f"Kannel says 202 to what it takes, and this was {said(reply)}: it may have gone out")


def probe(settings: SmsSettings) -> str:
    """A message without recipient: Kannel looks at name and password first, then refuses it. Nothing leaves."""
    try:
        reply = _asked(settings, {"text": "-"})
    except (Barred, Unanswered) as problem:
        raise Unreachable(str(problem)) from problem
    if _no_login(reply):
        raise LoginRefused(f"{settings.api.base} refuses our user name or password: {said(reply)}. Correct them.")
    if reply.status not in (400, 202) or b"receiver" not in reply.body.lower():
        raise Unreachable(f"{settings.api.base} does not answer as Kannel's smsbox does: {said(reply)}")
    return f"The gateway {settings.api.base} knows {settings.username}; we send as {settings.sender}."


def _asked(settings: SmsSettings, wanted: dict[str, str]) -> Reply:
    login = {"username": settings.username, "password": settings.password}
    return settings.api.call("GET", f"{PATH}?{urlencode(login | wanted)}")


def _no_login(reply: Reply) -> bool:
    return reply.status in (401, 403) and b"authorization" in reply.body.lower()
