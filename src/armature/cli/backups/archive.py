"""The file of a backup: a tar of the database as PostgreSQL dumps it, the attachments, and the secret key."""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST, DUMP, KEY = "manifest.json", "database.dump", "secret_key"
FILE = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})")
"""Attachments are named by the SHA-256 of their bytes; nothing else is taken out of an archive."""
CHUNK = 1 << 20
MOST_MANIFEST, MOST_KEY = 1 << 20, 4096


class NotABackup(Exception):
    """This file cannot be restored; the words say why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: when it was made, by which version, and how many rows each table had at that moment."""

    made_at: str
    version: str
    postgres: int
    demo: bool
    migrations: Mapping[str, list[str]]
    rows: Mapping[str, int]
    format: int = FORMAT


KINDS = {"made_at": str, "version": str, "postgres": int, "demo": bool, "migrations": dict, "rows": dict}


def write(target: Path, manifest: Manifest, dump: Path, key: str, folder: Path) -> int:
    """The archive, whole or not at all; how many attachments are in it. Readable by its owner only: it has the key."""
    draft = target.with_name(f"{target.name}.new")
    draft.unlink(missing_ok=True)  # of one that broke off; what somebody else put there is never written into
    files = 0
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w") as tar:
                _add(tar, MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
                _add(tar, KEY, key.encode())
                tar.add(dump, DUMP)
                for path in sorted(folder.glob("??/*")) if folder.is_dir() else ():
                    if FILE.fullmatch(name := f"files/{path.parent.name}/{path.name}"):
                        with suppress(FileNotFoundError):  # what was brought in long ago may go meanwhile
                            tar.add(path, name)
                            files += 1
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return files


def _add(tar: tarfile.TarFile, name: str, body: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(body), 0o600
    tar.addfile(member, io.BytesIO(body))


def manifest_of(tar: tarfile.TarFile) -> Manifest:
    """What stands in its first member; raises ``NotABackup``."""
    try:
        given = json.loads(_read(tar, MANIFEST, MOST_MANIFEST))
        found = Manifest(**given)
        for name, wanted in KINDS.items():
            if not isinstance(given[name], wanted):
                raise ValueError(f"{name} is not what it should be")
    except (ValueError, TypeError, KeyError, RecursionError) as odd:
        raise NotABackup(f"its {MANIFEST} cannot be read: {odd}") from None
    if found.format != FORMAT:
        raise NotABackup(f"it has format {found.format}, and this version of Armature knows {FORMAT} only")
    return found


def key_of(tar: tarfile.TarFile) -> str:
    """The secret key of the installation that was backed up."""
    key = _read(tar, KEY, MOST_KEY).decode("ascii", "replace").strip()
    if not key or not key.isprintable() or "\ufffd" in key:
        raise NotABackup(f"its {KEY} is not what it should be")
    return key


def _read(tar: tarfile.TarFile, name: str, most: int) -> bytes:
    try:
        member = tar.getmember(name)
    except KeyError:
        raise NotABackup(f"it holds no {name}") from None
    stream = tar.extractfile(member) if member.isfile() and member.size <= most else None
    if stream is None:
        raise NotABackup(f"its {name} is not what it should be")
    return stream.read()


def take_dump(tar: tarfile.TarFile, target: Path) -> None:
    """The dump of the database, written beside."""
    try:
        stream = tar.extractfile(DUMP)
    except KeyError:
        stream = None
    if stream is None:
        raise NotABackup(f"it holds no {DUMP}")
    with stream, os.fdopen(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as out:
        while chunk := stream.read(CHUNK):
            out.write(chunk)


def take_files(tar: tarfile.TarFile, folder: Path) -> Iterator[str]:
    """Write its attachments into the folder, each looked at; the digest of each. Raises ``NotABackup``."""
    for member in tar:
        named = FILE.fullmatch(member.name)
        if named is None or not member.isfile():
            continue
        digest = named.group(2)
        _take(tar, member, folder / digest[:2] / digest)
        yield digest


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    stream: Any = tar.extractfile(member)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft, found = target.with_name(f"{target.name}.restoring"), hashlib.sha256()
    with draft.open("wb") as out:
        while chunk := stream.read(CHUNK):
            found.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if found.hexdigest() != target.name:
        draft.unlink()
        raise NotABackup(f"the attachment {target.name} in it is damaged")
    draft.replace(target)
