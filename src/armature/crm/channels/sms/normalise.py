"""What Kannel's fields say: words from a phone, or news of words that went to one."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels.numbers import NETWORK, NoNumber, e164
from armature.crm.channels.port import Account, Consent, Created, DeliveryChanged, Envelope, Event

FORM = "application/x-www-form-urlencoded"
REPORT = "report"
TOPIC = _("text messages")
STOPS = frozenset("STOP STOPP STOPALL ARRET ARRÊT UNSUBSCRIBE END CANCEL QUIT".split())
STARTS = frozenset("START UNSTOP".split())
"""Words that are a whole message, in any case, and mean the same to every gateway."""
NEWS = {"1": "accepted", "2": "failed", "8": "accepted", "16": "failed"}
"""Reports: at the phone, not at the phone, taken by the message centre, refused by it."""
REASONS = {"2": "the phone did not get it", "16": "the message centre refused it"}
CHARSETS = {
    "": "utf-8",
    "UTF-8": "utf-8",
    "UTF-16BE": "utf-16-be",
    "ISO-8859-1": "iso-8859-1",
    "WINDOWS-1252": "cp1252",
}


def fields(body: bytes) -> dict[str, bytes]:
    """A query, its values as bytes: which letters they are is said by another field."""
    pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, encoding="latin-1")
    return {name: value.encode("latin-1") for name, value in pairs}


def normalise(account: Account, envelope: Envelope) -> list[Event]:
    """One call of the gateway; raises ``ValueError`` naming the field that is wrong."""
    given = fields(envelope.body)
    return _news(given) if REPORT in given else [_said(account, given, envelope)]


def _news(given: dict[str, bytes]) -> list[Event]:
    kind, name = given[REPORT].decode("ascii", "replace"), given.get("id", b"").decode("ascii", "replace")
    if kind not in NEWS or not name:
        return []
    words = given.get("words", b"").decode("utf-8", "replace").replace("\x00", "").strip()
    reason = ": ".join(one for one in (REASONS.get(kind, ""), words[:200]) if one)
    return [DeliveryChanged(name, NEWS[kind], reason if NEWS[kind] == "failed" else "")]


def _said(account: Account, given: dict[str, bytes], envelope: Envelope) -> Created:
    sender = given.get("from", b"").decode("utf-8", "replace").replace("\x00", "").strip()
    if not sender:
        raise ValueError('the field "from" is missing: Kannel\'s get-url must hold from=%p')
    author = _author(sender, str(account.settings.get("country", "")))
    text = _text(given)
    word = text.strip().strip(".!").upper()
    stops, starts = word in STOPS, word in STARTS
    return Created(
        external_id=envelope.event_key.removeprefix("text:"),
        author=author,
        author_name="",
        occurred_at=_moment(given, envelope.received_at),
        text=text,
        network=NETWORK,
        talk=author,
        automatic=_("a word that is carried out by itself") if stops or starts else "",
        consent=Consent(TOPIC, starts) if stops or starts else None,
    )


def _author(sender: str, country: str) -> str:
    """The number; a short code or a name stays as it is."""
    if sender.startswith("+") or (sender.isdecimal() and len(sender) > 8):
        for written in (sender, f"+{sender}"):  # centres leave the sign + away
            try:
                return e164(written, country)
            except NoNumber:
                continue
    try:
        return e164(sender, country) if country and sender.isdecimal() and len(sender) > 6 else sender.casefold()
    except NoNumber:
        return sender.casefold()


def _text(given: dict[str, bytes]) -> str:
    charset = given.get("charset", b"").decode("ascii", "replace").upper()
    if charset not in CHARSETS:
        raise ValueError(f"the field “charset” is “{charset[:40]}”: what these bytes say is not known")
    if "text" not in given:
        raise ValueError('the field "text" is missing: Kannel\'s get-url must hold text=%b')
    return given["text"].decode(CHARSETS[charset], "replace").replace("\x00", "")


def _moment(given: dict[str, bytes], otherwise: datetime) -> datetime:
    """When the centre had it, in seconds since 1970."""
    stamp = given.get("at", b"")
    if not stamp.isdigit() or len(stamp) > 11:
        return otherwise
    return min(datetime.fromtimestamp(int(stamp), UTC), otherwise)
