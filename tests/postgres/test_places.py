"""Where data and socket stand: short enough for a socket, closed to others, the same for every process."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

from armature.postgres import OWNER, Cluster, UnsafePlace, places
from postgres.conftest import NewFolder
from postgres.processes import Owner, ask

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture
def deep(new_folder: NewFolder) -> Path:
    """An installation whose own path is too long for a socket, in the place where a normal user has it."""
    folder = new_folder().parent / ("a-long-name-of-a-folder-" * 5) / ".armature"
    (folder / "postgres").mkdir(parents=True)
    for each in (folder.parent, folder, folder / "postgres"):
        each.chmod(0o755)
    return folder


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(deep: Path) -> None:
    with Cluster(deep) as cluster, Owner(deep) as second:
        run = places.find(deep).run
        assert len(str(places.find(deep).socket)) <= places.LONGEST_SOCKET_PATH
        assert deep not in run.parents
        assert run.stat().st_mode & 0o777 == 0o700
        assert second.said["owner"] is False
        with psycopg.connect(cluster.url(role=OWNER)) as connection:
            assert ask(connection, "SHOW data_directory") == str(deep / "postgres" / "data")
    run.rmdir()


@pytest.mark.parametrize("squatted", ["a folder open to all", "a link", "a file"])
def test_a_socket_folder_that_others_can_reach_is_refused(deep: Path, tmp_path: Path, squatted: str) -> None:
    run = places.find(deep).run
    if squatted == "a link":
        run.symlink_to(tmp_path)
    elif squatted == "a file":
        run.touch(mode=0o600)
        places.find(deep).account.give(run)
    else:
        run.mkdir()
        places.find(deep).account.give(run)
        run.chmod(0o777)
    try:
        with pytest.raises(UnsafePlace, match=f"(?s){run}.*set TMPDIR"):
            Cluster(deep).start()
    finally:
        run.rmdir() if squatted == "a folder open to all" else run.unlink()


@AS_ROOT
def test_a_socket_folder_of_another_user_is_refused(deep: Path) -> None:
    run = places.find(deep).run
    run.mkdir(mode=0o700)
    os.chown(run, 54321, 54321)
    try:
        with pytest.raises(UnsafePlace, match="belongs to user 54321"):
            Cluster(deep).start()
    finally:
        run.rmdir()


@AS_ROOT
def test_for_root_the_data_stands_where_the_servers_account_can_reach_it(folder: Path) -> None:
    folder.parent.chmod(0o700)
    with Cluster(folder) as cluster:
        assert cluster.home.parent == places.SHARED
        assert (folder / "postgres").readlink() == cluster.home
        assert (cluster.home / "belongs-to").read_text().strip() == str(folder)
        assert (cluster.home / "data").stat().st_uid not in (0, os.geteuid())
        assert cluster.log.stat().st_uid == 0
    assert folder.parent.stat().st_mode & 0o777 == 0o700, "a permission that is not ours was changed"


@AS_ROOT
def test_starts_at_the_same_moment_make_one_place_together(new_folder: NewFolder) -> None:
    def prepare(place: places.Places) -> None:
        together.wait()
        places.prepare(place)

    for _ in range(20):
        together, place = Barrier(8), places.find(new_folder())
        with ThreadPoolExecutor(8) as starts:
            for done in [starts.submit(prepare, place) for _ in range(8)]:
                done.result()
        assert (place.folder / "postgres").readlink() == place.home
