"""People of the tests in front of the pages, and a house in each state that a case can have."""

import time

from allauth.account.internal.flows import login
from allauth.account.internal.userkit import user_id_to_str
from django.test import Client

from armature.crm.accounts.models import Membership, Role, Team, User
from armature.crm.act import commands, queries, responses
from armature.crm.act.models import Case, Response
from house import House

PART = {"HX-Request": "true"}


def visit(user: User, **more: object) -> Client:
    """A browser in which somebody is logged in, and showed a moment ago that it is they."""
    client = Client(**more)  # type: ignore[arg-type]
    client.force_login(user)
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
    session.save()
    return client


def stranger(team: str = "sales") -> User:
    """Somebody of a team that has nothing to do with the cases of the tests."""
    user = User.objects.create_user("sam@shop.example", "Sam", "a good password")
    Membership.objects.create(user=user, role=Role.LEAD, team=Team.objects.get(key=team))
    return user


def to_judge(house: House, text: str = "My parcel is broken. I want my money back.", **more: str) -> Case:
    """A case whose intent waits to be judged."""
    house.hear(text, **more)
    house.settle()
    return house.case(more.get("author", "ingrid@people.example"))


def to_answer(house: House, intent: str = "cancel", text: str = "My parcel is broken.", **more: str) -> Case:
    """A case that waits for an answer."""
    case = to_judge(house, text, **more)
    commands.judge_intent(house.mona, case, intent=intent)
    house.settle()
    return house.case(more.get("author", "ingrid@people.example"))


def to_approve(house: House, text: str = "We are sorry.") -> Response:
    """A response that waits for somebody else's approval."""
    case = to_answer(house)
    response = responses.write(house.mona, case, text=text, seen=queries.last_said(case))
    house.settle()
    return queries.response_for(house.mona, response.pk)
