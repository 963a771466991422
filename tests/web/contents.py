"""The table of contents of the product: the name of every address there is."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def names() -> Iterator[str]:
    """The name of every route there is, found in the table of contents itself."""

    def walk(patterns: list[Any]) -> Iterator[str]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns)
            else:
                assert isinstance(one, URLPattern)
                yield one.name or str(one.pattern)

    yield from walk(get_resolver().url_patterns)
