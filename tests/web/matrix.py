"""Every route of the product described once: what it names, what is posted to it. `test_matrix.py` walks them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from foreign import NUMBER, World

from armature.crm.accounts.models import Team
from armature.crm.act.models import (
    BulkJob,
    CannedResponse,
    CaseField,
    CaseLink,
    Incident,
    Macro,
    Notice,
    Printout,
    ResponseFile,
    SavedView,
    Tryout,
)  # fmt: skip
from armature.crm.identify.models import Company, Merge, Person
from armature.crm.learn.assessments.models import Assessment
from armature.crm.learn.replays.models import Replay, ReplayChange
from armature.crm.listen.imports.models import Import
from armature.crm.listen.models import Channel
from armature.crm.listen.scans.models import Scan
from armature.crm.listen.surveys.models import Survey
from armature.crm.listen.wanted import BackSearch, Hit, ListeningQuery
from armature.crm.understand.models import Reading

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One address. ``kind`` says for whom it is.

    open: for everybody, logged in or not. own: one's own page, its deeds change only oneself. lists: shows what one may
    see. foreign: names an object that is not theirs, so it is not there. admin: for administrators; what they post here
    is about a place they do not administrate, so nothing changes.
    """

    kind: str
    named: Callable[[World], Given] = field(default=lambda world: {})
    given: Callable[[World], Given] = field(default=lambda world: {})


def _person(world: World) -> Given:
    return {"number": Person.objects.filter(joined__isnull=False).get().pk}


def _company(world: World) -> Given:
    return {"number": Company.objects.get().pk}


def _case(world: World) -> Given:
    return {"number": world.case.pk}


def _foreign(named: Callable[[World], Given], **given: Any) -> Route:
    return Route("foreign", named, lambda world: given)


def _admin(named: Callable[[World], Given] = lambda world: {}, **given: Any) -> Route:
    return Route("admin", named, lambda world: {**_everything(world), **given})


def _everything(world: World) -> Given:
    """Team, brand and role that are not theirs to give."""
    support = Team.objects.get(key="support")
    return {"team": support.pk, "brand": world.house.brand.pk, "role": "agent", "name": "New name", "back": "team"}


def _said(world: World) -> Given:
    return {"number": world.said.pk}


def _label(world: World) -> Given:
    read = Reading.objects.filter(interaction=world.said, user=None).first()
    return {"suggestion": read.pk if read else 1, "intent": "spam", "here": "1"}


def _canned(world: World) -> Given:
    return {"number": CannedResponse.objects.get().pk}


def _kept(world: World) -> Given:
    """Words for a team that is not theirs."""
    return {"name": "Words", "text": "words", "shortcut": "w", "step": "note", "value": "words",
            "team": Team.objects.get(key="legal").pk, "brand": world.house.brand.pk}  # fmt: skip


DRAWN = ("begin-table", "table-draft", "table-row", "change-table", "bring-in-table", "publish-table", "try-table",
         "rule-list", "carry-on-list", "change-who-judges", "publish-who-judges")  # fmt: skip
"""Every lead draws rules, of whatever team: here is nothing drawn. Their own tests say who may."""
SEARCHES = ("listening-search", "listening-stop")


def _query(world: World) -> Given:
    return {"number": ListeningQuery.objects.get().pk}


def _wanted(world: World) -> Given:
    """A query for everything that the company hears, and one that ships."""
    return {"name": "New", "purpose": "brand", "brand": "", "text": "parcel", "do": "keep", "language": "en"}


MAPS = ("map-detail", "map-versions", "map-draft", "begin-map-draft", "change-map-draft", "give-up-map-draft",
        "publish-map", "map-draft-file", "map-canvas", "keep-map-canvas")  # fmt: skip
"""A map is for everybody to see, its draft for all who lead anywhere: what they drew last is what they must send."""


def _survey(world: World) -> Given:
    return {"number": Survey.objects.get().pk}


def _to_ask(world: World) -> Given:
    return {"survey": Survey.objects.get().pk}


def _made(world: World) -> Given:
    """A survey for a brand that is not theirs to ask for."""
    return {"name": "New", "brand": world.house.brand.pk, "kind": "nps", "rating": "Well?", "language": "en",
            "link_days": "30", "edit_days": "7", "quiet_days": "90", "keep": "1", "state": "closed"}  # fmt: skip


def _incident(world: World) -> Given:
    return {"number": Incident.objects.get().pk}


def _import(world: World) -> Given:
    return {"number": Import.objects.get().pk}


def _tryout(world: World) -> Given:
    return {"number": Tryout.objects.get().pk}


def _replay(world: World) -> Given:
    return {"number": Replay.objects.get().pk}


def _assessment(world: World) -> Given:
    return {"number": Assessment.objects.get().pk}


def _change(world: World) -> Given:
    return {**_replay(world), "change": ReplayChange.objects.get().pk}


def _talk(world: World) -> Given:
    return {"slug": "hello", "token": "t"}


def _channel(world: World) -> Given:
    return {"number": world.house.mailbox.pk}


def _colleague(world: World) -> Given:
    return {"number": world.house.olga.pk}


def _meeting(world: World) -> Given:
    return {
        "where": "Shop",
        "held_at": "2026-03-02T10:00",
        "written_by": "Eve",
        "name": "A",
        "handle": "",
        "words": "w",
    }


def _scan(world: World) -> Given:
    return {"number": Scan.objects.get().pk}


def _response(world: World) -> Given:
    return {"number": world.response.pk}


ROUTES: dict[str, Route] = {
    **dict.fromkeys(("up", "ready", "log-in", "account_login", "account_signup", "account_inactive"), Route("open")),
    **dict.fromkeys(("mfa_authenticate", "mfa_login_webauthn"), Route("open")),
    **dict.fromkeys(("account_reset_password", "account_reset_password_done"), Route("open")),
    "account_reset_password_from_key_done": Route("open"),
    "account_reset_password_from_key": Route("open", lambda world: {"uidb36": "1", "key": "set-password"}),
    "script-words": Route("open", lambda world: {"language": "en"}),
    "first-run": Route("open", lambda world: {"token": "x"}, lambda world: {"name": "E", "email": "e@x.example"}),
    "join": Route("open", lambda world: {"token": "d"}, lambda world: {"name": "E", "password": "correct horse"}),
    "hook": Route("open", lambda world: {"hook": "nobody"}),
    **{
        name: Route("open", lambda world: {"token": "t"}, lambda world: {"rating": "1"})
        for name in ("survey", "survey-thanks")
    },
    "rate": Route("open", lambda world: {"token": "t"}, lambda world: {"stars": "1"}),
    "after-answers": Route("lists", given=lambda world: {**_made(world), "on": "1", "words": "How was it?"}),
    **{name: Route("lists", given=_made) for name in ("surveys", "survey-new")},
    **{
        name: Route("lists", _survey, _made)
        for name in ("survey-results", "survey-change", "survey-preview", "survey-switch", "survey-export")
    },
    "survey-code": Route("lists", lambda world: {**_survey(world), "form": "svg"}),
    "case-survey": _foreign(_case),
    "ask-survey": Route("foreign", _case, _to_ask),
    "talk-begin": Route("open", lambda world: {"slug": "hello"}, lambda world: {"text": "words"}),
    **{f"talk{more}": Route("open", _talk, lambda world: {"text": "words"}) for more in ("", "-say", "-rate")},
    "talk-understood": Route("open", _talk, lambda world: {"intent": "complaint"}),
    "talk-file": Route("open", lambda world: {**_talk(world), "number": world.file.pk}),
    **dict.fromkeys(("log-out", "account_logout"), Route("leave")),
    **dict.fromkeys(("profile", "keep-profile", "availability", "mfa_index", "end-other-log-ins"), Route("own")),
    **dict.fromkeys(("account_change_password", "account_set_password", "account_reauthenticate"), Route("own")),
    **dict.fromkeys(("mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_list_webauthn"), Route("own")),
    **dict.fromkeys(("mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn"), Route("own")),
    **dict.fromkeys(("mfa_view_recovery_codes", "mfa_generate_recovery_codes"), Route("own")),
    "mfa_download_recovery_codes": Route("own"),
    **dict.fromkeys(("mfa_edit_webauthn", "mfa_remove_webauthn"), Route("own", lambda world: {"pk": 1})),
    **{name: Route("lists") for name in ("reader", "reader-behind", "label")},
    "reader-learn": _admin(),
    "reader-use": _admin(lambda world: {"number": 0}),
    "give-label": Route("foreign", _said, _label),
    "take-back-label": _foreign(_said),
    "desk": Route("lists"),
    "map": Route("lists"),
    "map-live": Route("lists"),
    "map-waiting": Route("lists", lambda world: {"step": "Judge"}),
    "map-events": Route("own"),
    **{name: Route("lists", lambda world: {"key": "reactive"}) for name in MAPS},
    "map-step": Route("lists", lambda world: {"key": "reactive", "step": "Judge"}),
    "map-canvas-step": Route("lists", lambda world: {"key": "reactive", "step": "Judge"}),
    "map-back": Route("lists", lambda world: {"key": "reactive", "number": 1}),
    "map-file": Route("lists", lambda world: {"key": "reactive", "number": 1}),
    **{
        name: Route("lists")
        for name in ("maps", "map-start", "map-bring-in", "map-assign", "map-unassign", "map-rule", "map-publisher")
    },
    **{name: Route("lists") for name in ("tables", "rule-lists", "who-judges")},
    "say-bound": Route("lists", given=lambda world: {"bound": "60"}),
    "who-judges-checks": Route("foreign"),
    **{name: Route("lists", lambda world: {"key": "business_rules"}) for name in ("table", "table-versions")},
    "take-table": Route("lists", lambda world: {"key": "business_rules", "form": "csv"}),
    **{name: _foreign(lambda world: {"key": "nothing"}, revision="1", name="Theirs") for name in DRAWN},
    **{name: Route("lists", given=_wanted) for name in ("listening", "listening-new", "shipped-queries")},
    **{name: Route("lists", _query, _wanted) for name in ("listening-query", "listening-change")},
    "listening-look-back": Route("lists", _query, lambda world: {"days": "30"}),
    "listening-follow": Route("own", _query, lambda world: {"follow": "yes"}),
    "listening-aside": Route(
        "foreign", _query, lambda world: {"hit": Hit.objects.latest("pk").pk, "reason": "noise", "back": "yes"}
    ),
    **{name: _foreign(lambda world: {"number": BackSearch.objects.get().pk}) for name in SEARCHES},
    "quote-button": Route("lists"),
    "quote": Route("lists", given=lambda world: {"url": "https://x.example/1", "text": "w", "case": world.case.pk}),
    "measures": Route("lists"),
    "measure-group": Route("lists", lambda world: {"group": "volume"}),
    "measure-rows": Route("lists", lambda world: {"kind": "heard"}),
    "take-rows": Route("own", lambda world: {"kind": "heard"}),
    "take-figure": Route("own", lambda world: {"key": "volume"}),
    "hours": Route("lists", given=lambda world: {"what": "brand", "brand": world.house.brand.pk}),
    "cases": Route("lists", lambda world: {"view": "open"}),
    "case": _foreign(lambda world: {"view": "open", "number": world.case.pk}),
    "claim": _foreign(_case),
    "judge-intent": _foreign(_case, intent="complaint"),
    "draft": _foreign(_case, text="words"),
    "write": _foreign(_case, text="words", seen="1"),
    "note": _foreign(_case, text="words"),
    "looked": _foreign(_case, delivery="sent"),
    "assign": _foreign(_case, to=1),
    "put-back": _foreign(_case),
    "hand-over": _foreign(_case, team="sales", note="words"),
    "snooze": _foreign(_case, until="tomorrow"),
    "wake": _foreign(_case),
    "prioritise": _foreign(_case, priority="1"),
    "tag": _foreign(_case, tag="mine"),
    "untag": _foreign(_case, tag="1"),
    "follow": _foreign(_case),
    "seen-to": _foreign(_case),
    "end": _foreign(_case, how="resolved", reason="words"),
    "reopen": _foreign(_case),
    "check": _foreign(_case, right="yes"),
    "split": Route("foreign", _case, lambda world: {"said": world.said.pk}),
    "merge": Route("foreign", _case, lambda world: {"into": world.case.pk}),
    "undo-merge": _foreign(lambda world: {"number": CaseLink.objects.get().pk}),
    "around": Route("lists", given=lambda world: {"case": world.case.pk, "left": world.case.pk, "writing": "1"}),
    "filters": Route("lists", lambda world: {"view": "open"}),
    "save-view": Route("lists", lambda world: {"view": "open"}, lambda world: {"name": "Theirs", "share": "support"}),
    "bulk-choices": Route("lists", lambda world: {"view": "open"}),
    "bulk": Route(
        "lists",
        lambda world: {"view": "open"},
        lambda world: {"deed": "end", "cases": world.case.pk, "how": "resolved"},
    ),
    "bulk-job": _foreign(lambda world: {"number": BulkJob.objects.get().pk}),
    "undo-bulk": _foreign(lambda world: {"number": BulkJob.objects.get().pk}),
    "remove-view": _foreign(lambda world: {"number": SavedView.objects.get().pk}),
    **{name: _foreign(_case) for name in ("discard", "take-over", "detach", "attach")},
    "canned-words": _foreign(_case, words="a"),
    "take-canned": _foreign(_case, canned="1"),
    "run-macro": _foreign(_case, macro="1"),
    "take-back": _foreign(_response),
    "send-now": _foreign(_response),
    "change": _foreign(_response, text="words", digest="x"),
    "response-file": _foreign(lambda world: {"number": ResponseFile.objects.get().pk}),
    "incidents": Route("lists"),
    "incident-new": Route(
        "lists", given=lambda world: {"title": "Theirs", "team": "support", "brand": world.house.brand.pk}
    ),
    "incident": _foreign(_incident),
    "incident-words": _foreign(_incident, text="words", version="1"),
    "incident-decide": _foreign(_incident, act="release", digest="x"),
    "incident-rest": _foreign(_incident),
    "incident-cases": Route("foreign", _incident, lambda world: {"case": world.case.pk, "act": "leave"}),
    "incident-close": _foreign(_incident),
    "case-incident": Route("foreign", _case, lambda world: {"incident": Incident.objects.get().pk}),
    **{name: Route("lists") for name in ("approvals", "canned", "macros")},
    **{name: Route("lists", given=_kept) for name in ("canned-new", "macro-new")},
    **{
        name: _foreign(lambda world: {"number": CannedResponse.objects.get().pk})
        for name in ("canned-one", "canned-drop")
    },
    **{name: _foreign(lambda world: {"number": Macro.objects.get().pk}) for name in ("macro-one", "macro-drop")},
    "case-settings": _admin(),
    "add-case-field": _admin(label="words", kind="text", team="legal"),
    "set-reopen-days": _admin(days="3", team="legal"),
    "remove-case-field": _admin(lambda world: {"number": CaseField.objects.get().pk}),
    "sight": _foreign(_case),
    "restrict": _foreign(_case, reason="because"),
    "lift": _foreign(_case),
    "name-reader": _foreign(_case, user="1"),
    "unname": _foreign(_case, user="1"),
    **dict.fromkeys(("notices", "read-all-notices", "wish-notices"), Route("own", given=lambda world: {"upto": 9**9})),
    "read-notice": _foreign(lambda world: {"number": Notice.objects.get().pk}),
    "imports": Route("foreign", given=lambda world: {"what": "said", "brand": world.house.brand.pk}),
    "import": _foreign(_import),
    "map-import": _foreign(
        _import,
        zone="UTC",
        order="day",
        channel="past",
        past_name="Theirs",
        place="email",
        **{"column-when": "0", "column-who": "1", "column-text": "2"},
    ),
    "drive-import": _foreign(_import, do="try"),
    "import-to-mend": _foreign(_import),
    "first-step": _foreign(lambda world: {"key": "away"}),
    "assessments": Route("lists", given=lambda world: {"since": "some", "what": "past"}),
    **{
        name: _foreign(_assessment)
        for name in (
            "assessment",
            "stop-assessment",
            "throw-away-assessment",
            "assessment-exchanges",
            "assessment-proposals",
        )
    },
    "answer-proposal": _foreign(lambda world: {**_assessment(world), "proposal": 0}, do="away", team="support"),
    "replays": Route("lists"),
    "replay-alone": Route("lists"),
    "replay-alone-differing": Route("lists", lambda world: {"key": "rules"}),
    "case-replay": _foreign(_case),
    "replay-begin": Route("lists", given=lambda world: {"last": "some"}),
    **{name: _foreign(_replay) for name in ("replay", "stop-replay", "throw-away-replay", "replay-changes")},
    "replay-change": _foreign(_change),
    "tryouts": Route("lists", given=lambda world: {"place": "email"}),
    **{name: _foreign(_tryout, ours="help@shop.example") for name in ("tryout", "tryout-ours", "throw-away")},
    "people": Route("lists", given=lambda world: {"q": "person"}),
    "search": Route("lists", given=lambda world: {"q": "broken"}),
    "letters": Route("lists"),
    "upload-scans": Route("foreign", given=lambda world: {"channel": Channel.objects.get(kind="letter").pk}),
    "scan": _foreign(_scan),
    "scan-page": _foreign(lambda world: {**_scan(world), "page": 1}),
    "file-scan": _foreign(_scan, text="words", name="Eve", address="Street 1"),
    "drop-scan": _foreign(_scan, reason="words"),
    "read-scan-again": _foreign(_scan),
    "printout": _foreign(lambda world: {"number": Printout.objects.get().delivery_id}),
    "log": Route("lists", given=lambda world: {"kind": "pigeon", "text": "words", "name": "Eve", "key": "k"}),
    "log-people": Route("lists", given=lambda world: {"q": "person"}),
    "new-meeting": Route("lists", given=lambda world: {**_meeting(world), "channel": world.house.mailbox.pk}),
    "person": _foreign(_person),
    "note-about-person": _foreign(_person, text="words"),
    "keep-person": _foreign(_person, name="New name", company="Theirs"),
    "same-person": _foreign(_person),
    "join-person": _foreign(_person, **{"with": "1"}),
    "split-person": _foreign(_person, identity="1"),
    "part-persons": _foreign(lambda world: {"number": Merge.objects.get().pk}),
    "by-phone": _foreign(lambda world: {"number": NUMBER}, name="New name"),
    "identity": _foreign(lambda world: {"number": world.case.identity_id}),
    "know-identity": _foreign(lambda world: {"number": world.case.identity_id}),
    "company": _foreign(_company),
    "keep-company": _foreign(_company, name="New name"),
    "approve": _foreign(_response, digest="x"),
    "send-back": _foreign(_response, reason="shorter"),
    "original": _foreign(lambda world: {"number": world.said.pk}),
    "attachment": _foreign(lambda world: {"number": world.file.pk}),
    "team": _admin(),
    "invite": _admin(email="eve@shop.example"),
    "colleague": _admin(_colleague),
    "give-role": _admin(_colleague),
    "close-account": _admin(_colleague),
    "open-account": _admin(_colleague),
    "log-out-everywhere": _admin(_colleague),
    "drop-factors": _admin(_colleague),
    "password-link": _admin(_colleague),
    "end-role": _foreign(lambda world: {"number": world.membership.pk}),
    "revoke-invitation": _foreign(lambda world: {"number": world.invitation.pk}),
    "invite-again": _foreign(lambda world: {"number": world.invitation.pk}),
    "channels": _admin(),
    "new-channel": _admin(),
    "add-channel": _admin(lambda world: {"kind": "web"}),
    **{
        name: _admin(_channel)
        for name in ("channel", "start-channel", "pause-channel", "probe-channel", "open-again", "bring-in-list")
    },
    "teams": _admin(),
    "change-team": _admin(lambda world: {"number": Team.objects.get(key="support").pk}),
    "brands": _admin(),
    "change-brand": _admin(lambda world: {"number": world.house.brand.pk}),
}
