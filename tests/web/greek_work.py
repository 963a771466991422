"""Cases of every kind in the Greek house: waiting, sent, ended, on paper, asked, with others."""

from datetime import timedelta

import pytest
from django.utils import timezone
from greek import OURS, SAID, Greek, say, write

from armature.crm.accounts import profile
from armature.crm.accounts.models import Team
from armature.crm.act import (
    approvals,
    assigning,
    attaching,
    drafts,
    endings,
    incidents,
    joining,
    marking,
    notes,
    persons,
    presence,
    queries,
    rating_links,
    restricted,
    statements,
)  # fmt: skip
from armature.crm.act.models import (
    Case,
    Joined,
    Notice,
    RatingLink,
    Response,
    Sample,
    Statement,
)  # fmt: skip
from armature.crm.channels.lines import Demo
from armature.crm.channels.port import Attachment, ByHand, Outcome, Sent, Unknown
from armature.crm.channels.survey.wording import Question
from armature.crm.decide.models import Judgement
from armature.crm.identify import commands as identify
from armature.crm.identify.models import Fact
from armature.crm.learn.models import Feedback
from armature.crm.listen.models import Channel, Conversation, File, Interaction, Revision
from armature.crm.listen.scans.models import Page, Scan
from asked import answer, ask, ask_after_answers, long_ago, make_survey, open_address, rating_address
from visitors import to_judge


def surveys(greek: Greek) -> None:
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


def rate(greek: Greek) -> None:
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


def one_cause(greek: Greek) -> None:
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


def on_paper(greek: Greek) -> None:
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
    greek.others["phone"] = Channel.objects.create(
        kind="calls", place="phone", name="Τηλέφωνο", address="+302100000000", brand=greek.house.brand
    )


def waiting(greek: Greek) -> None:
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


def sent(greek: Greek, monkeypatch: pytest.MonkeyPatch) -> None:
    document = Attachment("γράμμα", "application/pdf", b"x")
    planned: list[Outcome] = [ByHand(document), Unknown("χάθηκε")]
    monkeypatch.setattr(Demo, "send", lambda *_: planned.pop(0) if planned else Sent("ελήφθη"))
    write(greek, say(greek, "by_hand"))
    write(greek, say(greek, "d"))
    write(greek, say(greek, "e"))
    greek.house.hear("Ευχαριστώ πολύ!", author="e@people.example")
    later = say(greek, "f")
    write(greek, later, send_at=timezone.now() + timedelta(days=1))


def ended(greek: Greek) -> None:
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


def beside(greek: Greek) -> None:
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


def people(greek: Greek) -> None:
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
