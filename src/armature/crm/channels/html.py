"""HTML to plain text in one pass: every character is looked at a fixed number of times, whatever the markup."""

import html
import re

MOST = 1_000_000
_DEEPEST_QUOTE = 5
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]{0,20})")
_LONG_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{9,}")
_BLOCKS = frozenset(
    "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "li main nav ol p pre section table tbody tfoot thead tr ul".split()
)
_UNSEEN = frozenset("script style head title template noscript textarea select option svg math".split())


def html_to_text(markup: str) -> str:
    """The words of an HTML mail, blocks on lines of their own, quoted blocks marked with ``>`` as in plain mails."""
    writer = _Writer()
    markup = markup[:MOST]
    lower = markup.lower() if len(markup.lower()) == len(markup) else markup
    at = 0
    while at < len(markup):
        start = markup.find("<", at)
        end = markup.find(">", start) if start >= 0 else -1
        if end < 0:
            writer.words(markup[at:])
            break
        writer.words(markup[at:start])
        at = _tag(writer, markup, lower, start, end)
    return writer.text()


def _tag(writer: "_Writer", markup: str, lower: str, start: int, end: int) -> int:
    if markup.startswith("<!--", start):
        stop = markup.find("-->", start)
        return stop + 3 if stop >= 0 else len(markup)
    found = _NAME.match(markup, start + 1)
    if not found:
        if markup[start + 1] in "!?/":
            return end + 1
        writer.words("<")
        return start + 1
    name, closing = found[1].lower(), markup[start + 1] == "/"
    if name in _UNSEEN and not closing:
        stop = lower.find(f"</{name}", end)
        return stop if stop >= 0 else len(markup)
    writer.tag(name, closing)
    return end + 1


class _Writer:
    """Lines as they grow."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quoted = 0

    def words(self, raw: str) -> None:
        text = html.unescape(_LONG_NUMBER.sub("", raw)) if "&" in raw else raw
        text = re.sub(r"[\s\xa0\u200b\ufeff]+", " ", text)
        if text == " " and (not self.line or self.line[-1].endswith(" ")):
            return
        if text:
            self.line.append(text)

    def tag(self, name: str, closing: bool) -> None:
        if name == "br":
            self.end(always=True)
        elif name in ("td", "th") and not closing:
            self.line.append(" ")
        elif name in _BLOCKS:
            self.end()
            if name == "p" and closing:
                self.end(always=True)
            if name == "li" and not closing:
                self.line.append("- ")
            if name == "blockquote":
                self.quoted = max(self.quoted + (-1 if closing else 1), 0)

    def end(self, always: bool = False) -> None:
        words = "".join(self.line).strip()
        self.line = []
        if words or always:
            self.lines.append(f"{'>' * min(self.quoted, _DEEPEST_QUOTE)} {words}".strip())

    def text(self) -> str:
        self.end()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip()
