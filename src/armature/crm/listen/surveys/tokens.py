"""The links of surveys: one that anybody may open, one for each person who is asked. Both are signed."""

from dataclasses import dataclass

from django.core import signing

SALT = "armature.survey"
OPEN, PERSONAL = "o", "p"


@dataclass(frozen=True, slots=True)
class Link:
    """What a genuine link leads to: a survey by its key, or a personal link by its number."""

    key: str = ""
    number: int = 0


class NotOurs(Exception):
    """We never gave this link out, or somebody changed a letter of it."""


def open_token(key: str) -> str:
    """The link of a survey, as it stands on paper."""
    return _signer().sign(f"{OPEN}{key}")


def personal_token(number: int) -> str:
    """The link of one person."""
    return _signer().sign(f"{PERSONAL}{number}")


def read(token: str) -> Link:
    """What it leads to; raises ``NotOurs``."""
    try:
        what = _signer().unsign(token)
    except signing.BadSignature:
        raise NotOurs from None
    return Link(key=what[1:]) if what[0] == OPEN else Link(number=int(what[1:]))


def _signer() -> signing.Signer:
    return signing.Signer(sep="~", salt=SALT)
