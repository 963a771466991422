"""How much may be said to one address and in one conversation: what goes beyond is a storm, and a person is told."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from armature.crm import rows
from armature.crm.act.models import Case

PER_RECIPIENT = 30
PER_CONVERSATION = 30
"""Responses within an hour."""


def refusal(case: Case, recipients: Sequence[str], *, but: int = 0) -> str:
    """Why nothing more may be said here now, counted in one statement; empty when it may. ``but`` is left out."""
    to_them, in_here = rows.fetch(
        """
        SELECT count(DISTINCT d.id) FILTER (WHERE (r.recipients || to_jsonb(r.copies)) ?| %s),
               count(DISTINCT d.id) FILTER (WHERE r.case_id = %s)
        FROM act_delivery d JOIN act_response r ON r.id = d.response_id
        WHERE d.queued_at > now() - interval '1 hour' AND d.state IN ('queued', 'sending', 'sent', 'unknown', 'byhand')
          AND d.id <> %s
        """,
        [list(recipients), case.pk, but],
    )[0]
    if to_them >= PER_RECIPIENT:
        return _("%(count)s responses went to these recipients within an hour. Stop and look: it may be a storm.") % {
            "count": to_them
        }
    if in_here >= PER_CONVERSATION:
        return _("%(count)s responses were given in this case within an hour. Stop and look: it may be a storm.") % {
            "count": in_here
        }
    return ""
