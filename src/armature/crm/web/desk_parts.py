"""What every page of the desk needs: who asks, and for which view."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest

from armature.crm.accounts.models import User
from armature.crm.web.views_of_cases import VIEWS, View


def user_of(request: HttpRequest) -> User:
    """Who is logged in; pages are only reached by somebody who is."""
    assert not isinstance(request.user, AnonymousUser)
    return request.user


def view_or_404(key: str) -> View:
    """The view of that name."""
    if key not in VIEWS:
        raise Http404
    return VIEWS[key]
