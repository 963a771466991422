"""Markup from strangers loads nothing, runs nothing, sends nothing, and never takes long to clean."""

import sys
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armature.crm.channels.clean import clean_html

CPU_SECONDS = 5.0 if sys.gettrace() is None else 20.0
"""Far above what is needed; while bin/coverage watches, each line takes several times as long."""


class Seen(HTMLParser):
    """What a browser would find."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


ATTACKS = [
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>alert(1)</script>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<svg onload=alert(1)><a href='javascript:alert(1)'>x</a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<iframe src='data:text/html,<script>alert(1)</script>'></iframe>",
    "<a href='data:text/html,x'>x</a><img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<a href='java&#09;script:alert(1)'>x</a><a href=' javascript:alert(1)'>y</a><a href='vbscript:x'>z</a>",
    "<form action='https://evil.test'><input name=p><button formaction='javascript:alert(1)'>x</button></form>",
    "<base href='https://evil.test/'><a href='relative'>x</a>",
    "<meta http-equiv=refresh content='0;url=https://evil.test'>",
    "<link rel=stylesheet href='https://evil.test/x.css'><style>@import 'https://evil.test'</style>",
    "<div hx-get='/admin' hx-trigger='load' data-hx-get='/admin' hx-on:click='x' data-x='1'>x</div>",
    "<p style='background:url(https://evil.test/p.png)' background='https://evil.test/p.png'>x</p>",
    "<img src='https://evil.test/pixel.gif' srcset='https://evil.test/2.gif 2x' onerror=alert(1)>",
    "<img src='//evil.test/pixel.gif'><img src='file:///etc/passwd'><img src='/logo.png'>",
    "<table background='https://evil.test/p.png'><tr><td background='x' onclick='x'>x</td></tr></table>",
    "<video src='https://evil.test/v' poster='https://evil.test/p'></video><object data=x></object>",
    "<a href='https://evil.test' onclick=alert(1) target='_self' rel='opener' ping='https://evil.test'>x</a>",
    "<p id='app' class='modal' name='x' contenteditable autofocus onfocus=alert(1) tabindex=1>x</p>",
    "<template><script>alert(1)</script></template><portal src=x></portal><embed src=x>",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><p>&y;</p>",
    "<![CDATA[<script>alert(1)</script>]]><p>x",
]
HARMLESS = {
    "align",
    "alt",
    "colspan",
    "dir",
    "height",
    "href",
    "lang",
    "rel",
    "rowspan",
    "src",
    "start",
    "target",
    "title",
}


def assert_harmless(markup: str) -> None:
    seen = Seen(markup)
    forbidden = (
        "script style iframe form input button base meta link svg math object embed video audio template noscript"
    )
    assert not seen.tags & set(forbidden.split())
    for name, value in seen.attributes:
        assert name in HARMLESS
        if name == "src":
            assert value.lower().startswith("cid:")
        if name == "href":
            assert value.lower().startswith(("http:", "https:", "mailto:", "tel:"))


@pytest.mark.parametrize("markup", ATTACKS)
def test_nothing_dangerous_survives_and_the_rest_of_the_mail_does(markup: str) -> None:
    cleaned = clean_html(f"<p>before</p>{markup}")
    assert_harmless(cleaned)
    assert "before" in cleaned


SNIPPETS = [*"".join(ATTACKS).replace(">", "> ").split(), "<", ">", '"', "'", "<!--", "-->", "&#", "\x00"]
PIECES = st.sampled_from([*ATTACKS, *SNIPPETS])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_mixture_of_attacks_is_dangerous(markup: str) -> None:
    assert_harmless(clean_html(markup))


def test_links_open_elsewhere_and_tell_nothing() -> None:
    assert clean_html("<a href='https://customer.test/x'>x</a>") == (
        '<a href="https://customer.test/x" target="_blank" rel="noopener noreferrer nofollow">x</a>'
    )


def test_what_the_mail_carries_is_shown_and_never_a_way_to_somewhere() -> None:
    cleaned = clean_html("<a href=' CID:logo@x'>x</a>")
    assert "href" not in cleaned
    assert "logo" not in cleaned


def test_pictures_that_the_mail_carries_stay_and_remote_ones_do_not() -> None:
    cleaned = clean_html('<img src="cid:logo@x" alt="Logo"><img src="https://evil.test/p.gif" alt="a picture">')
    assert cleaned == '<img src="cid:logo@x" alt="Logo"><img alt="a picture">'


def test_an_ordinary_newsletter_keeps_its_shape() -> None:
    rows = "<tr><td align='center'><p>Offer<br><b>now</b></td></tr>" * 500
    cleaned = clean_html(f"<html><body><table><tbody>{rows}</tbody></table></body></html>")
    assert cleaned.count("<td") == 500
    assert "<pre>" not in cleaned


BOMBS = {
    "depth": "<div>" * 100_000,
    "closing tags that do not close": "<div><table></div></table>" * 30_000,
    "closing tags in comments": "<div><!--</div>-->" * 30_000,
    "closing tags after a short comment": "<div><!--></div>-->" * 30_000,
    "closing tags in attributes": "<div><p title='</div></p>'>" * 30_000,
    "closing tags in raw text": "<div><style></div></style>" * 30_000,
    "closing tags in cdata": "<div><svg><![CDATA[></svg></div>]]>" * 20_000,
    "styling repeated in every block": "".join(f"<p><b title={at}></p>" for at in range(190)) + "<p>x</p>" * 100_000,
    "styling left open": "".join(f"<font color={at}></p><p>" for at in range(20_000)),
    "attributes": "<a " + " ".join(f"a{at}" for at in range(130_000)) + ">x</a>",
    "attributes without blanks": "<a " + "".join(f'a{at}=""' for at in range(90_000)) + ">x</a>",
    "attributes with slashes": "<a " + "/".join(f"a{at}" for at in range(130_000)) + ">x</a>",
    "attributes after a quoted bracket": '<a title=">"' + "".join(f' a{at}=""' for at in range(90_000)) + ">x</a>",
    "misplaced in tables": "<table>" + "<b></b>x" * 120_000,
    "ampersands": "&" * 900_000,
    "half entities": "&a" * 450_000,
    "depth behind a stray sign": "<a = >" + "<div>" * 100_000,
    "open comments": "<!--" * 240_000,
    "open quotes": '<a title="' * 90_000,
    "brackets": "<" * 900_000,
    "templates": "<template></div>" * 60_000,
    "size": "<p>x" * 1_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_markup_takes_long_to_clean(name: str) -> None:
    before = time.process_time()
    clean_html(BOMBS[name])
    assert time.process_time() - before < CPU_SECONDS


HIDDEN_DEPTH = [
    "<div><table></div></table>",
    "<div><!--</div>-->",
    "<!--><div>-->",
    "<!--x--!><div>-->",
    "<div><p title='</div></p>'>",
    "<div><style></div></style>",
    "<div><svg><![CDATA[></svg></div>]]>",
    "<div><template></div></template>",
    "<div/>",
    "<div = >",
    '<div = "></div>">',
    "<DIV><b></div>",
]


@pytest.mark.parametrize("piece", HIDDEN_DEPTH)
def test_closing_tags_that_a_browser_ignores_hide_no_depth(piece: str) -> None:
    assert clean_html(piece * 500).startswith("<pre>")


def test_styling_that_every_block_would_repeat_is_not_built() -> None:
    styling = "".join(f"<p><b title={at}></p>" for at in range(150))
    assert clean_html(styling + "<p>x</p>" * 9_000).startswith("<pre>")


def test_what_has_no_honest_shape_is_shown_as_text() -> None:
    assert clean_html("<div>" * 201 + "a <b>word</b> &lt;script&gt;") == "<pre>a word &lt;script&gt;</pre>"
    assert clean_html("<div>" * 199 + "a").startswith("<div>")
