"""Bytes to text that every database and screen can hold: valid, without NUL, whatever the sender called it."""

import codecs
import re

_TEXT_CODECS = re.compile(
    r"ascii|utf-(?:7|8|8-sig|16|16-le|16-be|32|32-le|32-be)|iso8859-\d+|cp\d+|koi8-[rtu]|gb2312|gbk|gb18030|hz|big5|big5hkscs"
    r"|euc_[a-z0-9_]+|shift_jis\w*|iso2022_\w+|johab|mac-\w+|tis-620|ptcp154|kz1048|hp-roman8"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SPACES = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_LATIN = {"ascii": "utf-8", "iso8859-1": "cp1252"}


def as_text(raw: bytes, charset: str) -> str:
    """The text in the named character set, or in the likeliest one when that name is unknown or wrong."""
    for name in (_codec(charset), "utf-8"):
        try:
            return clean(raw.decode(name))
        except UnicodeError:
            continue
    return clean(raw.decode("cp1252", "replace"))


def clean(text: str) -> str:
    """Without NUL, other controls and half surrogate pairs; line ends as one sign."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """As ``clean``, every line break and run of controls a single space: fit for a subject, a name, a header."""
    return clean(_SPACES.sub(" ", text)).strip()


def _codec(charset: str) -> str:
    # Only character sets: other codecs of the language are slow on purpose-made input or no text at all.
    try:
        name = codecs.lookup(charset.strip(" \"'")[:40]).name.lower()
    except (LookupError, ValueError):
        return "utf-8"
    name = _LATIN.get(name, name)
    return name if _TEXT_CODECS.fullmatch(name) else "utf-8"
