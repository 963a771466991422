"""Every word on every screen comes from a catalogue: in a made-up language nothing English is left on any page."""

import pytest
from greek_house import Greek, fill

import pseudo
from house import House
from pseudo import escaped_of
from visitors import PART, visit


@pytest.fixture
def greek(house: House, monkeypatch: pytest.MonkeyPatch) -> Greek:
    """The company with Greek data, spoken to in brackets."""
    found = fill(house, monkeypatch)
    pseudo.speak(monkeypatch)
    return found


def test_the_desk(greek: Greek) -> None:
    wrong = {}
    for who in ("leo", "mona", "nia"):
        client = visit(getattr(greek.house, who))
        for name, case in greek.cases.items():
            for address in (
                f"/cases/open/{case.pk}",
                f"/cases/open/{case.pk}?write=note",
                f"/cases/open/{case.pk}?part=case",
            ):
                answer = client.get(address, headers=PART if "part" in address else None)
                if answer.status_code != 200:
                    print(who, name, address, answer.status_code, answer.headers.get("Location"))
                wrong |= dict.fromkeys(escaped_of(answer), (who, name, address))
    assert not wrong, "\n".join(f"{k} {v}" for k, v in sorted(wrong.items()))
