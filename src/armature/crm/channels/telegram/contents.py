"""What stands in a message: its words, its file, and whether it is said to the bot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from armature.crm.channels.reading import clean

Given = Mapping[str, Any]
FILES = ("document", "audio", "voice", "video", "video_note", "animation", "photo")
USUAL = {
    "photo": ("photo.jpg", "image/jpeg"), "voice": ("voice.ogg", "audio/ogg"), "audio": ("audio", "audio/mpeg"),
    "video": ("video.mp4", "video/mp4"), "video_note": ("video.mp4", "video/mp4"),
    "animation": ("animation.mp4", "video/mp4"), "document": ("document", "application/octet-stream"),
}  # fmt: skip
"""What a file is called, and what it is, where the message does not say."""


@dataclass(frozen=True, slots=True)
class Named:
    """A file that stands at Telegram."""

    number: str
    name: str
    content_type: str
    size: int


def file_of(message: Given) -> Named | None:
    """The file of a message, of a picture its largest size; None when there is none."""
    for kind in FILES:
        found = message.get(kind)
        if isinstance(found, list):
            sizes = [one for one in found if isinstance(one, Mapping)]
            found = max(sizes, key=lambda one: int(one.get("width") or 0), default=None)
        if isinstance(found, Mapping) and found.get("file_id"):
            name, content_type = USUAL[kind]
            size = found.get("file_size")
            return Named(
                str(found["file_id"]), clean(found.get("file_name")) or name,
                clean(found.get("mime_type")) or content_type, size if isinstance(size, int) else 0,
            )  # fmt: skip
    return None


def words(message: Given) -> str:
    """All it says, with what is no text named in brackets; empty when nobody said anything."""
    said = clean(message.get("text") or message.get("caption")).strip()
    named = _named(message)
    return f"[{named}] {said}".strip() if named else said


def _named(message: Given) -> str:
    file = file_of(message)
    if file:
        kind = next(kind for kind in FILES if message.get(kind))
        return f"{kind.replace('_', ' ')}: {file.name}" if kind == "document" else kind.replace("_", " ")
    for kind, shown in (
        ("sticker", ("emoji",)), ("contact", ("first_name", "last_name", "phone_number")), ("poll", ("question",)),
        ("venue", ("title", "address")), ("location", ("latitude", "longitude")), ("dice", ("emoji", "value")),
    ):  # fmt: skip
        found = message.get(kind)
        if isinstance(found, Mapping):
            values = " ".join(clean(found[name]) for name in shown if found.get(name) is not None)
            return f"{kind}: {values}"
    return ""


def is_to(message: Given, me: str, bot: int) -> bool:
    """Whether it names the bot, commands it or answers it."""
    above = message.get("reply_to_message")
    if isinstance(above, Mapping) and isinstance(above.get("from"), Mapping) and above["from"].get("id") == bot:
        return True
    text, marks = (
        message.get("text") or message.get("caption"),
        message.get("entities") or message.get("caption_entities"),
    )
    return any(_names(str(text), one, me.casefold(), bot) for one in marks or () if isinstance(one, Mapping) and text)


def _names(text: str, mark: Given, me: str, bot: int) -> bool:
    kind = mark.get("type")
    if kind == "text_mention":
        return isinstance(mark.get("user"), Mapping) and mark["user"].get("id") == bot
    marked = _marked(text, mark).casefold()
    return (kind == "mention" and marked == me) or (kind == "bot_command" and marked.endswith(me))


def _marked(text: str, mark: Given) -> str:
    """The letters that a mark stands on; Telegram counts in units of UTF-16."""
    start, length = mark.get("offset"), mark.get("length")
    if not (isinstance(start, int) and isinstance(length, int) and start >= 0 and length > 0):
        return ""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * start : 2 * (start + length)].decode("utf-16-le", "replace")
