"""What happened to the demo company in three months: who said what where, and when somebody worked on it. Pure.

The words are written by people (``said/``); which customer says them, when, and about what is drawn by chance, always
the same for the same seed.
"""

import json
import random
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources

DAYS = 90
TALKS = 290
WORDS = ("outdoor_en", "outdoor_de", "outdoor_fr", "cabins_en")
WEIGHTS = {"outdoor_en": 11, "outdoor_de": 6, "outdoor_fr": 4, "cabins_en": 5}
CITIES = ("Bergen", "Oslo", "Voss", "Hamburg", "Lyon", "Leeds", "Tromsø", "Geneva", "Bremen", "Ålesund")
CABINS = ("Voss", "Geilo", "Lyngen", "Balestrand", "Senja", "Flåm")
"""Where people spend holidays in a cabin."""
PRODUCTS = {
    "en": ("Ridge boots", "Fell jacket", "Fell tent", "Skar rucksack", "Lyng down jacket", "Myr trousers"),
    "de": ("die Ridge-Stiefel", "die Fell-Jacke", "das Fell-Zelt", "den Skar-Rucksack", "die Lyng-Daunenjacke"),
    "fr": ("les chaussures Ridge", "la veste Fell", "la tente Fell", "le sac Skar", "la doudoune Lyng"),
}
BEGINS = {"en": ("Hi,\n", "Hello,\n", "Good morning,\n", ""), "de": ("", "Moin,\n"), "fr": ("",)}
ENDS = {
    "en": ("\n\nKind regards\n{name}", "\n\nBest, {first}", "\n{first}", "\n\nSent from my phone", ""),
    "de": ("\n\nMit freundlichen Grüßen\n{name}", "\n\nViele Grüße\n{first}", "\n{first}", ""),
    "fr": ("\n\nCordialement\n{name}", "\n\nBien à vous, {first}", "\n{first}", ""),
}
SOUR = "! "
"""Before what somebody says who is not content with the answer."""
SIGNED = ("email", "web", "letter", "cabins")
"""Places where people begin and end as in a letter."""
HOURS = (8, 9, 9, 10, 10, 11, 11, 12, 13, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A customer: where they write from is made of their name."""

    number: int
    first: str
    last: str
    language: str

    @property
    def name(self) -> str:
        """As they sign."""
        return f"{self.first} {self.last}"

    def address(self, place: str) -> str:
        """Their address at a place."""
        plain = _plain(f"{self.first}.{self.last}")
        if place in ("email", "web", "cabins"):
            return f"{plain}@people.example"
        if place == "mastodon":
            return f"@{plain.replace('.', '')}@social.example"
        if place == "phone":
            return f"+47555{self.number:05}"
        return self.name if place in ("letter", "counter", "card") else plain


def _plain(words: str) -> str:
    """As people write their names in addresses."""
    apart = unicodedata.normalize("NFKD", words.lower().replace("ß", "ss").replace("ø", "o"))
    return "".join(letter for letter in apart if letter.isascii() and letter not in " '")


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation: what is said first and later, how it was meant, and what we answer (empty: nothing).

    ``sour``: what is said later is not content with the answer.
    """

    number: int
    who: Somebody
    place: str
    intent: str
    subject: str
    text: str
    answer: str
    back: str
    sour: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something happens: the customer says a part of their talk (0, 1), or whoever it waits for does one step."""

    at: datetime
    talk: Talk
    part: int | None
    """Of what is said; None: somebody works."""


def talks(folk: Sequence[Somebody], chance: random.Random) -> list[Talk]:
    """All conversations, in no order of time."""
    lines = {name: _shuffled(name, chance) for name in WORDS}
    names = chance.choices(WORDS, [WEIGHTS[name] for name in WORDS], k=TALKS)
    return [_talk(n, name, next(lines[name]), folk, chance) for n, name in enumerate(names)]


def _shuffled(name: str, chance: random.Random) -> Iterator[Mapping[str, str]]:
    """Each line once, then each once more, in another order."""
    text = (resources.files("armature.crm.demo") / "said" / f"{name}.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    while True:
        yield from chance.sample(lines, len(lines))


def _talk(number: int, words: str, line: Mapping[str, str], folk: Sequence[Somebody], chance: random.Random) -> Talk:
    language = line.get("language", words[-2:])
    who = chance.choice([one for one in folk if one.language == language])
    place = chance.choice(line["at"])
    cities = CABINS if words.startswith("cabins") else CITIES
    slots = {
        "first": who.first, "name": who.name, "order": f"F-{chance.randint(2000, 9000)}",
        "city": chance.choice(cities), "product": chance.choice(PRODUCTS[language]),
    }  # fmt: skip
    text = line["text"]
    if place in SIGNED:
        begun = text.startswith(("Hi", "Hello", "Dear", "Hallo", "Guten", "Bonjour", "Sehr", "Madame"))
        text = ("" if begun else chance.choice(BEGINS[language])) + text + chance.choice(ENDS[language])
    back = chance.choice(line["back"]) if line["back"] and chance.random() < 0.6 else ""
    parts = (line["subject"], text, line["answer"], back.removeprefix(SOUR))
    subject, text, answer, later = (part.format_map(slots) for part in parts)
    return Talk(number, who, place, line["intent"], subject, text, answer, later, back.startswith(SOUR))


def events(all_talks: Sequence[Talk], now: datetime, chance: random.Random) -> list[Event]:
    """What happens, in the order of time; nothing comes after ``now``, so the newest are unfinished."""
    planned = [event for talk in all_talks for event in _course(talk, _begin(now, chance), chance)]
    return sorted((one for one in planned if one.at < now), key=lambda one: (one.at, one.talk.number, one.part is None))


def _begin(now: datetime, chance: random.Random) -> datetime:
    """Somewhere in three months, more of them lately, mostly by day, fewer on Sundays."""
    ago = DAYS * (1 - chance.random() ** 0.8) if chance.random() < 0.86 else 1.5 * chance.random()
    day = (now - timedelta(days=ago)).replace(minute=0, second=0, microsecond=0)
    if day.weekday() == 6 and chance.random() < 0.6:
        day -= timedelta(days=chance.randint(1, 5))
    return day.replace(hour=chance.choice(HOURS)) + timedelta(seconds=chance.randint(0, 3599))


def _course(talk: Talk, begin: datetime, chance: random.Random) -> Iterator[Event]:
    yield Event(begin, talk, 0)
    at = begin
    for _ in range(STEPS):
        at = _working(at + timedelta(minutes=chance.lognormvariate(3.6, 1.0)))
        yield Event(at, talk, None)
    if talk.back:
        at += timedelta(minutes=chance.lognormvariate(5.5, 1.0))
        yield Event(at, talk, 1)
        for _ in range(STEPS):
            at = _working(at + timedelta(minutes=chance.lognormvariate(3.6, 1.0)))
            yield Event(at, talk, None)


STEPS = 5
"""Judge, write, approve, and once more both where something was sent back."""


def _working(at: datetime) -> datetime:
    """The same moment, or soon after the next one in which somebody is at work."""
    if at.weekday() < 5 and at.hour < 17:
        return at if at.hour >= 8 else at.replace(hour=8)
    tomorrow = at.replace(hour=8) + timedelta(days=1)
    return _working(tomorrow)
