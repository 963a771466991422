"""Attachments: bytes once on disk under their own digest, synced before the row commits; names are only data."""

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings

from armature.crm import rows
from armature.crm.channels.port import Attachment
from armature.crm.listen.models import File

Named = tuple[str, str, int, str]
"""A file whose bytes are stored: name, content type, size, digest."""


def name(interaction_id: int, attached: Iterable[Named]) -> None:
    """The rows of files that stand there already."""
    rows.copy(
        File,
        ["interaction_id", "digest", "name", "content_type", "size"],
        [(interaction_id, digest, called, content_type, size) for called, content_type, size, digest in attached],
    )


def keep(found: Sequence[tuple[int, Sequence[Attachment]]]) -> None:
    """Write the files of these interactions and their rows."""
    rows.copy(
        File,
        ["interaction_id", "digest", "name", "content_type", "size"],
        [
            (number, write(a.body), a.name[:255], a.content_type[:80], len(a.body))
            for number, attachments in found
            for a in attachments
        ],
    )


def write(body: bytes) -> str:
    """Store bytes durably; their digest names them. Writing the same bytes again changes nothing."""
    digest = hashlib.sha256(body).hexdigest()
    target = path(digest)
    if target.exists():
        return digest
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}.new")
    with draft.open("wb") as stream:
        stream.write(body)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(target)
    _sync_folder(target.parent)
    return digest


def read(digest: str) -> bytes:
    """The bytes of that digest; raises ``OSError`` when they are not there (any more) or are other bytes by now."""
    body = path(digest).read_bytes()
    if hashlib.sha256(body).hexdigest() != digest:
        raise OSError(f"the file {digest} was damaged on disk")
    return body


def attachment(digest: str, name: str, content_type: str) -> Attachment:
    """What stands there under this digest, as a file that goes with words; raises ``OSError``."""
    return Attachment(name, content_type, read(digest))


def path(digest: str) -> Path:
    """Where they stand: two levels of folders, made from the digest alone."""
    if len(digest) != 64 or not digest.isalnum():
        raise ValueError("not a digest")
    return Path(settings.FILES_FOLDER) / digest[:2] / digest


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
