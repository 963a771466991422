"""The core is pure, and its public surface is what others may rely on."""

import subprocess
import sys

import armature.arm

PURE = """
import sys
from importlib.resources import files

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("django", "psycopg", "socket", "ssl", "sqlite3", "asyncio"):
            raise ImportError(f"the core imports {name}")

for name in ("socket", "ssl", "sqlite3", "asyncio"):
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Refuse())
sys.path.insert(0, sys.argv[1])
from arm.cast import MAP, NOW, OFFICE, PLAN, TABLES, KeywordReader, said
import armature.arm as core
import builtins, datetime, io, os, random, time

def refuse(*args, **named):
    raise AssertionError("the core reached for the world outside")

class NoClock(datetime.datetime):
    now = utcnow = today = refuse

builtins.open = io.open = os.open = os.urandom = refuse
time.time = time.monotonic = time.sleep = random.random = refuse
for module in [m for name, m in sys.modules.items() if name.startswith("armature.arm")]:
    if getattr(module, "datetime", None) is datetime.datetime:
        module.datetime = NoClock
plan = core.compile_plan(MAP, TABLES)
batch = [core.Turn(said(text, n)) for n, text in enumerate(["complaint", "perhaps praise", "question"])]
print(len(core.judge(batch, {}, plan, KeywordReader(), {0: OFFICE}, NOW)), plan.hash == PLAN.hash)
OFFICE.add_minutes(NOW, 90)
"""


def test_the_core_runs_without_framework_clock_files_and_network() -> None:
    from arm import cast

    tests = str(cast.__file__).removesuffix("/arm/cast.py")
    done = subprocess.run([sys.executable, "-c", PURE, tests], capture_output=True, text=True, check=False)
    assert done.stdout == "3 True\n", done.stderr


SURFACE = """
Ask Calendar CompiledTable DecisionTable Do Due End Evidence FACTS Fact Field Finding INTENTS ISSUE_TYPES Interaction
Joined Judgement Known NOBODY Past Plan ProcessMap Reader Reading Turn Unfit Value catalogue check compile_plan
compile_table draw errors examine judge parse read_table
"""


def test_the_public_surface_is_pinned() -> None:
    assert sorted(armature.arm.__all__) == sorted(SURFACE.split())
    assert all(hasattr(armature.arm, name) for name in armature.arm.__all__)
