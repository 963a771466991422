"""What is known of the people of one chunk, and writing what a file adds: a few statements, however many records."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from armature.arm.interaction import Value
from armature.crm import rows
from armature.crm.identify import commands, models

Address = tuple[str, str]


@dataclass(slots=True)
class Person:
    """Somebody we know, or get to know. ``unnamed`` is whether only an address stands for the name."""

    name: str
    unnamed: bool
    company: str = ""
    website: str = ""
    facts: dict[str, tuple[Value, str]] = field(default_factory=dict)
    changed: bool = False


@dataclass(slots=True)
class Known:
    """People by number (new ones below 0), whose each address is, and what is to be written."""

    people: dict[int, Person] = field(default_factory=dict)
    whose: dict[Address, int] = field(default_factory=dict)
    bought: dict[tuple[str, str], tuple[Any, ...]] = field(default_factory=dict)
    joined: list[tuple[Address, int, str]] = field(default_factory=list)
    to_keep: dict[str, tuple[Address, Any]] = field(default_factory=dict)
    new_facts: dict[tuple[Address, str], Value] = field(default_factory=dict)

    def add(self, name: str) -> tuple[int, Person]:
        """Somebody new."""
        number = -1 - sum(key < 0 for key in self.people)
        self.people[number] = Person(name, "@" in name or name.startswith("+"))
        return number, self.people[number]


def known(addresses: Sequence[Address], orders: Sequence[tuple[str, str]], *, dry: bool) -> Known:
    """The people of these addresses with what is known of them; in a run nobody else changes them until it is over."""
    found = Known()
    wanted = json.dumps([{"w": network, "a": address} for network, address in sorted(set(addresses))])
    hold = "" if dry else "ORDER BY i.id FOR NO KEY UPDATE OF i"
    people = rows.fetch(
        f"""
        SELECT i.network, i.address, p.id, p.name, coalesce(c.name, '')
        FROM jsonb_to_recordset(%s) AS k(w text, a text)
        JOIN identify_identity i ON i.network = k.w AND i.address = k.a
        JOIN identify_person p ON p.id = i.person_id
        LEFT JOIN identify_company c ON c.id = p.company_id {hold}
        """,  # noqa: S608  one of two texts of ours
        [wanted],
    )
    for network, address, number, name, company in people:
        found.whose[network, address] = number
        found.people.setdefault(number, Person(name, name == address or "@" in name, company))
    _facts(found)
    _orders(found, orders)
    return found


def _facts(found: Known) -> None:
    known_facts = rows.fetch(
        """
        SELECT i.person_id, f.kind, f.value::text, f.source FROM identify_identity i
        JOIN identify_fact f ON f.identity_id = i.id AND f.current AND f.verified
        WHERE i.person_id = ANY(%s) ORDER BY f.observed_at
        """,
        [sorted(found.people)],
    )
    for number, kind, value, source in known_facts:
        found.people[number].facts[kind] = (json.loads(value), source)


def _orders(found: Known, orders: Sequence[tuple[str, str]]) -> None:
    if not orders:
        return
    there = rows.fetch(
        """
        SELECT b.source, b.order_number, i.person_id, b.at, b.amount, b.currency, b.what
        FROM jsonb_to_recordset(%s) AS k(s text, n text)
        JOIN identify_purchase b ON b.source = k.s AND b.order_number = k.n
        JOIN identify_identity i ON i.id = b.identity_id
        """,
        [json.dumps([{"s": source, "n": number} for source, number in sorted(set(orders))])],
    )
    for source, number, *rest in there:
        found.bought[source, number] = tuple(rest)


def write(found: Known, *, source: str, told: str, by: int, now: datetime) -> None:
    """Write what is new: companies, persons, addresses, purchases, facts."""
    companies = _companies({one.company: one.website for one in found.people.values() if one.changed and one.company})
    fresh = [number for number in found.people if number < 0]
    numbers = dict(zip(fresh, rows.next_ids(models.Person, len(fresh)), strict=True))
    rows.copy(
        models.Person,
        ["id", "name", "company_id", "added_by_id"],
        [
            (numbers[n], one.name[:200], companies.get(_key(one.company)), by)
            for n in fresh
            for one in [found.people[n]]
        ],
    )
    changed = [
        {"i": n, "n": one.name[:200], "c": companies.get(_key(one.company))}
        for n, one in found.people.items()
        if n > 0 and one.changed
    ]
    rows.run(
        """
        UPDATE identify_person p SET name = k.n, company_id = coalesce(p.company_id, k.c)
        FROM jsonb_to_recordset(%s) AS k(i bigint, n text, c bigint) WHERE p.id = k.i
        """,
        [json.dumps(changed)],
    )
    _join(found, numbers)
    _purchases_and_facts(found, source, told, now)


def _companies(names: dict[str, str]) -> dict[str, int]:
    """Companies by key, made where they are new."""
    if not names:
        return {}
    wanted = [{"k": _key(name), "n": name[:200], "w": website[:200]} for name, website in sorted(names.items())]
    rows.run(
        """
        INSERT INTO identify_company (key, name, website)
        SELECT DISTINCT ON (k) k, n, w FROM jsonb_to_recordset(%s) AS c(k text, n text, w text) ORDER BY k, n
        ON CONFLICT (key) DO NOTHING
        """,
        [json.dumps(wanted)],
    )
    keys = [one["k"] for one in wanted]
    return dict(rows.fetch("SELECT key, id FROM identify_company WHERE key = ANY(%s)", [keys]))


def _key(name: str) -> str:
    return " ".join(name.casefold().split())[:200]


def _join(found: Known, numbers: dict[int, int]) -> None:
    """Addresses belong to their people; one that somebody else took meanwhile stays theirs."""
    joined = [{"w": address[0], "a": address[1][:254], "p": numbers.get(key, key), "n": name[:200]}
              for address, key, name in found.joined]  # fmt: skip
    rows.run(
        """
        INSERT INTO identify_identity (network, address, name, person_id)
        SELECT w, a, n, p FROM jsonb_to_recordset(%s) AS k(w text, a text, n text, p bigint) ORDER BY w, a
        ON CONFLICT (network, address) DO UPDATE SET
            person_id = coalesce(identify_identity.person_id, excluded.person_id),
            name = CASE WHEN identify_identity.name = '' THEN excluded.name ELSE identify_identity.name END
        """,
        [json.dumps(joined)],
    )


def _purchases_and_facts(found: Known, source: str, told: str, now: datetime) -> None:
    wanted = {address for address, _ in found.to_keep.values()} | {address for address, _ in found.new_facts}
    identities = commands._find(sorted(wanted)) if wanted else {}
    if found.to_keep:
        commands.keep_purchases(
            [
                {"identity": identities[address], "source": source, "order_number": number, "at": one.at.isoformat(),
                 "amount": str(one.amount), "currency": one.currency, "what": one.what}
                for number, (address, one) in found.to_keep.items()
            ]
        )  # fmt: skip
    if found.new_facts:
        facts = [{"i": identities[address], "k": kind} for address, kind in found.new_facts]
        rows.run(
            """
            UPDATE identify_fact f SET current = false FROM jsonb_to_recordset(%s) AS k(i bigint, k text)
            WHERE f.identity_id = k.i AND f.kind = k.k AND f.verified AND f.current
            """,
            [json.dumps(facts)],
        )
        rows.copy(
            models.Fact,
            ["identity_id", "kind", "value", "source", "verified", "observed_at"],
            [(identities[a], kind, value, told, True, now) for (a, kind), value in found.new_facts.items()],
        )
