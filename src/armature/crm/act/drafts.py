"""What is being written, kept on the server: everybody has a draft of their own, and no tab writes over another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from armature.arm.interaction import Value
from armature.crm.accounts.models import Role, User
from armature.crm.act import queries
from armature.crm.act.models import Audience, Case, Response, ResponseFile
from armature.crm.act.reach import reach
from armature.crm.act.work import DRAFTING, Refused, allowed, at_work
from armature.crm.decide.models import Wait
from armature.crm.decide.queries import Item


@dataclass(frozen=True, slots=True)
class Terms:
    """Beside its words: who reads a response, and when it leaves. None is what the case and its rules suggest."""

    audience: str | None = None
    private_text: str = ""
    subject: str | None = None
    to: tuple[str, ...] | None = None
    copies: tuple[str, ...] = ()
    send_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """Which state of a draft somebody went on from, and on which page; without a version whatever stands there.

    ``changes`` is how often their words had been changed by then, as ``amended.changes_in`` counts.
    """

    version: int | None = None
    tab: str = ""
    changes: int | None = None


AS_SUGGESTED, WHATEVER = Terms(), Base()


class Conflict(Refused):
    """The draft was changed in another tab; ``there`` is what stands there now. Nothing was overwritten."""

    def __init__(self, there: Response) -> None:
        super().__init__(_("This draft was changed in another window. Choose which words to keep."))
        self.there = there


def save(user: User, case: Case, *, text: str, terms: Terms = AS_SUGGESTED, base: Base = WHATEVER) -> Response:
    """Keep what is being written. Raises ``Conflict`` when it was changed elsewhere since ``base``."""
    allowed(user, case, Role.DRAFT_ONLY)
    with at_work(case) as (wait, items):
        if wait.form not in DRAFTING:
            raise Refused(_("Nothing can be drafted here now: %s.") % queries.words_for(wait.form))
        return put(user, case, (wait, items), text, terms, base)


def discard(user: User, case: Case) -> int:
    """Throw one's own draft away; how many there were."""
    allowed(user, case, Role.DRAFT_ONLY)
    with at_work(case):
        return of(user, case).update(state=Response.State.VOID, why="", version=F("version") + 1)


def of(user: User, case: Case) -> QuerySet[Response]:
    """The drafts of a user in a case, latest first: usually one."""
    return Response.objects.filter(case=case, author=user, state=Response.State.DRAFT).order_by("-id")


def take_over(user: User, case: Case, number: int) -> Response:
    """Go on with a colleague's draft as one's own; theirs stays as it is."""
    allowed(user, case, Role.DRAFT_ONLY)
    with at_work(case) as work:
        theirs = Response.objects.filter(case=case, pk=number, state=Response.State.DRAFT).first()
        if theirs is None:
            raise Refused(_("This draft is gone: it was sent or withdrawn meanwhile."))
        mine = put(user, case, work, theirs.text, terms_of(theirs))
        copy_files(theirs, mine)
    return mine


def copy_files(source: Response, target: Response) -> None:
    """The files of one response, with another too, each once."""
    there = set(target.files.values_list("digest", "name"))
    ResponseFile.objects.bulk_create(
        ResponseFile(response=target, digest=f.digest, name=f.name, content_type=f.content_type, size=f.size)
        for f in source.files.all()
        if (f.digest, f.name) not in there
    )


def terms_of(response: Response) -> Terms:
    """The terms a response has."""
    return Terms(
        response.audience, response.private_text, response.subject, tuple(response.recipients),
        tuple(response.copies), response.send_at,
    )  # fmt: skip


def put(
    user: User, case: Case, work: tuple[Wait, Sequence[Item]], text: str, terms: Terms, base: Base = WHATEVER
) -> Response:
    """Write the user's draft, inside a transaction that holds the conversation."""
    mine = of(user, case).first()
    fields = _fields(user, case, work, text, terms)
    if mine is None:
        return Response.objects.create(case=case, author=user, state=Response.State.DRAFT, tab=base.tab, **fields)
    elsewhere = base.version not in (None, mine.version) and not (base.tab and base.tab == mine.tab)
    if elsewhere and (mine.text, mine.private_text) != (text, terms.private_text):
        raise Conflict(mine)
    for name, value in (fields | {"tab": base.tab, "version": mine.version + 1}).items():
        setattr(mine, name, value)
    mine.save()
    return mine


def _fields(user: User, case: Case, work: tuple[Wait, Sequence[Item]], text: str, terms: Terms) -> dict[str, Any]:
    wait, items = work
    subject, recipients = queries.where_to(case)
    audience = terms.audience if terms.audience in Audience.values else reach(case, facts_of(items)).usual
    return {
        "text": text, "private_text": terms.private_text, "audience": audience, "sender": user.name,
        "subject": subject if terms.subject is None else terms.subject[:300],
        "recipients": recipients if terms.to is None else list(terms.to), "copies": list(terms.copies),
        "send_at": terms.send_at, "element": wait.element, "judgement_id": items[-1].judgement_id, "digest": "",
    }  # fmt: skip


def facts_of(items: Sequence[Item]) -> dict[str, Value]:
    """What was known of the latest thing that waits, and whether it was said in public."""
    return items[-1].facts | {"public": items[-1].interaction.public}
