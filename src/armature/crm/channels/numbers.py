"""Phone numbers as everybody writes them, and the one way we keep them: E.164, as in +4722334455."""

import phonenumbers

NETWORK = "phone"
"""The network of identities that are phone numbers: texts and calls of one number are one identity."""
WITHHELD = frozenset(("", "anonymous", "unknown", "private", "restricted", "withheld", "unavailable", "asterisk"))
"""What stands where a caller shows no number."""


class NoNumber(ValueError):
    """What was given is no phone number; the words say what is wrong."""


def e164(typed: str, country: str = "") -> str:
    """A number with its country; ``country`` (two letters) is where one without is meant. Raises ``NoNumber``."""
    text = typed.strip()[:60]
    if text.startswith("00"):
        text = f"+{text[2:]}"
    try:
        number = phonenumbers.parse(text, country.upper() or None)
    except phonenumbers.NumberParseException as odd:
        mend = "" if country else " (a number without + needs the country in the settings)"
        raise NoNumber(f"“{typed[:60]}” is no phone number{mend}: {odd}") from None
    if number.extension or not phonenumbers.is_possible_number(number):
        raise NoNumber(f"“{typed[:60]}” is no phone number: it is too short or too long for its country")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_country(given: str) -> bool:
    """Whether two letters name a country whose numbers are known."""
    return given.upper() in phonenumbers.SUPPORTED_REGIONS
