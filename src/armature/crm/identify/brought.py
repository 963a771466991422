"""Records of people and what they bought: who is new, who is changed, and what contradicts what we know.

What contradicts is never written over: the record is left out and listed, for a person to decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from armature.arm.interaction import Value
from armature.arm.rule import FACTS
from armature.crm.channels.numbers import NETWORK, NoNumber, e164
from armature.crm.identify import brought_rows
from armature.crm.identify.brought_rows import Known
from armature.crm.listen.imports import values
from armature.crm.listen.imports.models import Import
from armature.crm.listen.imports.records import Record
from armature.crm.listen.imports.results import CHANGED, CONFLICT, FAULTY, KNOWN, NEW, Result
from armature.crm.listen.imports.values import Fault

SOURCE = "brought in"
"""Where a purchase is from that came in a file."""

Address = tuple[str, str]


@dataclass(slots=True)
class Bought:
    """One purchase of a record."""

    order_number: str
    at: datetime
    amount: Decimal
    currency: str
    what: str


@dataclass(slots=True)
class Somebody:
    """What one record says of somebody."""

    name: str
    addresses: list[Address]
    company: str = ""
    website: str = ""
    bought: Bought | None = None
    facts: dict[str, Value] = field(default_factory=dict)


def take(job: Import, records: Sequence[Record], *, dry: bool, now: datetime) -> list[Result]:
    """What these records are; in a run those that are new or changed are written, in the transaction of the caller."""
    results, people = list[Result](), list[tuple[Result, Somebody]]()
    reader = Reader(job, now)
    for record in records:
        result = Result(record, KNOWN)
        results.append(result)
        try:
            people.append((result, one := reader.read(record)))
            result.addresses = one.addresses
        except Fault as fault:
            result.what, result.field, result.why = FAULTY, fault.field, fault.words[:300]
    known = brought_rows.known([address for _, one in people for address in one.addresses], _orders(people), dry=dry)
    for result, one in people:
        try:
            result.what = _merged(known, one)
        except Fault as conflict:
            result.what, result.field, result.why = CONFLICT, conflict.field, conflict.words[:300]
    if not dry:
        brought_rows.write(known, source=SOURCE, told=f"import {job.pk}", by=job.user_id, now=now)
    return results


def _orders(people: Sequence[tuple[Result, Somebody]]) -> list[tuple[str, str]]:
    return [(SOURCE, one.bought.order_number) for _, one in people if one.bought]


class Reader:
    """How the records of one import are understood."""

    def __init__(self, job: Import, now: datetime) -> None:
        self.mapping: Mapping[str, int] = job.mapping
        options: Mapping[str, Any] = job.options
        self.zone, self.order = ZoneInfo(str(options.get("zone") or "UTC")), str(options.get("order") or "day")
        self.country, self.currency = str(options.get("country") or ""), str(options.get("currency") or "")
        self.now = now

    def read(self, record: Record) -> Somebody:
        """Whom the record is about; raises ``Fault``."""
        if record.wrong:
            raise Fault("", record.wrong)
        cells = {key: record.cells[column].strip() for key, column in self.mapping.items()}
        addresses = self._addresses(cells)
        if not addresses:
            raise Fault("email", _("there is neither an e-mail address nor a phone number: people are known by these"))
        name = cells.get("name") or " ".join(filter(None, (cells.get("first_name"), cells.get("last_name"))))
        if len(name) > 200 or len(cells.get("company", "")) > 200:
            raise Fault("name", _("a name has more than 200 characters: shorten it"))
        website = cells.get("website", "")[:200]
        website = website if website.startswith(("http://", "https://")) else f"https://{website}" if website else ""
        facts = {key[5:]: _fact(key[5:], cell) for key, cell in cells.items() if key.startswith("fact:") and cell}
        return Somebody(" ".join(name.split()), addresses, " ".join(cells.get("company", "").split()), website,
                        self._bought(cells), facts)  # fmt: skip

    def _addresses(self, cells: Mapping[str, str]) -> list[Address]:
        found: dict[Address, None] = {}
        for key in ("email", "email2"):
            if cell := cells.get(key, ""):
                address = cell.removeprefix("mailto:").casefold()
                local, at, domain = address.partition("@")
                if not (local and at and "." in domain) or " " in address or "@" in domain or len(address) > 254:
                    raise Fault(
                        key, _("“%(cell)s” is no e-mail address: write it like name@example.com") % {"cell": cell[:60]}
                    )
                found["email", address] = None
        for key in ("phone", "phone2"):
            if cell := cells.get(key, ""):
                try:
                    found[NETWORK, e164(cell, self.country)] = None
                except NoNumber as problem:
                    raise Fault(key, str(problem)) from None
        return list(found)

    def _bought(self, cells: Mapping[str, str]) -> Bought | None:
        number, paid = cells.get("order_number", ""), cells.get("amount", "")
        if not number and not paid:
            return None
        if not number or len(number) > 80:
            raise Fault("order_number", _("a purchase needs an order number of at most 80 characters"))
        at = values.moment("bought_at", cells.get("bought_at", ""), self.zone, self.order, self.now)
        sum_ = values.amount("amount", paid)
        coin = values.currency("currency", cells.get("currency", ""), paid, self.currency)
        return Bought(number, at, sum_, coin, cells.get("what", "")[:300])


def _fact(key: str, cell: str) -> Value:
    field_ = FACTS[key]
    value: Value = cell
    if field_.type == "number":
        bare = cell.replace(" ", "").replace(",", "")
        value = int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 16 else None
    elif field_.type == "yes_no":
        value = values.yes_no(f"fact:{key}", cell)
    if value is None or not field_.accepts(value):
        raise Fault(
            f"fact:{key}", _("“%(cell)s” cannot be this: it is %(wants)s") % {"cell": cell[:60], "wants": field_.wants}
        )
    return value


def _merged(known: Known, one: Somebody) -> str:
    """Put what a record says into what is known; raises ``Fault`` where they contradict, and then nothing is put in."""
    found = {key for address in one.addresses if (key := known.whose.get(address)) is not None}
    if len(found) > 1:
        raise Fault("email", _("these addresses belong to different people here: join them first, or give them apart"))
    key = found.pop() if found else None
    person = known.people[key] if key is not None else None
    if person is not None:
        _refuse(known, one, person)
    _refuse_order(known, one, key)
    fresh = person is None
    if key is None or person is None:
        key, person = known.add(one.name or one.addresses[0][1])
    changed = False
    if one.name and person.name != one.name and person.unnamed:
        person.name, person.unnamed, person.changed, changed = one.name, False, True, True
    if one.company and not person.company:
        person.company, person.website, person.changed, changed = one.company, one.website, True, True
    for address in one.addresses:
        if known.whose.get(address) is None:
            known.whose[address], changed = key, True
            known.joined.append((address, key, one.name))
    if one.bought and known.bought.get((SOURCE, one.bought.order_number)) != (key, *_terms(one.bought)):
        known.bought[SOURCE, one.bought.order_number] = (key, *_terms(one.bought))
        known.to_keep[one.bought.order_number] = (one.addresses[0], one.bought)
        changed = True
    for kind, value in one.facts.items():
        if person.facts.get(kind, (None, ""))[0] != value:
            person.facts[kind] = (value, SOURCE)
            known.new_facts[one.addresses[0], kind] = value
            changed = True
    return NEW if fresh else CHANGED if changed else KNOWN


def _terms(bought: Bought) -> tuple[datetime, Decimal, str, str]:
    return bought.at, bought.amount, bought.currency, bought.what


def _refuse(known: Known, one: Somebody, person: brought_rows.Person) -> None:
    """What contradicts the person that these addresses belong to."""
    if one.name and not person.unnamed and _bare(one.name) != _bare(person.name):
        raise Fault(
            "name",
            _("this address is known with another name than “%(name)s”: mend one of both") % {"name": one.name[:100]},
        )
    if one.company and person.company and _bare(one.company) != _bare(person.company):
        raise Fault(
            "company",
            _("they belong to another company than “%(company)s” here: mend one of both")
            % {"company": one.company[:100]},
        )
    for kind, value in one.facts.items():
        old, source = person.facts.get(kind, (None, ""))
        if old is not None and old != value and not source.startswith(("import ", SOURCE)):
            raise Fault(
                f"fact:{kind}",
                _("another source knows something else than “%(value)s”: mend one of both") % {"value": value},
            )


def _refuse_order(known: Known, one: Somebody, key: int | None) -> None:
    if one.bought and (there := known.bought.get((SOURCE, one.bought.order_number))):
        if there[0] != key:
            raise Fault(
                "order_number",
                _("the order %(order_number)s belongs to somebody else here")
                % {"order_number": one.bought.order_number},
            )
        if one.bought.order_number in known.to_keep and there[1:] != _terms(one.bought):
            raise Fault(
                "order_number",
                _("the order %(order_number)s stands here twice: put it into one row")
                % {"order_number": one.bought.order_number},
            )


def _bare(name: str) -> str:
    return " ".join(name.casefold().split())
