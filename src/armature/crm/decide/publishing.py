"""Putting drafts in force: together or alone, checked like the baseline, with a note, by somebody who may.

A version never changes. Publishing a table makes a next version of each map that uses it, because a map pins its
tables; where a map was in force its next version is, and work that runs keeps the version it runs on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from armature.arm.process_map import compile_plan, examine
from armature.arm.process_map.bpmn import parse
from armature.arm.rule.finding import Finding, Unfit, errors
from armature.arm.rule.table import DecisionTable as Table
from armature.arm.rule.table import read_table
from armature.arm.rule.table_check import check
from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused, rights_of
from armature.crm.accounts.models import User
from armature.crm.decide import company_facts, drafts, gates, rule_lists, versions
from armature.crm.decide.drawn import Draft, Publisher, PublishRule
from armature.crm.decide.models import DecisionTable, MapAssignment, ProcessMap


@dataclass(slots=True)
class Together:
    """What would be in force: maps and tables as they would read, by key, and which of them are new."""

    maps: dict[str, str] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    drawn: list[Draft] = field(default_factory=list)

    @property
    def bodies(self) -> dict[str, bytes]:
        """The tables as the core reads them."""
        return {key: body.encode() for key, body in self.tables.items()}


def may_publish(user: User) -> bool:
    """Administrators of the company may, and whoever they named."""
    return rights_of(user).of_all or (user.is_active and Publisher.objects.filter(user=user).exists())


def rule() -> PublishRule:
    """What the company said about publishing."""
    return PublishRule.objects.first() or PublishRule()


def together(drawn: Sequence[Draft]) -> Together:
    """All that is in force with these drafts in place of what they are drafts of."""
    found = Together(
        {key: one.body for key, one in versions.newest_maps().items()},
        {key: one.body for key, one in versions.newest_tables().items()},
        list(drawn),
    )
    for draft in drawn:
        if draft.kind == versions.MAP:
            found.maps[draft.key] = draft.body
        else:
            found.tables[draft.key] = rule_lists.filled(draft.body)
    return found


def findings(drawn: Sequence[Draft], user: User | None = None) -> dict[tuple[str, str], list[Finding]]:
    """What is wrong with each map and table that would be published, by kind and key; notes among it.

    Figures of the whole company stand in it for whoever may publish.
    """
    facts, all_of_it = company_facts.for_drawing(), together(drawn)
    found: dict[tuple[str, str], list[Finding]] = {}
    for draft in drawn:
        if draft.kind == versions.TABLE:
            table, faults = read_table(all_of_it.tables[draft.key].encode())
            faults = faults + (check(table, facts) if table else []) + _misnamed(table, draft)
            found[versions.TABLE, draft.key] = faults + (held_back(user, table) if table else [])
    for key in _touched(all_of_it):
        found[versions.MAP, key] = examine(all_of_it.maps[key].encode(), all_of_it.bodies, facts)
    for one in MapAssignment.objects.filter(map__key__in=_touched(all_of_it)).select_related("map"):
        found[versions.MAP, one.map.key] += _turned(one, all_of_it.maps[one.map.key])
    return found


def _turned(held: MapAssignment, body: str) -> list[Finding]:
    """A map in force for what they say to us does not turn into one for what we start, nor the other way."""
    if versions.direction_of(body) == held.direction:
        return []
    process = parse(body.encode())[0]
    starts = (one.id for one in process.elements.values() if one.kind == "startEvent")
    words = _("“{name}”: what begins here must stay what it is, because the map is in force for it. Draw another map.")
    return [Finding(next(starts, ""), "start", words.format(name=process.name))]


def held_back(user: User | None, table: Table) -> list[Finding]:
    """What speaks against a table though it can be read: that it was not measured well enough for what it says."""
    return gates.findings(table, figures=user is not None and may_publish(user))


def _misnamed(table: object, draft: Draft) -> list[Finding]:
    key = getattr(table, "key", draft.key)
    words = _("This is the table “{key}”: its key must stay.").format(key=draft.key)
    return [] if key == draft.key else [Finding("", "key", words)]


def _touched(all_of_it: Together) -> list[str]:
    """The maps that get a next version: those drawn, and those that use a table that was drawn."""
    maps = {draft.key for draft in all_of_it.drawn if draft.kind == versions.MAP}
    tables = {draft.key for draft in all_of_it.drawn if draft.kind == versions.TABLE}
    return sorted(key for key, body in all_of_it.maps.items() if key in maps or uses(body) & tables)


def uses(body: str) -> set[str]:
    """The tables that a map asks, by key."""
    elements = parse(body.encode())[0].elements.values()
    return {one.own.get("table", "") for one in elements if one.kind == "businessRuleTask"}


@transaction.atomic
def publish(user: User, drawn: Sequence[Draft], note: str) -> list[ProcessMap]:
    """The drafts are in force from the next interaction on; the maps that have a new version.

    Raises ``NotAllowed``, ``Refused``, or ``Unfit`` with all errors.
    """
    said = versions.note_of(note)
    held = list(Draft.objects.select_for_update().filter(pk__in=[one.pk for one in drawn]).order_by("pk"))
    _must_publish(user, held, drawn)
    hold()
    _is_newest(held)
    _lists_are_as_asked_for(held)
    faults = [fault for found in findings(held, user).values() for fault in errors(found)]
    if faults:
        raise Unfit(faults)
    published = _write(user, together(held), said)
    Draft.objects.filter(pk__in=[one.pk for one in held]).delete()
    what = {"note": said, "versions": [f"{one.key} {one.version}" for one in published]}
    audit.log_many(user, "published", {f"{one.kind} {one.key}": {**what, "asked_by": one.asked_by_id} for one in held})
    return published


def hold() -> None:
    """Until the end of this transaction nobody else says what is in force, or where."""
    MapAssignment.objects.select_for_update().order_by("pk").first()


def replace(table: Table, note: str) -> list[ProcessMap]:
    """What the product itself publishes: a table that takes something back, and the maps around it; their versions.

    To be called under ``hold``. Drafts stay; whoever drew one compares it with what is in force now.
    """
    drawn = Draft(kind=versions.TABLE, key=table.key, body=table.to_json().decode())
    all_of_it = together([])
    all_of_it.tables[table.key], all_of_it.drawn = drawn.body, [drawn]
    return _write(None, all_of_it, note)


def _lists_are_as_asked_for(held: Sequence[Draft]) -> None:
    """Of two people who publish nobody changes alone what is on a list between asking and publishing."""
    if not rule().four_eyes:
        return
    for one in held:
        table = read_table(one.body.encode())[0] if one.kind == versions.TABLE else None
        lists = rule_lists.held(rule_lists.named_in(table)) if table else ()
        if new := next((each for each in lists if one.asked_at is None or each.changed_at > one.asked_at), None):
            words = _("The list “{name}” changed since this was asked for: look at it, then somebody asks again.")
            raise Refused(words.format(name=new.name))


def _must_publish(user: User, held: Sequence[Draft], drawn: Sequence[Draft]) -> None:
    if not may_publish(user):
        raise NotAllowed(_("Publishing needs an administrator of the company, or somebody they named for it."))
    if not held or {(one.pk, one.revision) for one in held} != {(one.pk, one.revision) for one in drawn}:
        raise drafts.DrawnMeanwhile(_("The draft changed meanwhile. Look at it again before it is published."))
    if rule().four_eyes:
        for one in held:
            if not one.is_asked_for:
                raise Refused(_("Two people publish here: somebody asks for it first, then another publishes."))
            if one.asked_by_id == user.pk:
                raise Refused(_("Two people publish here: you asked for it, so somebody else publishes."))


def _is_newest(held: Sequence[Draft]) -> None:
    """Nobody undoes unseen what was published since; a version that only took up another table reads as before."""
    for one in held:
        newest, began = (
            versions.newest(one.kind, one.key),
            versions.of(one.kind, one.key).filter(version=one.begun_from),
        )
        if newest and newest.version != one.begun_from and [newest.body] != [before.body for before in began]:
            words = _("Version {newest} was published since this draft began at version {known}: compare them first.")
            raise Refused(words.format(newest=newest.version, known=one.begun_from))


def _write(user: User | None, all_of_it: Together, note: str) -> list[ProcessMap]:
    """Next versions of what was drawn and of the maps around it; where these are in force they take over."""
    tables = versions.newest_tables()
    for draft in all_of_it.drawn:
        if draft.kind == versions.TABLE:
            number = tables[draft.key].version + 1 if draft.key in tables else 1
            tables[draft.key] = DecisionTable.objects.create(
                key=draft.key, version=number, body=all_of_it.tables[draft.key], note=note, published_by=user
            )
    maps, published = versions.newest_maps(), []
    for key in _touched(all_of_it):
        body = all_of_it.maps[key]
        plan = compile_plan(body.encode(), all_of_it.bodies, company_facts.for_running())
        number = maps[key].version + 1 if key in maps else 1
        made = ProcessMap.objects.create(
            key=key, version=number, body=body, digest=plan.hash, note=note, published_by=user
        )
        made.tables.set(tables[used] for used in sorted(plan.tables))
        MapAssignment.objects.filter(map__key=key).update(map=made)
        published.append(made)
    return published


@transaction.atomic
def begin_from(user: User, kind: str, key: str, version: int) -> Draft:
    """A draft that reads like an earlier version, begun from the newest: publishing it goes back to it."""
    before = versions.of(kind, key).filter(version=version).first()
    newest = versions.newest(kind, key)
    if before is None or newest is None:
        raise Refused(_("There is no version {version} of it.").format(version=version))
    return drafts.begin(user, kind, key, name=name_of(kind, before.body), body=before.body, begun_from=newest.version)


def map_names() -> dict[str, str]:
    """What each published map calls itself now, by its key."""
    return {key: name_of(versions.MAP, one.body) or key for key, one in versions.newest_maps().items()}


def name_of(kind: str, body: str) -> str:
    """What a map or a table calls itself."""
    if kind == versions.MAP:
        return parse(body.encode())[0].name
    table = read_table(body.encode())[0]
    return table.label if table else ""


@transaction.atomic
def say(user: User, *, four_eyes: bool) -> None:
    """Whether two people must publish. Raises ``NotAllowed``."""
    if not rights_of(user).of_all:
        raise NotAllowed(_("This needs an administrator of the whole company."))
    PublishRule.objects.update_or_create(pk=1, defaults={"four_eyes": four_eyes, "changed_by": user})
    audit.log(user, "said who publishes", "publishing", {"four_eyes": four_eyes})


@transaction.atomic
def name(user: User, other: User, *, publishes: bool) -> None:
    """Somebody may publish from now on, or no longer. Raises ``NotAllowed``."""
    if not rights_of(user).of_all:
        raise NotAllowed(_("This needs an administrator of the whole company."))
    if publishes:
        Publisher.objects.get_or_create(user=other, defaults={"given_by": user})
    else:
        Publisher.objects.filter(user=other).delete()
    audit.log(user, "said who publishes", f"user {other.pk}", {"publishes": publishes})
