"""Who of the people at their screens may see which of a few cases: asked once for all who have the same rights."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from armature.crm.accounts.models import Membership, User
from armature.crm.act import queries
from armature.crm.act.models import Reader


def who_sees(users: Sequence[User], cases: Collection[int]) -> dict[int, frozenset[int]]:
    """For each user the numbers of those cases that they may see."""
    if not users or not cases:
        return {user.pk: frozenset() for user in users}
    found: dict[int, frozenset[int]] = {}
    for alike in _alike(users):  # as many as there are kinds of rights, not people
        seen = queries.cases_for(alike[0]).filter(pk__in=cases).values_list("pk", flat=True)
        found |= dict.fromkeys((user.pk for user in alike), frozenset(seen))
    return found


def _alike(users: Sequence[User]) -> list[list[User]]:
    """Users by their rights; whoever is named for a restricted case stands alone."""
    numbers = [user.pk for user in users]
    rights: dict[int, set[tuple[int | None, int | None, str]]] = defaultdict(set)
    for user, team, brand, role in Membership.objects.filter(user__in=numbers).values_list(
        "user", "team", "brand", "role"
    ):
        rights[user].add((team, brand, role))
    named = set(Reader.objects.filter(user__in=numbers).values_list("user", flat=True))
    groups: dict[object, list[User]] = defaultdict(list)
    for one in {user.pk: user for user in users}.values():
        groups[one.pk if one.pk in named else frozenset(rights[one.pk])].append(one)
    return list(groups.values())
