"""A house in which all data is written in Greek, in every state that a page can show: what is Latin there is ours."""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from armature.arm.rule import rewriting
from armature.crm import jobs, lease
from armature.crm.accounts import invitations, profile
from armature.crm.accounts.models import Brand, Membership, Role, Team, User
from armature.crm.act import (
    approvals,
    aside,
    assigning,
    attaching,
    bulk,
    canned,
    case_settings,
    drafts,
    endings,
    incidents,
    joining,
    listening,
    macros,
    marking,
    notes,
    persons,
    presence,
    queries,
    rating_links,
    responses,
    restricted,
    saved,
    spikes,
    statements,
    tryouts,
)  # fmt: skip
from armature.crm.act.filters import read
from armature.crm.act.models import (
    CannedResponse,
    Case,
    CaseField,
    Joined,
    Macro,
    Notice,
    RatingLink,
    Response,
    Sample,
    Statement,
    Tryout,
)  # fmt: skip
from armature.crm.channels.lines import Demo
from armature.crm.channels.port import Attachment, ByHand, Outcome, Sent, Unknown
from armature.crm.channels.survey.wording import Question
from armature.crm.decide import drafts as map_drafts
from armature.crm.decide import rule_lists, tables, versions
from armature.crm.decide.catalogue import KEYS
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import Judgement
from armature.crm.identify import commands as identify
from armature.crm.identify.models import Fact
from armature.crm.learn.assessments import commands as assessments
from armature.crm.learn.assessments.models import Assessment, AssessmentTodo
from armature.crm.learn.models import Feedback
from armature.crm.learn.replays import commands as replays
from armature.crm.learn.replays.models import Replay, ReplayChange, ReplayTodo
from armature.crm.learn.who_judges.models import JudgesCheck, JudgesRule
from armature.crm.listen.imports import commands as imports
from armature.crm.listen.imports.models import Import, ImportRow
from armature.crm.listen.models import Channel, Conversation, File, Interaction, Revision
from armature.crm.listen.scans.models import Page, Scan
from armature.crm.listen.wanted import Hit, ListeningQuery
from asked import answer, ask, ask_after_answers, long_ago, make_survey, open_address, rating_address
from house import House
from labelled import labelled
from visitors import to_answer, to_judge

SAID = "Το δέμα μου είναι σπασμένο."
OURS = "Λυπούμαστε πολύ."
TEAMS = ("Ομάδα", "Πωλήσεις", "Νομικό", "Γραφείο")


@dataclass
class Greek:
    """The house and what stands in it, by name."""

    house: House
    cases: dict[str, Case] = field(default_factory=dict)
    response: Response | None = None
    others: dict[str, Any] = field(default_factory=dict)


def rename(house: House) -> None:
    """Whatever has a name gets a Greek one."""
    for number, user in enumerate(User.objects.order_by("pk")):
        User.objects.filter(pk=user.pk).update(name=f"{'ΜΛΝΟ'[number]}όνα", signature="Με εκτίμηση")
    for number, team in enumerate(Team.objects.order_by("pk")):
        Team.objects.filter(pk=team.pk).update(name=f"{TEAMS[number % 4]} {number}")
    Brand.objects.update(name="Εταιρεία")
    Channel.objects.update(name="Γραμματοκιβώτιο")
    for user in (house.mona, house.leo, house.nia, house.olga):
        user.refresh_from_db()
    Membership.objects.filter(user=house.leo).update(role=Role.ADMIN)


def say(greek: Greek, name: str, intent: str = "complaint", **more: str) -> Case:
    """A case that waits for an answer, of somebody of its own."""
    who = {"author": f"{name}@people.example", "name": "Ίνγκριντ", "subject": "Δέμα", "text": SAID}
    greek.cases[name] = to_answer(greek.house, intent, **who | more)
    return greek.cases[name]


def write(greek: Greek, case: Case, user: User | None = None, **terms: Any) -> Response:
    """An answer, as far as the workers bring it."""
    writer = user or greek.house.mona
    said = queries.last_said(case)
    found = responses.write(writer, case, text=OURS, seen=said, terms=drafts.Terms(**terms))
    greek.house.settle()
    return found


def fill(house: House, monkeypatch: pytest.MonkeyPatch) -> Greek:
    """All of it."""
    rename(house)
    greek = Greek(house)
    _listen(greek)
    _waiting(greek)
    _sent(greek, monkeypatch)
    _ended(greek)
    _beside(greek)
    _people(greek)
    _kept(greek)
    _page_of_ours(greek)
    _rights(greek)
    _on_paper(greek)
    _ask(greek)
    _rate(greek)
    _incidents(greek)
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


def _ask(greek: Greek) -> None:
    """A survey with each kind of question that people answered, in each of its states for those who look at it."""
    asked = (Question("q1", "text", "Γιατί;"), Question("q2", "choices", "Τι;", ("Δέμα", "Σκηνή")),
             Question("q3", "yes_no", "Πάλι;"), Question("q4", "number", "Πόσο;"))  # fmt: skip
    house = greek.house
    one = make_survey(house, questions=asked, name="Έρευνα", rating="Θα μας συστήνατε;", thanks="Ευχαριστώ.")
    make_survey(house, "csat", opened=False, rating="Πόσο;", name="Άλλη", closes_on=timezone.localdate())
    given = {"q-q1": SAID, "q-q2": ["Δέμα"], "q-q3": "yes", "q-q4": "3"}
    _link, answered = ask(house, greek.cases["b"], one)
    answer(answered, rating="2", **given)
    answer(answered, rating="3", **given)
    _waiting, personal = ask(house, greek.cases["a"], one)
    over, _address = ask(house, greek.cases["d"], one)
    long_ago(over, 40)
    house.settle()
    # What a survey hands in is in its own language: here it is Greek too.
    Channel.objects.filter(kind="survey").update(name="Έρευνες")
    Conversation.objects.filter(channel__kind="survey").update(subject="Έρευνα")
    Interaction.objects.filter(kind="survey").update(subject="Έρευνα", text=SAID)
    Revision.objects.filter(channel__kind="survey").update(subject="Έρευνα", text=SAID)
    greek.cases["survey"] = Case.objects.get(conversation__interaction__kind="survey")
    greek.others |= {"survey": one, "survey-link": open_address(one), "personal-link": personal}


def _rate(greek: Greek) -> None:
    """Answers ask how they were: one that nobody rated, one of which everything is known that can come back."""
    house = greek.house
    ask_after_answers(house, words="Πώς ήταν;")
    out = Response.objects.filter(deliveries__state__in=rating_links.OUT).select_related("case")
    sent = list(out.order_by("-state", "pk")[:2])  # of one nobody knows for sure that it is
    for one, commented in zip(sent, (None, timezone.now()), strict=True):
        RatingLink.objects.create(response=one, identity_id=one.case.identity_id, line="Πώς;", commented_at=commented)
    for kind, verdict, figures in (
        ("rating", "not_satisfied", {"stars": 2}), ("survey", "satisfied", {"score": 9, "most": 10}),
        ("survey", "", {"score": 8, "most": 10}), ("reply", "satisfied", {}), ("silence", "silence", {}),
    ):  # fmt: skip
        if not Feedback.objects.filter(response=sent[1], kind=kind).exists():
            Feedback.objects.create(response=sent[1], kind=kind, verdict=verdict, **figures)
    greek.others["rating-links"] = [rating_address(one) for one in sent]


def _incidents(greek: Greek) -> None:
    """One in each state that its page can show: nothing written, a draft, words that wait, released, closed."""
    house, team = greek.house, Team.objects.get(key="support")
    made = [
        incidents.begin(house.leo, title="Φορτηγό", about=SAID, team=team, brand=house.brand,
                        due=timezone.now() + timedelta(hours=1))
        for _ in range(5)
    ]  # fmt: skip
    for one, name in zip(made, "abcd", strict=False):
        incidents.join_all(house.leo, [greek.cases[name]], one)
    for one in made[1:]:
        writer = house.mona if one != made[1] else house.leo
        words = statements.keep(writer, one, text=OURS, version=0, hand_in=one != made[1])
        if one in made[3:]:
            statements.release(house.leo, one, digest=words.digest)
            house.settle()
    incidents.close(house.leo, made[4])
    Statement.objects.filter(incident=made[1]).update(why="Όχι")
    Joined.objects.filter(incident=made[0]).update(why="Όχι")
    greek.others["incidents"] = made


def _on_paper(greek: Greek) -> None:
    """Paper in every state: being read, to check with a doubtful word and a page that no machine reads, dropped."""
    box = Channel.objects.create(
        kind="letter", place="letter", name="Γράμματα", address="1", brand=greek.house.brand, settings={}
    )
    Channel.objects.create(kind="lines", place="event", name="Γιορτή", address="2", brand=greek.house.brand)
    kept = {"channel": box, "content_type": "", "size": 1, "uploaded_by": greek.house.leo, "text": SAID}
    scans = [
        Scan.objects.create(digest=str(number), name=f"σάρωση {number}", state=state, **kept)
        for number, state in enumerate(("reading", "to_check", "to_check", "dropped"))
    ]
    words = [["δέμα", 12, 5, 5, 40, 10, 0]]
    Page.objects.create(scan=scans[1], number=1, digest="a" * 64, width=200, height=300, words=words)
    Page.objects.create(scan=scans[1], number=2, problem="χάθηκε", read_at=timezone.now())
    greek.others["scans"] = scans
    _past(greek)
    greek.others["phone"] = Channel.objects.create(
        kind="calls", place="phone", name="Τηλέφωνο", address="+302100000000", brand=greek.house.brand
    )


def _waiting(greek: Greek) -> None:
    house = greek.house
    who = {"author": "judge@people.example", "name": "Άννα", "subject": "Ερώτηση"}
    greek.cases["judge"] = to_judge(house, SAID, **who)
    Interaction.objects.filter(conversation=greek.cases["judge"].conversation_id).update(
        warning="The mail names no sender.", automatic="μηχανή"
    )
    case = say(greek, "a")
    drafts.save(house.mona, case, text=OURS)
    drafts.save(house.nia, case, text=OURS)
    attaching.attach(house.leo, case, name="αρχείο.πδφ", body=b"x", text=OURS)
    asked = say(greek, "b", "cancel")
    response = write(greek, asked, copies=("stranger@people.example",))
    greek.response = queries.response_for(house.leo, response.pk)
    approvals.change(house.leo, greek.response, digest=greek.response.digest, text=OURS + " Αλήθεια.")
    drafted = say(greek, "c")
    write(greek, drafted, house.nia)


def _sent(greek: Greek, monkeypatch: pytest.MonkeyPatch) -> None:
    document = Attachment("γράμμα", "application/pdf", b"x")
    planned: list[Outcome] = [ByHand(document), Unknown("χάθηκε")]
    monkeypatch.setattr(Demo, "send", lambda *_: planned.pop(0) if planned else Sent("ελήφθη"))
    write(greek, say(greek, "by_hand"))
    write(greek, say(greek, "d"))
    write(greek, say(greek, "e"))
    greek.house.hear("Ευχαριστώ πολύ!", author="e@people.example")
    later = say(greek, "f")
    write(greek, later, send_at=timezone.now() + timedelta(days=1))


def _ended(greek: Greek) -> None:
    house = greek.house
    endings.end(house.mona, say(greek, "g"), how="no_response", reason="Δεν χρειάζεται.")
    endings.end(house.mona, say(greek, "h"), how="resolved")
    sample = Judgement.objects.filter(interaction__conversation=greek.cases["h"].conversation_id).latest("pk")
    Sample.objects.create(judgement=sample, case=greek.cases["h"])
    marking.snooze(house.mona, say(greek, "i"), until=timezone.now() + timedelta(days=2))
    first = say(greek, "j")
    house.hear(SAID, author="j@people.example")
    house.hear(SAID, author="j@people.example", in_reply_to=f"said-{house.said}")
    house.settle()
    second = house.case("j@people.example")
    greek.cases["two"] = second
    greek.others["link"] = joining.merge(house.mona, first, into=second)


def _beside(greek: Greek) -> None:
    house, case = greek.house, greek.cases["a"]
    assigning.assign(house.leo, case, to=house.mona, seen=None)
    marking.tag(house.leo, case, name="σκηνή")
    marking.follow(house.leo, case)
    notes.add_note(house.mona, case, text="@Λόνα κοίτα.")
    presence.around(house.mona, case.pk, True)
    presence.around(house.nia, case.pk, False)
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now(), promised_at=timezone.now())
    said = Interaction.objects.filter(conversation=case.conversation_id, direction="in").latest("pk")
    greek.others["file"] = File.objects.create(interaction=said, digest="a" * 64, name="", content_type="", size=2000)
    restricted.restrict(house.leo, greek.cases["c"], reason="Ευαίσθητο.", readers=[house.mona])
    for kind in Notice.Kind.values:
        Notice.objects.create(user=house.leo, case=case if kind != "bulk" else None, kind=kind, text="κείμενο")
    profile.be(house.nia, "absent", until=timezone.localdate() + timedelta(days=3), stand_in=house.mona)


def _people(greek: Greek) -> None:
    house, identity = greek.house, greek.cases["a"].identity
    person = identify.person_of(identity.pk)
    persons.change(house.mona, person, name="Ίνγκριντ", company="Έργα")
    persons.note(house.mona, person, "Αγαπά το τσάι.")
    order = {"identity": identity.pk, "source": "μαγαζί", "order_number": "4711", "what": "Σκηνή", "currency": "€"}
    identify.keep_purchases([order | {"at": timezone.now().isoformat(), "amount": "1"}])
    for kind, verified in (("tier", True), ("followers", False), ("last_product", True)):
        Fact.objects.create(identity=identity, kind=kind, value="5", source="μαγαζί", verified=verified,
                            observed_at=timezone.now())  # fmt: skip
    person.refresh_from_db()
    greek.others |= {"person": person, "company": person.company}
    house.hear(SAID, author="a@people.example", name="Ίνγκριντ", automatic="")
    house.settle()


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
