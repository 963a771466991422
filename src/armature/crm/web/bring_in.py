"""Bringing in a list on the page of a channel: what was taken, and each row that was refused with its line and why."""

import io
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from armature.crm.listen import lists, setting_up
from armature.crm.listen.lists import Brought
from armature.crm.listen.models import Channel
from armature.crm.web.channel_pages import for_administrators, proven_first
from armature.crm.web.desk_parts import user_of

MOST_LINES = 1000
MOST_BYTES = 2_000_000


class ListForm(forms.Form):
    """A file, how it is laid out, and the zone of its times; ``rows`` are the lines of the file."""

    helps = True
    file = forms.FileField(
        label=gettext_lazy("The list, as a file"), widget=forms.FileInput({"accept": ".csv,.txt,text/csv"})
    )
    layout = forms.ChoiceField(label=gettext_lazy("How it is laid out"))
    zone = forms.CharField(
        label=gettext_lazy("Zone of times that name none"), help_text=gettext_lazy("like Europe/Oslo"), max_length=60
    )

    def __init__(self, channel: Channel, *given: Any) -> None:
        super().__init__(*given)
        self.initial["zone"] = timezone.get_current_timezone_name()
        self.rows: list[str] = []
        words = _("CSV in UTF-8, up to %(lines)d lines and %(megabytes)d MB.")
        self.fields["file"].help_text = words % {"lines": MOST_LINES, "megabytes": MOST_BYTES // 1_000_000}
        layouts = lists.layouts(channel)
        self.fields["layout"].choices = [(key, _(label)) for key, label in layouts.items()]  # type: ignore[attr-defined]
        if not layouts:
            del self.fields["layout"]

    def clean_file(self) -> Any:
        """Its lines, if it is a text that is not too long."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _("It is larger than %d MB: divide it, and bring the parts in one after the other.")
                % (MOST_BYTES // 1_000_000)
            )
        try:
            self.rows = list(io.StringIO(file.read().decode("utf-8-sig"), newline=""))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("It is not written in UTF-8: save it as “CSV UTF-8”.")) from None
        if len(self.rows) > MOST_LINES:
            words = _("It has %(lines)d lines, and %(most)d are taken at once: divide it, and keep the names of the "
                      "columns on top of each part. Nothing of it was taken.")  # fmt: skip
            raise forms.ValidationError(words % {"lines": len(self.rows), "most": MOST_LINES})
        return file

    def clean_zone(self) -> str:
        """A zone that there is."""
        zone = str(self.cleaned_data["zone"]).strip()
        try:
            ZoneInfo(zone)
        except (ValueError, OSError, KeyError):
            raise forms.ValidationError(_("There is no such zone: give one like Europe/Oslo.")) from None
        return zone


@require_http_methods(["GET", "HEAD", "POST"])
@proven_first
@for_administrators
def shown(request: HttpRequest, number: int) -> HttpResponse:
    """The form; after it was sent, what became of each row."""
    channel = setting_up.channel_for(user_of(request), number)
    if not lists.takes(channel):
        raise Http404
    form = ListForm(channel, *((request.POST, request.FILES) if request.method == "POST" else ()))
    done = _brought(request, channel, form) if form.is_bound and form.is_valid() else None
    context = {"at": "channels", "channel": channel, "form": form, "done": done}
    refused = form.is_bound and done is None
    return render(request, "web/channels/bring_in.html", context, status=422 if refused else 200)


def _brought(request: HttpRequest, channel: Channel, form: ListForm) -> Brought | None:
    given = form.cleaned_data
    name = (given["file"].name or "").replace("\x00", "")[:200]
    try:
        return lists.bring_in(user_of(request), channel, name, form.rows, given.get("layout", ""), given["zone"])
    except ValueError as wrong:
        form.add_error("file", str(wrong))
        return None
