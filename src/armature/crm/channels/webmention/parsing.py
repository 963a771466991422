"""A page of somebody else to what it says of ours: pure. It counts only when it really links to us."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import mf2py
from bs4 import BeautifulSoup

from armature.crm.channels.shape import is_harmless

LONGEST = 50_000
EXCERPT = 500
MOST_MARKED = 20_000_000
"""Characters of a page times marks in it: more take too long to be read, and no honest page has them."""
PAGES = ("text/html", "application/xhtml+xml", "text/plain")
LINKING = ("href", "src", "cite", "poster", "data")
REACTIONS = {"like-of": "like", "repost-of": "repost", "bookmark-of": "bookmark"}
_NAMED = re.compile(
    r"utf-?8|utf-?16(le|be)?|us-ascii|iso-8859-\d+|windows-125\d|gb(2312|k|18030)|big5|shift_jis|euc-(jp|kr)|koi8-[ru]",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s<>\"'()\[\]]+")
_META = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{1,30})""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?([\w-]{1,30})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says: who, when, in which words; ``reaction`` is a like, a repost or a bookmark without words."""

    author: str
    author_name: str
    title: str
    text: str
    html: str
    at: str
    reaction: str

    def kept(self) -> dict[str, str]:
        """As a value of JSON."""
        return asdict(self)


def is_a_page(content_type: str) -> bool:
    """Whether what is called so can be read as words of somebody."""
    return _kind(content_type) in PAGES


def what_it_says(page: bytes, content_type: str, source: str, target: str) -> Said | None:
    """What a page at ``source`` says of ``target``; None when it does not link there."""
    text, kind = _decoded(page, content_type), _kind(content_type)
    host = (urlsplit(source).hostname or "")[:254]
    if kind == "text/plain":
        return Said(host, "", "", text[:LONGEST], "", "", "") if _stands_in(text, target) else None
    if kind not in PAGES or not is_harmless(text):
        return None
    soup = BeautifulSoup(text, "html5lib")
    links = [tag for tag in soup.find_all(True) if any(_same(one, target) for one in _links(tag, source))]
    if not links:
        return None
    marked = text.count("h-") * len(text) <= MOST_MARKED
    entry = _marks(soup, source) if marked else None
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    if entry is None:
        around = links[0].parent or links[0]
        return Said(host, "", title[:300], around.get_text(" ", strip=True)[:EXCERPT] or title, "", "", "")
    return _of_entry(entry, host, title)


def _kind(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _marks(soup: BeautifulSoup, source: str) -> Mapping[str, Any] | None:
    try:
        return _entry(mf2py.Parser(doc=soup, url=source).to_dict()["items"])
    except ValueError:  # an address in it that is none: the page is taken as one without marks
        return None


def _of_entry(entry: Mapping[str, Any], host: str, title: str) -> Said:
    content = _first(entry, "content")
    words = str(content.get("value") or "") if isinstance(content, Mapping) else _plain(content)
    html = str(content.get("html") or "") if isinstance(content, Mapping) else ""
    words, name = words or _plain(_first(entry, "summary")), _plain(_first(entry, "name"))
    author = _first(entry, "author")
    card = author.get("properties", {}) if isinstance(author, Mapping) else {}
    called = _plain(_first(card, "name")) if card else _plain(author)
    page = urlsplit(_plain(_first(card, "url")))
    handle = f"{page.netloc}{page.path}".rstrip("/").casefold() if page.scheme in ("http", "https") else ""
    reaction = next((word for name, word in REACTIONS.items() if entry.get(name)), "")
    return Said(
        author=(handle or host)[:254], author_name=called[:200], title=(name if name not in words else title)[:300],
        text=(words or name)[:LONGEST], html=html[:LONGEST], at=_moment(_plain(_first(entry, "published"))),
        reaction="" if words else reaction,
    )  # fmt: skip


def _entry(items: list[Any]) -> Mapping[str, Any] | None:
    """The properties of the first entry on the page, also where it stands in a feed."""
    for item in items[:50]:
        if not isinstance(item, Mapping):
            continue
        if "h-entry" in item.get("type", ()):
            found: Mapping[str, Any] = item.get("properties", {})
            return found
        if "h-feed" in item.get("type", ()) and (inside := _entry(item.get("children", []))):
            return inside
    return None


def _links(tag: Any, source: str) -> Iterator[str]:
    for name in LINKING:
        given = tag.get(name)
        if isinstance(given, str):
            try:
                yield urljoin(source, given.strip())
            except ValueError:
                continue


def _same(one: str, target: str) -> bool:
    return one == target or urldefrag(one)[0] == urldefrag(target)[0]


def _stands_in(text: str, target: str) -> bool:
    """Whether an address stands in a text, and not only the beginning of a longer one."""
    return any(one == target or one.rstrip(".,;:!?") == target for one in _BETWEEN.split(text))


def _decoded(page: bytes, content_type: str) -> str:
    named = _HEADER.search(content_type)
    inside = _META.search(page[:2048])
    charset = named[1] if named else inside[1].decode("ascii", "replace") if inside else "utf-8"
    if not _NAMED.fullmatch(charset):
        charset = "utf-8"
    return page.decode(charset, "replace").replace("\x00", "")


def _first(properties: Mapping[str, Any], name: str) -> Any:
    found = properties.get(name)
    return found[0] if isinstance(found, list) and found else ""


def _plain(given: Any) -> str:
    """A value as text, whether it came as one or as an object with one."""
    if isinstance(given, Mapping):
        given = given.get("value") or ""
    return " ".join(str(given).split()) if not isinstance(given, list) else ""


def _moment(given: str) -> str:
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        return ""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()
