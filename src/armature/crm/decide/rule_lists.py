"""Lists that tables name in their cells: kept once, and read into a table when it is checked and published.

A published table keeps what was on its lists then. Another entry on a list changes what runs when its tables are
published again, with a note and by whoever may publish, as every change of a rule.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from armature.arm.rule.cell_text import MOST_VALUES, list_of
from armature.arm.rule.finding import listed, quoted
from armature.arm.rule.table import DecisionTable, read_table
from armature.crm.accounts import audit
from armature.crm.accounts.access import Refused
from armature.crm.accounts.models import User
from armature.crm.decide import drafts, versions
from armature.crm.decide.drawn import Draft, RuleList

LONGEST_ENTRY = 200


class ChangedMeanwhile(Refused):
    """Somebody else changed the list since it was read; nothing was overwritten."""


def named_in(table: DecisionTable) -> set[str]:
    """The lists that its cells name."""
    found = (list_of(raw) for row in table.rows for raw in row.when.values())
    return {one[0] for one in found if one}


def with_lists(table: DecisionTable) -> DecisionTable:
    """The table with what is on its lists now; one query where it names any."""
    keys = named_in(table)
    entries = dict(RuleList.objects.filter(key__in=keys).values_list("key", "entries")) if keys else {}
    return replace(table, lists={key: tuple(entries[key]) for key in sorted(entries)})


def held(keys: Collection[str]) -> Sequence[RuleList]:
    """These lists, which nobody changes until the end of this transaction."""
    return list(RuleList.objects.select_for_update().filter(key__in=keys).order_by("pk")) if keys else []


def filled(body: str) -> str:
    """The body of a table with what is on its lists now; as it was where it names none or cannot be read."""
    table, faults = read_table(body.encode())
    if table is None or faults or not (table.lists or named_in(table)):
        return body
    return with_lists(table).to_json().decode()


def using(key: str) -> list[tuple[DecisionTable, bool]]:
    """The tables in force that name this list, and whether what they keep of it is what is on it now."""
    now = tuple(RuleList.objects.filter(key=key).values_list("entries", flat=True).first() or ())
    read = [read_table(one.body.encode())[0] for one in versions.newest_tables().values()]
    return [(table, table.lists.get(key) == now) for table in read if table and key in named_in(table)]


@transaction.atomic
def keep(user: User, name: str, entries: Sequence[str], one: RuleList | None = None, *, known: str = "") -> RuleList:
    """Make a list or change it. Raises ``NotAllowed``, or ``Refused`` with what to mend.

    ``known`` is when the list that was looked at had changed; where it changed since, ``ChangedMeanwhile``.
    """
    drafts.must_draw(user)
    one = _held(one, known) if one else None
    said = " ".join(name.replace("\x00", "").split())
    if not said or len(said) > 100:
        raise Refused(_("The name: say in 1 to 100 characters what is on this list."))
    kept = list(dict.fromkeys(entry.strip() for entry in entries if entry.strip()))
    if len(kept) > MOST_VALUES:
        raise Refused(_("A list holds at most {most} entries.").format(most=MOST_VALUES))
    if long := next((entry for entry in kept if len(entry) > LONGEST_ENTRY), ""):
        raise Refused(_("“{start} …” is longer than {most} characters.").format(start=long[:30], most=LONGEST_ENTRY))
    before = one.entries if one else []
    one = one or RuleList(key=_free_key(said))
    one.name, one.entries, one.changed_at, one.changed_by = said, kept, timezone.now(), user
    one.save()
    what = {"added": [x for x in kept if x not in before], "removed": [x for x in before if x not in kept]}
    audit.log(user, "changed a list of the rules", f"list {one.key}", what)
    return one


def _held(one: RuleList, known: str) -> RuleList:
    held = RuleList.objects.select_for_update(of=("self",)).select_related("changed_by").filter(pk=one.pk).first()
    if held is None:
        raise Refused(_("This list was removed meanwhile. Make a new one to keep what you typed."))
    if known and known != held.reads_as:
        raise ChangedMeanwhile(_("{name} changed this list meanwhile: it holds {entries} now. Keep it again to put "
                                 "what stands here in its place.").format(
            name=held.changed_by.name, entries=listed(map(quoted, held.entries), _("and"), 20) or "0"))  # fmt: skip
    return held


def _free_key(name: str) -> str:
    base = slugify(name)[:40] or "list"
    taken = set(RuleList.objects.values_list("key", flat=True))
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)


@transaction.atomic
def carry_on(user: User, one: RuleList) -> list[Draft]:
    """Drafts of the tables that keep something else of this list; those that are drawn already take it anyway."""
    drawn = set(Draft.objects.filter(kind=versions.TABLE).values_list("key", flat=True))
    tables = [table for table, fresh in using(one.key) if not fresh and table.key not in drawn]
    return [
        drafts.begin(user, versions.TABLE, table.key, name=table.label, body=table.to_json().decode())
        for table in tables
    ]


@transaction.atomic
def remove(user: User, one: RuleList) -> None:
    """Take a list away that no table in force names. Raises ``Refused``."""
    drafts.must_draw(user)
    if tables := using(one.key):
        raise Refused(_("The table “{name}” uses this list.").format(name=tables[0][0].label))
    one.delete()
    audit.log(user, "removed a list of the rules", f"list {one.key}", {"entries": one.entries})
