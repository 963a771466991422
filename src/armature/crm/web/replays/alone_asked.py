"""The form of one step alone: over what, and what is tried in place of what was recorded. All of it is the address."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy

from armature.crm.accounts.models import Brand
from armature.crm.decide import versions
from armature.crm.decide.drawn import Draft
from armature.crm.learn.alone.sample import FURTHEST, MOST, USUAL
from armature.crm.listen.models import Channel
from armature.crm.web.days import DaysForm, day
from armature.crm.web.replays.asked import readers

KEPT = ("last", "since", "until", "brand", "channel", "reader", "draft")


class AloneForm(DaysForm):
    """Nothing given is the newest thousand, as it was read and decided."""

    last = forms.IntegerField(label=gettext_lazy("The newest"), required=False, min_value=1, max_value=MOST)
    since = day(gettext_lazy("From"))
    until = day(gettext_lazy("To"))
    brand = forms.ModelChoiceField(Brand.objects.order_by("name"), label=gettext_lazy("Brand"), required=False,
                                   empty_label=gettext_lazy("Every brand"))  # fmt: skip
    channel = forms.ModelChoiceField(Channel.objects.order_by("name"), label=gettext_lazy("Channel"), required=False,
                                     empty_label=gettext_lazy("Every channel"))  # fmt: skip
    reader = forms.ChoiceField(label=gettext_lazy("Reader"), required=False)
    draft = forms.ModelChoiceField(
        Draft.objects.filter(kind=versions.TABLE).order_by("name"), label=gettext_lazy("Rules"), required=False,
        empty_label=gettext_lazy("as they decided then"), widget=forms.Select({"translate": "no"}),
    )  # fmt: skip
    upto = forms.IntegerField(required=False, min_value=1, max_value=FURTHEST, widget=forms.HiddenInput)

    def __init__(self, given: Any) -> None:
        values = {name: value.replace("\x00", "") for name, value in given.items()}
        super().__init__({"last": str(USUAL), **values})
        self.fields["reader"].choices = readers()  # type: ignore[attr-defined]

    def over(self) -> dict[str, Any]:
        """The part of the past: whole days in the zone of the company."""
        given = self.cleaned_data
        found: dict[str, Any] = {"last": given.get("last"), "upto": given.get("upto")}
        found |= self.told_days()
        return found | {name: given[name].pk for name in ("brand", "channel") if given.get(name)}

    def reader_number(self) -> int | None:
        """The reader that is tried, None for what was suggested then."""
        chosen = self.cleaned_data.get("reader")
        return int(chosen) if chosen else None

    def address(self, *, upto: int = 0) -> str:
        """The same sample, as the end of an address; with ``upto`` it stays the same whatever comes in."""
        told = {name: self.data[name] for name in KEPT if self.data.get(name)}
        return urlencode(told | ({"upto": str(upto)} if upto else {}))

    def replay_address(self) -> str:
        """The same part of the past and the same drafts, for beginning a replay."""
        told = {name: self.data[name] for name in KEPT[:-1] if self.data.get(name)}
        draft = self.cleaned_data.get("draft")
        return urlencode(told | ({"kind": draft.kind, "key": draft.key} if draft else {}))
