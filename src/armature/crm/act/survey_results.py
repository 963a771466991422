"""What came of a survey, as far as a user may see it.

Whoever runs a survey counts all its answers by right; everybody else counts those in cases they may see. The words of
an answer, and who gave it, are for those who may see its case.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.act import heard, surveys
from armature.crm.act.listing import Place
from armature.crm.channels.survey.wording import CSAT, NPS, SCALES, TEXT, Question, Wording, from_json
from armature.crm.listen.surveys.models import Survey, SurveyWording

PAGE = 20
MOST_ROWS = 10_000
"""So many answers are taken away at most, the latest ones."""
WORDINGS = 50
PROMOTER, DETRACTOR, SATISFIED = 9, 6, 4

SAID = """CROSS JOIN LATERAL (
    SELECT i.id AS interaction_id FROM listen_interaction i
    WHERE i.channel_id = a.channel_id AND i.external_id = a.external_id OFFSET 0) AS h"""
"""What was said with an answer, looked up for one after another, as a page needs it."""
ALL_SAID = """JOIN (SELECT id AS interaction_id, channel_id AS c, external_id AS e FROM listen_interaction) AS h
    ON h.c = a.channel_id AND h.e = a.external_id"""
"""The same for all of them at once: what is counted is joined however is best for so many."""


class Counted(NamedTuple):
    """Which answers are counted, in SQL, with its values."""

    joined: str
    where: str
    values: tuple[Any, ...]


def counted(user: User, survey: Survey, since: datetime | None = None) -> Counted:
    """All of a survey for whoever runs it, else those in cases that are theirs to see."""
    when, at = ("AND a.at >= %s", (since,)) if since else ("", ())
    if surveys.may(user, survey):
        return Counted("", f"a.survey_id = %s {when}", (survey.pk, *at))
    return _seen(user, survey, ALL_SAID, when, at)


def _seen(user: User, survey: Survey, joined: str, more: str, values: tuple[Any, ...]) -> Counted:
    mine = heard.seen(user)
    return Counted(joined, f"a.survey_id = %s {more} AND {mine.sql}", (survey.pk, *values, *mine.values))


@dataclass(frozen=True, slots=True)
class Figures:
    """How a survey stands: how often each rating was given, and what that comes to."""

    kind: str
    ratings: Mapping[int, int] = field(default_factory=dict)
    unrated: int = 0

    @property
    def rated(self) -> int:
        """Answers with a rating."""
        return sum(self.ratings.values())

    @property
    def answers(self) -> int:
        """All answers."""
        return self.rated + self.unrated

    def _between(self, low: int, high: int) -> int:
        return sum(count for score, count in self.ratings.items() if low <= score <= high)

    @property
    def promoters(self) -> int:
        """Nine and ten."""
        return self._between(PROMOTER, 10)

    @property
    def detractors(self) -> int:
        """Nought to six."""
        return self._between(0, DETRACTOR)

    @property
    def passives(self) -> int:
        """Seven and eight."""
        return self.rated - self.promoters - self.detractors

    @property
    def satisfied(self) -> int:
        """Four and five."""
        return self._between(SATISFIED, 5)

    @property
    def mean(self) -> float | None:
        """The mean of the ratings, to a tenth."""
        total = sum(score * count for score, count in self.ratings.items())
        return round(total / self.rated, 1) if self.rated else None

    @property
    def result(self) -> float | None:
        """What the kind is named for: NPS from -100 to 100, CSAT in percent, CES as a mean; None without ratings."""
        if not self.rated:
            return None
        if self.kind == NPS:
            return round(100 * (self.promoters - self.detractors) / self.rated)
        return round(100 * self.satisfied / self.rated) if self.kind == CSAT else self.mean


def ends(kind: str) -> tuple[float, float]:
    """The lowest and the highest result of a kind."""
    if kind == NPS:
        return -100, 100
    return (0, 100) if kind == CSAT else SCALES[kind]


def figures(user: User, survey: Survey, since: datetime | None = None) -> Figures:
    """One statement: a row for each rating."""
    which = counted(user, survey, since)
    found = dict(_fetch(f"SELECT a.score, count(*) FROM listen_surveyanswer a {which.joined} WHERE {which.where} "
                        "GROUP BY 1", which))  # fmt: skip
    unrated = found.pop(None, 0)
    low, high = SCALES.get(survey.kind, (0, -1))
    return Figures(survey.kind, {score: found.get(score, 0) for score in range(low, high + 1)}, unrated)


def over_time(user: User, survey: Survey, since: datetime, zone: str, *, unit: str) -> dict[date, Figures]:
    """The same for each day or week in which somebody answered."""
    which = counted(user, survey, since)
    found = rows.fetch(
        f"""
        SELECT date_trunc(%s, a.at AT TIME ZONE %s)::date, a.score, count(*)
        FROM listen_surveyanswer a {which.joined} WHERE {which.where} GROUP BY 1, 2 ORDER BY 1, 2
        """,
        [unit, zone, *which.values],
    )
    by_day: dict[date, dict[int | None, int]] = {}
    for day, score, count in found:
        by_day.setdefault(day, {})[score] = count
    return {day: Figures(survey.kind, {k: v for k, v in counts.items() if k is not None}, counts.get(None, 0))
            for day, counts in by_day.items()}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered to one question: each answer with how often, in the order of the question."""

    question: Question
    counts: Sequence[tuple[str, int]]


def wordings_of(survey: Survey) -> list[Wording]:
    """What it asked, latest first."""
    found = SurveyWording.objects.filter(survey=survey).order_by("-number")[:WORDINGS]
    return [from_json(one.body) for one in found]


def questions_of(wordings: Sequence[Wording]) -> list[Question]:
    """Every question that was asked, in its latest words: what is asked now, then what no longer is."""
    found: dict[str, Question] = {}
    for wording in wordings:
        for one in wording.questions:
            found.setdefault(one.key, one)
    return list(found.values())


def by_question(user: User, survey: Survey, questions: Sequence[Question], since: datetime | None) -> list[Told]:
    """What was answered to each question that is not answered in free words, in one statement."""
    which, asked = counted(user, survey, since), [one for one in questions if one.form != TEXT]
    found = rows.fetch(
        f"""
        SELECT e.key, v.said, count(*) FROM listen_surveyanswer a {which.joined}
        CROSS JOIN jsonb_each(a.given) AS e CROSS JOIN LATERAL jsonb_array_elements_text(
            CASE jsonb_typeof(e.value) WHEN 'array' THEN e.value ELSE jsonb_build_array(e.value) END) AS v(said)
        WHERE {which.where} AND e.key = ANY(%s) GROUP BY 1, 2
        """,
        [*which.values, [one.key for one in asked]],
    )
    counts: dict[str, dict[str, int]] = {one.key: {} for one in asked}
    for key, said, count in found:
        counts[key][said] = count
    return [Told(one, _ordered(one, counts[one.key])) for one in asked]


def _ordered(one: Question, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """As the question offers them; what it offered before, and no longer does, comes after."""
    offered = list(one.options) or ([str(n) for n in one.steps] if one.form == "number" else ["yes", "no"])
    others = sorted(set(counts) - set(offered), key=lambda said: (-counts[said], said))
    return [(said, counts.get(said, 0)) for said in [*offered, *others]]


class AnswerLine(NamedTuple):
    """One answer whose case the user may see."""

    number: int
    at: datetime
    score: int | None
    given: Mapping[str, Any]
    who: str
    address: str
    words: str
    case: int
    edited_at: datetime | None

    @property
    def stands(self) -> Place:
        """Where it stands in the list."""
        return Place(self.number, self.at)


def answers(user: User, survey: Survey, after: Place | None, most: int = PAGE) -> list[AnswerLine]:
    """The latest answers and one more, with their words; only those in cases that are this user's to see."""
    place = (after.at, after.number) if after else (None, None)
    which = _seen(user, survey, SAID, "AND (%s::timestamptz IS NULL OR (a.at, a.id) < (%s, %s))", (place[0], *place))
    found = rows.fetch(
        f"""
        WITH page AS MATERIALIZED (
            SELECT a.*, h.interaction_id FROM listen_surveyanswer a {which.joined} WHERE {which.where}
            ORDER BY a.at DESC, a.id DESC LIMIT %s)
        SELECT a.id, a.at, a.score, a.given::text, d.name, d.address,
            CASE WHEN i.deleted_at IS NULL THEN left(i.text, 2000) ELSE '' END, k.id, a.edited_at
        FROM page a JOIN listen_interaction i ON i.id = a.interaction_id
        JOIN identify_recognition g ON g.interaction_id = i.id AND g.current
        JOIN identify_identity d ON d.id = g.identity_id
        CROSS JOIN LATERAL (
            SELECT id FROM act_case k WHERE k.conversation_id = i.conversation_id AND k.identity_id = g.identity_id
            ORDER BY id DESC LIMIT 1) AS k
        ORDER BY a.at DESC, a.id DESC
        """,
        [*which.values, most + 1],
    )
    return [AnswerLine(number, at, score, json.loads(given), *rest) for number, at, score, given, *rest in found]


def _fetch(statement: str, which: Counted) -> list[Any]:
    return rows.fetch(statement, list(which.values))
