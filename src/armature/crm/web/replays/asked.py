"""The form that begins a replay: what is tried, over what, with the facts of when."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts.models import Brand, Team
from armature.crm.decide.drawn import Draft
from armature.crm.learn import agreement
from armature.crm.listen.models import Channel
from armature.crm.web.days import DaysForm, day
from armature.crm.web.shipped_words import intents

MOST = 1_000_000


def readers() -> list[tuple[str, str]]:
    """The readers that can be tried, by number; none is what was read then."""
    kept = [(str(one.pk), one.name) for one in agreement.versions() if one.kept]  # type: ignore[attr-defined]
    return [("", _("as it was read then")), ("0", _("the starter reader")), *kept]


class BeginForm(DaysForm):
    """Nothing chosen is what is in force, over all that came in."""

    drafts = forms.ModelMultipleChoiceField(
        Draft.objects.order_by("kind", "name"), label=gettext_lazy("Drafts"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    reader = forms.ChoiceField(label=gettext_lazy("Reader"), required=False)
    last = forms.IntegerField(label=gettext_lazy("The newest"), required=False, min_value=1, max_value=MOST)
    since = day(gettext_lazy("From"))
    until = day(gettext_lazy("To"))
    brand = forms.ModelChoiceField(Brand.objects.order_by("name"), label=gettext_lazy("Brand"), required=False,
                                   empty_label=gettext_lazy("Every brand"))  # fmt: skip
    channel = forms.ModelChoiceField(Channel.objects.order_by("name"), label=gettext_lazy("Channel"), required=False,
                                     empty_label=gettext_lazy("Every channel"))  # fmt: skip
    team = forms.ModelChoiceField(Team.objects.order_by("name"), label=gettext_lazy("Team"), required=False,
                                  to_field_name="key", empty_label=gettext_lazy("Every team"))  # fmt: skip
    intent = forms.ChoiceField(label=gettext_lazy("Intent"), required=False)
    facts = forms.ChoiceField(
        label=gettext_lazy("What is known about people"), required=False,
        choices=[("", gettext_lazy("as it was known then")), ("today", gettext_lazy("as it is known today"))],
    )  # fmt: skip

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["reader"].choices = readers()  # type: ignore[attr-defined]
        self.fields["intent"].choices = [("", _("Every intent")), *intents().items()]  # type: ignore[attr-defined]

    def over(self) -> dict[str, Any]:
        """The part of the past, as a replay keeps it: whole days in the zone of the company."""
        given = self.cleaned_data
        found: dict[str, Any] = {"last": given.get("last"), "intent": given.get("intent")}
        found |= self.told_days()
        found |= {name: given[name].pk for name in ("brand", "channel") if given.get(name)}
        return found | ({"team": given["team"].key} if given.get("team") else {})

    def reader_number(self) -> int | None:
        """The reader that is tried, None for none."""
        chosen = self.cleaned_data.get("reader")
        return int(chosen) if chosen else None
