"""A server of one installation: kept rows, one owner, two roles."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from armature.postgres import APP, OWNER, Cluster, connect, django_database
from armature.postgres.settings import cache_megabytes
from postgres.conftest import NewFolder
from postgres.processes import Owner, ask, main_process


def test_rows_are_kept_over_a_stop_and_a_start(folder: Path) -> None:
    with Cluster(folder) as first, psycopg.connect(first.url(role=OWNER)) as connection:
        connection.execute("CREATE TABLE heard (words text)")
        connection.execute("INSERT INTO heard VALUES ('the parcel is late')")
    with Cluster(folder) as second, psycopg.connect(second.url()) as connection:
        assert ask(connection, "SELECT words FROM heard") == "the parcel is late"


def test_a_second_start_of_a_running_server_changes_nothing(cluster: Cluster) -> None:
    before = main_process(cluster.url())
    cluster.start()
    assert main_process(cluster.url()) == before


def test_a_second_process_joins_and_leaves_the_server_running(cluster: Cluster, folder: Path) -> None:
    with Owner(folder) as second:
        assert second.said["owner"] is False
        assert second.url == cluster.url()
    with psycopg.connect(cluster.url()) as connection:
        assert ask(connection, "SELECT 1") == 1


def test_the_next_start_takes_over_when_the_owner_has_ended(folder: Path) -> None:
    with Owner(folder) as first:
        assert first.said["owner"] is True
        second = Cluster(folder)
        second.start()
        assert not second.is_owner
    with second:
        assert second.is_owner
        with psycopg.connect(second.url()) as connection:
            assert ask(connection, "SELECT 1") == 1


def test_two_that_start_at_once_agree_on_one_server(folder: Path) -> None:
    with Owner(folder) as one, Owner(folder) as two:
        assert sorted([one.said["owner"], two.said["owner"]]) == [False, True]
        assert main_process(one.url) == main_process(two.url)


def test_two_checkouts_run_at_once_and_share_nothing(new_folder: NewFolder) -> None:
    with Cluster(new_folder()) as one, Cluster(new_folder()) as two:
        with psycopg.connect(one.url(role=OWNER)) as connection:
            connection.execute("CREATE TABLE only_here ()")
        with psycopg.connect(two.url()) as connection:
            assert ask(connection, "SELECT to_regclass('only_here')") is None
        assert main_process(one.url()) != main_process(two.url())


def test_only_the_account_of_the_server_can_reach_its_socket(cluster: Cluster) -> None:
    run = Path(django_database(cluster.url())["HOST"])
    assert run.stat().st_mode & 0o777 == 0o700
    assert run.stat().st_uid == (cluster.home / "data").stat().st_uid


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("data_checksums", "on"),
        ("listen_addresses", ""),
        ("max_connections", "60"),
        ("max_wal_size", "4GB"),
        ("checkpoint_timeout", "15min"),
        ("random_page_cost", "1.1"),
        ("jit", "off"),
        ("server_encoding", "UTF8"),
        ("TimeZone", "UTC"),
    ],
)
def test_the_server_is_set_up_safe_and_fast(shared_cluster: Cluster, name: str, value: str) -> None:
    with psycopg.connect(shared_cluster.url()) as connection:
        assert ask(connection, f"SHOW {name}") == value


def test_settings_of_the_caller_go_over_the_usual_ones(folder: Path) -> None:
    with Cluster(folder, settings={"work_mem": "5MB"}) as cluster, psycopg.connect(cluster.url()) as connection:
        assert ask(connection, "SHOW work_mem") == "5MB"


def test_the_application_works_with_rows_of_tables_that_the_owner_made(shared_cluster: Cluster) -> None:
    with psycopg.connect(shared_cluster.url(role=OWNER)) as connection:
        connection.execute("CREATE TABLE work (id bigserial, note text)")
    with psycopg.connect(shared_cluster.url()) as connection:
        connection.execute("INSERT INTO work (note) VALUES ('a'), ('b')")
        connection.execute("UPDATE work SET note = 'c' WHERE note = 'a'")
        connection.execute("DELETE FROM work WHERE note = 'b'")
        assert ask(connection, "SELECT string_agg(note, ',') FROM work") == "c"


@pytest.mark.parametrize(
    "act",
    [
        "CREATE TABLE mine ()",
        "DROP TABLE audit",
        "TRUNCATE audit",
        "UPDATE audit SET words = 'never said'",
        "DELETE FROM audit",
        "ALTER TABLE audit OWNER TO armature_app",
        "CREATE DATABASE other",
        "CREATE ROLE friend",
        "SET ROLE armature_owner",
        "COPY audit TO PROGRAM 'cat'",
    ],
)
def test_the_application_cannot_reach_past_its_rights(shared_cluster: Cluster, act: str) -> None:
    with psycopg.connect(shared_cluster.url(role=OWNER)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS audit (words text)")
        connection.execute(sql.SQL("REVOKE UPDATE, DELETE ON audit FROM {}").format(sql.Identifier(APP)))
    refused = psycopg.errors.InsufficientPrivilege
    with psycopg.connect(shared_cluster.url(), autocommit=True) as connection, pytest.raises(refused):
        connection.execute(act.encode())


def test_a_database_made_later_gives_the_application_the_same_rights(shared_cluster: Cluster) -> None:
    with psycopg.connect(shared_cluster.url(role=OWNER), autocommit=True) as connection:
        connection.execute("CREATE DATABASE for_tests")
    with psycopg.connect(shared_cluster.url("for_tests", role=OWNER)) as connection:
        connection.execute("CREATE TABLE work (note text)")
    with psycopg.connect(shared_cluster.url("for_tests")) as connection:
        connection.execute("INSERT INTO work VALUES ('a')")


def test_a_url_keeps_names_and_paths_with_unusual_letters() -> None:
    run = Path("/tmp/my checkout/100%/run")
    entry = django_database(connect.url(run, "a/b", "ann@home"))
    assert (entry["NAME"], entry["USER"], entry["HOST"]) == ("a/b", "ann@home", str(run))


def test_a_url_becomes_an_entry_of_djangos_databases() -> None:
    entry = django_database("postgresql://ann:s%40fe@db.internal:5433/crm?sslmode=require&connect_timeout=3")
    assert entry == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "crm",
        "USER": "ann",
        "PASSWORD": "s@fe",
        "HOST": "db.internal",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require", "connect_timeout": "3"},
    }


@pytest.mark.parametrize(("memory", "cache"), [(256 << 20, 128), (8 << 30, 2048), (64 << 30, 4096)])
def test_the_server_keeps_a_quarter_of_the_machine_in_memory_within_bounds(memory: int, cache: int) -> None:
    assert cache_megabytes(memory) == cache
