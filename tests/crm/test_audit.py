"""The audit log only grows, its chain shows every change, and erasing values does not break it."""

import threading
import time

import pytest
from django.db import DatabaseError, connection, transaction

from armature.crm.accounts import audit
from armature.crm.accounts.models import AuditEntry, AuditSeal, AuditValue
from house import House
from together import together


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _seal() -> int:
    """Seal when others on this server (its own cleaning too) have finished what they were at."""
    for _ in range(100):
        if done := audit.seal():
            return done
        time.sleep(0.1)
    return 0


def _logged(house: House) -> None:
    audit.log(house.mona, "noted", "case 1", {"note": 7})
    audit.log("the process", "queued", "case 1", {"response": 3})


@pytest.mark.parametrize("change", ["UPDATE accounts_auditentry SET verb = 'x'", "DELETE FROM accounts_auditentry"])
def test_the_database_refuses_to_change_the_log(house: House, change: str) -> None:
    _logged(house)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        _sql(change)
    assert AuditEntry.objects.count() == 2


def test_sealed_entries_fit_their_chain(open_house: House) -> None:
    _logged(open_house)
    assert _seal() == 2
    assert (audit.broken_links(), audit.wrong_digests()) == ([], [])
    assert audit.seal() == 0


def test_an_entry_changed_behind_the_databases_back_breaks_the_chain(open_house: House) -> None:
    _logged(open_house)
    assert _seal()
    _sql("ALTER TABLE accounts_auditentry DISABLE TRIGGER append_only")
    try:
        _sql("UPDATE accounts_auditentry SET verb = 'did nothing' WHERE verb = 'noted'")
    finally:
        _sql("ALTER TABLE accounts_auditentry ENABLE TRIGGER append_only")
    assert "does not fit" in audit.broken_links()[0]


def test_a_removed_entry_breaks_the_chain(open_house: House) -> None:
    _logged(open_house)
    assert _seal()
    AuditValue.objects.all().delete()
    _sql("ALTER TABLE accounts_auditentry DISABLE TRIGGER append_only")
    try:
        _sql("DELETE FROM accounts_auditentry WHERE verb = 'noted'")
    finally:
        _sql("ALTER TABLE accounts_auditentry ENABLE TRIGGER append_only")
    assert audit.broken_links()


def test_changed_values_do_not_fit_what_was_logged(house: House) -> None:
    _logged(house)
    AuditValue.objects.filter(entry__verb="noted").update(values={"note": 8})
    assert audit.wrong_digests() == [
        f"the values of audit entry {AuditEntry.objects.get(verb='noted').pk} were changed"
    ]


def test_so_many_wrong_values_are_named_as_were_asked_for(house: House) -> None:
    _logged(house)
    AuditValue.objects.update(values={"note": 8})
    assert len(audit.wrong_digests()) == 2
    assert len(audit.wrong_digests(limit=1)) == 1


def test_while_one_worker_seals_no_other_does(open_house: House) -> None:
    _logged(open_house)
    sealing, done = threading.Event(), threading.Event()

    def one() -> None:
        with transaction.atomic():
            _sql("SELECT pg_advisory_xact_lock(4711, 1)")
            sealing.set()
            assert done.wait(60)

    def other() -> int:
        assert sealing.wait(60)
        try:
            return audit.seal()
        finally:
            done.set()

    assert together(one, other) == [None, 0]
    assert not AuditSeal.objects.exists()
    assert _seal() == 2


def test_erasing_values_leaves_the_chain_whole(open_house: House) -> None:
    _logged(open_house)
    assert _seal()
    AuditValue.objects.update(values=None, salt=b"")
    assert (audit.broken_links(), audit.wrong_digests()) == ([], [])


def test_a_transaction_that_is_not_finished_is_sealed_later(open_house: House) -> None:
    with transaction.atomic():
        _logged(open_house)
        assert audit.seal() == 0
    assert _seal() == 2
    assert AuditSeal.objects.count() == 1
