"""What an account of a channel needs to be told: one list draws the form, checks the input and words the errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of an account. ``form`` is text, number, choice, yes_no or secret; a secret is stored encrypted."""

    name: str
    label: str
    form: str = "text"
    required: bool = False
    default: str | int | bool = ""
    choices: tuple[str, ...] = ()
    lowest: int = 0
    highest: int = 0
    help: str = ""


class BadSettings(ValueError):
    """An account cannot be used as it is set up: ``problems`` maps each field to what is wrong and how to mend it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(f"{name}: {words}" for name, words in self.problems.items()))


def read(wanted: Sequence[Setting], given: Mapping[str, Any]) -> dict[str, Any]:
    """The value of every setting in ``wanted``, defaults filled in; raises ``BadSettings`` naming every bad field."""
    names = {setting.name for setting in wanted}
    problems = {name: "is not a setting of this channel: take it out" for name in given if name not in names}
    values: dict[str, Any] = {}
    for setting in wanted:
        try:
            values[setting.name] = _value(setting, given.get(setting.name, ""))
        except ValueError as problem:
            problems[setting.name] = str(problem)
    if problems:
        raise BadSettings(problems)
    return values


def _value(setting: Setting, raw: Any) -> Any:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        if setting.required:
            raise ValueError(f"is missing: fill in “{setting.label}”")
        return setting.default
    if setting.form == "yes_no":
        return _yes_no(raw)
    if setting.form == "number":
        return _number(setting, raw)
    text = str(raw) if setting.form == "secret" else str(raw).strip()
    if any(ord(letter) < 32 for letter in text):
        raise ValueError("holds a line break or another control character: type it again")
    if setting.form == "choice" and text not in setting.choices:
        raise ValueError(f"is “{text}”: choose one of {', '.join(setting.choices)}")
    return text


def _number(setting: Setting, raw: Any) -> int:
    try:
        number = int(str(raw).strip())
    except ValueError:
        raise ValueError(f"is “{raw}”: give a whole number") from None
    if not setting.lowest <= number <= setting.highest:
        raise ValueError(f"is {number}: give a number from {setting.lowest} to {setting.highest}")
    return number


def _yes_no(raw: Any) -> bool:
    answers = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
    answer = answers.get(str(raw).strip().lower())
    if answer is None:
        raise ValueError(f"is “{raw}”: answer yes or no")
    return answer
