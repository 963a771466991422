"""Who answered, and as which team: users by their roles, addresses of the brought-in past by whose they are."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.text import slugify

from armature.crm.accounts.models import Membership, Team, User
from armature.crm.learn.assessments.sums import plain

MOST = 500
"""So many different answerers are told apart; who comes after them is counted with the rest."""
REST = "rest"
USER, DESK = "u:", "a:"
"""How an answerer begins that is a user, or an address that is nobody's here. A bare name is the key of a team."""


@dataclass(slots=True)
class Sides:
    """Users with their teams and addresses, and the teams by the words they are known by."""

    teams_of: dict[int, set[str]] = field(default_factory=dict)
    everywhere: set[int] = field(default_factory=set)
    by_address: dict[str, int] = field(default_factory=dict)
    by_word: dict[str, str] = field(default_factory=dict)

    def who(self, user: int, author: str) -> str:
        """Who said it: a user, or an address."""
        number = user or self.by_address.get(author.casefold(), 0)
        return f"{USER}{number}" if number else f"{DESK}{plain(author[:120])}" if author else ""

    def side(self, who: str, case_team: str) -> str:
        """The team that somebody answered for, or themselves where none can be told; empty when nobody knows who.

        Of several teams it is the one whose case it was. An address counts as the team that has its name.
        """
        if who.startswith(USER):
            number = int(who.removeprefix(USER))
            teams = self.teams_of.get(number, set())
            if case_team and (case_team in teams or number in self.everywhere):
                return case_team
            return next(iter(teams)) if len(teams) == 1 else who
        name = who.removeprefix(DESK).partition("@")[0]
        return self.by_word.get(_word(name), who)


def _word(name: str) -> str:
    return slugify(name).replace("-", "").replace("_", "")


def known() -> Sides:
    """All there are now; three statements."""
    found = Sides()
    teams_of: dict[int, set[str]] = defaultdict(set)
    for user, team in Membership.objects.values_list("user", "team__key"):
        if team:
            teams_of[user].add(team)
        else:
            found.everywhere.add(user)
    found.teams_of = teams_of
    found.by_address = {address.casefold(): number for address, number in User.objects.values_list("email", "pk")}
    for key, name in Team.objects.order_by("id").values_list("key", "name"):
        for word in (_word(key), _word(name)):
            if word:
                found.by_word.setdefault(word, key)
    return found
