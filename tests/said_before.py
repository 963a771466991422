"""A past that was brought in: questions and answers, each read as the test says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from armature.crm.channels import past
from armature.crm.listen import commands
from armature.crm.listen.models import Channel
from armature.crm.understand.models import Reading
from house import MONDAY, House


@dataclass(frozen=True)
class Asked:
    """Somebody asked, so many minutes after the beginning; ``by`` answered ``took`` minutes later, or nobody did."""

    who: str
    text: str = "Where is my invoice?"
    intent: str = "question"
    issue: str = "billing"
    by: str = "billing@shop.example"
    took: int | None = 60
    after: int = 0
    sure: float = 0.9


def bring(house: House, asked: Iterable[Asked], channel: Channel | None = None) -> None:
    """All of it is brought in, and read."""
    there, them = channel or house.mailbox, list(asked)
    lines = []
    for one in them:
        at = MONDAY + timedelta(minutes=one.after)
        lines.append(_line(f"{one.who}-q", at, one.who, one.text, own=False, talk=one.who))
        if one.took is not None:
            answered = at + timedelta(minutes=one.took)
            lines.append(_line(f"{one.who}-a", answered, one.by, "Here it is.", own=True, talk=one.who))
    now = MONDAY + timedelta(days=400)
    for begin in range(0, len(lines), 500):
        commands.accept(there, [past.said(line, now) for line in lines[begin : begin + 500]])
    house.settle()
    for kind in {(one.intent, one.issue, one.sure) for one in them}:
        asked_so = [f"{one.who}-q" for one in them if (one.intent, one.issue, one.sure) == kind]
        found = Reading.objects.filter(interaction__channel=there, interaction__external_id__in=asked_so, current=True)
        found.update(intent=kind[0], issue_type=kind[1], confidence=kind[2])


def _line(number: str, at: datetime, who: str, text: str, *, own: bool, talk: str) -> dict[str, object]:
    return {
        "id": number, "at": at.isoformat(), "who": who, "name": "", "network": "email", "own": own, "subject": "",
        "text": text, "talk": f"past:{talk}", "language": "en", "public": False,
    }  # fmt: skip


def many(count: int, name: str = "p", **alike: object) -> list[Asked]:
    """So many people who ask alike, an hour apart."""
    return [Asked(f"{name}{n}@people.example", after=60 * n, **alike) for n in range(count)]  # type: ignore[arg-type]
