"""A whole company in one file, and back on a blank machine: nothing is missing, and nothing leaves by itself."""

import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from armature.cli.backups import archive, programs
from armature.crm import jobs
from armature.crm.accounts import audit
from armature.crm.accounts.models import Session
from armature.crm.act import commands, queries, responses
from armature.crm.act.models import Delivery
from armature.crm.listen import files
from house import House, make_house

BLANK = "armature_blank"
BODY = b"the picture of a broken kettle"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def house(transactional_db: None) -> House:
    """A company with one answer that waits to leave, one that was under way, an attachment, and somebody logged in."""
    _count_from(1_000_000_000)  # a server that has run for years; the one it is restored on is young
    house = make_house()
    authors = ("ann@people.example", "bea@people.example")
    for author in authors:
        house.hear("My kettle came broken, I want my money back!", author=author)
    house.settle()
    for author in authors:
        case = house.case(author)
        if case.form == "intent":
            commands.judge_intent(house.mona, case, intent="complaint")
            jobs.judge_conversations()
            case = house.case(author)
        responses.write(house.mona, case, text="We are sorry.", seen=queries.last_said(case))
        jobs.judge_conversations()
    queued = Delivery.objects.order_by("pk")
    assert [one.state for one in queued] == ["queued", "queued"]
    Delivery.objects.filter(pk=queued[0].pk).update(state="sending", token=1)
    files.write(BODY)
    Session.objects.create(pk="s" * 32, session_data="x", expire_date="2100-01-01T00:00:00Z")
    audit.seal()
    _count_from(0)
    return house


def _count_from(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION audit_offset() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE "
            f"AS 'SELECT {number}::bigint'"
        )


@pytest.fixture
def blank(server: str) -> Iterator[str]:
    """The address of a database with nothing in it."""
    named = sql.Identifier(BLANK)
    with psycopg.connect(server, autocommit=True) as at:
        at.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(named))
        at.execute(sql.SQL("CREATE DATABASE {}").format(named))
    yield psycopg.conninfo.make_conninfo(server, dbname=BLANK)
    with psycopg.connect(server, autocommit=True) as at:
        at.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(named))


@pytest.fixture
def armature(server: str, blank: str, tmp_path: Path) -> Run:
    """The command, in the folder of a company: ``where`` is the one that is there, or a blank one."""

    def run(*words: str, where: str = "there") -> subprocess.CompletedProcess[str]:
        there = psycopg.conninfo.make_conninfo(server, dbname=str(connection.settings_dict["NAME"]))
        home = tmp_path if where == "there" else tmp_path / "blank"
        home.joinpath("secret_key").write_text("only for tests") if where == "there" else None
        known = {key: value for key, value in os.environ.items() if not key.startswith("ARMATURE_")}
        known |= {"DATABASE_URL": there if where == "there" else blank, "ARMATURE_HOME": str(home)}
        known["PGOPTIONS"] = "-c synchronous_commit=on"  # other tests set their database to be quick
        return subprocess.run([sys.executable, "-m", "armature", *words], env=known, capture_output=True, text=True)

    return run


def ask(address: str, question: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(address, autocommit=True) as at:
        return at.execute(question.encode()).fetchall()


def sums(address: str) -> dict[str, str]:
    """A checksum over all rows of each table."""
    tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    of = "SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM {} t"
    return {name: ask(address, of.format(name))[0][0] for (name,) in ask(address, tables)}


def test_all_of_it_comes_back_and_what_may_have_left_is_asked_about(
    house: House, armature: Run, blank: str, server: str, tmp_path: Path
) -> None:
    there = psycopg.conninfo.make_conninfo(server, dbname=str(connection.settings_dict["NAME"]))
    file = tmp_path / "company.tar"
    made = armature("backup", str(file))
    assert made.returncode == 0, made.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    back = armature("restore", str(file), where="blank")
    assert back.returncode == 0, back.stderr

    before, after = sums(there), sums(blank)
    touched = {name for name in before if before[name] != after[name]}
    assert touched <= {
        "listen_channel", "act_delivery", "act_response", "accounts_session", "accounts_auditentry",
        "accounts_auditvalue", "accounts_auditseal", "decide_wait", "decide_todo", "act_case", "act_casecount",
        "act_startmark", "learn_unmeasured",
    }, "all else is the same, row by row"  # fmt: skip
    assert ask(there, "SELECT count(*) FROM act_startmark WHERE key = 'backup'") == [(1,)], "that it was made is kept"
    assert ask(there, "SELECT count(*) FROM accounts_auditentry WHERE verb = 'made a backup'") == [(1,)]
    assert [path.read_bytes() for path in (tmp_path / "blank" / "files").glob("*/*")] == [BODY]

    assert ask(blank, "SELECT DISTINCT state FROM act_delivery") == [("unknown",)]
    assert ask(blank, "SELECT count(*) FROM listen_channel WHERE active AND paused_at IS NULL") == [(0,)]
    assert ask(blank, "SELECT count(*) FROM accounts_session") == [(0,)], "everybody logs in again"
    if ask(blank, "SELECT 1 FROM pg_roles WHERE rolname = 'armature_app'"):
        may = "SELECT has_table_privilege('armature_app', 'accounts_auditentry', 'UPDATE, DELETE, TRUNCATE')"
        assert ask(blank, may) == [(False,)]
    checked = armature("check", where="blank")
    assert checked.returncode == 0, checked.stdout
    again = armature("restore", str(file), where="blank")
    assert again.returncode == 1 and "not blank" in again.stderr
    assert armature("backup", str(file)).returncode == 1, "a backup is never written over"


def test_what_is_no_whole_backup_is_refused_in_words(house: House, armature: Run, blank: str, tmp_path: Path) -> None:
    file = tmp_path / "company.tar"
    assert armature("backup", str(file)).returncode == 0
    whole = file.read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.tar").write_bytes(b"no archive at all" * 1000)
    damaged = whole.replace(BODY, BODY[:-1] + b"!")
    (tmp_path / "damaged.tar").write_bytes(damaged)
    (tmp_path / "newer.tar").write_bytes(whole.replace(b'"0001_initial"', b'"9001_initial"', 1))
    for name in ("text", "cut", "newer"):
        refused = armature("restore", str(tmp_path / f"{name}.tar"), where="blank")
        assert refused.returncode == 1 and "Traceback" not in refused.stderr, refused.stderr
        assert not ask(blank, "SELECT 1 FROM pg_class WHERE relname = 'act_case'"), name
    refused = armature("restore", str(tmp_path / "damaged.tar"), where="blank")
    assert refused.returncode == 1 and "damaged" in refused.stderr
    assert not ask(blank, "SELECT 1 FROM pg_class WHERE relname = 'act_case'"), "answers in it could leave again"
    assert not (tmp_path / "blank" / "secret_key").exists(), "the folder is still blank, for the backup that is whole"
    (tmp_path / "blank" / "restoring").touch()
    refused = armature("serve", where="blank")
    assert refused.returncode == 1 and "broke off" in refused.stderr
    (tmp_path / "blank" / "restoring").unlink()
    with tarfile.open(tmp_path / "evil.tar", "w") as tar, tarfile.open(file) as good:
        for member in good.getmembers():
            if member.name != "database.dump":
                tar.addfile(member, good.extractfile(member))
        tar.addfile(tarfile.TarInfo("../../evil"))
    refused = armature("restore", str(tmp_path / "evil.tar"), where="blank")
    assert refused.returncode == 1 and not (tmp_path.parent / "evil").exists()


def test_a_draft_that_somebody_else_put_there_is_not_written_into(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_bytes(b"")
    (tmp_path / "company.tar.new").symlink_to(theirs)
    (tmp_path / "dump").write_bytes(b"rows")
    manifest = archive.Manifest("2026-01-01", "1", 15, False, {}, {})
    archive.write(tmp_path / "company.tar", manifest, tmp_path / "dump", "the key", tmp_path / "none")
    assert theirs.read_bytes() == b"" and b"the key" in (tmp_path / "company.tar").read_bytes()


def test_a_password_stands_in_no_line_that_others_on_the_machine_can_read() -> None:
    where, secret = programs._open_and_secret("postgres://us:hush@db.example:5433/company?sslmode=require")
    assert "hush" not in where and secret == {"PGPASSWORD": "hush"}
    assert psycopg.conninfo.conninfo_to_dict(where) == {
        "user": "us", "host": "db.example", "port": "5433", "dbname": "company", "sslmode": "require",
    }  # fmt: skip


@pytest.mark.parametrize("key", [b"a\x00b", b"\xff", b" "])
def test_a_key_or_a_manifest_that_is_none_is_refused_in_words(tmp_path: Path, key: bytes) -> None:
    (tmp_path / "dump").write_bytes(b"rows")
    rows: Any = "no rows"
    manifest = archive.Manifest("2026-01-01", "1", 15, False, {}, rows)
    archive.write(tmp_path / "odd.tar", manifest, tmp_path / "dump", "key", tmp_path / "none")
    with tarfile.open(tmp_path / "odd.tar", "a") as tar:
        archive._add(tar, "secret_key", key)
    with tarfile.open(tmp_path / "odd.tar") as tar:
        with pytest.raises(archive.NotABackup):
            archive.manifest_of(tar)
        with pytest.raises(archive.NotABackup):
            archive.key_of(tar)
