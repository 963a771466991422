"""The report of an assessment: progress, its numbers, and its parts in the order in which they are read."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts.models import User
from armature.crm.learn.assessments import queries, sums
from armature.crm.learn.assessments.models import Assessment
from armature.crm.web.assessments import answers, exchanges, names, volume
from armature.crm.web.assessments.counts import Counts
from armature.crm.web.measures.figure import Total, number, percent

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is; seconds that are left are None while nothing can be said."""

    percent: int
    rate: int
    left: int | None


def progress(job: Assessment) -> Progress:
    """Percent of the conversations, conversations in a second of work, seconds left."""
    rate = job.done / job.seconds if job.seconds else 0.0
    left = round((job.total - job.done) / rate) if rate else None
    done = min(100, 100 * job.done // job.total) if job.total else 0
    return Progress(done, round(rate), left)


def context(user: User, job: Assessment) -> dict[str, Any]:
    """All that the report shows."""
    counts = Counts(job, names.known())
    examples = queries.page(queries.exchanges_for(user, job, sums.NEVER, {}), None)[:EXAMPLES]
    open_ones = [one for n, one in enumerate(job.proposals) if str(n) not in job.answers]
    return {
        "totals": _totals(counts), "parts": [
            ("said", _("What was said"), volume.figures(counts)),
            ("answered", _("Who answers what, and how soon"), answers.answered(counts)),
            ("waits", _("Where it waits, and what nobody answered"), answers.waits(counts)),
        ],
        "examples": exchanges.lines(user, counts.names, examples), "never": counts.state(sums.NEVER),
        "printed": timezone.now(),
        "proposals": len(open_ones), "decided": len(job.answers), "empty": not job.messages,
        "far": progress(job),
    }  # fmt: skip


def _totals(counts: Counts) -> list[Total]:
    """The numbers at the top: what adds up to all messages, to all exchanges, and who waits."""
    never, waiting = counts.state(sums.NEVER), counts.state(sums.NEVER) + counts.waiting_again
    asked = never + counts.state(sums.ANSWERED) + counts.state(sums.DECIDED)
    link = counts.link(sums.NEVER)
    return [
        Total(_("messages of people"), number(counts.job.messages)),
        Total(_("said by you"), number(counts.plain(sums.OURS))),
        Total(_("by machines, set aside"), number(counts.plain(sums.MACHINES))),
        Total(_("exchanges: one person in one conversation"), number(counts.exchanges)),
        Total(_("of these asked for an answer"), number(asked)),
        Total(_("never answered"), number(never, link), percent(never, asked).text),
        Total(_("wait now"), number(waiting, counts.link("waiting"))),
        Total(_("somebody decided not to answer"), number(counts.state(sums.DECIDED))),
    ]  # fmt: skip
