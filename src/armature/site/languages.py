"""The languages that people can read Armature in: English, and each that has a catalogue of its words."""

from collections.abc import Iterable
from pathlib import Path

from django.conf.locale import LANG_INFO


def of(folders: Iterable[Path]) -> list[tuple[str, str]]:
    """Each language with its own name; a folder like ``de/LC_MESSAGES/django.mo`` is all that a new one needs."""
    found = {mo.parent.parent.name for folder in folders for mo in folder.glob("*/LC_MESSAGES/django.mo")}
    codes = sorted({name.replace("_", "-").lower() for name in found} - {"en"})
    return [("en", "English"), *((code, _own_name(code)) for code in codes)]


def _own_name(code: str) -> str:
    known = LANG_INFO.get(code, {})
    known = LANG_INFO.get(known.get("fallback", [""])[0], known)
    return str(known.get("name_local", code))
