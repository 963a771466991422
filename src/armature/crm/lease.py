"""Work that several workers share: a claim is a committed lease, effects check its token, nothing is done twice.

A queue is a table with ``attempts``, ``leased_until``, ``token`` and ``problem`` beside its key. A worker that dies
leaves a lease that runs out; one that wakes up late finds its token gone and cannot write.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

from armature.crm import rows

SECONDS = 30
TRIES = 3


class Lease(models.Model):
    """A row of a work queue."""

    attempts = models.SmallIntegerField(db_default=0)
    leased_until = models.DateTimeField(null=True)
    token = models.BigIntegerField(null=True)
    problem = models.TextField(null=True)

    class Meta:
        abstract = True


class LeaseLost(Exception):
    """Somebody else holds these rows now; what was done here must not be kept."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Keys that are ours until the lease runs out. ``again`` holds those that were tried before: do them singly."""

    token: int
    keys: tuple[int, ...]
    again: tuple[int, ...] = ()

    def parts(self) -> list["Claim"]:
        """The fresh ones together, and each of those that were tried before on its own."""
        fresh = tuple(key for key in self.keys if key not in self.again)
        alone = [Claim(self.token, (key,)) for key in self.again]
        return ([Claim(self.token, fresh)] if fresh else []) + alone

    def halves(self) -> list["Claim"]:
        """Two claims with half the rows each."""
        middle = len(self.keys) // 2
        return [Claim(self.token, self.keys[:middle]), Claim(self.token, self.keys[middle:])]


def claim(queue: type[Lease], limit: int, *, only: Sequence[int] | None = None, seconds: int = SECONDS) -> Claim:
    """Lease up to ``limit`` free rows, oldest key first (of ``only`` these, when given). Commit before working."""
    table, key = queue._meta.db_table, queue._meta.pk.column
    token = secrets.randbits(62)
    taken = rows.fetch(
        f"""
        WITH free AS MATERIALIZED (
            SELECT {key} FROM {table}
            WHERE (leased_until IS NULL OR leased_until < statement_timestamp())
              AND (%s::bigint[] IS NULL OR {key} = ANY(%s::bigint[]))
            ORDER BY {key} LIMIT %s FOR UPDATE SKIP LOCKED)
        UPDATE {table} AS queue
        SET attempts = attempts + 1, token = %s, leased_until = statement_timestamp() + %s * interval '1 second'
        FROM free WHERE queue.{key} = free.{key}
        RETURNING queue.{key}, queue.attempts
        """,
        [only, only, limit, token, seconds],
    )
    keys = sorted(number for number, _ in taken)
    return Claim(token, tuple(keys), tuple(sorted(number for number, attempts in taken if attempts > 1)))


def finish(queue: type[Lease], held: Claim) -> None:
    """Take the rows off the queue, in the transaction of their effects; raises ``LeaseLost`` when they are not ours."""
    table, key = queue._meta.db_table, queue._meta.pk.column
    gone = rows.run(
        f"DELETE FROM {table} WHERE {key} = ANY(%s) AND token = %s",
        [list(held.keys), held.token],
    )
    if gone != len(held.keys):
        raise LeaseLost(f"{len(held.keys) - gone} of {len(held.keys)} rows of {table} are no longer ours")


def give_back(queue: type[Lease], held: Claim, problem: str) -> bool:
    """After a failure: free the rows for another try, or, after ``TRIES``, park them with the reason (then True)."""
    table, key = queue._meta.db_table, queue._meta.pk.column
    freed = rows.fetch(
        f"""
        UPDATE {table} SET problem = %s, token = NULL,
            leased_until = CASE WHEN attempts >= %s THEN 'infinity'::timestamptz
                                ELSE statement_timestamp() + attempts * interval '2 seconds' END
        WHERE {key} = ANY(%s) AND token = %s RETURNING attempts
        """,
        [problem[:2000], TRIES, list(held.keys), held.token],
    )
    return any(attempts >= TRIES for (attempts,) in freed)


def release(queue: type[Lease], held: Claim) -> None:
    """Give rows back untried, for a little later: nothing is wrong with them."""
    table, key = queue._meta.db_table, queue._meta.pk.column
    rows.run(
        f"""
        UPDATE {table} SET token = NULL, attempts = greatest(0, attempts - 1),
            leased_until = statement_timestamp() + interval '2 seconds'
        WHERE {key} = ANY(%s) AND token = %s
        """,
        [list(held.keys), held.token],
    )
