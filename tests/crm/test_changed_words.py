"""Words that are changed before they are released: they are complete, and they are other words."""

import pytest

from armature.crm.accounts.models import AuditEntry
from armature.crm.act import approvals
from armature.crm.act.models import Response
from armature.crm.act.work import Refused
from house import House
from test_releasing import _handed_in


def test_changed_words_must_fit_as_the_first_ones_had_to(house: House) -> None:
    response = _handed_in(house)
    with pytest.raises(Refused, match="Not filled in yet"):
        approvals.change(house.leo, response, digest=response.digest, text="Please stay, {{first_name}}.")
    assert Response.objects.get(pk=response.pk).author == house.mona


@pytest.mark.parametrize(
    ("text", "words"), [("Do stay, please.", "Nothing was changed"), (" ", "The response is empty")]
)
def test_no_other_words_or_none_make_nobody_else_the_author(house: House, text: str, words: str) -> None:
    response = _handed_in(house)
    with pytest.raises(Refused, match=words):
        approvals.change(house.leo, response, digest=response.digest, text=text)
    kept = Response.objects.get(pk=response.pk)
    assert (kept.author, kept.state, kept.digest) == (house.mona, "approval", response.digest)
    assert not AuditEntry.objects.filter(verb="changed before approving").exists()
