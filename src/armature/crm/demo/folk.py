"""The customers of the demo company: four hundred people with names, purchases and what a profile says of them."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from armature.crm.demo.plot import PRODUCTS, Somebody
from armature.crm.identify import commands as identify
from armature.crm.identify.models import Fact, Identity, Person

MANY = 400
NAMES = {
    "en": (
        "Alice Tom Priya James Olivia Ewan Grace Sam Hannah Liam Nora Owen Zoe Callum Freya Idris Ingunn Sigrid Lars",
        "Walker Hughes Patel Byrne Carter Doyle Fraser Green Hansen Iqbal Johnson Kelly Lunde Morgan Nygaard Okoye "
        "Price Quinn Reid Stokes Taylor Vance Ward Young",
    ),
    "de": (
        "Anke Bernd Claudia Dieter Elif Felix Gisela Heiko Imke Jürgen Katrin Lukas Marlene Nils Petra Rainer Silke",
        "Albers Brandt Conrad Demir Ebert Fischer Groß Hoffmann Jansen Krüger Lorenz Möller Neumann Petersen Richter "
        "Schäfer Thomsen Vogel Winkler Zimmermann",
    ),
    "fr": (
        "Aurélie Benoît Camille Didier Élodie Fabien Gaëlle Hugo Inès Julien Karim Laure Mathilde Nadia Olivier Sylvie",
        "Arnaud Bernard Chevalier Dubois Faure Girard Lambert Laurent Mercier Moreau Perrin Renard Roux Simon Tessier",
    ),
}
SHARES = {"en": 0.52, "de": 0.28, "fr": 0.2}
TIERS = ("", "", "", "", "silver", "gold")


def draw(chance: random.Random) -> list[Somebody]:
    """Everybody, no name twice."""
    found: list[Somebody] = []
    for language, share in SHARES.items():
        first, last = (part.split() for part in NAMES[language])
        pairs = [(one, other) for one in first for other in last]
        many = round(MANY * share)
        chosen = chance.sample(pairs, min(many, len(pairs)))
        found += [Somebody(len(found) + n, *pair, language) for n, pair in enumerate(chosen)]
    return found


def keep(folk: Sequence[Somebody], now: datetime, chance: random.Random) -> None:
    """They are in the customer record, with what the shop sold them."""
    persons = Person.objects.bulk_create([Person(name=one.name) for one in folk])
    identities = Identity.objects.bulk_create(
        [
            Identity(network="email", address=one.address("email"), name=one.name, person=person)
            for one, person in zip(folk, persons, strict=True)
        ]
    )
    facts, bought = [], []
    for one, identity in zip(folk, identities, strict=True):
        tier = chance.choice(TIERS)
        last = ""
        for number in range(chance.choice((0, 1, 1, 1, 2, 2, 3, 5))):
            last = chance.choice(PRODUCTS["en"])
            at = now - timedelta(days=chance.randint(3, 900), hours=chance.randint(0, 23))
            bought.append({
                "identity": identity.pk, "at": at, "order_number": f"P-{one.number:03}{number}", "what": last,
                "amount": f"{chance.randint(39, 420)}.95", "currency": "EUR", "source": "the shop",
            })  # fmt: skip
        known = {"customer": bool(last), "tier": tier, "last_product": last}
        facts += [
            Fact(identity=identity, kind=kind, value=value, source="the shop", verified=True, observed_at=now)
            for kind, value in known.items() if value
        ]  # fmt: skip
    Fact.objects.bulk_create(facts)
    identify.keep_purchases(bought)
