"""How fast a past comes in, and how much memory the worker takes: ``python bench/importing.py --rows 1000000``.

A CSV of so many rows, three in a hundred faulty, is made, tried out and brought in by `armature import` itself, in a
new installation of its own. Memory is the most that the command (which is the worker) ever held, without the database;
files and database stand in a temporary folder. `--kill` ends the command by SIGKILL in the middle and goes on with it.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ARMATURE = Path(sys.executable).with_name("armature")
WORDS = "my kettle tent parcel invoice is broken late wrong please help thanks love hate your service and when".split()
MAKE = """
from armature.cli import home, parts
with home.database():
    parts.migrate()
    home.set_up()
    from armature.crm import company
    from armature.crm.accounts.models import Membership, Role, User
    company.found()
    user = User.objects.create_user("ada@shop.example", "Ada", "a good password")
    Membership.objects.create(user=user, role=Role.ADMIN)
"""


def write(path: Path, rows: int) -> None:
    """The file, always the same for as many rows."""
    chance = random.Random(7)
    with path.open("w", encoding="utf-8") as out:
        out.write("when,who,name,direction,subject,text,ticket\n")
        for number in range(rows):
            at = f"20{chance.randint(18, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02} 10:{number % 60:02}"
            person = chance.randrange(max(10, rows // 6))
            at = at if chance.random() >= 0.03 else "2023-02-31 10:00"
            text = " ".join(chance.choice(WORDS) for _ in range(chance.randint(6, 40)))
            way = "in" if number % 3 else "out"
            out.write(
                f"{at},p{person}@people.example,Person {person},{way},About {number},{text} {number},T{number // 3}\n"
            )


def main() -> int:
    """Make, bring in, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--kill", action="store_true", help="kill the command once in the middle, then go on")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="armature-importing-") as name:
        folder = Path(name)
        write(folder / "past.csv", given.rows)
        environment = {**os.environ, "ARMATURE_HOME": str(folder / "home"), "DATABASE_URL": ""}
        subprocess.run([sys.executable, "-c", MAKE], env=environment, cwd=folder, check=True)
        figures: dict[str, float] = {"rows": given.rows, "file MB": (folder / "past.csv").stat().st_size / 1e6}
        figures |= _bring_in(folder, environment, given.kill)
    print(json.dumps(figures) if given.json else "\n".join(f"{k:<44}{v:>14,.1f}" for k, v in figures.items()))
    return 0


def _bring_in(folder: Path, environment: dict[str, str], kill: bool) -> dict[str, float]:
    begin = time.perf_counter()
    peak = processor = 0.0
    command = [str(ARMATURE), "import", "past.csv", "--past", "Past", "--zone", "UTC"]
    for again in range(2 if kill else 1):
        log = folder / f"log{again}"
        with log.open("wb") as out:
            running = subprocess.Popen(command, cwd=folder, env=environment, stderr=out)
        if kill and not again:
            _when_half(log, running)
        held, worked = _watched(running)
        peak, processor = max(peak, held), processor + worked
        command = [str(ARMATURE), "import", "--go-on", "1"]
    said = log.read_text().splitlines()
    seconds = time.perf_counter() - begin
    print("\n".join(line for line in said if line.startswith(("dry run", "done", "failed", "Error"))), file=sys.stderr)
    if running.returncode not in (0, 2):
        raise SystemExit("\n".join(said[-20:]))
    rates = {"checked": 0.0, "done": 0.0}
    for line in said:
        state, _, rest = line.partition(" 100 %")
        if state in rates and rest:
            rates[state] = float(rest.partition("records, ")[2].partition(" a second")[0])
    return {
        "dry run, records a second": rates["checked"], "run, records a second": rates["done"],
        "seconds, both, with opening and judging": seconds, "CPU seconds of the worker": processor,
        "memory of the worker at most, MB": peak,
    }  # fmt: skip


def _watched(running: "subprocess.Popen[bytes]") -> tuple[float, float]:
    """The most memory in MB and the CPU seconds of the command itself, without the database that it starts."""
    held = worked = 0.0
    ticks = os.sysconf("SC_CLK_TCK")
    while running.poll() is None:
        with contextlib.suppress(OSError, StopIteration, IndexError):
            status = Path(f"/proc/{running.pid}/status").read_text()
            held = max(
                held, int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
            )
            used = Path(f"/proc/{running.pid}/stat").read_text().rpartition(")")[2].split()
            worked = (int(used[11]) + int(used[12])) / ticks
        time.sleep(0.2)
    return held, worked


def _when_half(log: Path, running: "subprocess.Popen[bytes]") -> None:
    while running.poll() is None:
        found = [line for line in log.read_text().splitlines() if line.startswith("running")]
        if found and int(found[-1].split()[1]) >= 30:
            running.send_signal(signal.SIGKILL)
            return
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
