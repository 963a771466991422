"""The people who work at the demo company."""

from collections.abc import Iterator
from contextlib import contextmanager

from armature.crm.accounts.access import keep_rights_of
from armature.crm.accounts.models import Membership, Role, Team, User

PASSWORD = "armature-demo"  # noqa: S105  printed at the terminal, only in the demo's own database


def join(name: str, key: str, role: str, team: str | None) -> None:
    """Somebody works here, in one team or everywhere."""
    if not User.objects.filter(email=_address(key)).exists():
        user = User.objects.create_user(_address(key), name, PASSWORD)
        Membership.objects.create(user=user, role=role, team=Team.objects.get(key=team) if team else None)


_KNOWN: dict[str, User] = {}


@contextmanager
def at_work() -> Iterator[None]:
    """For as long as this lasts nobody comes, goes or gets another role: who works here is looked up once."""
    everybody = list(User.objects.all())
    keep_rights_of(everybody)
    _KNOWN.update({one.email: one for one in everybody})
    try:
        yield
    finally:
        _KNOWN.clear()


def named(key: str) -> User:
    """One of them, by the first part of their address."""
    return _KNOWN.get(_address(key)) or User.objects.get(email=_address(key))


def words(name: str, key: str, role: str, team: str | None) -> str:
    """Their log-in, as a line for the terminal."""
    return f"{name:<12} {_address(key):<19} {Role(role).label}" + (f" in {team}" if team else "")


def _address(key: str) -> str:
    return f"{key}@fjord.example"
