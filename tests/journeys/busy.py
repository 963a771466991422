"""The demo in the middle of a working day: something of everything, so that no page of it is empty."""

from datetime import UTC, datetime, timedelta

from company import Company

VAGUE = "About 4711 and the other thing."
"""Words that no reader is sure of: a person judges them."""


def fill(company: Company) -> dict[str, int]:
    """A case in each state, and something on every page: the numbers by what they are of."""
    for name, author in PEOPLE.items():
        line = {"subject": SUBJECTS[name], "text": SAID.get(name, VAGUE), "author": f"{name}@people.example"}
        company.hear("email", external_id=f"busy-{name}", name=author, **line)
    company.hear("email", external_id="busy-thanks", author="amira@people.example", name="Amira Haddad",
                 in_reply_to="demo-tent", text="Thank you so much, that was quick!")  # fmt: skip
    company.unknown(external_id="busy-unknown", intent="complaint", text="Dear Ulf, we are sorry.")
    numbers = {name: company.case(f"busy-{name}", FORMS.get(name, "intent")) for name in PEOPLE}
    _work(company)
    numbers |= {name: company.case(f"demo-{said}") for name, said in DEMO.items()}
    return numbers | company.furnish() | company.presences()


def _work(company: Company) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    company.deed("mona", "busy-snoozed", "marking.snooze", until=tomorrow)
    company.deed("mona", "busy-ended", "endings.end", how="no_response", reason="It was the wrong shop.")
    company.deed("leo", "busy-restricted", "restricted.restrict", reason="A colleague's family.")
    company.deed("mona", "busy-note", "assigning.claim")
    company.deed("mona", "busy-note", "marking.tag", name="warranty")
    company.deed("mona", "busy-note", "marking.tag", name="Bergen")
    company.deed("mona", "busy-note", "marking.follow")
    company.deed("mona", "busy-note", "notes.add_note", text="@Leo Brandt may we pay the parcel back to the shop?")
    company.deed("mona", "busy-note", "drafts.save", text="Dear Nils,\n\nthe shop takes it back,")


PEOPLE = {
    "unknown": "Ulf Berg", "snoozed": "Sara Lie", "ended": "Egil Moe", "restricted": "Ragna Vik", "note": "Nils Aas",
    "long": "Maximiliane Schwarzenberger-Hohenlohe von und zu Finkenstein",
}  # fmt: skip
SUBJECTS = {
    "unknown": "4711", "snoozed": "My tent, again", "ended": "Gloves", "restricted": "In confidence",
    "note": "Box 88", "long": "Bestätigung der Auftragsbearbeitungsgebührenrückerstattung zur Bestellung 4711-0815-B",
}  # fmt: skip
SAID = {
    "long": "About the other thing with https://shop.example/bestellungen/2026/4711-0815-B/ruecksendung?token="
            + "0123456789abcdef" * 6 + "\n\n" + "And one thing more, as I said. " * 12,
}  # fmt: skip
FORMS = {"unknown": "delivery", "long": None}
DEMO = {
    "intent": "fire", "response": "price", "approval": "cancel", "public": "public", "answered": "tent",
    "letter": "zip", "praise": "praise", "order": "order-1",
}  # fmt: skip
