"""The checks of an account: its settings, who we are there, what is said when it does not work."""

import time
from uuid import uuid4

import pytest

from armature.arm.channel import Capabilities
from armature.conformance.tools import PATIENCE, abilities, no_network, possible
from armature.conformance.world import World
from armature.crm.channels.port import Account, Unreachable
from armature.crm.channels.settings import BadSettings


class Known:
    """What is known of an account."""

    def test_it_has_a_name_and_settings(self, world: World) -> None:
        """A key that is a plain word, a label, settings with one name each."""
        assert world.kind.key.isascii()
        assert world.kind.key == world.kind.key.lower().strip()
        assert world.kind.label
        names = [one.name for one in world.kind.settings]
        assert len(names) == len(set(names))

    def test_what_is_missing_is_named(self, world: World) -> None:
        """An account that was told nothing is refused, each needed setting by name."""
        bare = Account(1, world.kind.key, world.account.address, signing_key=world.account.signing_key)
        if not world.needed:
            world.kind.check(bare)
            return
        with pytest.raises(BadSettings) as refused:
            world.kind.check(bare)
        assert set(world.needed) <= set(refused.value.problems)

    def test_what_works_is_taken(self, world: World) -> None:
        """The account of the world has nothing wrong."""
        world.kind.check(world.account)

    def test_trying_it_says_who_we_are(self, world: World) -> None:
        """``probe`` answers in words."""
        assert world.kind.probe(world.account).strip()

    def test_a_wrong_secret_is_said_and_not_repeated(self, world: World) -> None:
        """``probe`` and reading say that the log-in failed, and no word of the secret."""
        locked = possible(world.locked_out)
        with pytest.raises((Unreachable, BadSettings)) as refused:
            world.kind.probe(locked)
        assert not [secret for secret in locked.secrets.values() if secret in str(refused.value)]

    def test_a_server_that_is_not_there_is_said(self, world: World) -> None:
        """``probe`` says so within a minute, and does not break."""
        began = time.monotonic()
        with pytest.raises(Unreachable):
            world.kind.probe(possible(world.nowhere))
        assert time.monotonic() - began < PATIENCE

    def test_secrets_do_not_show(self, world: World) -> None:
        """An account that is printed, in a log for example, shows none of its secrets."""
        assert not [one for one in world.account.secrets.values() if one in f"{world.account!r} {world.account}"]

    def test_what_can_be_done_is_known_without_asking(self, world: World) -> None:
        """``capabilities`` opens no connection: lists ask it for many conversations."""
        with no_network():
            assert isinstance(abilities(world), Capabilities)
            assert isinstance(world.kind.external_id(world.account, uuid4()), str)
