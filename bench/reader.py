"""CPU of the starter reader for 1,000 messages of 140 characters, language included: ``python bench/reader.py``.

With ``--data FOLDER`` the messages are made from the texts of its JSON lines, else from the reader's own sentences.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from armature.arm.understand.language import languages
from armature.arm.understand.words import cut
from armature.crm.understand import language, reader
from armature.crm.understand.training.sentences import sentences

COUNT, LENGTH, BATCH = 10_000, 140, 500


def messages(folder: Path | None) -> list[str]:
    """Texts of 140 characters, put together from whole texts in a random order that is always the same."""
    texts = [one.text for one in sentences()]
    if folder:
        texts = [json.loads(line)["text"] for path in sorted(folder.glob("*.jsonl")) for line in path.open("rb")]
    chance = random.Random(1)
    made = []
    while len(made) < COUNT:
        text = chance.choice(texts)
        while len(text) < LENGTH:
            text += " " + chance.choice(texts)
        made.append(text[:LENGTH])
    return made


def milliseconds(work: Callable[[list[str]], object], texts: list[str]) -> float:
    """CPU of this process per text."""
    begin = time.process_time()
    for first in range(0, len(texts), BATCH):
        work(texts[first : first + BATCH])
    return (time.process_time() - begin) / len(texts) * 1e3


def main() -> None:
    """Print CPU of loading, of a first and a second reading, and of the parts."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path)
    texts = messages(options.parse_args().data)
    begin = time.process_time()
    detect = language.detector()
    middle = time.process_time()
    read = reader.load().read
    end = time.process_time()
    sys.stdout.write(f"load: {middle - begin:.2f} s for language tables, {end - middle:.2f} s for the rest\n")
    parts: dict[str, Callable[[list[str]], object]] = {
        "words never seen before": lambda some: read(some, [""] * len(some)),
        "words seen before": lambda some: read(some, [""] * len(some)),
        "the same, language known": lambda some: read(some, ["en"] * len(some)),
        "only the language": lambda some: languages(some, [""] * len(some), detect),
        "only cutting into words": lambda some: [cut(text) for text in some],
    }
    for name, work in parts.items():
        sys.stdout.write(f"{name:26} {milliseconds(work, texts):.3f} s of CPU per 1,000 messages\n")


if __name__ == "__main__":
    main()
