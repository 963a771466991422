"""However edit, approve, take back, send and crash fall together: nothing leaves unapproved or other, nothing twice."""

import pytest
from django.conf import settings as configured

import interleavings
from armature.crm.act import outbox


@pytest.fixture(autouse=True)
def _restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a sabotage takes away stands again afterwards."""
    for name in ("digest_of", "send", "claim"):
        monkeypatch.setattr(outbox, name, getattr(outbox, name))


def test_forty_plays_find_nothing(transactional_db: None) -> None:
    assert configured.UNDO_SECONDS == 0
    found = interleavings.run(40, seed=7)
    assert found.problems == []
    assert found.plays == 40
    assert found.sent > 10
    assert {"approve", "change", "take_back", "doubt", "died", "rogue", "crash"} <= found.counted.keys()


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("digest", "other than approved"),
        ("state", "sent twice, or after"),
        ("claim", "sent twice, or after"),
    ],
)
def test_without_one_safeguard_the_plays_find_it(transactional_db: None, what: str, words: str) -> None:
    interleavings.sabotage(what)
    few = (interleavings.run(10, seed=seed) for seed in range(5, 12))
    assert any(words in problem for found in few for problem in found.problems)
