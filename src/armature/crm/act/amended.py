"""They edited or deleted what they said: what was written to answer it waits for a second look."""

from collections.abc import Sequence

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from armature.crm.accounts import audit
from armature.crm.act.models import Case, Response
from armature.crm.decide import waits
from armature.crm.decide.models import Wait
from armature.crm.listen.models import Revision
from armature.crm.listen.revisions import Amended

EDITED = gettext_noop("They edited what they said: read it again before you go on.")
DELETED = gettext_noop("They deleted what they said: look whether it is still to be answered.")


def take_in(amended: Sequence[Amended]) -> list[int]:
    """Approvals that were asked for are void, drafts say what happened; the numbers of the cases that show it."""
    shown = set[int]()
    for one in amended:  # as rare as people who change what they said
        if one.outgoing:
            shown |= set(Case.objects.filter(conversation=one.conversation_id).values_list("pk", flat=True))
            continue
        theirs = Case.objects.filter(conversation=one.conversation_id, identity__address=one.author, settled=False)
        for case in theirs:
            _look_again(case, DELETED if one.deleted else EDITED)
            shown.add(case.pk)
    Case.objects.filter(pk__in=shown).update(changed_at=timezone.now())
    return sorted(shown)


def _look_again(case: Case, why: str) -> None:
    case.responses.filter(state=Response.State.DRAFT).exclude(text="").update(why=why)
    asked = Wait.objects.filter(
        conversation=case.conversation_id, identity=case.identity_id, state="open", form="approval"
    ).values_list("pk", flat=True)
    if not waits.answer_if_open(list(asked), {"approved": False}):
        return
    for response in case.responses.filter(state=Response.State.APPROVAL):  # there is at most one
        Response.objects.filter(pk=response.pk).update(why=why, version=F("version") + 1)
        audit.log("the process", "took out of approval", f"case {case.pk}", {"response": response.pk, "reason": why})


def changes_in(case: Case) -> int:
    """How often the customer of this case changed what they said in it, as far as we heard."""
    return _changes(case).count()


def changed_since_written(response: Response) -> bool:
    """Whether they changed something after these words were handed in."""
    return _changes(response.case).filter(heard_at__gt=response.written_at).exists()


def _changes(case: Case) -> QuerySet[Revision]:
    theirs = Revision.objects.filter(interaction__conversation=case.conversation_id, interaction__direction="in")
    return theirs.filter(interaction__author=case.identity.address).exclude(kind=Revision.Kind.ORIGINAL)
