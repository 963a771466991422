"""Every word on every screen comes from a catalogue: in a made-up language nothing English is left on any page."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import contents
import matrix
import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import Resolver404, get_resolver, resolve, reverse
from django.utils import timezone
from greek import Greek
from greek_house import bulk_work, fill

import pseudo
from armature.crm.act import notice_mail
from armature.crm.act.models import Notice, NoticeWish, Response
from armature.crm.learn import measuring
from armature.crm.web import letters
from armature.crm.web.health import reconnecting
from armature.crm.web.measures.pages import GROUPS
from armature.crm.web.measures.rows import KINDS
from armature.crm.web.views_of_cases import VIEWS
from house import House
from pseudo import escaped, escaped_in, escaped_of
from visitors import PART, visit

NO_PAGES = {"take-table", "survey-code", "scan-page", "printout",
            "original", "attachment", "response-file", "talk-file", "mfa_download_recovery_codes", "script-words", "up",
            "ready", "account_login"}  # fmt: skip
"""Files, and answers for machines."""


@pytest.fixture
def greek(house: House, monkeypatch: pytest.MonkeyPatch) -> Greek:
    """The company with Greek data, spoken to in brackets."""
    found = fill(house, monkeypatch)
    pseudo.speak(monkeypatch)
    bulk_work(found)
    return found


def _faults(client: Client, addresses: Iterator[str]) -> Iterator[str]:
    for address in addresses:
        part = {"headers": PART} if "part=" in address else {}
        for found in escaped_of(client.get(address, **part)):  # type: ignore[arg-type]
            yield f"{address}: {found}"


def _cases(greek: Greek) -> Iterator[str]:
    for case in greek.cases.values():
        yield f"/cases/open/{case.pk}"
        yield f"/cases/open/{case.pk}?write=note"
        yield f"/cases/open/{case.pk}?part=case"
        yield f"/case/{case.pk}/sight"
        yield f"/case/{case.pk}/replay"


@pytest.mark.parametrize("who", ["leo", "mona", "nia"])
def test_in_no_state_of_a_case_is_a_word_left(greek: Greek, who: str) -> None:
    faults = list(_faults(visit(getattr(greek.house, who)), _cases(greek)))
    assert not faults, "\n".join(faults)


def _pages(greek: Greek) -> Iterator[str]:
    yield from (
        "/",
        "/nowhere",
        "/map",
        "/map/live",
        "/map/live/waiting/Judge",
        "/maps",
        "/notices",
        "/profile",
        "/approvals",
        "/ending-cases",
        "/hours",
        "/people",
    )
    maps = "/maps/reactive"
    yield from (maps, f"{maps}/draft", f"{maps}/draft/canvas", f"{maps}/versions", f"{maps}/versions?from=1&to=draft")
    yield from (f"{maps}/draft/steps/{step}" for step in ("Judge", "MicroLate", "WhatNext", "EndNone", "Rules", "Send"))
    yield from (f"{maps}/draft/canvas/at/{one}" for one in ("Judge", "MicroLate", "WhatNext", "Lane_Response"))
    yield from (
        "/reader",
        "/reader/behind",
        "/reader/behind?by=intent&key=complaint&agrees=no&chance=1",
        "/reader/label",
    )
    yield from ("/canned", "/canned/new", "/macros", "/macros/new", "/search", "/search?q=δέμα", "/search?q=ωωω")
    yield from ("/channels", "/channels/new", "/channels/new/email", f"/channels/{greek.house.mailbox.pk}")
    yield f"/channels/{greek.others['phone'].pk}/list"
    yield from ("/team", "/team/teams", "/team/brands", "/hours?team=support", "/people?q=ωωω", "/team?q=ωωω")
    one = greek.others["survey"].pk
    yield "/surveys/after-answers"
    yield from ("/surveys", "/surveys/new", f"/surveys/{one}", f"/surveys/{one}?days=365", f"/surveys/{one}/change")
    yield from (f"/surveys/{one}/preview", *(f"/case/{case.pk}/survey" for case in greek.cases.values()))
    measuring.everything()
    yield from ("/measures", *(f"/measures/{group}?days=90" for group in GROUPS if group != "now"))
    yield from (f"/measures/rows/{kind}?days=own&since=2026-01-01&until=2026-12-31&past=no" for kind in KINDS)
    yield "/measures/volume?days=own&since=2026-05-02&until=2026-05-01"
    yield "/measures/rows/heard?n_label=unhappy&n_weekday=1&n_hour=3&n_on=2026-03-02&n_team=support&n_intent=problem"
    query, search = greek.others["query"].pk, greek.others["search"].pk
    yield from ("/listening", "/listening/new", "/listening/button", "/listening/shipped", "/listening/quote?url=x")
    yield from (f"/listening/{query}", f"/listening/{query}?aside=1", f"/listening/{query}/change")
    yield from (f"/listening/search/{search}", f"/listening/search/{greek.others['done'].pk}?part=1")
    yield from ("/people/by-phone/+4799887766", "/people/by-phone/ωωω")
    yield from (
        "/meetings/new",
        "/letters",
        "/letters?part=list",
        *(f"/letters/{one.pk}" for one in greek.others["scans"]),
    )
    yield from ("/tables", "/tables/business_rules", "/tables/business_rules/versions?from=1&to=1", "/lists")
    yield from (f"/tables/business_rules/draft{more}" for more in ("", "?show=customer", "/row?row=R04", "/try?do=try"))
    yield "/lists/list"
    yield from ("/log", "/log?kind=card", "/log/people?q=ωωω", "/log/people?q=Άννα")
    yield from ("/who-judges", "/who-judges/checks", *greek.others["who judges"])
    yield from ("/replays", "/replays/begin", *greek.others["replays"])
    yield from ("/replays/alone", "/replays/alone?last=x", "/replays/alone?until=2020-01-01")
    yield from (f"/replays/alone/{step}" for step in ("where", "intent", "known", "rules"))
    yield from ("/assessment", *greek.others["assessments"])
    yield "/imports"
    yield from ("/try", *(f"/try/{one.pk}" for one in greek.others["tryouts"]))
    yield from ("/incidents", "/incidents?closed=1", f"/incidents/new?case={greek.cases['a'].pk}")
    yield from (f"/incidents/{one.pk}" for one in greek.others["incidents"])
    for one in greek.others["imports"]:
        yield from (f"/imports/{one.pk}", f"/imports/{one.pk}?map=1")
    for view in VIEWS:
        yield f"/cases/{view}"
        yield f"/cases/{view}?status=new&tag=1&assignee=me&intent=problem&due=late&priority=1&team=support"
        yield f"/cases/{view}?part=list"
        yield f"/cases/{view}?part=rows"
    yield from ("/cases/open/filters?status=open", "/cases/open/bulk-choices", "/profile/log-in")
    yield from (reverse(name) for name in matrix.ROUTES if name.startswith(("mfa_", "account_")) and _plain(name))
    named = {"person": "person", "company": "company", "canned-one": "canned", "macro-one": "macro", "bulk-job": "job"}
    yield from (reverse(name, args=[greek.others[kept].pk]) for name, kept in named.items())
    same = reverse("same-person", args=[greek.others["person"].pk])
    yield from (f"{same}?q=ωωω", f"{same}?with={greek.others['person'].pk}")
    yield reverse("bulk-job", args=[greek.others["job"].pk]) + "?part=1"
    yield reverse("identity", args=[greek.cases["judge"].identity_id])
    yield reverse("colleague", args=[greek.house.nia.pk])
    yield reverse("canned-words", args=[greek.cases["a"].pk]) + "?words=συ"
    yield reverse("canned-words", args=[greek.cases["a"].pk]) + "?words=ωωω"


def _plain(name: str) -> bool:
    return not matrix.ROUTES[name].named(None) and name not in NO_PAGES  # type: ignore[arg-type]


def test_on_no_page_is_a_word_left(greek: Greek) -> None:
    TOTP.activate(greek.house.leo, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(greek.house.leo)
    faults = list(_faults(visit(greek.house.leo), _pages(greek)))
    faults += _faults(
        visit(greek.house.olga), iter(["/cases/open", "/hours", "/people", "/notices", "/profile/log-in"])
    )
    assert not faults, "\n".join(faults)


def _doors(greek: Greek) -> Iterator[str]:
    yield from ("/log-in", "/nowhere", "/talk/hello", f"/join/{greek.others['token']}", "/join/over")
    link = greek.others["survey-link"]
    yield from (link, f"{link}/thanks", greek.others["personal-link"], "/survey/over", "/rate/over")
    yield from greek.others["rating-links"]
    yield reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "over"})
    yield from (reverse(name) for name in matrix.ROUTES if name.startswith("account_") and _plain(name))


def test_at_the_door_is_no_word_left(greek: Greek) -> None:
    faults = list(_faults(Client(), _doors(greek)))
    link = letters.password_link(RequestFactory().get("/"), greek.house.leo, greek.house.nia)
    faults += escaped_of(Client().get(link, follow=True))
    faults += _wrong_at_the_door(Client(), greek.others["survey-link"])
    assert not faults, "\n".join(faults)


def _wrong_at_the_door(client: Client, link: str) -> Iterator[str]:
    for address in ("/log-in", "/talk/hello", link, reverse("account_reset_password")):
        for given in ({}, {"login": "mona@shop.example", "password": "wrong", "text": "", "email": "no"}):
            yield from (f"POST {address}: {found}" for found in escaped_of(client.post(address, given)))


def test_every_page_is_looked_at(greek: Greek) -> None:
    looked = set()
    for address in [*_pages(greek), *_doors(greek), *_cases(greek)]:
        try:
            looked.add(resolve(address.partition("?")[0]).url_name)
        except Resolver404:
            continue
    client = visit(greek.house.leo)
    for name in set(contents.names()) - looked - NO_PAGES:
        named = {key: 1 if key in NUMBERS else "x" for key in _keys(name)}
        status = client.get(reverse(name, kwargs=named)).status_code
        assert status in (302, 404, 405), f"{name} is a page: look at it in _pages"


NUMBERS = ("number", "pk", "page", "change", "proposal")


def _keys(name: str) -> list[str]:
    found: list[str] = get_resolver().reverse_dict.getlist(name)[0][0][0][1]
    return found


DEEDS = [name for name, route in matrix.ROUTES.items() if route.kind in ("foreign", "lists", "own", "admin")]
"""What is posted by somebody who is logged in."""


GIVEN = {
    "intent": "complaint", "text": "λόγια", "seen": "1", "delivery": "sent", "reason": "πιο σύντομα", "digest": "x",
    "until": "tomorrow", "tag": "σκηνή", "how": "resolved", "view": "open", "priority": "2", "follow": "yes",
    "right": "no", "name": "Όνομα", "team": "support", "label": "Ετικέτα", "kind": "text", "days": "900", "user": "1",
    "deed": "tag", "cases": "1", "step": "note", "value": "ω", "shortcut": "σ", "email": "no", "role": "agent",
    "what": "hours", "hours-zone": "ω", "hours-day0": "17-9", "hours-own_days": "ω", "send_at": "ω",
    "presence": "absent", "language": "xx", "url": "javascript:x", "purpose": "brand",
    "written_on": "ω", "address": "Οδός 1",
}  # fmt: skip


def test_what_is_said_after_a_deed_leaves_no_word(greek: Greek) -> None:
    client = visit(greek.house.leo)
    responses = list(Response.objects.filter(state__in=["approval", "queued"]).values_list("pk", flat=True))
    faults: set[str] = set()
    for name in DEEDS:
        of_response = name in ("approve", "change", "send-back", "take-back", "send-now")
        numbers = responses if of_response else [greek.cases[case].pk for case in "ad"]
        for number in numbers if "number" in _keys(name) else [1]:
            named = {key: number if key in NUMBERS else "open" for key in _keys(name)}
            for given in ({}, GIVEN) if number != greek.cases["d"].pk else (GIVEN,):
                answer = client.post(reverse(name, kwargs=named), given, headers=PART)
                if answer.status_code in (301, 302) and "log-in" not in answer.headers["Location"]:
                    answer = client.get(answer.headers["Location"])
                faults |= {f"{name}: {found}" for found in escaped_of(answer)}
    assert not faults, "\n".join(sorted(faults))


def test_in_no_letter_that_we_send_is_a_word_left(greek: Greek, settings: Any, rf: RequestFactory) -> None:
    settings.MAIL_GOES_OUT = True
    NoticeWish.objects.bulk_create(
        NoticeWish(user=greek.house.leo, kind=one, mailed=True) for one in Notice.Kind.values
    )
    Notice.objects.update(at=timezone.now() - timedelta(minutes=5))
    assert notice_mail.send_due() == 1
    letters.invitation(rf.get("/"), "eva@people.example", "token")
    for address in ("mona@shop.example", "nobody@shop.example"):
        Client().post(reverse("account_reset_password"), {"email": address})
    assert len(mail.outbox) == 4
    assert not [found for letter in mail.outbox for found in escaped(f"{letter.subject}\n{letter.body}")]


def test_the_page_without_a_database_speaks_too(greek: Greek) -> None:
    for asked in (True, False):
        assert not escaped_in(reconnecting(asked=asked).content.decode())


def test_a_page_says_which_language_it_is_in_and_where_it_begins(
    monkeypatch: pytest.MonkeyPatch, settings: Any, db: None
) -> None:
    settings.LANGUAGES = [("en", "English"), ("ar", "العربيّة")]
    page = Client().get("/log-in", headers={"Accept-Language": "ar"}).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert '<html lang="en" dir="ltr">' in Client().get("/log-in").content.decode()
