"""Links and names inside a text. The network counts where they stand in bytes, not in letters."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from armature.crm.channels.bluesky.settings import HANDLE

LINK, MENTION = "app.bsky.richtext.facet#link", "app.bsky.richtext.facet#mention"
MOST_NAMED = 10
"""People who are looked up for one post."""
_LINK = re.compile(r"(?<![\w@])https?://[^\s<>\"“”]+", re.IGNORECASE)
_NAMED = re.compile(rf"(?<![\w@./])@({HANDLE})(?![\w@-])", re.IGNORECASE)
_AFTER = ".,;:!?'’…"


def made(text: str, who: Callable[[str], str]) -> list[dict[str, Any]]:
    """The links and names of a text of ours; ``who`` tells whose a handle is, or nothing."""
    found = list[dict[str, Any]]()
    for link in _LINK.finditer(text):
        address = _bare(link[0])
        found.append(_facet(text, link.start(), address, {"$type": LINK, "uri": address}))
    taken = [(link.start(), link.end()) for link in _LINK.finditer(text)]
    named = [one for one in _NAMED.finditer(text) if not any(start <= one.start() < end for start, end in taken)]
    for one in named[:MOST_NAMED]:
        if did := who(one[1].casefold()):
            found.append(_facet(text, one.start(), one[0], {"$type": MENTION, "did": did}))
    return sorted(found, key=lambda facet: int(facet["index"]["byteStart"]))


def written_out(text: str, facets: object) -> str:
    """A text of theirs with whole addresses where programs show only their beginning."""
    raw, at, words = text.encode("utf-8", "replace"), 0, list[bytes]()
    for start, end, address in _links(facets):
        if start < at or end > len(raw) or start >= end:
            continue
        shown = raw[start:end].decode("utf-8", "ignore")
        if not _same(shown, address):
            begins_with = _same(shown.rstrip(".…"), address[: len(shown.rstrip(".…")) + len("https://www.")], part=True)
            instead = address if begins_with else f"{shown} ({address})"
            words += [raw[at:start], instead.encode()]
            at = end
    return b"".join([*words, raw[at:]]).decode("utf-8", "replace")


def names(facets: object, did: str) -> bool:
    """Whether they name somebody."""
    return any(feature.get("did") == did for _, _, feature in _features(facets) if feature.get("$type") == MENTION)


def _facet(text: str, start: int, words: str, feature: dict[str, str]) -> dict[str, Any]:
    begins = len(text[:start].encode())
    return {"index": {"byteStart": begins, "byteEnd": begins + len(words.encode())}, "features": [feature]}


def _bare(address: str) -> str:
    """Without the signs that end a sentence, and without a bracket that was opened before it."""
    while address[-1:] in _AFTER or (address.endswith(")") and address.count(")") > address.count("(")):
        address = address[:-1]
    return address


def _links(facets: object) -> list[tuple[int, int, str]]:
    found = [
        (start, end, str(feature.get("uri") or ""))
        for start, end, feature in _features(facets)
        if feature.get("$type") == LINK
    ]
    return sorted(one for one in found if one[2].startswith(("http://", "https://")))


def _features(facets: object) -> list[tuple[int, int, Mapping[str, Any]]]:
    """Where each stands, as far as it can be read."""
    found = list[tuple[int, int, Mapping[str, Any]]]()
    for facet in facets if isinstance(facets, list) else ():
        index = facet.get("index") if isinstance(facet, Mapping) else None
        start, end = (index.get("byteStart"), index.get("byteEnd")) if isinstance(index, Mapping) else (None, None)
        features = facet.get("features") if isinstance(facet, Mapping) else None
        if isinstance(start, int) and isinstance(end, int) and start >= 0 and isinstance(features, list):
            found += [(start, end, one) for one in features if isinstance(one, Mapping)]
    return found


def _same(shown: str, address: str, part: bool = False) -> bool:
    short, whole = (re.sub(r"^https?://(www\.)?", "", each.casefold()).rstrip("/") for each in (shown, address))
    return bool(short) and whole.startswith(short) if part else short == whole
