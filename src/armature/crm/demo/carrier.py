"""The parcel carrier failed: fifteen people write about it on one day, and their cases are answered together."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from armature.crm import jobs
from armature.crm.accounts.models import Brand, Team
from armature.crm.act import incidents, statements
from armature.crm.act.models import Case, Incident
from armature.crm.channels import lines
from armature.crm.demo import staff
from armature.crm.demo.plot import Somebody
from armature.crm.listen import commands as listen
from armature.crm.listen.models import Channel

TITLE = "Nordpak depot in Oslo is closed: parcels are late"
ABOUT = (
    "Nordpak closed its depot on Monday after a flood. Some 400 parcels of ours stand there. They drive again on "
    "Thursday; nothing was lost. Ask the warehouse before you promise anything sooner."
)
WORDS = (
    "Hello,\n\nyour parcel is delayed: the depot of our carrier Nordpak in Oslo was flooded. Nothing was lost. They "
    "drive again on Thursday, so your parcel reaches you on Friday. You need not do anything. If that is too late for "
    "you, write back and we find another way.\n\nFjord Outdoor"
)
SAID = (
    "Tracking says my parcel is in Oslo since Monday and does not move. What is going on?",
    "Order F-7731: where is my parcel? It should have come on Tuesday.",
    "My boots have not arrived. We leave for the mountains on Saturday!",
    "Is Nordpak on strike? My delivery has been stuck at the depot for three days.",
    "The parcel with the tent is late. Could you check with the carrier, please?",
    "No parcel, no message. I stayed at home all day for the delivery.",
    "I paid for express and it has been five days now. Where is it?",
    "My neighbour waits for a parcel of yours too. Is there a problem with the delivery?",
    "The driver did not come yesterday and not today. When does my jacket arrive?",
    "Tracking number 88120 says: delayed. Until when?",
)
SAID_DE = (
    "Mein Paket steht seit Montag in Oslo. Wann kommt es an?",
    "Die Lieferung ist immer noch nicht da. Was ist mit Nordpak los?",
    "Bestellung F-6120: Das Paket sollte gestern kommen. Wo ist es?",
)
SAID_FR = (
    "Mon colis est bloqué à Oslo depuis lundi. Quand arrive-t-il ?",
    "Toujours pas de livraison, et personne ne répond chez Nordpak.",
)


def make(folk: Sequence[Somebody], now: datetime) -> None:
    """What they say comes in, the incident is opened, its statement waits for somebody to release it; done once."""
    if Incident.objects.filter(title=TITLE).exists():
        return
    brand = Brand.objects.order_by("id")[0]
    mailbox = Channel.objects.get(kind="demo", place="email", brand=brand, address="hello@fjord.example")
    said = [("en", text) for text in SAID] + [("de", text) for text in SAID_DE] + [("fr", text) for text in SAID_FR]
    people = {name: (one for one in reversed(folk) if one.language == name) for name, _text in said}
    for number, (language, text) in enumerate(said):
        who = next(people[language])
        at = now - timedelta(minutes=400 - 25 * number)
        line = {
            "external_id": f"carrier-{number}", "author": who.address("email"), "name": who.name, "text": text,
            "subject": "", "occurred_at": at.isoformat(), "kind": "message",
        }  # fmt: skip
        listen.accept(mailbox, [lines.envelope(line, at)])
    while jobs.inside():
        pass
    incident = incidents.begin(
        staff.named("leo"), title=TITLE, about=ABOUT, team=Team.objects.get(key="support"), brand=brand, priority=1,
        due=now + timedelta(hours=2),
    )  # fmt: skip
    theirs = Case.objects.filter(conversation__interaction__external_id__startswith="carrier-")
    incidents.join_all(staff.named("mona"), list(theirs.select_related("conversation__channel")), incident)
    statements.keep(staff.named("mona"), incident, text=WORDS, version=0, hand_in=True)
