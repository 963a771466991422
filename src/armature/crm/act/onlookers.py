"""Who of the people at their screens may see which of a few cases: asked once for all who have the same rights."""

from collections import defaultdict
from collections.abc import Collection

from armature.crm.accounts import access
from armature.crm.accounts.models import User
from armature.crm.act import asked, queries, sight


def who_sees(users: Collection[User], cases: Collection[int]) -> dict[int, frozenset[int]]:
    """For each user the numbers of those cases that they may see; these objects remember their rights from now on."""
    if not users or not cases:
        return {user.pk: frozenset() for user in users}
    access.keep_rights_of(users)
    sight.keep_of(users)
    alike: dict[object, list[User]] = defaultdict(list)
    for user in users:  # whoever is named for a restricted case stands alone
        alike[user.pk if sight.of(user).named else frozenset(access.rights_of(user).roles)].append(user)
    seen = asked.among({key: asked.statement(queries.cases_for(some[0])) for key, some in alike.items()}, cases)
    return {user.pk: seen[key] for key, some in alike.items() for user in some}
