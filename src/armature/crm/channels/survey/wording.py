"""What a survey asks, in the words in which it was asked, and how an answer reads. Pure: no database, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation.trans_null import gettext_noop as _

CSAT, NPS, CES, OWN = "csat", "nps", "ces", "own"
SCALES: Mapping[str, tuple[int, int]] = {CSAT: (1, 5), NPS: (0, 10), CES: (1, 7)}
"""The lowest and the highest rating of each kind; the more, the better. One of our own questions has no rating."""
LOW: Mapping[str, int] = {CSAT: 2, NPS: 6, CES: 3}
"""Up to here a rating is low: somebody looks at it even where nothing was written."""
HIGH: Mapping[str, int] = {CSAT: 4, NPS: 9, CES: 5}
"""From here on a rating says that somebody is happy; between the two it says neither."""
CHOICE, CHOICES, NUMBER, TEXT, YES_NO = "choice", "choices", "number", "text", "yes_no"
FORMS = (CHOICE, CHOICES, NUMBER, TEXT, YES_NO)
MOST_QUESTIONS, MOST_OPTIONS, WIDEST = 10, 20, 11
LONGEST = 4000
"""Characters of one answer in free words."""
YES, NO = "yes", "no"
WITHOUT_WORDS = _("an answer without words")

Value = str | int | list[str]
"""What somebody gave to one question: words, a number, or the options they chose."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of our own. ``key`` stays when it is worded anew; ``low`` and ``high`` are of a number."""

    key: str
    form: str
    label: str
    options: tuple[str, ...] = ()
    low: int = 1
    high: int = 5
    required: bool = False

    @property
    def steps(self) -> range:
        """The numbers of its scale."""
        return range(self.low, self.high + 1)


@dataclass(frozen=True, slots=True)
class Wording:
    """All that somebody who answers reads. ``rating`` is empty for a survey with questions of our own only."""

    kind: str
    rating: str = ""
    questions: tuple[Question, ...] = ()
    intro: str = ""
    thanks: str = ""

    @property
    def steps(self) -> range:
        """The ratings that can be given."""
        low, high = SCALES.get(self.kind, (0, -1))
        return range(low, high + 1)

    @property
    def most(self) -> int:
        """The best rating."""
        return SCALES[self.kind][1]

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def from_json(kept: Mapping[str, Any]) -> Wording:
    """A wording as it was kept."""
    questions = tuple(Question(**{**one, "options": tuple(one["options"])}) for one in kept["questions"])
    return Wording(**{**kept, "questions": questions})


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody gave: the rating, what they said to each question by its key, and who they say they are."""

    score: int | None = None
    given: Mapping[str, Value] = field(default_factory=dict)
    name: str = ""
    email: str = ""


def own_words(wording: Wording, filled: Filled) -> list[str]:
    """What they wrote themselves, in the order of the questions."""
    free = [filled.given.get(one.key) for one in wording.questions if one.form == TEXT]
    return [one for one in free if isinstance(one, str) and one.strip()]


def is_low(kind: str, score: int | None) -> bool:
    """Whether this rating says that somebody is unhappy."""
    return score is not None and score <= LOW.get(kind, -1)


def is_high(kind: str, score: int | None) -> bool:
    """Whether this rating says that somebody is happy."""
    return score is not None and kind in HIGH and score >= HIGH[kind]


def nothing_to_judge(wording: Wording, filled: Filled) -> bool:
    """Whether it is a rating that is not low and nothing else: it counts, and asks nothing of anybody."""
    return not own_words(wording, filled) and not is_low(wording.kind, filled.score)


def read_out(wording: Wording, filled: Filled) -> list[tuple[str, str]]:
    """Question and answer, as they were worded; questions that were left out are left out."""
    found = [(wording.rating, f"{filled.score} / {wording.most}")] if filled.score is not None else []
    for one in wording.questions:
        value = filled.given.get(one.key)
        if value not in (None, "", []):
            found.append((one.label, said(value)))
    return found


def said(value: Value | None) -> str:
    """One answer as words; yes and no stay as they are kept."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(value)
    return "" if value is None else str(value)
