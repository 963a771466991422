"""The log of what everybody did: written in the transaction of the act, sealed into a chain a moment later."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from armature.crm import rows
from armature.crm.accounts.models import AuditEntry, AuditSeal, AuditValue, User


def log(actor: User | str, verb: str, subject: str, values: Mapping[str, Any]) -> None:
    """One entry: who (a user, or the name of what acted), did what, to what, with which values."""
    salt = secrets.token_bytes(16)
    line = json.dumps(values, sort_keys=True, default=str)
    entry = AuditEntry.objects.create(
        actor=actor if isinstance(actor, User) else None,
        actor_name=str(actor)[:120],
        verb=verb,
        subject=subject,
        fields=sorted(values),
        digest=_digest(salt, line),
    )
    AuditValue.objects.create(entry=entry, salt=salt, values=json.loads(line))


def log_many(actor: User | str, verb: str, what: Mapping[str, Mapping[str, Any]]) -> None:
    """The same for many subjects at once, each with its values, in two statements."""
    salts = {subject: secrets.token_bytes(16) for subject in what}
    lines = {subject: json.dumps(values, sort_keys=True, default=str) for subject, values in what.items()}
    entries = AuditEntry.objects.bulk_create(
        AuditEntry(
            actor=actor if isinstance(actor, User) else None, actor_name=str(actor)[:120], verb=verb, subject=subject,
            fields=sorted(values), digest=_digest(salts[subject], lines[subject]),
        )
        for subject, values in what.items()
    )  # fmt: skip
    AuditValue.objects.bulk_create(
        AuditValue(entry=one, salt=salts[one.subject], values=json.loads(lines[one.subject])) for one in entries
    )


def _digest(salt: bytes, line: str) -> bytes:
    return hashlib.blake2b(line.encode(), key=salt, digest_size=32).digest()


UNSEALED = """
    SELECT id, at, actor_id, actor_name, verb, subject, fields, digest FROM accounts_auditentry
    WHERE transaction >= %s AND transaction < %s ORDER BY transaction, id
"""


def seal() -> int:
    """Chain the entries of transactions that are finished; how many. No transaction ever waits for this."""
    with transaction.atomic():
        if not rows.fetch("SELECT pg_try_advisory_xact_lock(4711, 1)", [])[0][0]:
            return 0
        last = AuditSeal.objects.order_by("-id").first()
        start = last.before if last else 0
        until = rows.fetch("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + audit_offset()", [])[0][0]
        entries = rows.fetch(UNSEALED, [start, until])
        if entries:
            chain = _chain(bytes(last.chain) if last else b"", entries)
            AuditSeal.objects.create(before=until, entries=len(entries), chain=chain)
    return len(entries)


def _chain(previous: bytes, entries: list[tuple[Any, ...]]) -> bytes:
    chain = hashlib.blake2b(previous, digest_size=32)
    for *what, digest in entries:
        chain.update(json.dumps(what, default=str).encode())
        chain.update(bytes(digest))
    return chain.digest()


def broken_links() -> list[str]:
    """Walk the whole chain; a line in words for each link that does not fit what stands in the log now."""
    problems: list[str] = []
    start, previous = 0, b""
    for link in AuditSeal.objects.order_by("id").iterator():
        entries = rows.fetch(UNSEALED, [start, link.before])
        if len(entries) != link.entries or _chain(previous, entries) != bytes(link.chain):
            problems.append(
                f"audit seal {link.pk} of {link.at:%Y-%m-%d %H:%M:%S} does not fit its {link.entries} entries"
            )
        start, previous = link.before, bytes(link.chain)
    return problems


def wrong_digests(limit: int = 100) -> list[str]:
    """Entries whose values stand there but are not what was logged."""
    problems = []
    for value in AuditValue.objects.exclude(values=None).select_related("entry").iterator(chunk_size=2000):
        line = json.dumps(value.values, sort_keys=True, default=str)
        if _digest(bytes(value.salt), line) != bytes(value.entry.digest):
            problems.append(f"the values of audit entry {value.entry_id} were changed")
            if len(problems) == limit:
                break
    return problems
