"""What answers say about how much may be asked: every usual way to say it, and nothing foolish believed."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from armature.crm.channels.rates import LONGEST, Limits, limits

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=90)


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"retry-after": "90"}, Limits(stay_away=90)),
        ({"retry-after": format_datetime(SOON, usegmt=True)}, Limits(stay_away=90)),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": "2026-03-02T10:01:30.000Z"}, Limits(7, 90)),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(SOON.timestamp()))}, Limits(0, 90)),
        ({"x-ratelimit-remaining": "99.0", "x-ratelimit-reset": "90"}, Limits(99, 90)),
        ({"ratelimit-remaining": "3", "ratelimit-reset": "90"}, Limits(3, 90)),
        ({"ratelimit": "limit=100, remaining=50, reset=90"}, Limits(50, 90)),
        ({"ratelimit": '"default";r=50;t=90'}, Limits(50, 90)),
        ({"retry-after": "soon", "x-ratelimit-remaining": "many"}, Limits()),
        ({"retry-after": "-5"}, Limits(stay_away=0)),
        ({"retry-after": "999999999"}, Limits(stay_away=LONGEST)),
        ({"retry-after": "nan"}, Limits()),
        ({"retry-after": "inf"}, Limits(stay_away=LONGEST)),
        ({}, Limits()),
    ],
)
def test_limits_are_read_however_they_are_said(headers: dict[str, str], said: Limits) -> None:
    assert limits(headers, NOW) == said
