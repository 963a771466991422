"""How many decisions and judgements one core makes in a second of its own time: ``python bench/core.py``."""

import random
import sys
import time
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from armature.arm import Calendar, Fact, Interaction, Known, Past, Reading, Turn, Value, compile_plan, judge

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
BASELINE = files("armature.arm") / "baseline"
TABLES = {key: (BASELINE / f"{key}.json").read_bytes() for key in ("who_judges", "business_rules", "action_details")}
PLAN = compile_plan((BASELINE / "reactive.bpmn").read_bytes(), TABLES)
OFFICE = Calendar((((540, 1020),),) * 5 + ((), ()), UTC)


class Silent:
    """Reads nothing: every turn brings its reading."""

    version = "none"

    def read(self, texts: object, languages: object) -> list[Reading]:
        return []


def facts(chance: random.Random) -> dict[str, Value]:
    return {
        "said": " this is what somebody wrote about the thing they bought ",
        "channel": chance.choice(["facebook", "email", "mastodon"]),
        "public": chance.random() < 0.5,
        "intent": chance.choice(["complaint", "question", "praise", "purchase", "cancel", "other"]),
        "sentiment": chance.uniform(-1, 1),
        "followers": chance.choice([None, 100, 20_000, 90_000]),
        "complaints_30d": chance.choice([0, 0, 1, 4]),
        "tier": chance.choice([None, "none", "gold"]),
        "business_hours": chance.random() < 0.5,
        "last_product": chance.choice([None, "A", "B"]),
        "language": chance.choice(["en", "de", "it"]),
    }


def turn(number: int, chance: random.Random) -> Turn:
    intent = chance.choice(["complaint", "question", "praise", "cancel"])
    reading = Reading(intent, "support", 0.1, "en", chance.choice([0.5, 0.9]))
    text = f"{intent} and some thirty more words of what people write " * 4
    public, identity = chance.random() < 0.2, chance.randrange(1, 200)
    at = NOW + timedelta(seconds=number)
    return Turn(Interaction(number, "email", public, text, at, identity, number), reading=reading)


def main() -> None:
    chance = random.Random(1)
    fire = PLAN.tables["business_rules"].fire
    many = [facts(chance) for _ in range(20_000)]
    begin = time.process_time()
    for _ in range(10):
        for one in many:
            fire(one)
    sys.stdout.write(f"business rules: {200_000 / (time.process_time() - begin):,.0f} decisions per CPU second\n")
    past = tuple(Past(NOW - timedelta(days=n), -n, "complaint") for n in (1, 2, 3))
    knowledge = {n: Known({"followers": Fact(n), "tier": Fact("gold")}, past) for n in range(200)}
    batches = [[turn(n, chance) for n in range(500)] for _ in range(20)]
    begin = time.process_time()
    for batch in batches:
        judge(batch, knowledge, PLAN, Silent(), {0: OFFICE}, NOW)
    spent = time.process_time() - begin
    sys.stdout.write(f"judge without reading: {spent / 10_000 * 1e6:.1f} microseconds of CPU per interaction\n")


if __name__ == "__main__":
    main()
