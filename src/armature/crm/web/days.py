"""Forms that ask from which day to which."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _


def day(label: Any) -> forms.DateField:
    """A field for one day, with the calendar of the browser."""
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class DaysForm(forms.Form):
    """A form with the days ``since`` and ``until``, both of which may be left open."""

    def clean(self) -> dict[str, Any]:
        """Days in order."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first one: choose a later one."))
        return given

    def whole_days(self) -> tuple[datetime | None, datetime | None]:
        """The beginning of the first day and the end of the last one, in the zone of the company."""
        since, until = (self.cleaned_data.get(name) for name in ("since", "until"))
        zone = timezone.get_current_timezone()
        return (
            datetime.combine(since, time(), zone) if since else None,
            datetime.combine(until + timedelta(days=1), time(), zone) if until else None,
        )

    def told_days(self) -> dict[str, str]:
        """The same as texts, those that were given."""
        both = zip(("since", "until"), self.whole_days(), strict=True)
        return {name: at.isoformat() for name, at in both if at}
