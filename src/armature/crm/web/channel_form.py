"""The form of a channel, drawn from what its kind wants to be told."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy

from armature.arm.rule.catalogue import CHANNELS
from armature.crm.accounts.models import Brand
from armature.crm.channels.port import Kind
from armature.crm.channels.settings import BadSettings, Setting
from armature.crm.listen.models import Channel
from armature.crm.web import kind_words

OWN = ("name", "brand", "place", "address")


class ChannelForm(forms.Form):
    """Name, brand, place and address, then the settings of the kind; a secret that is kept already may stay empty."""

    helps = True
    name = forms.CharField(label=gettext_lazy("Name, as colleagues read it"), max_length=120)
    brand = forms.ModelChoiceField(Brand.objects.none(), label=gettext_lazy("Brand"), empty_label=None)
    place = forms.ChoiceField(
        label=gettext_lazy("What it is for the rules"),
        help_text=gettext_lazy("Rules, views and queries go by it."),
    )
    address = forms.CharField(
        label=gettext_lazy("Our address there"),
        help_text=gettext_lazy(
            "By which others know it: an e-mail address, a number, the name of an account or a page."
        ),
        max_length=254,
    )

    def __init__(
        self, kind: Kind, brands: QuerySet[Brand], channel: Channel | None, kept: set[str], data: Any = None
    ) -> None:
        super().__init__(data, initial=_initial(kind, channel))
        self.kind = kind
        places = CHANNELS | ({channel.place: channel.place} if channel and channel.place not in CHANNELS else {})
        named = [(key, gettext(label)) for key, label in places.items()]
        open_yet = [] if self.initial["place"] else [("", gettext("Choose"))]
        self.fields["place"].choices = open_yet + named  # type: ignore[attr-defined]
        self.fields["brand"].queryset = brands  # type: ignore[attr-defined]
        self.fields["brand"].disabled = channel is not None
        for setting in kind.settings:
            self.fields[setting.name] = _field(setting, setting.name in kept)

    def given(self) -> dict[str, Any]:
        """The settings of the kind, as they were typed."""
        return {one.name: self.cleaned_data.get(one.name) for one in self.kind.settings}

    def blame(self, wrong: BadSettings) -> None:
        """Put each problem at its field; one without a field here stands above the form."""
        for name, words in wrong.problems.items():
            label = self.fields[name].label if name in self.fields else name
            self.add_error(
                name if name in self.fields else None, f"{label}: {words}" if name not in self.fields else words
            )


def _initial(kind: Kind, channel: Channel | None) -> dict[str, Any]:
    usual = {one.name: one.default for one in kind.settings if one.form != "number" or one.default or not one.lowest}
    if channel is None:
        place = kind.key if kind.key in CHANNELS else kind_words.USUAL_PLACE.get(kind.key, "")
        return {"place": place, **usual}
    return {**usual, **channel.settings, **{name: getattr(channel, name) for name in OWN}}


def _field(setting: Setting, kept: bool) -> forms.Field:
    label, words = gettext(setting.label), gettext(setting.help) if setting.help else ""
    needed = setting.required and not kept
    stands_empty = setting.default == "" or (setting.form == "number" and not setting.default and setting.lowest)
    if stands_empty and not words and not needed and setting.form in ("text", "number", "secret"):
        words = gettext("May stay empty.")
    if setting.form == "yes_no":
        return forms.BooleanField(label=label, help_text=words, required=False)
    if setting.form == "choice":
        return forms.ChoiceField(
            label=label, help_text=words, choices=[(one, kind_words.choice(one)) for one in setting.choices]
        )
    if setting.form == "number":
        hint = {"inputmode": "numeric"}
        return forms.CharField(label=label, help_text=words, required=needed, widget=forms.TextInput(attrs=hint))
    if setting.form == "secret":
        held = gettext("One is kept. Leave this empty to go on with it.") if kept else words
        off = {"autocomplete": "off"}
        return forms.CharField(label=label, help_text=held, required=needed, widget=forms.PasswordInput(attrs=off))
    return forms.CharField(label=label, help_text=words, required=needed, max_length=2000)
