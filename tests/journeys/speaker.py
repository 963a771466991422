"""Beside a running demo: lets customers speak and brings about what is rare. Reads orders as JSON lines, answers each.

Started with the demo's folder; it uses the same database as the demo, and its workers do the rest.
"""

import json
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from armature import postgres


def main(home: Path) -> None:
    cluster = postgres.Cluster(home)
    cluster.start()
    os.environ["DATABASE_URL"] = cluster.url("armature_demo")
    os.environ["ARMATURE_SECRET_KEY"] = (home / "secret_key").read_text().strip()
    os.environ["ARMATURE_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "armature.site.settings"
    import django

    django.setup()
    for line in sys.stdin:
        order = json.loads(line)
        done = DEEDS[order.pop("do")](**order)
        print(json.dumps(done), flush=True)


def deed(user: str, external_id: str, deed: str, more: dict[str, Any]) -> bool:
    """One command of the desk, by its module and name."""
    from importlib import import_module

    from armature.crm import live
    from armature.crm.accounts.models import User
    from armature.crm.act import queries

    module, name = deed.split(".")
    if "until" in more:
        more["until"] = datetime.fromisoformat(more["until"])
    who = User.objects.get(email=f"{user}@fjord.example")
    case = queries.cases_for(who).get(conversation__interaction__external_id=external_id)
    getattr(import_module(f"armature.crm.act.{module}"), name)(who, case, **more)
    live.tell()
    return True


def furnish() -> dict[str, int]:
    """What leads and administrators keep: words, a macro, a field, a view, bulk work, an invitation, a company."""
    from armature.crm.accounts import invitations
    from armature.crm.accounts.models import Brand, Role, Team, User
    from armature.crm.act import bulk, canned, case_settings, incidents, listening, macros, queries, saved, statements
    from armature.crm.act.filters import read
    from armature.crm.act.models import CannedResponse, Macro
    from armature.crm.decide import drafts, versions
    from armature.crm.identify.models import Company, Identity, Person
    from armature.crm.listen.wanted import ListeningQuery

    leo, ada = (User.objects.get(email=f"{name}@fjord.example") for name in ("leo", "ada"))
    team = Team.objects.get(key="support")
    drawn = versions.newest_maps()["reactive"].body.replace(' arm:form="approval"', "")
    if held := drafts.draft_for(leo, "map", "reactive"):  # another journey left it
        drafts.give_up(leo, held)
    drafts.begin(leo, "map", "reactive", name="Reactive ARM process", body=drawn)
    words = canned.keep(leo, CannedResponse(), shortcut="late", name="It is late", text=LATE, team=team)
    macro = macros.keep(leo, Macro(), steps=[{"step": "tag", "value": "parcel"}, {"step": "draft", "value": LATE}],
                        name="Parcel is late", key="1", team=team)  # fmt: skip
    case_settings.add_field(ada, label="Product", kind="choice", choices=["Boots", "Tent"], team=team, at_end=True)
    view = saved.keep(leo, name="Complaints of today", view="open", filters=read({"intent": "complaint"}), team=team)
    mail = queries.cases_for(leo).filter(conversation__channel__place="email")
    job = bulk.ask(leo, deed="priority", values={"priority": 2}, chosen=mail)
    invitations.invite(ada, email="ola@fjord.example", roles=[(team, None, Role.AGENT)])
    person = Person.objects.get(identities__address="amira@people.example")
    firm, _ = Company.objects.get_or_create(key="haddad reiser as", defaults={"name": "Haddad Reiser AS"})
    Person.objects.filter(pk=person.pk).update(company=firm)
    heard = ListeningQuery.objects.get(key="boots")
    van = incidents.begin(leo, title="A van is lost", team=team, brand=Brand.objects.order_by("pk")[0])
    incidents.join_all(leo, list(mail[:2]), van)
    statements.keep(leo, van, text=LATE, version=0)
    return {
        "incident": van.pk, "query": heard.pk, "tried": listening.look_back(leo, "boots OR tent", 30, None).pk,
        "canned": words.pk, "macro": macro.pk, "view": view.pk, "job": job.pk, "company": firm.pk,
        "person": person.pk,
        "identity": Identity.objects.get(network="email", address="ingrid@people.example").pk,
    }  # fmt: skip


def presences() -> dict[str, int]:
    """Channels in each state, paper to check, a query that hears much more: the numbers of what was made."""
    import presences as made

    return made.make()


def page(template: str, context: dict[str, Any]) -> str:
    """A page as the server writes it; forms of it are made here."""
    from django.template.loader import render_to_string

    from armature.crm.web.door.forms import FirstAdmin

    return render_to_string(template, {"form": FirstAdmin(), **context})


def hear(place: str, **line: Any) -> bool:
    """Somebody says something now."""
    from django.utils import timezone

    from armature.crm.channels import lines
    from armature.crm.listen import commands
    from armature.crm.listen.models import Channel

    channel = Channel.objects.filter(place=place).earliest("pk")  # the demo's own; tests add others beside it
    now = timezone.now()
    said = {"public": channel.settings["public"], "occurred_at": now.isoformat(), **line}
    commands.accept(channel, [lines.envelope(said, now)])
    return True


def number(external_id: str, form: str | None = None) -> int:
    """The case in which that was said; 0 until there is one (that waits for ``form``)."""
    from armature.crm.act.models import Case

    found = Case.objects.filter(conversation__interaction__external_id=external_id)
    case = (found.filter(form=form) if form is not None else found).first()
    return case.pk if case else 0


def unknown(external_id: str, intent: str, text: str) -> bool:
    """Mona answers, and the worker that hands it over dies in the middle: nobody knows whether it went out."""
    from django.db import transaction
    from django.utils import timezone

    from armature.crm import jobs
    from armature.crm.accounts.models import User
    from armature.crm.act import commands, queries, responses
    from armature.crm.act.models import Delivery

    mona = User.objects.get(email="mona@fjord.example")
    with transaction.atomic():
        case = queries.cases_for(mona).get(conversation__interaction__external_id=external_id)
        commands.judge_intent(mona, case, intent=intent)
        jobs.judge_conversations()
        case = queries.case_for(mona, case.pk)
        responses.write(mona, case, text=text, seen=queries.last_said(case))
        jobs.judge_conversations()
        long_ago = timezone.now() - timedelta(hours=1)
        died = Delivery.objects.filter(response__case=case)
        return bool(died.update(state="sending", token=1, claimed_at=long_ago))


LATE = "Dear {{first_name}},\n\nyour parcel left today. {{agent}}"
DEEDS = {"hear": hear, "unknown": unknown, "number": number, "deed": deed, "furnish": furnish, "page": page,
         "presences": presences}  # fmt: skip

if __name__ == "__main__":
    main(Path(sys.argv[1]))
