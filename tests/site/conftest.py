"""One installation for all tests that break something under it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from alone import Alone

from armature import postgres
from killing.ground import Ground


@pytest.fixture(scope="session")
def installation() -> Iterator[Alone]:
    """A database, pages and a worker that nobody looks after."""
    ground = Ground(Path(tempfile.mkdtemp(prefix="armature-alone-")))
    ground.home.mkdir()
    cluster = postgres.Cluster(ground.home)
    with cluster:
        alone = Alone(ground, cluster)
        try:
            alone.prepare()
            yield alone
        finally:
            alone.end()
    ground.remove()


@pytest.fixture
def alone(installation: Alone) -> Alone:
    """The same, with all its parts running."""
    installation.whole()
    return installation
