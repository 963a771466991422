"""A share of what the machine decided alone is drawn by chance, for a person to say whether it was right."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm import rows
from armature.crm.accounts import audit
from armature.crm.accounts.models import Role, User
from armature.crm.act import endings
from armature.crm.act.models import Case, Sample, SampleMark
from armature.crm.act.work import Refused, allowed, held

SHARE = 0.05
AFTER = 60
"""Judgements are drawn from when they are so many seconds old: transactions that wrote smaller numbers are over."""

DRAW = """
    INSERT INTO act_sample (judgement_id, case_id)
    SELECT j.id, c.id FROM decide_judgement j
    JOIN listen_interaction i ON i.id = j.interaction_id
    JOIN identify_recognition r ON r.interaction_id = i.id AND r.current
    JOIN act_case c ON c.conversation_id = i.conversation_id AND c.identity_id = r.identity_id AND NOT c.settled
    WHERE j.id > %(from)s AND j.id <= %(upto)s AND j.current AND j.stop = 'end' AND i.automatic = ''
      AND i.direction = 'in'
      AND j.outcome IN ('no_response', 'internal') AND random() < %(share)s
      AND NOT EXISTS (
        SELECT FROM decide_waititem n JOIN decide_wait w ON w.id = n.wait_id
        JOIN decide_judgement b ON b.id = n.judgement_id
        WHERE b.interaction_id = i.id AND w.answered_by_id IS NOT NULL)
      AND NOT EXISTS (SELECT FROM understand_reading u WHERE u.interaction_id = i.id AND u.user_id IS NOT NULL)
    ON CONFLICT DO NOTHING
"""


LATE = f"at < statement_timestamp() - interval '{AFTER} seconds'"


def draw(share: float = SHARE) -> int:
    """Draw from what was judged since the last time; how many were drawn. It costs one statement while it is early."""
    mark = rows.fetch(f"SELECT id, {LATE} FROM act_samplemark", [])
    if not mark:
        rows.run("INSERT INTO act_samplemark (id) VALUES (1) ON CONFLICT DO NOTHING", [])
    return _draw(share) if mark and mark[0][1] else 0


def _draw(share: float) -> int:
    with transaction.atomic():
        found = rows.fetch(f"SELECT drawn, seen FROM act_samplemark WHERE {LATE} FOR UPDATE SKIP LOCKED", [])
        if not found:
            return 0
        drawn, seen = found[0]
        done = rows.run(DRAW, {"from": drawn, "upto": seen, "share": share}) if seen > drawn else 0
        newest = rows.fetch("SELECT coalesce(max(id), 0) FROM decide_judgement", [])[0][0]
        SampleMark.objects.update(drawn=seen, seen=newest, at=timezone.now())
    return done


def draw_from_all(share: float, seed: float) -> int:
    """Draw from all that was judged so far, always the same for the same seed (of -1 to 1); for a company to try."""
    with transaction.atomic():
        rows.fetch("SELECT setseed(%s::float8)::text", [seed])
        newest = rows.fetch("SELECT coalesce(max(id), 0) FROM decide_judgement", [])[0][0]
        return rows.run(DRAW, {"from": 0, "upto": newest, "share": share})


def check(user: User, case: Case, *, right: bool) -> None:
    """A person's word on what the machine decided alone in a case; a wrong decision takes the case up again."""
    allowed(user, case, Role.AGENT)
    with held(case) as now_it_is:
        waiting = Sample.objects.filter(case=case, checked_at=None)
        numbers = list(waiting.values_list("judgement", flat=True))
        if not numbers:
            raise Refused(_("Somebody has looked at this decision already."))
        waiting.update(checked_by=user, checked_at=timezone.now(), right=right)
        if not right and now_it_is.ended_at is not None and not now_it_is.settled:
            endings.take_up(now_it_is)
        audit.log(user, "checked a sample", f"case {case.pk}", {"judgements": numbers, "right": right})
