"""What a mail says and carries: its text, its HTML as it came, its files."""

from dataclasses import dataclass

from armature.crm.channels.email.parts import Mail, Part
from armature.crm.channels.html import html_to_text
from armature.crm.channels.port import Attachment

MOST_TEXT = 1_000_000
MOST_FILES = 100


@dataclass(frozen=True, slots=True)
class Content:
    """``text`` is everything in plain words, history included; ``html`` is raw: clean it before it is shown."""

    text: str
    html: str
    files: tuple[Attachment, ...]
    warning: str = ""


def content(mail: Mail) -> Content:
    """Sort the parts into words and files."""
    plain = [part for part in mail.parts if part.type == "text/plain" and not _is_file(part)]
    rich = [part for part in mail.parts if part.type == "text/html" and not _is_file(part)]
    words = {id(part) for part in plain + rich}
    others = [part for part in mail.parts if id(part) not in words]
    text = "\n\n".join(filter(None, (_plain(mail, part).strip() for part in plain)))
    markup = "\n".join(mail.text(part) for part in rich)
    warning = ""
    if len(text) > MOST_TEXT:
        text, warning = (
            text[:MOST_TEXT],
            "The text is longer than a million characters: the rest is in the original mail.",
        )
    if len(others) > MOST_FILES:
        warning = f"The mail carries {len(others)} files: only the first {MOST_FILES} were taken out."
    files = tuple(_file(mail, part) for part in others[:MOST_FILES])
    return Content(text or html_to_text(markup), markup, files, warning)


def _is_file(part: Part) -> bool:
    disposition = part.head.first("content-disposition").partition(";")[0].strip().lower()
    return disposition == "attachment" or bool(part.head.filename())


def _file(mail: Mail, part: Part) -> Attachment:
    name = part.head.filename() or ("message.eml" if part.type == "message/rfc822" else "")
    content_id = part.head.first("content-id").strip().strip("<>")[:250]
    return Attachment(name, part.type, mail.body(part), content_id)


def _plain(mail: Mail, part: Part) -> str:
    text = mail.text(part)
    if part.head.parameter("content-type", "format").lower() != "flowed":
        return text
    return _flowed(text, part.head.parameter("content-type", "delsp").lower() == "yes")


def _flowed(text: str, delete_space: bool) -> str:
    """Lines that end in a blank go on in the next, if that is quoted as deep; "-- " is a line of its own."""
    lines: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        goes_on = words.endswith(" ") and words != "-- "
        said = words[:-1] if goes_on and delete_space else words
        if open_depth == depth and words != "-- ":
            lines[-1] += said
        else:
            lines.append((">" * depth + " " if depth else "") + said)
        open_depth = depth if goes_on else -1
    return "\n".join(lines)
