"""The form on which a survey is made: what it is, what it asks, up to ten questions of our own. No script is needed."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts.models import Brand
from armature.crm.channels.survey.wording import (
    CHOICE,
    CHOICES,
    FORMS,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    NUMBER,
    OWN,
    TEXT,
    WIDEST,
    YES_NO,
    Question,
    Wording,
)
from armature.crm.listen.surveys.models import Survey

NAMES = {
    CHOICE: gettext_lazy("Choose one"), CHOICES: gettext_lazy("Choose several"),
    NUMBER: gettext_lazy("A number on a scale"), TEXT: gettext_lazy("Free words"), YES_NO: gettext_lazy("Yes or no"),
}  # fmt: skip
LONGEST_LABEL, LONGEST_OPTION = 300, 120
NUMBERS = {"inputmode": "numeric"}


class SurveyForm(forms.ModelForm):  # type: ignore[type-arg]  # not a generic when it runs
    """All of a survey but its questions."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of those who answer"), widget=forms.Select({"translate": "no"})
    )
    rating = forms.CharField(
        label=gettext_lazy("The question for the rating"), required=False, max_length=LONGEST_LABEL,
        help_text=gettext_lazy("For example: How likely are you to recommend us? Questions of our own have no rating."),
        widget=forms.TextInput({"dir": "auto"}),
    )  # fmt: skip
    intro = forms.CharField(
        label=gettext_lazy("Words before the questions"), required=False, max_length=1000,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )  # fmt: skip
    thanks = forms.CharField(
        label=gettext_lazy("Words of thanks"), required=False, max_length=1000,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )  # fmt: skip

    class Meta:
        model = Survey
        fields = ("name", "brand", "kind", "language", "closes_on", "asks_name", "asks_email", "link_days", "edit_days",
                  "quiet_days")  # fmt: skip
        labels = {
            "name": gettext_lazy("Name; those who answer read it too"), "brand": gettext_lazy("Brand"),
            "kind": gettext_lazy("Kind"), "closes_on": gettext_lazy("Last day on which it can be answered"),
            "asks_name": gettext_lazy("They may give a name"),
            "asks_email": gettext_lazy("They may give an e-mail address"),
            "link_days": gettext_lazy("Days that a personal link can be answered"),
            "edit_days": gettext_lazy("Days that an answer can be changed"),
            "quiet_days": gettext_lazy("Days after which somebody may be asked again"),
        }  # fmt: skip
        widgets = {"closes_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}

    field_order = ("name", "brand", "kind", "rating", "intro", "thanks", "language", "asks_name", "asks_email")

    def __init__(self, brands: Sequence[Brand], data: Any, *, instance: Survey, asked: Wording | None = None) -> None:
        first = {"rating": asked.rating, "intro": asked.intro, "thanks": asked.thanks} if asked else {}
        usual = {} if instance.kind else {"kind": Survey.Kind.CSAT}
        super().__init__(data, instance=instance, initial=usual | first)
        brand = self.fields["brand"]
        assert isinstance(brand, forms.ModelChoiceField)
        brand.queryset, brand.empty_label = Brand.objects.filter(pk__in=[one.pk for one in brands]), None
        self.fields["language"].choices = _languages()  # type: ignore[attr-defined]
        for name, most in (("link_days", 365), ("edit_days", 365), ("quiet_days", 3650)):
            self.fields[name] = forms.IntegerField(
                label=self.fields[name].label, min_value=0 if name != "link_days" else 1, max_value=most
            )
        self.fields["closes_on"].help_text = gettext_lazy("Empty: until somebody closes it.")

    def clean(self) -> dict[str, Any]:
        """A survey with a rating needs the words that ask for it."""
        super().clean()
        kind, rating = self.cleaned_data.get("kind"), self.cleaned_data.get("rating", "").strip()
        if kind != OWN and not rating and "kind" in self.cleaned_data:
            self.add_error("rating", _("Write the question that is answered with a number."))
        return self.cleaned_data

    def wording(self, questions: Sequence[Question]) -> Wording:
        """What it asks."""
        given = {name: self.cleaned_data[name].replace("\x00", "").replace("\r\n", "\n").strip()
                 for name in ("rating", "intro", "thanks")}  # fmt: skip
        kind = self.cleaned_data["kind"]
        return Wording(kind, "" if kind == OWN else given["rating"], tuple(questions), given["intro"], given["thanks"])

    def own(self) -> dict[str, Any]:
        """The fields of the survey itself."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name != "kind"}


def _languages() -> list[tuple[str, str]]:
    known = [(code, one["name_local"]) for code, one in LANG_INFO.items() if "name_local" in one]
    return sorted(known, key=lambda one: one[1].casefold())


@dataclass(frozen=True, slots=True)
class Row:
    """One question as it was typed, with what is wrong with it."""

    key: str = ""
    form: str = TEXT
    label: str = ""
    options: str = ""
    low: str = "1"
    high: str = "5"
    required: bool = False
    problem: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is no question here."""
        return not self.label.strip()


def rows_of(wording: Wording) -> list[Row]:
    """The questions of a survey for its form."""
    return [
        Row(one.key, one.form, one.label, "\n".join(one.options), str(one.low), str(one.high), one.required)
        for one in wording.questions
    ]


def given_rows(post: Mapping[str, str]) -> list[Row]:
    """The questions as they were typed; those without words are left out."""
    found = []
    for number in range(MOST_QUESTIONS):
        told = {name: str(post.get(f"{name}-{number}", "")).replace("\x00", "").replace("\r\n", "\n")
                for name in ("key", "form", "label", "options", "low", "high", "required")}  # fmt: skip
        row = Row(
            told["key"][:16], told["form"], " ".join(told["label"].split())[: LONGEST_LABEL + 1],
            told["options"][:4000],
            told["low"].strip()[:5], told["high"].strip()[:5], told["required"] == "on",
        )  # fmt: skip
        found += [] if row.empty else [row]
    return found


def read(rows: Sequence[Row], known: Wording | None) -> tuple[list[Question], list[Row]]:
    """Questions of what was typed; and the rows again, each with what is wrong with it."""
    keys = {one.key for one in known.questions} if known else set[str]()
    questions, again = list[Question](), list[Row]()
    for row in rows:
        problem, options = _problem(row), tuple(_options(row))
        key = row.key if row.key in keys else f"q{secrets.token_hex(4)}"
        keys.discard(row.key)
        again.append(Row(row.key, row.form, row.label, row.options, row.low, row.high, row.required, problem))
        if not problem:
            low, high = (int(row.low), int(row.high)) if row.form == NUMBER else (1, 5)
            questions.append(Question(key, row.form, row.label, options, low, high, row.required))
    return questions, again


def _options(row: Row) -> list[str]:
    if row.form not in (CHOICE, CHOICES):
        return []
    return list(dict.fromkeys(line for one in row.options.splitlines() if (line := " ".join(one.split()))))


def _problem(row: Row) -> str:
    """What is wrong with a question; empty when nothing is."""
    if row.form not in FORMS:
        return _("Choose how it is answered.")
    if len(row.label) > LONGEST_LABEL:
        return _("A question has at most %s characters. Shorten it.") % LONGEST_LABEL
    if row.form in (CHOICE, CHOICES):
        options = _options(row)
        if not 2 <= len(options) <= MOST_OPTIONS:
            return _("Write 2 to %(most)s answers to choose from, one on each line.") % {"most": MOST_OPTIONS}
        if long := next((one for one in options if len(one) > LONGEST_OPTION), ""):
            return _("“%(start)s …” is too long for an answer: at most %(most)s characters.") % {
                "start": long[:30], "most": LONGEST_OPTION,
            }  # fmt: skip
    return _scale(row) if row.form == NUMBER else ""


def _scale(row: Row) -> str:
    typed = [one for one in (row.low, row.high) if one.lstrip("-").isdecimal() and one.isascii()]
    if len(typed) < 2 or not 0 <= int(row.low) < int(row.high) or int(row.high) - int(row.low) >= WIDEST:
        return _("A scale goes from a number, 0 or more, to a higher one, with at most %s steps.") % WIDEST
    return ""
