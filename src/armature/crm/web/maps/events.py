"""What happened along the map as an event log for process mining: one line for each step that was passed.

Columns as such tools name them: case, activity, time, resource, then attributes. No words of customers are in it.
"""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from armature.crm.accounts import audit
from armature.crm.learn import event_log
from armature.crm.web.local_time import in_company_time
from armature.crm.web.maps.live import live_of
from armature.crm.web.survey_results import _safe as safe

COLUMNS = ("case", "activity", "time", "resource", "element", "version", "channel", "team", "intent", "outcome")


class _Line:
    """What a writer writes is handed on, not kept."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


@require_POST
@in_company_time  # type: ignore[arg-type]
def shown(request: HttpRequest) -> HttpResponseBase:
    """The events of the days and the part of the company that were chosen, oldest first. It is a deed, and logged."""
    live = live_of(request)
    scope = live.asked.scope
    audit.log(scope.user, "took an event log away", f"map {live.key}", {"asked": live.query})
    name = f"events-{live.key}-{scope.since}-{scope.until}.csv"
    found = event_log.events(scope, live.maps, live.plan, live.intent)
    sent = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
    sent["Content-Disposition"] = f'attachment; filename="{name}"'
    return sent


def _lines(found: Iterator[event_log.Event]) -> Iterator[Any]:
    writer = csv.writer(_Line())
    yield "\ufeff"
    yield writer.writerow(COLUMNS)
    for one in found:
        at = timezone.localtime(one.at).isoformat(timespec="milliseconds")
        line = [str(cell) for cell in one._replace(at=at)]  # type: ignore[arg-type]
        yield writer.writerow([safe(cell) for cell in line])
