"""What the pages of one import show: its pickers, the first rows as they are understood, how far it is, what came."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from armature.arm.rule import FACTS
from armature.crm.accounts.models import User
from armature.crm.identify import brought_preview
from armature.crm.listen.imports import commands, kinds, mapping, queries
from armature.crm.listen.imports import preview as said_preview
from armature.crm.listen.imports.models import Import
from armature.crm.listen.imports.records import NotReadable
from armature.crm.listen.imports.tables import DELIMITERS, ENCODINGS
from armature.crm.listen.models import Channel
from armature.crm.web.desk_parts import user_of
from armature.crm.web.shipped_words import label_of, said

SHOWN = 50
PAST = "past"
"""Stands for a channel of the file's own."""
ORDERS = {"day": gettext_lazy("day first (31.12.2024)"), "month": gettext_lazy("month first (12/31/2024)")}
SIGNS = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("bar"),
}
WHAT = {
    "new": gettext_lazy("New"), "changed": gettext_lazy("Changed"), "known": gettext_lazy("Known already"),
    "conflict": gettext_lazy("Conflicting"), "faulty": gettext_lazy("Faulty"),
    "left_out": gettext_lazy("Notes"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picker:
    """One field with the columns it can be read from."""

    key: str
    label: str
    needed: bool
    chosen: int | None
    problem: str


def whole(
    request: HttpRequest, job: Import, chosen: QueryDict | None = None, problems: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The whole page."""
    wrong = dict(problems or {})
    typed: Mapping[str, str] = chosen if chosen is not None else {}
    now = _with(user_of(request), job, chosen) if chosen is not None else job
    asks = job.state == Import.State.MAPPING or bool(problems) or (request.GET.get("map") == "1" and not job.moving)
    context = {"at": "imports", "job": job, "asks": asks, "kind": kinds.LABELS[job.kind], "problems": wrong, **far(job)}
    if not asks:
        return context
    pickers = [Picker(one.key, _label(one), one.needed, now.mapping.get(one.key), wrong.get(one.key, ""))
               for one in ([] if job.kind in kinds.MAILS else mapping.fields(job.what))]  # fmt: skip
    return {
        **context, "pickers": pickers, "columns": list(enumerate(job.heads)), "orders": ORDERS, "options": now.options,
        "channels": queries.channels_for(user_of(request), job.brand_id), "chosen_channel": now.channel_id or
        typed.get("channel", ""), "past_name": typed.get("past_name") or _past_name(job),
        "place": typed.get("place", "email"), "ours": ", ".join(now.options.get("ours", [])),
        "places": [(value, said("channel", value)) for value in FACTS["channel"].values],
        "is_mail": job.kind in kinds.MAILS,
        "encodings": ENCODINGS, "delimiters": [(sign, SIGNS[sign]) for sign in DELIMITERS], "is_csv": job.kind == "csv",
        **preview(request, job, chosen),
    }  # fmt: skip


def _label(field: mapping.Field) -> str:
    return label_of(field.key[5:]) if field.key.startswith("fact:") else str(field.label)


def _past_name(job: Import) -> str:
    return _("Past: %(file)s") % {"file": job.name.rpartition(".")[0][:60] or job.name[:60]}


def preview(request: HttpRequest, job: Import, chosen: QueryDict | None) -> dict[str, Any]:
    """The first rows, as they are understood with what is chosen now."""
    now = _with(user_of(request), job, chosen) if chosen is not None else job
    try:
        records = queries.first(job)
        rows = (
            said_preview.of_said(now, now.channel, records)
            if job.what == Import.What.SAID
            else brought_preview.of_people(now, records)
        )
    except NotReadable as problem:
        return {"job": job, "rows": [], "unreadable": str(problem)}
    labels = {one.key: _label(one) for one in mapping.fields(job.what)}
    faulty = sum(bool(row.why) for row in rows)
    return {"job": job, "rows": [(row, labels.get(row.field, "")) for row in rows], "faulty_rows": faulty,
            "read_rows": len(rows), "is_people": job.what == Import.What.PEOPLE}  # fmt: skip


def _with(user: User, job: Import, chosen: Mapping[str, str]) -> Import:
    """The import as it would be with what is chosen; nothing is kept."""
    heads = range(len(job.heads))
    found = {one.key: chosen.get(f"column-{one.key}", "") for one in mapping.fields(job.what)}
    meant = {
        key: int(column)
        for key, column in found.items()
        if column.isdecimal() and len(column) < 6 and int(column) in heads
    }
    channel = _channel(user, job, chosen)
    options = {**job.options, **_options(job, chosen)}
    if job.kind in kinds.MAILS:
        meant = {}
    return Import(
        pk=job.pk, brand=job.brand, channel=channel, what=job.what, kind=job.kind, name=job.name, digest=job.digest,
        options=options, heads=job.heads, mapping=meant,
    )  # fmt: skip


def _channel(user: User, job: Import, chosen: Mapping[str, str]) -> Channel | None:
    given = chosen.get("channel", "")
    if not (given.isdecimal() and len(given) < 19):
        return None
    return queries.channels_for(user, job.brand_id).filter(pk=int(given)).first()


def _options(job: Import, chosen: Mapping[str, str]) -> dict[str, Any]:
    ours = [one.strip().casefold() for one in chosen.get("ours", "").replace(";", ",").split(",")]
    order = chosen.get("order", "")
    options: dict[str, Any] = {
        "zone": chosen.get("zone", "").strip()[:60] or "UTC", "order": order if order in ORDERS else "day",
        "ours": [one[:254] for one in ours if one][:50],
    }  # fmt: skip
    if job.what == Import.What.PEOPLE:
        options |= {key: chosen.get(key, "").strip().upper()[:3] for key in ("country", "currency")}
    return options


def reads_otherwise(user: User, job: Import, given: Mapping[str, str]) -> bool:
    """Whether the encoding or the delimiter was changed: then the columns are others, and one looks again."""
    wanted = {"encoding": given.get("encoding", ""), "delimiter": given.get("delimiter", "")}
    if job.kind != "csv" or wanted["encoding"] not in ENCODINGS or wanted["delimiter"] not in DELIMITERS:
        return False
    if all(job.options.get(key) == value for key, value in wanted.items()):
        return False
    commands.read_otherwise(user, job, **wanted)
    return True


def kept(user: User, job: Import, given: Mapping[str, str]) -> dict[str, str]:
    """Keep what was chosen; what is wrong, by field."""
    now = _with(user, job, given)
    channel = now.channel
    problems = {} if job.kind in kinds.MAILS else mapping.wrong(job.what, now.mapping, job.heads)
    if problems:
        return problems
    if job.what == Import.What.SAID and given.get("channel") == PAST:
        name, place = given.get("past_name", "").replace("\x00", "").strip(), given.get("place", "")
        if not name or place not in FACTS["channel"].values:
            return {"channel": _("Give the past a name, and say what sort of place it was.")}
        channel = commands.past_channel(user, job.brand, name, place)
    return commands.map_columns(user, job, channel=channel, meant=now.mapping, options=_options(job, given))


def far(job: Import) -> dict[str, Any]:
    """How far it is, how fast, and what came of it."""
    pace, labels = queries.pace(job), {one.key: _label(one) for one in mapping.fields(job.what)}
    bad = job.counts.get("faulty", 0) + job.counts.get("conflict", 0)
    return {
        "job": job, "pace": pace, "left": _left(pace), "counts": [(WHAT[key], job.counts.get(key, 0)) for key in WHAT],
        "reasons": [(WHAT[result], labels.get(field, ""), many) for result, field, many in queries.reasons(job)],
        "bad": bad, "examples": [(WHAT[row.result], row, labels.get(row.field, ""))
                                 for row in job.rows.order_by("result", "number")[:SHOWN]],
        "could": job.counts.get("new", 0) + job.counts.get("changed", 0), "shown": SHOWN,
    }  # fmt: skip


def _left(pace: queries.Pace) -> str:
    """How long it still takes, in words."""
    if pace.left is None:
        return ""
    seconds = int(pace.left.total_seconds())
    if seconds < 60:
        return _("less than a minute left")
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("about %d minute left", "about %d minutes left", minutes) % minutes
    hours = round(minutes / 60)
    return ngettext("about %d hour left", "about %d hours left", hours) % hours
