"""The checks that every kind of channel passes, ours and anybody's: a plug-in for pytest.

Whoever writes a kind gives the kit a ``World``: the account, and a customer on the other side who speaks and looks
(``Bare`` is one with nothing in it, to begin with). A test class that inherits ``Conforms`` and has a fixture
``world`` runs all checks:

    class TestGuestbook(Conforms):
        @pytest.fixture
        def world(self) -> World:
            return GuestbookWorld(...)

What a kind does not offer is skipped, and the reason said; what it says that it offers, it must do. ``pytest
--channel-table FILE`` writes what came of each check for each kind as a table.
"""

from armature.conformance.kit import Conforms
from armature.conformance.world import Bare, Said, World

__all__ = ["Bare", "Conforms", "Said", "World"]
