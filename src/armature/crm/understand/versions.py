"""The versions of the company's reader: which one reads, what each learned, and going back to an earlier one."""

import logging
from collections.abc import Mapping
from threading import Lock
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from armature.arm.intent import Reader
from armature.arm.understand.learned.model import Model
from armature.arm.understand.learned.reader import LearnedReader, fits
from armature.crm import rows
from armature.crm.accounts import audit
from armature.crm.accounts.models import User
from armature.crm.understand import model_file, reader
from armature.crm.understand.models import ReaderVersion, ReaderWeights

logger = logging.getLogger(__name__)
KEPT = 20
"""So many versions keep their weights; of older ones only the figures are left."""

_loaded: dict[int, Reader] = {}
_lock = Lock()


def in_use() -> Reader:
    """The reader in use at this moment, in every process alike: one small look-up, and the weights once."""
    found = rows.fetch("SELECT id, name FROM understand_readerversion WHERE in_use", [])
    if not found:
        return reader.load()
    number, name = found[0]
    with _lock:
        if number not in _loaded:
            made = _load(number, name)
            _loaded.clear()
            _loaded[number] = made
        return _loaded[number]


def _load(number: int, name: str) -> Reader:
    """A version by its number; when it cannot be read, the starter reader goes on and the log says why."""
    try:
        return LearnedReader(name, reader.starter(), model_of(number))
    except (ReaderWeights.DoesNotExist, model_file.Unfit):
        logger.exception("the reader %s cannot be loaded; the starter reader reads", name)
        return reader.load()


def numbered(number: int) -> Reader:
    """One version by its number, 0 the starter reader; for trying it out. Raises ``LookupError`` where it is gone."""
    if not number:
        return reader.load()
    try:
        version = ReaderVersion.objects.get(pk=number)
        return LearnedReader(version.name, reader.starter(), model_of(number))
    except (ReaderVersion.DoesNotExist, ReaderWeights.DoesNotExist, model_file.Unfit) as problem:
        raise LookupError(f"the reader {number} is not kept") from problem


def model_of(number: int) -> Model:
    """What a version learned. Raises ``Unfit`` or ``DoesNotExist``."""
    kept = ReaderWeights.objects.get(pk=number)
    model = model_file.unpack(kept.about, bytes(kept.data))
    if not fits(model, reader.starter()):
        raise model_file.Unfit("it goes with another starter reader")
    return model


def keep(model: Model, *, figures: Mapping[str, Any], verdicts: int, upto: int, adopt: bool) -> ReaderVersion | None:
    """Keep what was learned with its figures, and use it when it is to be adopted; None when it is known already."""
    about, data = model_file.pack(model)
    with transaction.atomic():
        version, new = ReaderVersion.objects.get_or_create(
            name=f"learned {about['digest'][:12]}",
            defaults={
                "digest": about["digest"], "figures": dict(figures), "verdicts": verdicts, "upto": upto,
                "state": ReaderVersion.State.KEPT if adopt else ReaderVersion.State.REFUSED,
            },
        )  # fmt: skip
        if not new:
            ReaderVersion.objects.filter(pk=version.pk).update(upto=upto, verdicts=verdicts, added_at=Now())
            return None
        ReaderWeights.objects.create(version=version, about=about, data=data)
        if adopt:
            _use(version)
        _forget_old()
    return version


def _use(version: ReaderVersion | None) -> None:
    ReaderVersion.objects.filter(in_use=True).update(in_use=False)
    if version is not None:
        ReaderVersion.objects.filter(pk=version.pk).update(in_use=True)


def go_back(user: User, number: int) -> ReaderVersion | None:
    """A person chooses the version that reads from now on; 0 is the starter reader. The right is asked before.

    Raises ``DoesNotExist`` where there is no such version with weights, ``Unfit`` where they cannot be read.
    """
    with transaction.atomic():
        version = ReaderVersion.objects.filter(weights__isnull=False).get(pk=number) if number else None
        if version is not None:
            model_of(version.pk)
        _use(version)
        audit.log(user, "chose the reader", "reader", {"version": version.name if version else "starter"})
    return version


def _forget_old() -> None:
    newest = ReaderVersion.objects.filter(weights__isnull=False).order_by("-id").values_list("pk", flat=True)
    old = list(newest[KEPT:])
    ReaderWeights.objects.filter(version__in=old, version__in_use=False).delete()
