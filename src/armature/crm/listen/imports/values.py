"""A cell as what it means; what cannot be is a ``Fault`` that names the field and the mend."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
ORDERS = ("day", "month")
"""What comes first in a date like 03/04/2026."""
_DATE = re.compile(
    r"(\d{1,4})[./\-](\d{1,2})[./\-](\d{1,4})"
    r"(?:[ T,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?)?"
)
_NUMBER = re.compile(r"-?\d{1,12}([.,]\d{1,4})?")
OUT = frozenset(
    "out outgoing outbound sent reply agent gesendet ausgehend ausgang an envoyé sortant enviado saliente us 1".split()
)
IN = frozenset(
    "in incoming inbound received customer user contact empfangen eingehend eingang von reçu entrant recibido 0".split()
)
YES = frozenset("yes true 1 y ja oui sí si public öffentlich x".split())
NO = frozenset("no false 0 n nein non private privat".split())


class Fault(ValueError):
    """A field of a record that cannot be taken: its key, and in words what is wrong and how to mend it."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


def moment(field: str, cell: str, zone: ZoneInfo, order: str, now: datetime) -> datetime:
    """A time: ISO 8601, day or month first, or seconds since 1970; without a zone that of the file is meant."""
    text = cell.strip()[:60]
    try:
        at = _moment(text, zone, order)
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise Fault(field, _("“%(text)s” is no time there is: write it like 2024-03-31 14:30") % {"text": text})
    try:
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Fault(
            field, _("“%(text)s” is no time there is: write it like 2024-03-31 14:30") % {"text": text}
        ) from None
    if not EARLIEST <= at <= now + timedelta(days=1):
        raise Fault(
            field, _("“%(text)s” is before 1970 or in the future: nobody can have said it then") % {"text": text}
        )
    return at


def _moment(text: str, zone: ZoneInfo, order: str) -> datetime | None:
    if text.isascii() and text.isdigit() and 9 <= len(text) <= 13:
        return datetime.fromtimestamp(int(text) / (1000 if len(text) > 11 else 1), UTC)
    try:
        at = datetime.fromisoformat(re.sub(r" (UTC|GMT|Z)$", "+00:00", text))
    except ValueError:
        found = _DATE.fullmatch(text)
        if not found:
            return None
        at = _put_together(found, order)
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _put_together(found: re.Match[str], order: str) -> datetime:
    first, second, third = found[1], found[2], found[3]
    if len(first) == 4:
        year, month, day = int(first), int(second), int(third)
    else:
        year = int(third) + (2000 if len(third) == 2 else 0)
        day, month = (int(first), int(second)) if order == "day" else (int(second), int(first))
    hour, minute, second_ = int(found[4] or 0), int(found[5] or 0), int(found[6] or 0)
    if half := (found[7] or "").lower()[:1]:
        if not 1 <= hour <= 12:
            raise ValueError("no such hour")
        hour = hour % 12 + (12 if half == "p" else 0)
    return datetime(year, month, day, hour, minute, second_)  # noqa: DTZ001  its zone is put on by the caller


def order_of(cells: list[str]) -> str:
    """Whether day or month comes first, as far as these cells tell: month only when a cell says so."""
    for cell in cells:
        found = _DATE.fullmatch(cell.strip()[:60])
        if found and len(found[1]) < 3:
            if int(found[1]) > 12:
                return "day"
            if int(found[2]) > 12:
                return "month"
    return "month" if any(re.search(r"\d\s*[ap]\.?m", cell[:60].lower()) for cell in cells) else "day"


def direction(field: str, cell: str) -> str:
    """Whether they said it (``in``) or we (``out``)."""
    word = cell.strip().casefold()[:40]
    if word in OUT:
        return "out"
    if word in IN or not word:
        return "in"
    raise Fault(field, _("“%(cell)s” says neither to us nor from us: write in or out") % {"cell": cell[:40]})


def yes_no(field: str, cell: str) -> bool:
    """Yes or no; nothing is no."""
    word = cell.strip().casefold()[:40]
    if word in YES:
        return True
    if word in NO or not word:
        return False
    raise Fault(field, _("“%(cell)s” is neither yes nor no") % {"cell": cell[:40]})


def amount(field: str, cell: str) -> Decimal:
    """Money, as 1234.56, 1,234.56 or 1.234,56; signs of a currency may stand around it."""
    bare = re.sub(r"[^\d.,\-]", "", cell.replace("−", "-")[:40])
    if bare.count(",") and bare.count("."):
        thousands = "," if bare.rindex(",") < bare.rindex(".") else "."
        bare = bare.replace(thousands, "")
    elif bare.count(".") > 1 or bare.count(",") > 1:
        bare = bare.replace(".", "").replace(",", "")
    elif re.fullmatch(r"-?\d{1,3},\d{3}", bare):
        bare = bare.replace(",", "")
    try:
        found = Decimal(bare.replace(",", "."))
    except InvalidOperation:
        raise Fault(field, _("“%(cell)s” is no amount: write it like 1234.50") % {"cell": cell[:40]}) from None
    if not _NUMBER.fullmatch(bare) or abs(found) >= Decimal(10) ** 12:
        raise Fault(field, _("“%(cell)s” is no amount: write it like 1234.50") % {"cell": cell[:40]})
    return found.quantize(Decimal("0.01"))


SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₣": "CHF", "₹": "INR", "kr": "NOK"}


def currency(field: str, cell: str, amount_cell: str, otherwise: str) -> str:
    """Three letters, from the cell or from a sign at the amount."""
    given = cell.strip() or next((sign for sign in SIGNS if sign in amount_cell), "") or otherwise
    code = SIGNS.get(given, given).upper()
    if not re.fullmatch(r"[A-Z]{3}", code) and cell.strip():
        raise Fault(field, _("“%(cell)s” is no currency: write three letters, like EUR") % {"cell": cell[:20]})
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Fault(field, _("no currency is named: map the column of it, or write three letters, like EUR"))
    return code
