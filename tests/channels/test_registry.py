"""Kinds of channel come from entry points; one that is broken is switched off and says why."""

from importlib.metadata import EntryPoint

import pytest

from armature.crm.channels.email import Email
from armature.crm.channels.registry import GROUP, load


class Broken:
    def __init__(self) -> None:
        raise RuntimeError("no licence found")


class Halfway:
    key = "half"
    label = "Half a channel"


def point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, GROUP)


def test_the_installed_kinds_are_found() -> None:
    registry = load()
    assert isinstance(registry.kind("email"), Email)
    assert "email" not in registry.disabled


def test_a_broken_plug_in_is_switched_off_and_the_others_work() -> None:
    points = [
        point("broken", f"{__name__}:Broken"),
        point("half", f"{__name__}:Halfway"),
        point("gone", "no_such_module:Kind"),
        point("mail", "armature.crm.channels.email:Email"),
        point("twin", "armature.crm.channels.email:Email"),
    ]
    registry = load(points)
    assert list(registry.kinds) == ["email"]
    assert registry.disabled["broken"] == "RuntimeError: no licence found"
    assert "lacks settings, check, capabilities" in registry.disabled["half"]
    assert "no_such_module" in registry.disabled["gone"]
    assert "is taken by another plug-in" in registry.disabled["twin"]


def test_asking_for_a_kind_that_is_not_there_says_why() -> None:
    registry = load([point("broken", f"{__name__}:Broken")])
    with pytest.raises(LookupError, match="no licence found"):
        registry.kind("broken")
    with pytest.raises(LookupError, match="no installed package offers it"):
        registry.kind("fax")
