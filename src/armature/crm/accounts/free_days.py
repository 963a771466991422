"""Public holidays, as the holidays package (https://github.com/vacanza/holidays) knows them."""

from collections.abc import Mapping
from datetime import date
from functools import cache

import holidays
from holidays.constants import PUBLIC

YEARS = 10
"""Promises are reckoned at most this far ahead; see ``armature.arm.calendar.HORIZON``."""


def _known() -> Mapping[str, list[str]]:
    return holidays.list_supported_countries(include_aliases=False)


@cache
def countries() -> Mapping[str, tuple[str, ...]]:
    """The two-letter codes that are known, each with the codes of its parts that have holidays of their own."""
    return {code: tuple(parts) for code, parts in sorted(_known().items())}


@cache
def free_days(country: str, part: str, year: int) -> frozenset[date]:
    """The public holidays from the year before ``year`` on; none for a country that is not named or not known."""
    if country not in countries():
        return frozenset()
    known = part if part in countries()[country] else None
    years = range(year - 1, year + YEARS)
    return frozenset(holidays.country_holidays(country, subdiv=known, years=years, categories=(PUBLIC,)))


def names(country: str, part: str, year: int) -> list[tuple[date, str]]:
    """The public holidays of one year with their names, in order."""
    if country not in countries():
        return []
    known = part if part in countries()[country] else None
    return sorted(holidays.country_holidays(country, subdiv=known, years=year, categories=(PUBLIC,)).items())
