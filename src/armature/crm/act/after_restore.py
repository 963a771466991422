"""After a restore nobody knows what the company did since the backup: nothing leaves until people have looked."""

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from armature.crm.accounts import audit
from armature.crm.accounts.models import Session
from armature.crm.act import outbox
from armature.crm.act.models import Delivery
from armature.crm.channels.port import Unknown
from armature.crm.listen.models import Channel

PAUSED = gettext_noop(
    "Restored from a backup: look at what is of unknown outcome, and whether what came in since is here. "
    "Then let this channel go on."
)
MAYBE = gettext_noop("It was waiting to leave when the backup was made: it may have left since.")


def hold(made_at: str) -> tuple[int, int]:
    """Pause every channel, ask people about all that may have left, end all log-ins: how many answers and channels.

    Every log-in ends, since somebody may have been sent away after the backup was made.
    """
    with transaction.atomic():
        paused = Channel.objects.filter(active=True).update(paused_at=timezone.now(), problem=PAUSED)
        under_way = Delivery.objects.filter(state__in=(Delivery.State.QUEUED, Delivery.State.SENDING))
        token = secrets.randbits(62)
        under_way.update(state=Delivery.State.SENDING, token=token, claimed_at=timezone.now())
        found = list(Delivery.objects.filter(token=token, state="sending").select_related(*outbox.WITH))
        doubtful = sum(outbox.settle(one, Unknown(MAYBE)) for one in found)
        Session.objects.all().delete()
        told = {"made": made_at, "answers": doubtful, "channels": paused}
        audit.log("armature restore", "restored from a backup", "installation", told)
    return doubtful, paused
