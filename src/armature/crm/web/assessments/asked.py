"""The form that begins an assessment: over which days, of which brand and channels, with what came in live or not."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from armature.crm.accounts.models import Brand, User
from armature.crm.learn.assessments import commands
from armature.crm.listen.models import Channel
from armature.crm.web.days import DaysForm, day


class BeginForm(DaysForm):
    """Nothing chosen is all that was said up to now, on every channel of theirs."""

    since = day(gettext_lazy("From"))
    until = day(gettext_lazy("To"))
    brand = forms.ModelChoiceField(Brand.objects.none(), label=gettext_lazy("Brand"), required=False,
                                   empty_label=gettext_lazy("Every brand"))  # fmt: skip
    channels = forms.ModelMultipleChoiceField(
        Channel.objects.none(), label=gettext_lazy("Channels"), required=False, widget=forms.CheckboxSelectMultiple
    )
    what = forms.ChoiceField(
        label=gettext_lazy("What is assessed"), required=False,
        choices=[("", gettext_lazy("all that was said")), ("past", gettext_lazy("only what was brought in"))],
    )  # fmt: skip

    def __init__(self, user: User, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["brand"].queryset = commands.brands_for(user)  # type: ignore[attr-defined]
        self.fields["channels"].queryset = commands.channels_for(user)  # type: ignore[attr-defined]

    def over(self) -> dict[str, Any]:
        """What `commands.begin` wants: whole days in the zone of the company."""
        given, (since, until) = self.cleaned_data, self.whole_days()
        return {
            "since": since, "until": until,
            "brand": given.get("brand"), "channels": list(given.get("channels") or ()),
            "live_too": given.get("what") != "past",
        }  # fmt: skip
