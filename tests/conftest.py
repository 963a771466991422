"""The database that tests run on: that of DATABASE_URL, else an embedded server of their own, gone afterwards."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connections

import prepared
from armature import postgres
from armature.crm.calm import keep_collector_calm
from armature.site.database import settings_for

settings.SECRET_KEY = "only for tests"
settings.WHITENOISE_AUTOREFRESH = True  # files are looked up when asked for: each client of a test lists them all else
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if TYPE_CHECKING:
    from armature.crm.accounts.models import User
    from house import House

SHUFFLES = 50


def pytest_collection_finish() -> None:
    """As in the product: what was loaded is not looked over again and again."""
    keep_collector_calm()


def pytest_configure(config: pytest.Config) -> None:
    """Here is a database, so the checks of channels compare orders."""
    if config.getoption("--shuffles") is None:
        config.option.shuffles = SHUFFLES


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server, as the owner of its databases."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="armature-tests-") as folder, postgres.Cluster(Path(folder)) as cluster:
        yield cluster.url(role=postgres.OWNER)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(server: str, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Point Django at that server before it makes its test database, as a copy of tables that were kept."""
    settings.DATABASES["default"].update(settings_for(server))
    connections["default"].settings_dict.update(settings_for(server))
    if not os.environ.get("DATABASE_URL") and prepared.take(server):
        connections["default"].settings_dict["TEST"]["TEMPLATE"] = prepared.NAME


@pytest.fixture(scope="session")
def django_db_setup(server: str, django_db_setup: None) -> None:
    """The test database; its tables are kept for other processes where it was the first to make them."""
    settled = connections["default"].settings_dict
    if not os.environ.get("DATABASE_URL") and not settled["TEST"].get("TEMPLATE"):
        prepared.keep(server, settled["NAME"])


@pytest.fixture
def anna(house: "House") -> "User":
    """Administrator of the company."""
    from house import administrator

    return administrator()


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: object) -> None:
    """Attachments of a test stand in its own folder."""
    settings.FILES_FOLDER = tmp_path / "files"  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _leaves_at_once(settings: object) -> None:
    """What is released leaves at once, but in the tests that are about taking it back."""
    settings.UNDO_SECONDS = 0  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """What a process remembers of committed rows is forgotten with the rows of a test."""
    yield
    from armature.crm.decide import paths, plans
    from armature.crm.understand import queries

    for remembered in (paths._KNOWN, plans._PLANS, queries._VERSIONS):
        remembered.clear()


@pytest.fixture(scope="session", autouse=True)
def _plans_made_once() -> None:
    """To compile a map and its tables takes as long as half a test, and what comes of the same bytes is the same."""
    from armature.arm.process_map import Plan, compile_plan
    from armature.arm.rule.field import Catalogue
    from armature.crm import company
    from armature.crm.decide import plans, publishing

    kept: dict[tuple[bytes, tuple[tuple[str, bytes], ...], int], Plan] = {}

    def compiled(xml: bytes, tables: Mapping[str, bytes], facts: Catalogue) -> Plan:
        key = (xml, tuple(sorted(tables.items())), id(facts))
        if key not in kept:
            kept[key] = compile_plan(xml, tables, facts)
        return kept[key]

    for module in (company, plans, publishing):
        module.compile_plan = compiled  # type: ignore[attr-defined]
