"""Whose numbers an assessment may count: the rights of its owner when it began, kept with it as a value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from armature.crm.accounts.access import Rights, rights_of
from armature.crm.accounts.models import Role, User


@dataclass(frozen=True, slots=True)
class Scope:
    """Teams and brands that are led (None: all of them), and whether what is restricted there counts too."""

    led: tuple[tuple[str | None, int | None, bool], ...]

    @classmethod
    def read(cls, kept: Iterable[Sequence[Any]]) -> "Scope":
        """From what is kept with an assessment."""
        return cls(tuple((team, brand, bool(admin)) for team, brand, admin in kept))

    def counts(self, team: str, brand: int, *, restricted: bool) -> bool:
        """Whether an exchange of this team and brand is counted. What is restricted counts for administrators alone."""
        return any(
            t in (None, team) and b in (None, brand) and (admin or not restricted) for t, b, admin in self.led
        )  # fmt: skip

    @property
    def brands(self) -> set[int] | None:
        """The brands it looks at; None for all."""
        found = {brand for _team, brand, _admin in self.led}
        return None if None in found else {brand for brand in found if brand is not None}

    def within(self, rights: Rights) -> bool:
        """Whether these rights still reach as far: only then may the report be read."""
        return bool(self.led) and all(
            any(t in (None, team) and b in (None, brand) and (role == Role.ADMIN or not admin)
                for t, b, role in rights.only(Role.LEAD).roles)
            for team, brand, admin in self.led
        )  # fmt: skip


def of(user: User) -> Scope:
    """What a user leads now."""
    held = rights_of(user).only(Role.LEAD).roles
    return Scope(tuple(sorted(
        {(team, brand, role == Role.ADMIN) for team, brand, role in held},
        key=lambda one: (one[0] or "", one[1] or 0, one[2]),
    )))  # fmt: skip
