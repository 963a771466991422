"""A server of somebody's own that could lose what it confirmed is refused in words that mend it."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from armature.postgres import Cluster, UnsafeServer, check, check_server, refuse_unsafe


def test_the_embedded_server_is_fit(shared_cluster: Cluster) -> None:
    with psycopg.connect(shared_cluster.url()) as connection:
        assert check_server(connection) == []
        refuse_unsafe(connection)


@pytest.mark.parametrize("name", ["fsync", "synchronous_commit", "full_page_writes"])
def test_a_server_that_may_lose_rows_is_refused_with_the_mend(folder: Path, name: str) -> None:
    with Cluster(folder, settings={name: "off"}) as cluster, psycopg.connect(cluster.url()) as connection:
        (finding,) = check_server(connection)
        assert finding.startswith(f"{name} is off: ")
        with pytest.raises(UnsafeServer, match=f"ALTER SYSTEM SET {name} = on"):
            refuse_unsafe(connection)


def test_all_findings_are_named_at_once(folder: Path) -> None:
    off = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
    with Cluster(folder, settings=off) as cluster, psycopg.connect(cluster.url()) as connection:
        assert len(check_server(connection)) == 3


def test_a_role_whose_commits_are_not_waited_for_is_found(folder: Path) -> None:
    with Cluster(folder) as cluster:
        with psycopg.connect(cluster.url(role="armature_owner")) as connection:
            connection.execute("ALTER ROLE armature_app SET synchronous_commit = off")
        with psycopg.connect(cluster.url()) as connection:
            assert len(check_server(connection)) == 1


@pytest.mark.parametrize(("number", "fit"), [(140099, False), (150000, True), (180006, True)])
def test_a_server_older_than_15_is_refused(number: int, fit: bool) -> None:
    assert (check.check_version(number) == []) is fit
