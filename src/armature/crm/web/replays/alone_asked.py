"""The form of one step alone: over what, and what is tried in place of what was recorded. All of it is the address."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts.models import Brand
from armature.crm.decide import versions
from armature.crm.decide.drawn import Draft
from armature.crm.learn.alone.sample import FURTHEST, MOST, USUAL
from armature.crm.listen.models import Channel
from armature.crm.web.replays.asked import day, readers

KEPT = ("last", "since", "until", "brand", "channel", "reader", "draft")


class AloneForm(forms.Form):
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

    def clean(self) -> dict[str, Any]:
        """Days in order."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first one: choose a later one."))
        return given

    def over(self) -> dict[str, Any]:
        """The part of the past: whole days in the zone of the company."""
        given, zone = self.cleaned_data, timezone.get_current_timezone()
        found: dict[str, Any] = {"last": given.get("last"), "upto": given.get("upto")}
        if given.get("since"):
            found["since"] = datetime.combine(given["since"], time(), zone).isoformat()
        if given.get("until"):
            found["until"] = datetime.combine(given["until"] + timedelta(days=1), time(), zone).isoformat()
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
