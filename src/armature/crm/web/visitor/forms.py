"""What visitors fill in."""

import secrets
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.channels.port import Attachment
from armature.crm.channels.talks import FILE_BYTES, LONGEST
from armature.crm.listen import guard

MOST_FILES = 5


class Chooser(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """A list of files; empty ones are left out."""

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        """Each on its own."""
        given = data if isinstance(data, list | tuple) else [data]
        return [one for one in given if one and one.size]


class SayForm(forms.Form):
    """A message with files. ``website`` is for machines only: people do not see it."""

    text = forms.CharField(
        label=gettext_lazy("Your message"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Write a few words, then send.")},
    )  # fmt: skip
    attached = Files(
        label=gettext_lazy("Files (up to five, 10 MB together)"), required=False,
        widget=Chooser(attrs={"multiple": True}),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=120, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    website = forms.CharField(required=False, max_length=200)
    opened = forms.CharField(required=False, max_length=200)
    once = forms.RegexField(r"[A-Za-z0-9_-]{8,40}", required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fresh_opened, self.fresh_once = guard.opened_now(), secrets.token_urlsafe(12)

    def clean_text(self) -> str:
        """Without what no screen can show."""
        text: str = self.cleaned_data["text"].replace("\x00", "")
        if not text.strip():
            raise forms.ValidationError(_("Write a few words, then send."))
        return text

    def clean_name(self) -> str:
        """On one line."""
        return " ".join(str(self.cleaned_data["name"]).replace("\x00", "").split())

    def attachments(self) -> list[Attachment]:
        """The files as they are kept."""
        given = self.cleaned_data["attached"]
        return [Attachment((one.name or "file")[-255:], (one.content_type or "")[:80], one.read()) for one in given]

    def clean(self) -> dict[str, Any]:
        """Files that are too many or too large are named; a machine is told kindly."""
        given = self.cleaned_data.get("attached", [])
        if len(given) > MOST_FILES:
            self.add_error(
                "attached", _("These are %(count)d files; send at most five at once.") % {"count": len(given)}
            )
        if sum(one.size or 0 for one in given) > FILE_BYTES:
            self.add_error("attached", _("Together these files are larger than 10 MB. Send fewer, or smaller ones."))
        if "once" in self.errors:
            del self.errors["once"]
            raise forms.ValidationError(_("The page was old. Your words are still here: press Send again."))
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("This looks as if a machine had filled it in. Leave the hidden field empty."))
        try:
            guard.check_pace(self.cleaned_data.get("opened", ""))
        except guard.TooQuick:
            raise forms.ValidationError(
                _("That was very quick. Your words are still here: press Send again.")
            ) from None
        return self.cleaned_data
