"""Three months of the demo company's past, played through the real process with its clock set back.

Whoever speaks is accepted as on any channel; whoever works does what the case asks of them then, with the rights they
have. What lies in the future has not happened: the newest conversations are left in every state.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from armature.crm import jobs
from armature.crm.accounts.models import Brand, BusinessHours, Promise, Role, User
from armature.crm.act import approvals, commands, endings, marking, notes, queries, responses
from armature.crm.act.models import Case, Delivery, Response
from armature.crm.channels import lines
from armature.crm.company import OFFICE_WEEK
from armature.crm.decide import todo
from armature.crm.demo import clock, folk, plot, rare, staff
from armature.crm.demo.plot import Event, Talk
from armature.crm.identify.models import Identity
from armature.crm.listen import commands as listen
from armature.crm.listen.models import Channel, Interaction

SEED = 20_26
PROMISED = 180
"""Minutes of business time to the first answer."""
COLLEAGUES = (
    ("Sofia Berg", "sofia", Role.AGENT, "support"),
    ("Tarik Aydin", "tarik", Role.AGENT, "support"),
    ("Hugo Martin", "hugo", Role.AGENT, "sales"),
    ("Ruth Nilsen", "ruth", Role.LEAD, "sales"),
    ("Jon Aas", "jon", Role.AGENT, "marketing"),
    ("Petra Lang", "petra", Role.AGENT, "legal"),
    ("Lena Vogt", "lena", Role.AGENT, "community"),
)
"""Beside those that the demo begins with: twelve people, in five teams and everywhere."""
PLACES = (
    ("web", "web", "fjord.example/contact", "Contact form", False),
    ("review", "review", "reviews.example/fjord", "Reviews of the shop", True),
    ("phone", "phone", "+47 55 51 23 45", "Hotline", False),
    ("card", "card", "Shops", "Comment cards", False),
    ("cabins", "email", "hello@lyng.example", "Lyng Cabins, mail", False),
    ("cabin_review", "review", "reviews.example/lyng", "Reviews of the cabins", True),
)
NETWORKS = {"web": "email", "cabins": "email", "cabin_review": "review"}
KINDS = {"letter": "letter", "card": "card", "counter": "meeting", "phone": "call", "review": "review",
         "cabin_review": "review"}  # fmt: skip
TAGS = ("parcel", "warranty", "repair", "return", "Bergen", "VIP")
NOTES = ("@Leo Brandt is this one ours?", "Spoke to the warehouse, they look for it.", "Same batch as last week.",
         "Customer for nine years, be generous.")  # fmt: skip


def make(now: datetime, tell: Callable[[int], None]) -> None:
    """All of it; ``tell`` hears how many percent are done. Made again after a sudden end, it goes on where it was."""
    # Each part draws for itself: one that is left out, because it is done, changes nothing of the others.
    chances = [random.Random(SEED + part) for part in range(4)]  # noqa: S311  a play, no secret
    everybody = folk.draw(chances[0])
    channels = _stage()
    if not Identity.objects.filter(network="email", address=everybody[-1].address("email")).exists():
        with transaction.atomic():
            folk.keep(everybody, now, chances[1])
    events = plot.events(plot.talks(everybody, chances[2]), now, chances[2])
    with staff.at_work():
        _play(events, channels, chances[3], tell)
    rare.make(everybody, now, chances[3])
    tell(100)


@transaction.atomic
def _stage() -> dict[str, Channel]:
    """A second brand, more colleagues, more places."""
    ours = Brand.objects.order_by("id")[0]
    cabins, _ = Brand.objects.get_or_create(key="cabins", defaults={"name": "Lyng Cabins"})
    BusinessHours.objects.get_or_create(
        brand=cabins, team=None, defaults={"timezone": "Europe/Oslo", "week": OFFICE_WEEK}
    )
    # Three hours of business time to the first answer: most are kept, some are not, and measures have both.
    Promise.objects.get_or_create(brand=ours, team=None, defaults={"first": PROMISED})
    for name, key, role, team in COLLEAGUES:
        staff.join(name, key, role, team)
    for key, place, address, name, public in PLACES:
        settings = {"network": NETWORKS.get(key, place), "public": public}
        brand = cabins if "cabin" in key else ours
        Channel.objects.get_or_create(
            kind="demo", place=place, address=address, defaults={"name": name, "brand": brand, "settings": settings}
        )
    found = {one.place: one for one in Channel.objects.filter(kind="demo", brand=ours)}
    return found | {
        key: Channel.objects.get(kind="demo", address=address) for key, _, address, _, _ in PLACES if "cabin" in key
    }


def _play(
    events: Sequence[Event], channels: dict[str, Channel], chance: random.Random, tell: Callable[[int], None]
) -> None:
    clock.prepare()
    done = 0
    for (speaks, _), part in groupby(events, lambda one: (one.part is not None, one.at.date())):
        together = list(part)
        if speaks:
            _say(together, channels)
        else:
            _work(together, chance)
        done += len(together)
        tell(99 * done // len(events))
    _silence()


def _say(together: Sequence[Event], channels: dict[str, Channel]) -> None:
    """What is said before somebody works again comes in as one batch."""
    since = clock.database_now()
    with clock.standing_at(together[-1].at):
        for one in together:
            channel = channels[one.talk.place]
            listen.accept(channel, [lines.envelope(_line(one, channel), one.at)])
        while jobs.inside():
            pass
    _put_back(since, together)


def _line(one: Event, channel: Channel) -> dict[str, object]:
    talk = one.talk
    first = f"past-{talk.number}-0"
    line: dict[str, object] = {
        "external_id": f"past-{talk.number}-{one.part}", "author": talk.who.address(talk.place), "name": talk.who.name,
        "subject": talk.subject, "text": talk.back if one.part else talk.text, "occurred_at": one.at.isoformat(),
        "public": channel.settings["public"], "kind": KINDS.get(talk.place, "message"),
    }  # fmt: skip
    return line | ({"in_reply_to": first} if one.part else {})


def _work(together: Sequence[Event], chance: random.Random) -> None:
    """Somebody opens each case and does what it asks for, if it asks for anything."""
    cases = _cases(one.talk for one in together)
    for one in together:
        if (case := cases.get(one.talk.number)) and _do(one, case, chance):
            cases |= _cases([one.talk])


def _do(one: Event, case: Case, chance: random.Random) -> bool:
    """Whether there was anything to do."""
    deed = DEEDS.get(case.form) if case.status in ("new", "open", "pending") else None
    if deed is None:
        return False
    since = clock.database_now()
    with clock.standing_at(one.at):
        with transaction.atomic():
            deed(one.talk, case, chance)
        settle(case.conversation_id)
    clock.put_back(since, clock.database_now(), {case.conversation_id: one.at})
    return True


def _cases(talks: Iterable[Talk]) -> dict[int, Case]:
    """The case of each of these, by the number of the talk; the newest, where there are several."""
    numbers = {f"past-{talk.number}-0": talk.number for talk in talks}
    found = Case.objects.filter(conversation__interaction__external_id__in=list(numbers)).order_by("pk")
    named = found.annotate(said=F("conversation__interaction__external_id"))
    return {numbers[one.said]: one for one in named.select_related("conversation__channel", "identity")}


def _judge(talk: Talk, case: Case, chance: random.Random) -> None:
    commands.judge_intent(staff.named("mona"), case, intent=talk.intent)
    if chance.random() < 0.25:
        marking.tag(staff.named("mona"), case, name=chance.choice(TAGS))


def _write(talk: Talk, case: Case, chance: random.Random) -> None:
    if not talk.answer:
        how = "spam" if talk.intent == "spam" else "no_response"
        endings.end(
            staff.named("leo"), case, how=how, reason="" if how == "spam" else "Passed on inside; nobody waits."
        )
        return
    writer = staff.named("eva") if case.form == "executive" else _writer(case, chance)
    if chance.random() < 0.12:
        notes.add_note(writer, case, text=chance.choice(NOTES))
    said = queries.last_said(case)
    later = case.responses.filter(state=Response.State.SENT).exists()
    text = AGAIN[talk.who.language][talk.sour].format(first=talk.who.first) if later else talk.answer
    responses.write(writer, case, text=f"{text}\n\n{writer.name.split()[0]}", seen=said)


def _writer(case: Case, chance: random.Random) -> User:
    """One of the team that the case is with, a trainee now and then, else whoever is everywhere."""
    team = [key for _, key, role, team in COLLEAGUES if team == case.team]
    if case.team == "support" and chance.random() < 0.2:
        return staff.named("nia")
    return staff.named(chance.choice([*team, *team, "mona"]))


def _approve(talk: Talk, case: Case, chance: random.Random) -> None:
    response = case.responses.select_related("case__conversation__channel", "case__identity").get(
        state=Response.State.APPROVAL
    )
    for key in ("leo", "eva", "ruth"):
        user = staff.named(key)
        if approvals.may_release(user, response):
            break
    else:
        return
    drawn = chance.random()
    if drawn < 0.12:
        approvals.send_back(user, response, reason="Too short. Say what happens next, and when.")
    elif drawn < 0.25:
        text = response.text.replace("Hi ", "Dear ", 1) if "Hi " in response.text else f"{response.text}\n"
        approvals.change(user, response, digest=response.digest, text=text)
    else:
        approvals.approve(user, response, digest=response.digest)


AGAIN = {
    "en": ("Thank you for writing back, {first}. All the best!",
           "Dear {first},\n\nI am sorry, that was not good enough. It is on top of my list; I call you today."),
    "de": ("Danke für Ihre Nachricht, {first}. Alles Gute!",
           "Guten Tag {first},\n\ndas tut mir leid. Ich kümmere mich selbst darum und rufe Sie heute an."),
    "fr": ("Merci de votre message, {first}. Bonne continuation !",
           "Bonjour {first},\n\nje suis désolé. Je m'en occupe moi-même et vous appelle aujourd'hui."),
}  # fmt: skip
"""What we say to somebody who wrote back, content or not."""


DEEDS: dict[str, Callable[[Talk, Case, random.Random], None]] = {
    "intent": _judge, "response": _write, "executive": _write, "approval": _approve,
}  # fmt: skip
"""What people do, by what the case asks for."""


def settle(conversation: int) -> None:
    """The conversation goes on, and what was released leaves: nobody takes it back."""
    jobs.go_on(conversation)
    queued = Delivery.objects.filter(state=Delivery.State.QUEUED, response__case__conversation=conversation)
    if waiting := queued.update(not_before=timezone.now() - timedelta(days=1)):
        jobs.send(waiting)
        jobs.go_on(conversation)


def _silence() -> None:
    """Whoever did not write back in time was silent, then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (conversation_id) conversation_id, next_timer_at FROM decide_wait "
            "WHERE state = 'open' AND form = 'feedback' AND next_timer_at < now() ORDER BY 1, 2"
        )
        due = dict(cursor.fetchall())
    since = clock.database_now()
    todo.add(due)
    while jobs.judge_conversations():
        pass
    clock.put_back(since, clock.database_now(), due)


def _put_back(since: datetime, events: Sequence[Event]) -> None:
    when = {f"past-{one.talk.number}-0": one.at for one in events}
    found = Interaction.objects.filter(external_id__in=list(when)).values_list("conversation_id", "external_id")
    clock.put_back(since, clock.database_now(), {conversation: when[name] for conversation, name in found})
