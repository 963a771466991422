"""A rule as an English sentence, the form in which it is reviewed and approved."""

from collections.abc import Callable, Mapping

from armature.arm.interaction import Value
from armature.arm.rule.cell import Between, Cell, OneOf, YesNo
from armature.arm.rule.field import Catalogue, Field


def sentence(cells: Mapping[str, Cell], outputs: Mapping[str, Value], catalogue: Catalogue) -> str:
    """``When it is a complaint in public: support, within 60 minutes, in public.``"""
    when = conditions(cells, catalogue)
    said = [_THEN.get(key, _plain_value)(value, catalogue[key]) for key, value in outputs.items()]
    then = ", ".join(phrase for phrase in said if phrase)
    return f"{when}: {then}." if then else f"{when}: nothing more is said."


def conditions(cells: Mapping[str, Cell], catalogue: Catalogue) -> str:
    """The first half of it: ``When it is a complaint in public``, or ``Whatever is left``."""
    ordered = sorted(cells, key=lambda key: list(_WHEN).index(key) if key in _WHEN else len(_WHEN))
    phrases = [_WHEN.get(key, _plain_test)(cells[key], catalogue[key]) for key in ordered]
    return f"When {_joined(phrases)}" if phrases else "Whatever is left"


def _joined(phrases: list[str]) -> str:
    """The first phrase opens the sentence; those that need no verb follow it, the others are joined with "and"."""
    opening = phrases[0] if phrases[0].startswith(_OPENERS) else f"it is {phrases[0]}"
    return opening + "".join(
        f" and {phrase}" if phrase.startswith(_OPENERS) else f" {phrase}" for phrase in phrases[1:]
    )


_OPENERS = ("it ", "they ", "the ", "a ", "nobody ", "somebody ")


_UNCOUNTED = ("praise", "thanks", "spam", "purchase interest", "something else")


def _article(words: str) -> str:
    if words.startswith(_UNCOUNTED):
        return words
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _intent(cell: Cell, field: Field) -> str:
    assert isinstance(cell, OneOf)
    short = [field.say(value).split(":")[0].split(" (")[0].lower() for value in cell.values]
    words = " or ".join(short)
    return f"it is {'neither ' if cell.negated and len(short) > 1 else 'not ' if cell.negated else ''}{_article(words)}"


def _public(cell: Cell, field: Field) -> str:
    return "in public" if cell == YesNo(True) else "in private"


def _followers(cell: Cell, field: Field) -> str:
    if isinstance(cell, Between) and cell.high == float("inf") and cell.low_in:
        return f"from somebody with {cell.low:,} followers or more"
    return f"from somebody with {cell.words(field)} followers"


def _yes_no(yes: str, no: str) -> Callable[[Cell, Field], str]:
    return lambda cell, field: yes if cell == YesNo(True) else no


def _after(words: str) -> Callable[[Cell, Field], str]:
    return lambda cell, field: f"{words} {cell.words(field)}"


def _plain_test(cell: Cell, field: Field) -> str:
    return f"the {field.label.lower()} is {cell.words(field)}"


_WHEN: dict[str, Callable[[Cell, Field], str]] = {
    "intent": _intent,
    "public": _public,
    "channel": _after("on"),
    "followers": _followers,
    "author": _after("written by"),
    "tier": _after("from a customer of tier"),
    "last_product": _after("from somebody who last bought"),
    "customer": _yes_no("from a customer", "from somebody who is no customer"),
    "business_hours": _yes_no("in business hours", "outside business hours"),
    "language": _after("in a language that is"),
    "complaints_30d": lambda cell, field: f"with {cell.words(field)} complaints in 30 days",
    "sentiment": _after("with a sentiment of"),
    "confidence": _after("read with a confidence of"),
    "said": lambda cell, field: f"what was said {cell.words(field)}".replace("what was", "the text that was", 1),
    "heard": lambda cell, field: f"the name of a query that heard it {cell.words(field)}",
    "judged_by_person": _yes_no("a person judged it", "nobody judged it"),
}


def _within(value: Value, field: Field) -> str:
    """Minutes as people say them: whole hours are hours."""
    if isinstance(value, int) and value >= 60 and value % 60 == 0:
        return "within an hour" if value == 60 else f"within {value // 60} hours"
    return f"within {field.say(value)} minutes"


def _flag(yes: str, no: str = "") -> Callable[[Value, Field], str]:
    return lambda value, field: yes if value is True else no


def _one_of(**words: str) -> Callable[[Value, Field], str]:
    return lambda value, field: words.get(str(value), "")


def _named(words: str) -> Callable[[Value, Field], str]:
    return lambda value, field: words.format(field.say(value)) if value is not None else ""


def _plain_value(value: Value, field: Field) -> str:
    return f"{field.label.lower()} {field.say(value)}" if value is not None else ""


_THEN: dict[str, Callable[[Value, Field], str]] = {
    "needs_evaluation": _flag("a person judges the intent", "nobody needs to judge the intent"),
    "judging": _one_of(
        off="a person judges without a suggestion",
        suggest="a person judges beside what the reader suggests",
        draft="a person confirms what the reader filled in",
        automatic="nobody judges the intent",
    ),
    "drafting": _one_of(
        suggest="the canned response is offered",
        draft="the answer begins with the canned response",
    ),
    "judge_team": _named("the team is {}"),
    "judge_minutes": _within,
    "team": _named("{}"),
    "priority": _named("priority {}"),
    "sla_minutes": _within,
    "reply": lambda value, field: field.say(value).lower(),
    "approval": _flag("after approval"),
    "template": _named('with the template "{}"'),
    "executive": _flag("an executive is told"),
    "incentive": _named('with the incentive "{}"'),
    "mode": lambda value, field: {"none": "no response", "internal": "only inside"}.get(str(value), ""),
    "reason": _named("because {}"),
    "send_by": lambda value, field: (
        f"sent by {field.say(value).lower()}" if value != "same_channel" else "sent back there"
    ),
    "then_private": _flag("then on in private"),
    "copy_team": _named("with a copy to {}"),
}
