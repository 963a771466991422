"""HTML from strangers, made harmless for a sandboxed frame: an allow-list; what has no honest shape turns to text."""

import html

import nh3

from armature.crm.channels.html import html_to_text
from armature.crm.channels.shape import is_harmless

MOST_CHARACTERS = 1_000_000

_TAGS = frozenset(
    "a abbr address b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em h1 h2 h3 "
    "h4 h5 h6 hr i img ins kbd li ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr "
    "tt u ul var".split()
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir", "lang", "title", "align", "valign"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_GONE = {"script", "style", "title", "template", "noscript", "textarea", "select", "svg", "math", "iframe", "object"}


def clean_html(raw: str) -> str:
    """Markup that loads nothing, runs nothing, sends nothing: for a sandboxed frame of its own, never for our pages.

    Pictures stay only when the mail carries them (``cid:``); links open elsewhere and tell nothing about us.
    """
    if len(raw) > MOST_CHARACTERS or not is_harmless(raw):
        return f"<pre>{html.escape(html_to_text(raw))}</pre>"
    return nh3.clean(
        raw,
        tags=set(_TAGS),
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return value if value.strip().lower().startswith("cid:") else None
    if tag == "a" and name == "href" and value.strip().lower().startswith("cid:"):
        return None
    return value
