"""Installations for the tests, each in a folder of its own, gone with all their data afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from armature.postgres import Cluster, places

NewFolder = Callable[[], Path]


@pytest.fixture
def new_folder() -> Iterator[NewFolder]:
    """Make folders for installations: with short paths (sockets stand in them) that other users may pass."""
    made: list[Path] = []

    def make() -> Path:
        top = Path(tempfile.mkdtemp(prefix="armature-test-"))
        top.chmod(0o755)
        made.append(top)
        return top / ".armature"

    yield make
    for top in made:
        _remove(top)


def _remove(top: Path) -> None:
    for link in top.rglob("postgres"):
        if link.is_symlink() and link.readlink().parent == places.SHARED:
            shutil.rmtree(link.readlink(), ignore_errors=True)
    shutil.rmtree(top)


@pytest.fixture
def folder(new_folder: NewFolder) -> Path:
    return new_folder()


@pytest.fixture
def cluster(folder: Path) -> Iterator[Cluster]:
    """A running server."""
    with Cluster(folder) as running:
        yield running


@pytest.fixture(scope="session")
def shared_cluster() -> Iterator[Cluster]:
    """One running server for the tests that only ask it something."""
    top = Path(tempfile.mkdtemp(prefix="armature-test-"))
    top.chmod(0o755)
    with Cluster(top / ".armature") as running:
        yield running
    _remove(top)
