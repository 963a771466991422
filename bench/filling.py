"""A company with many cases: a small one goes through the real process, then all its rows are copied many times.

Each copy is as if other people had said the same at other times: addresses, ids, words and times differ, everything
that points at something points at its own copy. So a million cases have the shape that the process gives them.
"""

import random
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models

from armature.crm.accounts.models import User
from armature.crm.act import counts
from armature.crm.listen.models import Channel

CASES = 1000
"""Cases of the small company."""
APART = timedelta(minutes=7)
"""A copy happened so much earlier than the copy before it."""
TEAMS = ("support", "legal", "retention", "marketing", "sales", "triage")
SMALL = "translation_desk"
PEOPLE = {"ada": None, "leo": None, "mona": "support", "tove": SMALL}
UNIQUE = ("external_id", "event_key", "address", "author", "key", "order_number")
"""Columns of words that tell one row from another."""


def fill(cases: int) -> dict[str, User]:
    """Fill an empty database with so many cases (in thousands); ada administers, leo leads, mona and tove answer."""
    people = _people()
    _small_company(people)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the rows are right: they are copies
        _multiply(cursor, cases // CASES)
        cursor.execute("SET session_replication_role = DEFAULT")
        counts.count_again()
        cursor.execute("VACUUM ANALYZE")
    return people


def _people() -> dict[str, User]:
    from armature.crm.accounts.models import Membership, Role, Team

    roles = {"ada": Role.ADMIN, "leo": Role.LEAD}
    people = {}
    for name, team in PEOPLE.items():
        people[name] = User.objects.create_user(f"{name}@bench.example", name.title(), "a good password")
        held = Team.objects.get(key=team) if team else None
        Membership.objects.create(user=people[name], role=roles.get(name, Role.AGENT), team=held)
    for number in range(20):
        one = User.objects.create_user(f"agent{number}@bench.example", f"Agent {number}", "a good password")
        Membership.objects.create(user=one, role=Role.AGENT, team=Team.objects.get(key=TEAMS[number % len(TEAMS)]))
        people[f"agent{number}"] = one
    return people


def _small_company(people: dict[str, User]) -> None:
    """A thousand people write, one in five twice; four in five cases end, the others wait for this or that."""
    from armature.cli.bench import messages
    from armature.crm import jobs
    from armature.crm.act.models import Case
    from armature.crm.channels.lines import envelope
    from armature.crm.listen import commands

    channels = {channel.place: channel for channel in Channel.objects.all()}
    said: dict[str, str] = {}
    for place, line in messages.as_lines(messages.generate(CASES * 6 // 5, CASES)):
        line["text"] += " refund" if int(line["external_id"][1:9]) % 25 == 0 else ""
        if earlier := said.get(line["author"]):
            line["in_reply_to"] = earlier
        said[line["author"]] = line["external_id"]
        at = datetime.fromisoformat(line["occurred_at"])
        commands.accept(channels[place], [envelope(line, at)])
    while jobs.everything():
        pass
    _in_teams()
    for number, case in enumerate(Case.objects.order_by("id").select_related("conversation__channel", "identity")):
        _work(case, number, people)
    while jobs.everything():
        pass


def _in_teams() -> None:
    """Cases of all teams, five of a thousand of the small one."""
    from armature.crm.act.models import Case

    for number, case in enumerate(Case.objects.order_by("id")):
        team = SMALL if number % 200 == 10 else TEAMS[number // 5 % len(TEAMS)]
        Case.objects.filter(pk=case.pk).update(team=team, team_fixed=True)


def _work(case: Any, number: int, people: dict[str, User]) -> None:
    from armature.crm.act import assigning, endings, marking, notes

    ada, chance = people["ada"], random.Random(number)
    if number % 10 == 0:
        notes.add_note(ada, case, text=f"Look at the order first, {chance.choice(('size', 'colour', 'label'))}.")
    if number % 5:
        endings.end(ada, case, how=chance.choice(("resolved", "resolved", "closed", "no_response")), reason="done")
        return
    if number % 15 == 0 and case.team in TEAMS:
        assigning.assign(ada, case, to=people[f"agent{TEAMS.index(case.team)}"], seen=None)
    if number % 25 == 0:
        marking.tag(ada, case, name=chance.choice(("vip", "wave", "loud")))


def _multiply(cursor: Any, copies: int) -> None:
    """Copy every row ``copies - 1`` times, table by table, earlier steps first."""
    copied = _models()
    step = {model: _highest(cursor, model) for model in copied}
    for model in copied:
        columns = [(field.column, _copied(field, step)) for field in model._meta.concrete_fields]
        names, values = (", ".join(part) for part in zip(*columns, strict=True))
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT {values} "
            f"FROM {model._meta.db_table} t CROSS JOIN generate_series(1, {copies - 1}) AS k"
        )
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), max(id)) "
            f"FROM {model._meta.db_table}"
        )


def _models() -> list[type[models.Model]]:
    from django.apps import apps

    names = (
        "listen.Envelope listen.Conversation listen.Interaction identify.Person identify.Identity identify.Recognition "
        "understand.Reading decide.Judgement decide.Wait decide.WaitItem act.Case act.Tagging act.Note act.Clock"
    )
    return [apps.get_model(name) for name in names.split()]


def _highest(cursor: Any, model: type[models.Model]) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {model._meta.db_table}")
    return int(cursor.fetchone()[0])


def _copied(field: Any, step: dict[type[models.Model], int]) -> str:
    """What stands in this column in copy ``k``."""
    column = f"t.{field.column}"
    if field.primary_key:
        return f"{column} + k * {step[field.model]}"
    if field.is_relation:
        return f"{column} + k * {step[field.related_model]}" if field.related_model in step else column
    if field.column in UNIQUE:
        return f"k || '.' || {column}"
    if field.column == "name":
        return f"{column} || ' ' || k"
    if field.column == "text":
        return f"{column} || ' ref' || k || 'x' || t.id"
    if isinstance(field, models.DateTimeField):
        return f"{column} - k * interval '{int(APART.total_seconds())} seconds'"
    return column
