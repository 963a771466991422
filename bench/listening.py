"""How many posts one core listens to in a second of its own time: ``python bench/listening.py FILE.jsonl ...``.

The files hold one JSON object a line with a ``text``. Queries are made from their words: single terms and
phrases, AND with OR inside, OR with a tag and a phrase, AND NOT, NEAR/5, and a prefix with AND; a third of the single
terms are invented brands.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from armature.arm.listening import Matcher, Node, hear, parse
from armature.arm.listening.common import COMMON
from armature.arm.listening.places import found

RARE = 500
"""A word that is searched for alone stands in less than one of so many texts, as brands and products do."""
CHANGES = 2_000
"""Queries that are taken out and put back to see what one change costs."""


def read(paths: Sequence[str]) -> list[str]:
    """All distinct texts of the files, in their order."""
    texts = [json.loads(line)["text"] for path in paths for line in Path(path).read_text("utf-8").splitlines() if line]
    return list(dict.fromkeys(texts))


class Words:
    """Terms and phrases to make queries of: as they stand in the texts, or invented."""

    def __init__(self, texts: Sequence[str], chance: random.Random) -> None:
        self.chance = chance
        self.rows = [row for text in texts if len(row := [w for w in hear(text).tokens.terms if w.isascii()]) > 3]
        self.often = Counter(word for text in texts for word in hear(text).words)
        self.vocabulary = sorted(word for word in self.often if word.isalpha() and word.isascii() and len(word) > 3)
        self.rare = [word for word in self.vocabulary if self.often[word] * RARE < len(texts)]
        self.with_word: dict[str, list[list[str]]] = {}
        for row in self.rows:
            for word in set(row):
                self.with_word.setdefault(word, []).append(row)

    def term(self) -> str:
        if self.chance.random() < 1 / 3:
            return f"brand{self.chance.randrange(20_000)}x"
        return self.chance.choice(self.rare)

    def phrase(self, size: int) -> str:
        """Words as they follow one another: one in fifteen from any text, the others around any word of all texts."""
        word = self.chance.choice(self.vocabulary)
        rows = self.rows if self.chance.random() < 1 / 15 else self.with_word.get(word)
        if not rows:
            return self.phrase(size)
        row = self.chance.choice(rows)
        near = row.index(word) if word in row else self.chance.randrange(len(row))
        at = min(max(0, near - self.chance.randrange(size)), len(row) - size)
        return f'"{" ".join(row[at : at + size])}"'

    def pair(self) -> tuple[str, str]:
        """Two words of one text, the first any word of all texts."""
        one = self.chance.choice(self.vocabulary)
        rows = self.with_word.get(one, [[]])
        words = [word for word in self.chance.choice(rows) if word not in COMMON and word.isalpha() and word != one]
        return (one, self.chance.choice(words)) if words else self.pair()

    def query(self, kind: float) -> str:
        """A query; ``kind`` from 0 to 1 says which of the mix."""
        if kind < 0.3:
            return self.term() if self.chance.random() < 0.4 else self.phrase(self.chance.choice((2, 3)))
        one, other = self.pair()
        if kind < 0.5:
            return f"{one} AND ({other} OR {self.term()} OR {self.phrase(2)})"
        if kind < 0.65:
            return f"{self.term()} OR #{self.term()} OR {self.phrase(2)}"
        if kind < 0.8:
            return f"{one} AND {other} AND NOT {self.term()}"
        if kind < 0.9:
            return f"{one} NEAR/5 {other}"
        return f"{one} AND {self.chance.choice(self.vocabulary)[:4]}*"


def queries(words: Words, count: int) -> list[Node]:
    """So many queries of the mix."""
    trees: list[Node] = []
    while len(trees) < count:
        parsed = parse(words.query(len(trees) / count))
        if parsed.tree is not None:
            trees.append(parsed.tree)
    return trees


def seconds(work: Callable[[], Any]) -> float:
    """What it takes of the processor's time."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def rate(work: Callable[[str], Any], texts: Sequence[str]) -> float:
    """Texts a CPU second, the best of three rounds: what else runs on the machine only makes it slower."""

    def round_trip() -> None:
        for text in texts:
            work(text)

    return len(texts) / min(seconds(round_trip) for _ in range(3))


def build(trees: Sequence[Node], often: dict[str, int]) -> Matcher[int]:
    """A matcher that holds them all."""
    matcher = Matcher[int](often)
    for key, tree in enumerate(trees):
        matcher.add(key, tree)
    return matcher


def wrong(matcher: Matcher[int], trees: Sequence[Node], texts: Sequence[str]) -> int:
    """Texts for which trying every query gives something else."""
    differ = 0
    for text in texts:
        heard = hear(text)
        differ += matcher.matching(heard) != {key for key, tree in enumerate(trees) if found(tree, heard) is not None}
    return differ


def change(matcher: Matcher[int], trees: Sequence[Node]) -> None:
    """Put other queries in the place of some, one by one."""
    for key in range(CHANGES):
        matcher.add(key % len(trees), trees[-1 - key % len(trees)])


def report(name: str, value: str) -> None:
    print(f"{name:<36}{value:>14}")


def main() -> int:
    """Read the words of the command line, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--check", type=int, default=150, help="texts that are also tried with every query")
    parser.add_argument("--least", type=float, default=0, help="fail below so many texts a CPU second")
    given = parser.parse_args()
    chance = random.Random(7)
    texts = read(given.files)
    words = Words(texts, chance)
    trees = queries(words, given.queries)
    chance.shuffle(texts)
    report("texts", f"{len(texts):,}")
    report("characters a text", f"{sum(map(len, texts)) / len(texts):.1f}")
    report("places a text", f"{sum(len(hear(text).tokens.terms) for text in texts) / len(texts):.1f}")
    report("queries", f"{len(trees):,}")
    report("build, ms", f"{seconds(lambda: build(trees, words.often)) * 1000:,.0f}")
    matcher = build(trees, words.often)
    heard = [hear(text) for text in texts]
    report("tests a text", f"{sum(map(matcher.candidates, heard)) / len(texts):.1f}")
    report("matches a text", f"{sum(len(matcher.matching(each)) for each in heard) / len(texts):.2f}")
    del heard
    report("only cut up, texts/CPU-s", f"{rate(hear, texts):,.0f}")
    report("which queries, texts/CPU-s", f"{rate(lambda text: matcher.matching(hear(text)), texts):,.0f}")
    report("which and where, texts/CPU-s", f"{(whole := rate(matcher.match, texts)):,.0f}")
    differ = wrong(matcher, trees, texts[: given.check])
    report("differ from trying every query", f"{differ} of {given.check}")
    report("change of one query, µs", f"{seconds(lambda: change(matcher, trees)) / CHANGES * 1e6:.1f}")
    return 1 if differ or whole < given.least else 0


if __name__ == "__main__":
    sys.exit(main())
