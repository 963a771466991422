"""What restricted cases have to do with a user: mostly nothing, and then no query needs to ask about them."""

from collections.abc import Collection
from dataclasses import dataclass

from armature.crm import rows
from armature.crm.accounts import access
from armature.crm.accounts.models import User

KEPT = "_kept_sight"


@dataclass(frozen=True, slots=True)
class Sight:
    """Whether any case is restricted, and whether this user is named for one."""

    any: bool
    named: bool


ASK = "SELECT EXISTS (SELECT FROM act_restriction), EXISTS (SELECT FROM act_reader WHERE user_id = %s)"


def of(user: User) -> Sight:
    """Asked anew each time, but once for a page that only shows; as the rights of a user are."""
    kept: Sight | None = getattr(user, KEPT, None)
    if kept is None:
        kept = Sight(*rows.fetch(ASK, [user.pk])[0])
        if access.are_kept(user):
            setattr(user, KEPT, kept)
    return kept


ASK_ALL = """
    SELECT EXISTS (SELECT FROM act_restriction), ARRAY(SELECT DISTINCT user_id FROM act_reader WHERE user_id = ANY(%s))
"""


def keep_of(users: Collection[User]) -> None:
    """The same of several people at once; these objects remember it from now on."""
    some, named = rows.fetch(ASK_ALL, [[user.pk for user in users]])[0]
    for user in users:
        setattr(user, KEPT, Sight(some, user.pk in named))
