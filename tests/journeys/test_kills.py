"""Fifteen sudden deaths of everything that runs, while people write and work: nothing lost, nothing twice."""

import json
import subprocess
import sys
from pathlib import Path

KILLS = Path(__file__).resolve().parents[2] / "bench" / "kills.py"


def test_fifteen_kills_lose_nothing_and_send_nothing_twice() -> None:
    command = [sys.executable, str(KILLS), "--kills", "15", "--seed", "30", "--gap", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert not found["problems"], found
    assert sum(found["kills"].values()) == 15
    assert found["deliveries"].get("sent"), f"nothing was sent, so nothing was tried: {found}"
