"""One step alone in words: what each comparison means, what is compared, its classes, both sides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.arm import alone
from armature.arm.alone import Pair
from armature.arm.interaction import Value
from armature.arm.let_through import JUDGING
from armature.arm.rule import FACTS
from armature.crm.learn.alone import persons
from armature.crm.web.replays.words import team
from armature.crm.web.shipped_words import label_of, said, short_intent

TEAMS = ("team", "judge_team")


@dataclass(frozen=True, slots=True)
class Step:
    """The name of a step, what it is held against, what to do where there is nothing, and the two sides."""

    name: Any
    means: Any
    nothing: Any
    before: Any
    after: Any


STEPS: dict[str, Step] = {
    "where": Step(
        gettext_lazy("Where it was said"),
        gettext_lazy(
            "Nobody ever says where something was said: the channel does. So this is no judgement of people. What was "
            "noted then is held against what the channels and business hours of today say of the same messages."
        ),
        gettext_lazy("No message of these was looked at so far."),
        gettext_lazy("then"), gettext_lazy("by today’s settings"),
    ),
    "intent": Step(
        gettext_lazy("Why it was said"),
        gettext_lazy(
            "What the reader suggested is held against why people said it was written. People are mostly asked where "
            "the reader is unsure, so this says how often it is corrected, not how often it is right."
        ),
        gettext_lazy("Nobody said yet why one of these was written. Label some messages, then look again."),
        gettext_lazy("suggested"), gettext_lazy("a person says"),
    ),
    "known": Step(
        gettext_lazy("What we know"),
        gettext_lazy(
            "What was known of the customer when it was decided is held against what we know today of that moment. "
            "Whether somebody is one person with somebody else is decided by people: it differs where they joined or "
            "parted them since."
        ),
        gettext_lazy(
            "Nothing was known of anybody who wrote these, then or today. Bring in customers, then look again."
        ),
        gettext_lazy("known then"), gettext_lazy("known today"),
    ),
    "rules": Step(
        gettext_lazy("The rules"),
        gettext_lazy(
            "What the rules said is held against what people did: which team had it in the end, whether it was "
            "answered, in public or in private, how urgent they made it. Approval, and asking a person for the intent,"
            " were needed where somebody changed something then. Counted is only what people decided."
        ),
        gettext_lazy("People decided nothing about these yet."),
        gettext_lazy("the rules said"), gettext_lazy("by what people did"),
    ),
}  # fmt: skip
"""In the order of the process."""
NAMED = {
    alone.WHOLE: gettext_lazy("The decision as a whole, where somebody looked it over"),
    alone.PERSON: gettext_lazy("Who it was"),
    "mode": gettext_lazy("Whether it is answered"),
    JUDGING: gettext_lazy("Whether a person judges"),
}
VALUES = {
    ("mode", alone.ANSWER): gettext_lazy("answered"), ("mode", alone.NO_ANSWER): gettext_lazy("not answered"),
    ("approval", True): gettext_lazy("needed"), ("approval", False): gettext_lazy("not needed"),
    (JUDGING, True): gettext_lazy("needed"), (JUDGING, False): gettext_lazy("not needed"),
    (alone.WHOLE, True): gettext_lazy("right"), (alone.WHOLE, False): gettext_lazy("wrong"),
    (alone.PERSON, persons.SAME): gettext_lazy("the same person"),
    (alone.PERSON, persons.JOINED): gettext_lazy("joined with another person since"),
    (alone.PERSON, persons.PARTED): gettext_lazy("parted from another person since"),
}  # fmt: skip


def label(output: str) -> str:
    """What is compared."""
    if output in NAMED:
        return str(NAMED[output])
    return label_of(output) if output in FACTS else output


def value(output: str, one: Value, teams: Mapping[str, str]) -> str:
    """One side of a comparison."""
    if (output, one) in VALUES:
        return str(VALUES[output, one])
    if one is None:
        return _("not known")
    if output in TEAMS:
        return team(str(one), teams)
    if output == "intent":
        return short_intent(str(one)) or str(one)
    return said(output, one) if output in FACTS else str(one)


def klass(output: str, key: str, teams: Mapping[str, str], sentences: Mapping[str, str]) -> str:
    """A class of what is compared: the sentence of a row, or the value of a fact."""
    if key in sentences:
        return f"{key.partition(':')[2]}: {sentences[key]}"
    if output == alone.PERSON:
        return _("everybody")
    if not key:
        return _("not known then") if output in (*alone.WHERE, *alone.KNOWN) else _("no rule")
    if key == "known":
        return _("known then")
    yes_no = {"yes": True, "no": False}
    if output in FACTS and FACTS[output].type == "yes_no" and key in yes_no:
        return value(output, yes_no[key], teams)
    return value(output, key, teams) if ":" not in key else key.partition(":")[2]


def title(step: str, output: str, key: str | None, teams: Mapping[str, str], sentences: Mapping[str, str]) -> str:
    """The head of a list: the step, what is compared, which class."""
    parts = [str(STEPS[step].name), *([label(output)] if output else [])]
    return " · ".join([*parts, *([klass(output, key, teams, sentences)] if key is not None and output else [])])


def pair(one: Pair, teams: Mapping[str, str]) -> tuple[str, str, str]:
    """A disagreement: what, and both sides."""
    return label(one.output), value(one.output, one.said, teams), value(one.output, one.held, teams)
