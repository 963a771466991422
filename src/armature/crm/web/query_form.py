"""The form of a listening query: typed, or built from pickers, with every fault where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.arm.listening import parse, unparse
from armature.arm.rule.catalogue import CHANNELS
from armature.crm.accounts.models import User
from armature.crm.act import listening
from armature.crm.listen.wanted import ListeningQuery
from armature.crm.web.fault_words import in_their_language

PICKED = ("all", "any", "phrase", "none", "one", "other", "language", "place", "author")


class QueryForm(forms.ModelForm):  # type: ignore[type-arg]  # not a generic when it runs
    """Name, purpose, brand and the typed query."""

    class Meta:
        model = ListeningQuery
        fields = ("name", "purpose", "brand", "text", "active")
        widgets = {
            "text": forms.Textarea(
                {
                    "rows": 4,
                    "dir": "auto",
                    "spellcheck": "false",
                    "translate": "no",
                    "aria-describedby": "grammar faults",
                    "class": "typed",
                }
            )
        }

    def __init__(self, user: User, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["brand"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = listening.brands_for(user).order_by("name")
        field.empty_label = _("Every brand")


class PickerForm(forms.Form):
    """What a query is built from by whoever does not want to type it."""

    all = forms.CharField(label=gettext_lazy("All of these words"), required=False, max_length=500)
    any = forms.CharField(label=gettext_lazy("At least one of these words"), required=False, max_length=500)
    phrase = forms.CharField(label=gettext_lazy("These words one after the other"), required=False, max_length=300)
    none = forms.CharField(label=gettext_lazy("None of these words"), required=False, max_length=500)
    one = forms.CharField(label=gettext_lazy("This word"), required=False, max_length=100)
    other = forms.CharField(label=gettext_lazy("near this one"), required=False, max_length=100)
    distance = forms.IntegerField(label=gettext_lazy("at most so many words away"), required=False, min_value=1,
                                  max_value=100, initial=5)  # fmt: skip
    language = forms.CharField(label=gettext_lazy("Language, as in en or de"), required=False, max_length=12)
    place = forms.ChoiceField(label=gettext_lazy("Where it was said"), required=False)
    author = forms.CharField(label=gettext_lazy("Author"), required=False, max_length=254)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Anywhere")), *((key, _(label)) for key, label in CHANNELS.items())]

    def built(self) -> str:
        """The typed query that says the same; empty when nothing was picked. What is wrong in it shows as typed."""
        given = self.cleaned_data
        near = f"{_quoted(given['one'])} NEAR/{given['distance'] or 5} {_quoted(given['other'])}"
        parts = [
            " ".join(map(_quoted, given["all"].split())),
            _any_of(given["any"].split()),
            f'"{_bare(given["phrase"])}"' if given["phrase"].strip() else "",
            near if given["one"].strip() and given["other"].strip() else "",
            *(f"lang:{language}" for language in given["language"].split()[:1]),
            *(f'{field}:"{_bare(given[field])}"' for field in ("place", "author") if given[field].strip()),
            " ".join(f"-{_quoted(word)}" for word in given["none"].split()),
        ]
        typed = " ".join(part for part in parts if part)
        tree = parse(typed).tree
        return unparse(tree) if tree is not None else typed


def _bare(words: str) -> str:
    return " ".join(words.replace('"', " ").split())


def _quoted(word: str) -> str:
    """A word that cannot be taken for an operator; a star at its end keeps its meaning."""
    bare = _bare(word)
    return bare if bare.endswith("*") and bare.count("*") == 1 else f'"{bare}"'


def _any_of(words: Sequence[str]) -> str:
    found = " OR ".join(map(_quoted, words))
    return f"({found})" if len(words) > 1 else found


@dataclass(frozen=True, slots=True)
class Marked:
    """One fault with the query around it: what stands before, what it is about, what stands after."""

    before: str
    wrong: str
    after: str
    column: int
    words: str
    mend: str


def faults(text: str) -> list[Marked]:
    """Everything that is wrong with a typed query, in the order in which it stands; columns count from one."""
    return [
        Marked(text[max(0, one.column - 30) : one.column], text[one.column : one.column + one.length],
               text[one.column + one.length : one.column + one.length + 30], one.column + 1,
               in_their_language(one.words), in_their_language(one.mend))
        for one in parse(text).faults
    ]  # fmt: skip
