"""A small company to try things on: people's words through the real process. Nothing of it leaves the machine."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from armature.arm.rule import rewriting
from armature.crm import company, jobs
from armature.crm.accounts.models import Brand, Role, User
from armature.crm.act import approvals, commands, listening, queries, responses
from armature.crm.act.models import Case, Delivery, Response
from armature.crm.channels import lines
from armature.crm.decide import publishing, tables, versions
from armature.crm.demo import past, rare, staff
from armature.crm.demo.words import SAID
from armature.crm.identify import commands as identify
from armature.crm.identify.models import Fact, Identity
from armature.crm.listen import commands as listen
from armature.crm.listen.models import Channel
from armature.crm.listen.wanted import ListeningQuery

PEOPLE = (
    ("Mona Dahl", "mona", Role.AGENT, None),
    ("Leo Brandt", "leo", Role.LEAD, None),
    ("Nia Okafor", "nia", Role.DRAFT_ONLY, "support"),
    ("Eva Lund", "eva", Role.EXECUTIVE, None),
    ("Ada Voss", "ada", Role.ADMIN, None),
)
PLACES = (
    ("email", "hello@fjord.example", "Mailbox", False),
    ("facebook", "facebook.example/fjord", "Facebook page", True),
    ("mastodon", "@fjord@social.example", "Mastodon", True),
    ("letter", "Quay 4, Bergen", "Letters", False),
    ("counter", "Shop in Bergen", "Counter in Bergen", False),
)


PAGE = {"title": "Write to Fjord Outdoor", "greeting": "Tell us what it is about. You can come back to this page."}


def load(tell: Callable[[int], None] | None = None, address: str = "") -> list[str]:
    """Make the demo company once, and with ``tell`` (which hears percents) its past; the log-ins, for the terminal.

    ``address`` is where the product runs ("http://127.0.0.1:8000"), so that links can be clicked.
    """
    if not User.objects.exists():
        _make()
    if tell and not rare.made():
        past.make(timezone.now(), tell)
    more = past.COLLEAGUES if rare.made() else ()
    return [staff.words(*one) for one in (*PEOPLE, *more)] + [
        f"{'':<12} password for all: {staff.PASSWORD}",
        f"{'A customer':<12} writes without a log-in at {address}/talk/hello",
    ]


def _make() -> None:
    with transaction.atomic():
        brand = company.found("Fjord Outdoor", "Europe/Oslo")
        _as_before()
        for one in PEOPLE:
            staff.join(*one)
        Channel.objects.create(
            kind="web", place="web_form", address="hello", name="Web page", brand=brand, settings=PAGE
        )
        channels = {place: _channel(place, address, name, public, brand) for place, address, name, public in PLACES}
    _listen()
    now = timezone.now()
    _know(now)
    for place, minutes_ago, line in SAID:
        _hear(channels[place], line, now - timedelta(minutes=minutes_ago))
    _settle()
    for external_id, act in DEEDS.items():
        act(Case.objects.select_related("conversation__channel", "identity").get(
            conversation__interaction__external_id=external_id))  # fmt: skip
        _settle()


def _as_before() -> None:
    """What runs automatic from before anything was measured; the weekly check tells how much is missing to say so."""
    table = tables.published(versions.newest_tables()["who_judges"])
    note = "Made up for the demo: as of a company that let the reader judge before it was measured"
    publishing.replace(rewriting.with_output(table, "J04", "judging", "automatic"), note)


def _listen() -> None:
    """What the company wants to hear of."""
    for name, purpose, text in WANTED:
        listening.keep(staff.named("leo"), ListeningQuery(name=name, purpose=purpose, text=text))
    listening.load_signals(staff.named("leo"), "en")


def _channel(place: str, address: str, name: str, public: bool, brand: Brand) -> Channel:
    settings = {"network": place, "public": public}
    return Channel.objects.create(kind="demo", place=place, address=address, name=name, brand=brand, settings=settings)


def _hear(channel: Channel, line: dict[str, Any], at: datetime) -> None:
    public = bool(channel.settings["public"])
    listen.accept(channel, [lines.envelope({"public": public, **line, "occurred_at": at.isoformat()}, at)])


def _know(now: datetime) -> None:
    """Facts that a shop and a profile would give, known before anything is said."""
    for network, address, number, what, amount, days in BOUGHT:
        identity, _ = Identity.objects.get_or_create(network=network, address=address)
        order = {"order_number": number, "what": what, "amount": amount, "currency": "NOK", "source": "the shop"}
        identify.keep_purchases([{"identity": identity.pk, "at": now - timedelta(days=days), **order}])
    for network, address, kind, value, source in FACTS:
        identity, _ = Identity.objects.get_or_create(network=network, address=address)
        Fact.objects.create(identity=identity, kind=kind, value=value, source=source, verified=True, observed_at=now)


def _settle() -> None:
    while jobs.everything():
        Delivery.objects.filter(state=Delivery.State.QUEUED).update(not_before=timezone.now())  # nobody takes it back


def _judged(intent: str) -> Callable[[Case], None]:
    return lambda case: commands.judge_intent(staff.named("mona"), case, intent=intent)


def _answered(intent: str, text: str, writer: str = "mona", approved: bool = False) -> Callable[[Case], None]:
    def act(case: Case) -> None:
        if case.form == "intent":
            commands.judge_intent(staff.named("mona"), case, intent=intent)
            _settle()
            case.refresh_from_db()
        responses.write(staff.named(writer), case, text=text, seen=queries.last_said(case))
        _settle()
        response = Response.objects.select_related("case__conversation__channel", "case__identity").get(case=case)
        if approved and response.state == Response.State.APPROVAL:
            approvals.approve(staff.named("leo"), response, digest=response.digest)

    return act


WANTED = (
    ("Fjord Outdoor", "brand", '("fjord outdoor" OR #fjordoutdoor OR @fjord) NOT (hiring OR vacancy)'),
    ("Boots", "product", "boots OR boot"),
    ("Tents", "product", "tent* NOT (festival OR circus)"),
    ("Nordpeak", "competitor", "nordpeak OR #nordpeak OR @nordpeak"),
)
BOUGHT = (
    ("email", "ingrid@people.example", "F-4711", "Ridge boots, size 39", "1890.00", 41),
    ("email", "ingrid@people.example", "F-3120", "Fell jacket", "2450.00", 402),
    ("facebook", "kaia@people.example", "F-4650", "Ridge boots, size 41", "1890.00", 55),
)
FACTS = (
    ("email", "ingrid@people.example", "tier", "gold", "the shop"),
    ("email", "ingrid@people.example", "last_product", "Ridge boots", "the shop"),
    ("email", "ingrid@people.example", "customer", True, "the shop"),
    ("mastodon", "@wanderblog@social.example", "followers", 61200, "their profile"),
    ("facebook", "kaia@people.example", "last_product", "Ridge boots", "the shop"),
)
DEEDS: dict[str, Callable[[Case], None]] = {
    "demo-cancel": _answered(
        "cancel", "Dear Jonas,\n\nwe have stopped the subscription. If you stay, the next box is on us at ten percent "
        "less: just answer this mail.\n\nMona, Fjord Outdoor", writer="mona",
    ),
    "demo-tent": _answered(
        "question", "Dear Amira,\n\nfour adults fit, five do not. The inner tent is 2.4 by 2.2 metres.\n\n"
        "Mona, Fjord Outdoor", approved=True,
    ),
    "demo-zip": _judged("complaint"),
    "demo-price": _judged("purchase"),
}  # fmt: skip
