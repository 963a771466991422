"""What people fill in on the page of a survey: a form made of its wording."""

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.channels.survey.wording import (
    CHOICE,
    CHOICES,
    LONGEST,
    NO,
    NUMBER,
    TEXT,
    YES,
    YES_NO,
    Filled,
    Question,
    Value,
    Wording,
)
from armature.crm.listen import guard

RATING = "rating"
Fields = Sequence[tuple[Question | None, forms.BoundField]]


class SurveyForm(forms.Form):
    """The rating, our own questions, and who they are where that is asked. ``website`` is for machines only."""

    website = forms.CharField(required=False, max_length=200)
    opened = forms.CharField(required=False, max_length=200)
    once = forms.RegexField(r"[A-Za-z0-9_-]{8,34}", required=False)

    def __init__(
        self, wording: Wording, data: Any = None, *, name: bool = False, email: bool = False,
        before: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=before)
        self.wording, self.number = wording, 0
        self.fresh_opened, self.fresh_once = guard.opened_now(), secrets.token_urlsafe(12)
        if wording.rating:
            steps = [(str(one), str(one)) for one in wording.steps]
            self.fields[RATING] = _choice(wording.rating, steps, needed=True)
        for one in wording.questions:
            self.fields[_name(one)] = _field(one)
        if name:
            self.fields["name"] = _line(gettext_lazy("Your name"), "name", 120)
        if email:
            self.fields["email"] = forms.EmailField(
                label=gettext_lazy("Your e-mail address"), required=False, max_length=254,
                widget=forms.EmailInput({"autocomplete": "email"}),
                error_messages={"invalid": gettext_lazy("This is no e-mail address. Correct it, or leave it empty.")},
            )  # fmt: skip

    def asked(self) -> Fields:
        """What is asked, in order: the rating first (without a question), then ours."""
        first = [(None, self[RATING])] if self.wording.rating else []
        return [*first, *((one, self[_name(one)]) for one in self.wording.questions)]

    def who(self) -> list[forms.BoundField]:
        """The fields about themselves."""
        return [self[name] for name in ("name", "email") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """A machine is told kindly; whoever gave nothing at all is asked for something."""
        if "once" in self.errors:
            del self.errors["once"]
            raise forms.ValidationError(_("The page was old. What you filled in is still here: press Send again."))
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("This looks as if a machine had filled it in. Leave the hidden field empty."))
        try:
            guard.check_pace(self.cleaned_data.get("opened", ""))
        except guard.TooQuick:
            raise forms.ValidationError(
                _("That was very quick. What you filled in is still here: press Send again.")
            ) from None
        if not self.errors and not self.filled().given and self.filled().score is None:
            raise forms.ValidationError(_("Answer at least one question, then send."))
        return self.cleaned_data

    def filled(self) -> Filled:
        """What was given, as it is kept."""
        rating, given = self.cleaned_data.get(RATING), dict[str, Value]()
        for one in self.wording.questions:
            value = _value(one, self.cleaned_data.get(_name(one)))
            if value not in ("", []):
                given[one.key] = value
        known = {name: _clean(self.cleaned_data.get(name)) for name in ("name", "email")}
        return Filled(int(rating) if rating else None, given, " ".join(known["name"].split()), known["email"])


def before(wording: Wording, filled: Filled) -> dict[str, Any]:
    """What was answered last time, for the form that changes it."""
    found: dict[str, Any] = {_name(one): filled.given.get(one.key) for one in wording.questions}
    return {**found, RATING: None if filled.score is None else str(filled.score)}


def _name(one: Question) -> str:
    return f"q-{one.key}"


def _field(one: Question) -> forms.Field:
    if one.form == TEXT:
        words = {"required": gettext_lazy("Write a few words, then send.")}
        return forms.CharField(
            label=one.label, required=one.required, max_length=LONGEST, error_messages=words,
            widget=forms.Textarea({"rows": 4, "dir": "auto"}),
        )  # fmt: skip
    if one.form == CHOICES:
        words = {"required": gettext_lazy("Choose at least one of these.")}
        return forms.MultipleChoiceField(
            label=one.label, required=one.required, choices=[(option, option) for option in one.options],
            widget=forms.CheckboxSelectMultiple, error_messages=words,
        )  # fmt: skip
    if one.form == NUMBER:
        return _choice(one.label, [(str(step), str(step)) for step in one.steps], needed=one.required)
    if one.form == YES_NO:
        return _choice(one.label, [(YES, gettext_lazy("Yes")), (NO, gettext_lazy("No"))], needed=one.required)
    return _choice(one.label, [(option, option) for option in one.options], needed=one.required)


def _choice(label: str, choices: Sequence[tuple[str, Any]], *, needed: bool) -> forms.Field:
    words = {"required": gettext_lazy("Choose one of these.")}
    return forms.ChoiceField(
        label=label, required=needed, choices=choices, widget=forms.RadioSelect, error_messages=words
    )


def _line(label: Any, complete: str, most: int) -> forms.Field:
    return forms.CharField(
        label=label, required=False, max_length=most, widget=forms.TextInput({"autocomplete": complete, "dir": "auto"})
    )


def _value(one: Question, given: Any) -> Value:
    if one.form == CHOICES:
        return list(given or [])
    if one.form == NUMBER:
        return int(given) if given else ""
    return _clean(given).strip() if one.form in (TEXT, CHOICE, YES_NO) else ""


def _clean(given: Any) -> str:
    return str(given or "").replace("\x00", "").replace("\r\n", "\n")
