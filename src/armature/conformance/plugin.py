"""The plug-in of pytest: it keeps what came of each check, so that a table of all kinds can be made."""

import json
from collections.abc import Generator
from pathlib import Path

import pytest

IN_ANY_ORDER = "test_any_order_with_repeats_ends_as_the_one_in_order"
OUTCOMES = pytest.StashKey[dict[str, dict[str, str]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--channel-table FILE``."""
    words = "add what came of the checks of channels to this file; `python -m armature.conformance FILE` prints a table"
    parser.addoption("--channel-table", metavar="FILE", help=words)
    words = (
        "compare so many shuffled and repeated deliveries with the one in order; it needs a database (pytest-django)"
    )
    parser.addoption("--shuffles", type=int, default=None, metavar="N", help=words)


def shuffles(config: pytest.Config) -> int:
    """So many orders are tried; 0 where there is no database."""
    return int(config.getoption("--shuffles") or 0) if config.pluginmanager.hasplugin("django") else 0


def pytest_itemcollected(item: pytest.Item) -> None:
    """Whoever compares orders works on tables."""
    if getattr(item, "originalname", "") == IN_ANY_ORDER and shuffles(item.config):
        item.add_marker("django_db")


def pytest_configure(config: pytest.Config) -> None:
    """Nothing is known yet."""
    config.stash[OUTCOMES] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """One check of one kind."""
    report = yield
    kind = getattr(getattr(item, "cls", None), "kind_name", "")
    if kind and (report.when == "call" or report.outcome != "passed"):
        check, _, part = item.name.removeprefix("test_").partition("[")
        name = check.replace("_", " ") + (f" ({part[:-1]})" if part else "")
        item.config.stash[OUTCOMES].setdefault(kind, {})[name] = report.outcome
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Add to what earlier runs found, of other kinds or of other checks."""
    file, found = session.config.getoption("--channel-table"), session.config.stash[OUTCOMES]
    if file and found:
        path = Path(file)
        earlier = json.loads(path.read_text()) if path.exists() else {}
        kept = {kind: earlier.get(kind, {}) | found.get(kind, {}) for kind in [*earlier, *found]}
        path.write_text(json.dumps(kept, indent=1, ensure_ascii=False))
