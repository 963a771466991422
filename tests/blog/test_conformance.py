"""The checks of all kinds, for WordPress, against a real site."""

import dataclasses
import html
import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from armature.conformance import Bare, Conforms, Said
from armature.conformance.world import CannotDo
from armature.crm.channels.port import Account, Attachment
from armature.crm.channels.wordpress import WordPress, reading
from blog.site import Site


class BlogWorld(Bare):
    """A post with comments, and a visitor."""

    kind = WordPress()
    needed = ("site", "user", "application_password")

    def __init__(self, site: Site) -> None:
        self.site = site
        told = {"site": site.url, "user": "mona", "poll_seconds": 0}
        self.account = Account(
            1, "wordpress", "blog.shop.example", told, {"application_password": site.keys["mona"]}, b"k" * 32
        )

    def locked_out(self) -> Account:
        """Another password."""
        return dataclasses.replace(self.account, secrets={"application_password": "not this one"})

    def nowhere(self) -> Account:
        """A port where nobody listens."""
        return self.through("http://127.0.0.1:1")

    def through(self, address: str) -> Account:
        """The site as this address."""
        return dataclasses.replace(self.account, settings={**self.account.settings, "site": address})

    def server(self) -> str:
        """The company's blog."""
        return self.site.url

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """A comment in the public form."""
        if not public or files:
            raise CannotDo("comments are public words")
        name = f"Ada{uuid4().hex[:8]}"
        self.site.comment(text, name=name, parent=answers or "0")
        found = [one for one in self._all() if one["author_name"] == name]
        return Said(str(found[0]["id"]), f"{name.lower()}@people.example", True)

    def _all(self) -> list[dict[str, Any]]:
        asked = {"per_page": 100, "context": "edit", "order": "desc"}
        found: list[dict[str, Any]] = self.site.call("GET", "/wp/v2/comments", asked)
        return found

    def edit(self, external_id: str, text: str) -> None:
        """By the site's editor, as visitors have it done."""
        self.site.call("POST", f"/wp/v2/comments/{external_id}", {"content": text})

    def delete(self, external_id: str) -> None:
        """Into the trash."""
        self.site.call("DELETE", f"/wp/v2/comments/{external_id}")

    def sees(self, *, public: bool) -> list[str]:
        """What stands under the post."""
        if not public:
            raise CannotDo("nothing there is private")
        return [html.unescape(re.sub(r"<[^>]*>", "", one["content"]["rendered"])) for one in self._all()]


class TestWordPress(Conforms):
    kind_name = "WordPress"

    @pytest.fixture
    def world(self, site: Site, settings: Any, monkeypatch: pytest.MonkeyPatch) -> BlogWorld:
        settings.MAY_CALL = ["127.0.0.1"]
        monkeypatch.setattr(reading, "REREAD", 0)
        return BlogWorld(site)
