"""Where the bytes of files of the past stand, and how long: until nobody can want what is to be mended any more."""

import shutil
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts.access import Refused
from armature.crm.listen import files
from armature.crm.listen.imports.models import Import, ImportRow

KEPT = timedelta(days=30)
"""So long after a run ended, or after it was uploaded where none began."""
LEAST_FREE = 0.05
"""Of the disk: with less no file is taken."""
UPLOADING = 86_400
"""Seconds that a file may stand there before anything names it."""


def folder() -> Path:
    """Apart from attachments, with which no bytes are shared: what goes here goes from nobody else."""
    return Path(settings.FILES_FOLDER) / "brought"


def refuse_full_disk() -> None:
    """No file is taken while the disk is nearly full; raises ``Refused``."""
    disk = shutil.disk_usage(settings.FILES_FOLDER)
    if disk.free < LEAST_FREE * disk.total:
        raise Refused(_("The disk of the server is nearly full: nothing can be uploaded until there is room again."))


def path(digest: str) -> Path:
    """Where a file stands; no file is there once it was let go. Those of earlier versions stand among attachments."""
    there = folder() / (digest or "gone")
    return there if there.exists() or not digest else files.path(digest)


def refuse(digest: str) -> None:
    """What is nothing that can be brought in is not kept, unless it is somebody's file already."""
    if not Import.objects.filter(digest=digest).exists():
        (folder() / digest).unlink(missing_ok=True)


def forget_old() -> int:
    """Files whose time is over go, with the records of them that were not taken; what they became stays."""
    moving = [Import.State.CHECKING, Import.State.RUNNING]
    with transaction.atomic():
        old = Import.objects.exclude(digest="").exclude(state__in=moving).filter(at__lt=timezone.now() - KEPT)
        numbers = [one.pk for one in old.select_for_update(skip_locked=True) if _is_over(one)]
        ImportRow.objects.filter(job__in=numbers).delete()
        Import.objects.filter(pk__in=numbers).update(digest="")
    return len(numbers) + _sweep()


def _is_over(job: Import) -> bool:
    return (job.finished_at or job.at) < timezone.now() - KEPT


def _sweep() -> int:
    """What no import names (any more) goes from the disk."""
    there = list(folder().iterdir()) if folder().is_dir() else []
    named = set(Import.objects.filter(digest__in=[one.name for one in there]).values_list("digest", flat=True))
    over = [one for one in there if one.name not in named and one.stat().st_mtime < time.time() - UPLOADING]
    for one in over:
        one.unlink(missing_ok=True)
    return len(over)
