"""Writes of who said it: identities, recognitions, persons, facts."""

import json
from collections.abc import Collection, Mapping, Sequence

from armature.crm import rows
from armature.crm.accounts import audit
from armature.crm.identify.models import Consent, Identity, Person, Recognition
from armature.crm.listen.arrival import Recorded


def recognise(recorded: Sequence[Recorded]) -> Mapping[int, int]:
    """The identity of each interaction, made where it is new; two first messages at once meet in one row."""
    names: dict[tuple[str, str], str] = {}
    for r in recorded:
        names[_key(r)] = names.get(_key(r)) or r.arrival.event.author_name[:200]
    keys = sorted(names)
    numbers = _find(keys)
    unknown = [{"w": key[0], "a": key[1], "n": names[key]} for key in keys if key not in numbers]
    if unknown:
        rows.run(
            """
            INSERT INTO identify_identity (network, address, name)
            SELECT w, a, n FROM jsonb_to_recordset(%s) AS k(w text, a text, n text) ORDER BY w, a
            ON CONFLICT (network, address) DO NOTHING
            """,
            [json.dumps(unknown)],
        )
        numbers |= _find([(row["w"], row["a"]) for row in unknown])
    _name([{"i": numbers[key], "n": name} for key, name in sorted(names.items()) if name])
    found = {r.interaction_id: numbers[_key(r)] for r in recorded}
    rows.copy(
        Recognition,
        ["interaction_id", "identity_id", "evidence"],
        [(interaction, identity, "its own address") for interaction, identity in found.items()],
    )
    _consents(recorded, found)
    return found


def forget(interaction_ids: Sequence[int]) -> None:
    """What we started enters no map any more: whom it reached is not asked, now or later."""
    if interaction_ids:
        Recognition.objects.filter(interaction__in=interaction_ids, current=True).update(current=False)


def _consents(recorded: Sequence[Recorded], found: Mapping[int, int]) -> None:
    """What somebody's words say about writing to them."""
    said = [(found[r.interaction_id], r.interaction_id, r.arrival.event) for r in recorded if r.arrival.event.consent]
    if not said:
        return
    Consent.objects.bulk_create(
        Consent(identity_id=who, interaction_id=n, topic=event.consent.topic, given=event.consent.given,
                at=event.occurred_at)
        for who, n, event in said if event.consent
    )  # fmt: skip
    for given, verb in ((False, "forbade us to write"), (True, "allowed us to write")):
        log = {
            f"identity {who}": {"topic": event.consent.topic, "interaction": n}
            for who, n, event in said
            if event.consent and event.consent.given is given
        }
        if log:
            audit.log_many("the customer", verb, log)


def _name(named: Sequence[Mapping[str, object]]) -> None:
    """Whoever was known without a name has one now; a name that is known stays."""
    rows.run(
        """
        UPDATE identify_identity i SET name = k.n FROM jsonb_to_recordset(%s) AS k(i bigint, n text)
        WHERE i.id = k.i AND i.name = ''
        """,
        [json.dumps(list(named))],
    )


def _key(recorded: Recorded) -> tuple[str, str]:
    event = recorded.arrival.event
    return event.network, event.author[:254]


def _find(keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    found = rows.fetch(
        """
        SELECT i.network, i.address, i.id FROM jsonb_to_recordset(%s) AS k(w text, a text) CROSS JOIN LATERAL (
            SELECT * FROM identify_identity WHERE network = k.w AND address = k.a OFFSET 0) AS i
        """,
        [json.dumps([{"w": network, "a": address} for network, address in keys])],
    )
    return {(network, address): number for network, address, number in found}


def person_of(identity_id: int) -> Person:
    """The person behind an identity; made now when there is none, because somebody is answered."""
    # Read alone: a join would show the person as it was before we waited for the lock.
    identity = Identity.objects.select_for_update(no_key=True).get(pk=identity_id)
    if identity.person is None:
        identity.person = Person.objects.create(name=identity.name or identity.address)
        identity.save(update_fields=["person"])
    return identity.person


def people_of(identity_ids: Collection[int]) -> None:
    """The same for many identities, in three statements: each has a person from now on, who is answered."""
    nobody = Identity.objects.select_for_update(no_key=True).filter(pk__in=identity_ids).order_by("pk")
    found = [one for one in nobody if one.person_id is None]
    made = Person.objects.bulk_create(Person(name=one.name or one.address) for one in found)
    for one, person in zip(found, made, strict=True):
        one.person = person
    Identity.objects.bulk_update(found, ["person"])


class AnotherPerson(Exception):
    """An address belongs to somebody else already."""


def belongs_to(network: str, address: str, name: str, person: Person) -> None:
    """An address is a person's, before anything was heard from there; raises ``AnotherPerson``."""
    rows.run(
        """
        INSERT INTO identify_identity (network, address, name) VALUES (%s, %s, %s)
        ON CONFLICT (network, address) DO NOTHING
        """,
        [network, address[:254], name[:200]],
    )
    identity = Identity.objects.select_for_update(no_key=True).get(network=network, address=address[:254])
    if identity.person_id not in (None, person.pk):
        raise AnotherPerson
    Identity.objects.filter(pk=identity.pk).update(person=person)


def keep_purchases(found: Sequence[Mapping[str, object]]) -> int:
    """Write purchases (identity, source, order_number, at, amount, currency, what); a known order is written over."""
    return rows.run(
        """
        INSERT INTO identify_purchase (identity_id, source, order_number, at, amount, currency, what)
        SELECT DISTINCT ON (source, order_number) identity, source, order_number, at, amount, currency, left(what, 300)
        FROM jsonb_to_recordset(%s) AS p(identity bigint, source text, order_number text, at timestamptz,
                                         amount numeric, currency text, what text)
        ORDER BY source, order_number, at DESC
        ON CONFLICT (source, order_number) DO UPDATE SET
            identity_id = excluded.identity_id, at = excluded.at, amount = excluded.amount,
            currency = excluded.currency, what = excluded.what
        """,
        [rows.as_json(list(found))],
    )
