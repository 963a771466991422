"""A house in which all data is written in Greek, in every state that a page can show: what is Latin there is ours."""

import json
from dataclasses import replace
from datetime import timedelta

import greek_work as work
import pytest
from django.utils import timezone
from greek import SAID, Greek, rename, say

from armature.arm.rule import rewriting
from armature.crm import jobs, lease
from armature.crm.accounts import invitations
from armature.crm.accounts.models import Membership, Role, Team
from armature.crm.act import (
    aside,
    bulk,
    canned,
    case_settings,
    listening,
    macros,
    marking,
    queries,
    saved,
    spikes,
    tryouts,
)  # fmt: skip
from armature.crm.act.filters import read
from armature.crm.act.models import (
    CannedResponse,
    Case,
    CaseField,
    Macro,
    Tryout,
)  # fmt: skip
from armature.crm.decide import drafts as map_drafts
from armature.crm.decide import rule_lists, tables, versions
from armature.crm.decide.catalogue import KEYS
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import Judgement
from armature.crm.learn.assessments import commands as assessments
from armature.crm.learn.assessments.models import Assessment, AssessmentTodo
from armature.crm.learn.replays import commands as replays
from armature.crm.learn.replays.models import Replay, ReplayChange, ReplayTodo
from armature.crm.learn.who_judges.models import JudgesCheck, JudgesRule
from armature.crm.listen.imports import commands as imports
from armature.crm.listen.imports.models import Import, ImportRow
from armature.crm.listen.models import Channel
from armature.crm.listen.wanted import Hit, ListeningQuery
from house import House
from labelled import labelled
from visitors import to_judge


def fill(house: House, monkeypatch: pytest.MonkeyPatch) -> Greek:
    """All of it."""
    rename(house)
    greek = Greek(house)
    _listen(greek)
    work.waiting(greek)
    work.sent(greek, monkeypatch)
    work.ended(greek)
    work.beside(greek)
    work.people(greek)
    _kept(greek)
    _page_of_ours(greek)
    _rights(greek)
    work.on_paper(greek)
    _past(greek)
    work.surveys(greek)
    work.rate(greek)
    work.one_cause(greek)
    _draw(greek)
    _judge(greek)
    return greek


def _judge(greek: Greek) -> None:
    """Who judges: a row that is held back, an earlier form of the table, checks, and each help at the desk."""
    house = greek.house
    table = tables.published(versions.newest_tables()["who_judges"])
    drawn = rewriting.with_output(table, "J04", "judging", "automatic")
    map_drafts.begin(house.leo, versions.TABLE, "who_judges", name=table.label, body=drawn.to_json().decode())
    earlier = replace(table, key="earlier", label="Νωρίτερα", outputs=("needs_evaluation", *table.outputs[2:]))
    rows = [replace(one, then={"needs_evaluation": True} | dict(list(one.then.items())[2:])) for one in table.rows]
    body = replace(earlier, rows=tuple(rows)).to_json().decode()
    map_drafts.begin(house.leo, versions.TABLE, "earlier", name="Νωρίτερα", body=body)
    labelled(house, 3, 1, SAID)
    for result in JudgesCheck.Result.values:
        JudgesCheck.objects.create(at=timezone.now(), table="ω", version=1, row="Ω", cases=9, agree=8, lower=0.5,
                                   bound=0.95, result=result)  # fmt: skip
    JudgesRule.objects.update_or_create(pk=1, defaults={"checked_at": timezone.now()})
    kept = {"name": "Προσφορά", "text": "{{name}}, μείνετε.", "by": house.leo}
    CannedResponse.objects.create(shortcut="save_offer", **kept)
    for how in ("off", "suggest"):
        greek.cases[how] = to_judge(house, SAID, author=f"{how}@people.example", name="Άννα")
        _say_in_snapshot(greek.cases[how], "judging", how)
    for how in ("suggest", "draft"):
        greek.cases[f"begun {how}"] = say(greek, f"begun-{how}", "cancel", public=False)  # type: ignore[arg-type]
        _say_in_snapshot(greek.cases[f"begun {how}"], "drafting", how)
    greek.others["who judges"] = ["/who-judges?table=who_judges", "/who-judges?table=earlier"]


def _say_in_snapshot(case: Case, key: str, value: str) -> None:
    """As if the table had said so when it was judged."""
    for one in Judgement.objects.filter(interaction__conversation=case.conversation_id):
        facts = json.loads(one.snapshot)
        facts[KEYS.index(key)] = value
        Judgement.objects.filter(pk=one.pk).update(snapshot=json.dumps(facts))


def _draw(greek: Greek) -> None:
    """A table on its way, with something to mend, and a list that a row of it tests."""
    table = tables.published(versions.newest_tables()["business_rules"])
    rule_lists.keep(greek.house.leo, "λόγια", ["φωτιά"])
    table = rewriting.with_cell(table, "R01", "said", "in list list")
    table = rewriting.with_note(rewriting.with_cell(table, "R05", "followers", "πολλοί"), "R06", "Μετά")
    map_drafts.begin(greek.house.leo, versions.TABLE, table.key, name=table.label, body=table.to_json().decode())


def _past(greek: Greek) -> None:
    """Files that are brought in, one in each state, of what was said and of people."""
    house = greek.house
    said = "Πότε,Ποιος,Τι\n2024-02-03 10:00,ίνγκριντ,Το δέμα μου\n".encode()
    people = "Όνομα,Διεύθυνση\nΊνγκριντ,ingrid@people.example\n".encode()
    made = [imports.upload(house.leo, house.brand, "said", "Παλιά", [said]) for _ in Import.State]
    for job, state in zip(made, Import.State, strict=True):
        job.mapping, job.channel, job.state = {"when": 0, "who": 1, "text": 2}, house.mailbox, state
        job.position, job.total, job.begun_at = 1200, 2400, timezone.now() - timedelta(minutes=3)
        job.share, job.counts = 0.5, {"new": 1100, "faulty": 40, "changed": 60}
        job.save()
        why = {"field": "when", "why": SAID, "result": "faulty", "place": "7"}
        ImportRow.objects.create(job=job, number=7, cells=["α"], **why)
    job = tryouts.try_out(
        house.leo,
        house.brand,
        "email",
        "Δικά μας",
        ["date,from,text\n2024-02-03 10:00,ίνγκριντ,Το δέμα μου\n".encode()],
    )
    jobs.try_out()
    kept = {"user": house.leo, "brand": house.brand, "name": "Άλλα", "draft": "d"}
    states = ("failed", "reading", "done")
    greek.others["tryouts"] = [job, *(Tryout.objects.create(state=s, problem=SAID, **kept) for s in states)]
    _replayed(greek)
    _assessed(greek)
    greek.others["imports"] = [*made, imports.upload(house.leo, house.brand, "people", "Λαός", [people])]


def _replayed(greek: Greek) -> None:
    """A replay in each state; the one that is done found something in every case."""
    house, body = greek.house, versions.newest_tables()["business_rules"].body
    drawn = Draft(kind="table", key="business_rules", name="Κανόνες", body=body.replace("retention", "legal"))
    drawn.body = drawn.body.replace('"approval": false', '"approval": true').replace('"support"', '"legal"')
    over = {"last": 1000, "since": "2020-01-01T00:00:00+00:00", "channel": house.mailbox.pk, "brand": house.brand.pk}
    job = replays.begin(house.leo, [drawn], over, today=True)
    replays.carry_out(lease.claim(ReplayTodo, 1))
    change, there = ReplayChange.objects.latest("pk").pk, f"/replays/{job.pk}"
    states = [Replay.objects.create(user=house.leo, tried={}, over={}, state=state, problem=SAID, total=9, done=3,
                                    seconds=0.1) for state in ("running", "failed", "cancelled")]  # fmt: skip
    greek.others["replays"] = [
        there, f"{there}/otherwise", f"{there}/otherwise?kind=differs:team", f"{there}/otherwise?kind=would_ask:intent",
        f"{there}/otherwise/{change}", *(f"/replays/{one.pk}" for one in states),
    ]  # fmt: skip


def _assessed(greek: Greek) -> None:
    """An assessment in each state; the one that is done proposes something of each kind, accepted and put away."""
    house = greek.house
    job = assessments.begin(house.leo, brand=house.brand, channels=[house.mailbox])
    assessments.carry_out(lease.claim(AssessmentTodo, 1))
    job.refresh_from_db()
    share = {"count": 30, "of": 32, "percent": 94, "least": 80}
    kind = {"channel": "email", "intent": "question", "issue_type": "billing", **share}
    rule = {**kind, "row": "R07", "now": "support", "elsewhere": 30, "minutes": 120}
    watched = [{**rule, "public": public, "low": low, "high": high}
               for public, low, high in ((True, 0, 0.5), (False, 0.5, 0.8), (False, 0.8, None))]  # fmt: skip
    job.proposals = [
        *({"kind": "lane", "side": side, "why": "kinds", "numbers": {**share, "kinds": [kind]}}
          for side in ("support", "a:ω@shop.example", "u:0", "rest", "")),
        {"kind": "routing", "side": "support", "why": "routed", "numbers": rule},
        *({"kind": "judging", "side": "", "why": why, "numbers": numbers}
          for why, numbers in zip(("differs", "late", "late"), watched, strict=True)),
    ]  # fmt: skip
    job.answers = {"0": {"what": "accepted", "by": "Λέων", "draft": "map", "key": "reactive"},
                   "1": {"what": "dismissed", "by": "Λέων"}}  # fmt: skip
    job.save()
    there, over = f"/assessment/{job.pk}", {**job.over, "live": False, "since": job.over["until"]}
    more = [
        Assessment.objects.create(user=house.leo, over=over, scope=job.scope, state=state, problem=SAID, total=9,
                                  done=3, seconds=0.1) for state in ("running", "failed", "cancelled", "done")
    ]  # fmt: skip
    greek.others["assessments"] = [
        there, f"{there}/proposals",
        *(f"{there}/exchanges?kind={kind}" for kind in ("never", "again", "waiting", "first")),
        f"{there}/exchanges?kind=never&intent=&channel={house.mailbox.pk}",
        *(f"/assessment/{one.pk}" for one in more), *(f"/assessment/{one.pk}/proposals" for one in more),
    ]  # fmt: skip


def _listen(greek: Greek) -> None:
    """Queries that hear what is said, noise, copies, a spike, and what was looked for in what is kept."""
    house, now = greek.house, timezone.now()
    one = listening.keep(house.leo, ListeningQuery(name="Δέματα", key="q1", purpose="brand", text="δέμα OR σκηνή"))
    listening.keep(house.leo, ListeningQuery(name="Άλλα", key="q2", purpose="competitor", text="άλλο", active=False))
    for number in range(12):
        house.hear(f"{SAID} Πολύ σπασμένο, και η σκηνή επίσης.", author=f"{number}@people.example", name="Άννα",
                   occurred_at=now.isoformat())  # fmt: skip
    house.hear(SAID + " διαφήμιση", author="x@people.example", name="Άννα", occurred_at=now.isoformat())
    house.settle()
    aside.set_aside(house.leo, one, Hit.objects.latest("pk").pk, "Διαφήμιση")
    spikes.look(now)
    done = listening.look_back(house.leo, "δέμα", 30, None)
    house.settle()
    greek.others |= {"query": one, "done": done, "search": listening.look_back(house.leo, "σκηνή", 30, None)}
    listening.look_back(house.leo, one.text, 30, None, one)


def _kept(greek: Greek) -> None:
    house = greek.house
    support = Team.objects.get(key="support")
    one = CannedResponse(team=support, brand=house.brand, language="el")
    body = versions.newest_maps()["reactive"].body
    map_drafts.begin(house.leo, "map", "reactive", name="Χάρτης", body=body)
    greek.others["canned"] = canned.keep(house.leo, one, name="Συγγνώμη", shortcut="συ", text="{{name}}, συγγνώμη.")
    steps = [{"step": "note", "value": "Είδα."}]
    greek.others["macro"] = macros.keep(house.leo, Macro(), name="Σημείωσε", key="1", steps=steps)
    for kind in ("text", "choice", "yes_no", "date", "number"):
        CaseField.objects.create(key=kind, label="Γιατί", kind=kind, choices=["Ένα", "Δύο"], team=support)
    case_settings.set_reopen_days(house.leo, team=support, days=3)
    filters = read({"status": "open", "tag": str(marking.tag_named(house.leo, "σκηνή").pk)})
    greek.others["view"] = saved.keep(house.leo, name="Δική μου", view="open", filters=filters, team=None)
    roles = [(support, house.brand, Role.AGENT.value)]
    greek.others["invitation"], greek.others["token"] = invitations.invite(
        house.leo, email="eva@people.example", roles=roles
    )


def bulk_work(greek: Greek) -> None:
    """What a worker refuses is kept in the words of whoever asked for it: so it is done when the language is chosen."""
    house = greek.house
    both = queries.cases_for(house.leo).filter(pk__in=[greek.cases["a"].pk, greek.cases["d"].pk])
    greek.others["job"] = bulk.ask(house.leo, deed="end", values={"how": "closed", "reason": ""}, chosen=both)
    jobs.everything()


def _page_of_ours(greek: Greek) -> None:
    settings = {"title": "Γράψτε μας", "greeting": "Τα διαβάζουμε όλα."}
    Channel.objects.create(
        kind="web", place="web_form", address="hello", name="Σελίδα", brand=greek.house.brand, settings=settings
    )


def _rights(greek: Greek) -> None:
    greek.others["membership"] = Membership.objects.filter(user=greek.house.mona).first()
