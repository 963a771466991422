"""What a reader learns from labels: `python bench/learning.py --data FOLDER`. The sets are not part of Armature.

Each set is cut into five parts by a hash of the text; each part is scored by a model that learned from the other four,
and the figures are those of all texts together. The learning curve is scored on the first part alone, after 50, 200 and
1,000 labels from the others: drawn by chance, or one in five by chance and the rest the least sure. The last table says
what verdicts add to the starter reader, on labels mapped to its intents, on the half of each set that its sentences
were not improved on.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np

import score_reader
from armature.arm.intent import INTENTS
from armature.arm.understand.learned import hints
from armature.arm.understand.learned.learn import Lesson, learn
from armature.arm.understand.learned.measure import Figures, figures
from armature.arm.understand.learned.model import Taught
from armature.arm.understand.learned.reader import LearnedReader
from armature.crm.understand import reader, taught
from armature.crm.understand.taught import Example

SETS = ("banking77", "clinc150", "sms_spam", "vader_amazon", "vader_tweets", "purchase_intent_tweets")
MAPPED = ("banking77", "clinc150", "sms_spam")
PARTS, STEPS, CHUNK = 5, (50, 200, 1_000), 50
Pick = Callable[[list[Example], list[Example], int], list[Example]]


def load(folder: Path, name: str) -> list[Example]:
    """All rows of a set."""
    lines = (folder / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [Example(row["text"], row["label"]) for row in map(json.loads, lines)]


def part(text: str, of: int = PARTS, salt: str = "") -> int:
    """In which part a text is."""
    return crc32((salt + text).encode()) % of


def whole(examples: list[Example]) -> tuple[Figures, float, float]:
    """Figures over all parts, texts per CPU second, CPU seconds of learning once."""
    said: list[list[object]] = [[], [], [], []]
    spent = learned = 0.0
    for number in range(PARTS):
        train = [one for one in examples if part(one.text) != number]
        test = [one for one in examples if part(one.text) == number]
        began = time.process_time()
        reads = Taught(taught.learn_from(train))
        learned += time.process_time() - began
        began = time.process_time()
        answers = taught.read(reads, [one.text for one in test])
        spent += time.process_time() - began
        for kept, more in zip(said, ([one.label for one in test], *answers), strict=True):
            kept.extend(more)
    return figures(*said), len(examples) / spent, learned / PARTS  # type: ignore[arg-type]


def by_chance(known: list[Example], pool: list[Example], many: int) -> list[Example]:
    """The next labels as they come."""
    return pool[:many]


def unsure_first(known: list[Example], pool: list[Example], many: int) -> list[Example]:
    """One in five by chance, the rest those that a model of what is known is least sure of."""
    chance = pool[: many // 5]
    if len({one.label for one in known}) < 2:
        return pool[:many]
    reads = Taught(taught.learn_from(known))
    rest = pool[many // 5 :]
    sure = np.array(taught.read(reads, [one.text for one in rest]).sure)
    return chance + [rest[n] for n in np.argsort(sure, kind="stable")[: many - len(chance)]]


def curve(examples: list[Example], pick: Pick, seed: str) -> list[float]:
    """Macro-F1 after each step."""
    test = [one for one in examples if part(one.text) == 0]
    pool = sorted((x for x in examples if part(x.text)), key=lambda x: crc32((seed + x.text).encode()))
    known, found = pool[:CHUNK], []
    pool = pool[CHUNK:]
    for step in STEPS:
        while len(known) < step and pool:
            more = pick(known, pool, min(CHUNK if step <= 200 else 200, step - len(known)))
            taken = {id(one) for one in more}
            known, pool = known + more, [one for one in pool if id(one) not in taken]
        found.append(taught.score(taught.learn_from(known), test).figures.macro_f1)
    return found


def mapped(folder: Path, name: str, half: str) -> list[Example]:
    """Rows with an intent of ours; what is trouble counts as a problem."""
    truth = {label: key for key, labels in score_reader.MAPS[name].items() for label in labels.split()}
    ours = {"trouble": "problem", "not spam": "other"}
    rows = [row for row in score_reader.rows(folder, name, half) if row["label"] in truth]
    return [Example(row["text"], ours.get(truth[row["label"]], truth[row["label"]])) for row in rows]


def company(known: Sequence[Example]) -> LearnedReader:
    """A company's reader after these verdicts."""
    starter, texts, labels = reader.starter(), [one.text for one in known], tuple(INTENTS)
    told = hints.of_texts(starter, texts, [""] * len(texts))
    begin = hints.base(told[:, hints.NAMES :], starter.weights.intents, labels)
    return LearnedReader("bench", starter, learn(Lesson(texts, [one.label for one in known], labels, told, begin)))


def of_company(reads: object, test: list[Example]) -> Figures:
    """Complaint and problem count as one; what the set does not have is something else."""
    classes = {one.label for one in test}
    read = reads.read([one.text for one in test], [""] * len(test))  # type: ignore[attr-defined]
    names = ["problem" if one.intent == "complaint" else one.intent for one in read]
    names = [name if name in classes else "other" for name in names]
    sure = [one.confidence for one in read]
    return figures([one.label for one in test], names, sure, [one >= 0.8 for one in sure])


def line(name: str, found: Figures, more: str) -> str:
    """One row of a table."""
    right = "-" if found.precision is None else f"{found.precision:.3f}"
    return (
        f"{name:24} {found.texts:6} {found.macro_f1:.3f} {found.accuracy:.3f} {found.calibration_error:.3f} "
        f"{found.coverage:.3f} {right:>6} {more}\n"
    )


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True, help="folder with the sets as JSON lines")
    options.add_argument("--only", nargs="*", default=SETS, choices=SETS)
    options.add_argument("--skip", nargs="*", default=(), choices=("whole", "curve", "company"))
    chosen = options.parse_args()
    say = sys.stdout.write
    if "whole" not in chosen.skip:
        say("set, texts, macro-F1, accuracy, calibration error, coverage, precision; texts per CPU s, CPU s to learn\n")
        for name in chosen.only:
            found, speed, learned = whole(load(chosen.data, name))
            say(line(name, found, f"{speed:6.0f} {learned:5.1f}"))
            sys.stdout.flush()
    if "curve" not in chosen.skip:
        say(f"\nmacro-F1 after {STEPS} labels: by chance; one in five by chance, the rest least sure (two seeds)\n")
        for name in chosen.only:
            means = [np.mean([curve(load(chosen.data, name), pick, s) for s in "ab"], axis=0)
                     for pick in (by_chance, unsure_first)]  # fmt: skip
            say(f"{name:24} {np.round(means[0], 3)} {np.round(means[1], 3)}\n")
            sys.stdout.flush()
    if "company" not in chosen.skip:
        say("\nset and verdicts: texts, macro-F1, accuracy, calibration error, share >= 80 % sure, of that right\n")
        for name in MAPPED:
            test = mapped(chosen.data, name, "score")
            pool = sorted(mapped(chosen.data, name, "tune"), key=lambda one: crc32(("q" + one.text).encode()))
            say(line(f"{name} starter", of_company(reader.starter(), test), ""))
            for step in STEPS:
                say(line(f"{name} {step}", of_company(company(pool[:step]), test), ""))


if __name__ == "__main__":
    main()
