"""The counts of an assessment, as its figures ask for them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.http import urlencode

from armature.crm.learn.assessments import sums
from armature.crm.learn.assessments.models import Assessment
from armature.crm.learn.figures import Lengths
from armature.crm.web.assessments.names import Names


@dataclass(slots=True)
class Counts:
    """One assessment with the names of what it counted; what was counted is sorted by its first word once."""

    job: Assessment
    names: Names
    _sorted: dict[str, list[tuple[list[str], int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key, count in self.job.sums.get("counts", {}).items():
            head, *rest = key.split(sums.SEP)
            self._sorted.setdefault(head, []).append((rest, count))

    def plain(self, name: str) -> int:
        """A number that is split by nothing."""
        return sum(count for rest, count in self._sorted.get(name, []) if not rest)

    def by(self, name: str, *parts: int) -> Counter[tuple[str, ...]]:
        """Counts of one name, added up by some parts of the rest of it; all parts where none is named."""
        found: Counter[tuple[str, ...]] = Counter()
        for rest, count in self._sorted.get(name, []):
            found[tuple(rest[part] for part in parts) if parts else tuple(rest)] += count
        return found

    def one(self, name: str, part: int = 0) -> Counter[str]:
        """The same by a single part."""
        return Counter({key: count for (key,), count in self.by(name, part).items()})

    @property
    def exchanges(self) -> int:
        """All exchanges that were counted."""
        return sum(self.one(sums.EXCHANGE).values())

    def state(self, state: str) -> int:
        """Exchanges that stand so."""
        return self.one(sums.EXCHANGE)[state]

    @property
    def waiting_again(self) -> int:
        """Exchanges that were answered before, and wait once more."""
        return sum(count for _rest, count in self._sorted.get(sums.AGAIN, []))

    def lengths(self, name: str, *head: str) -> dict[str, Lengths]:
        """Lengths of time of one name and head, by what stands between the head and the bucket."""
        found: dict[str, Counter[int]] = {}
        for rest, count in self._sorted.get(name, []):
            if tuple(rest[: len(head)]) == head:
                found.setdefault(rest[-2], Counter())[int(rest[-1])] += count
        return {key: Lengths(buckets) for key, buckets in found.items()}

    @property
    def longest(self) -> Mapping[str, float]:
        """The longest wait by channel and intent, in minutes."""
        found: Mapping[str, float] = self.job.sums.get("longest", {})
        return found

    def link(self, kind: str, **part: str) -> str:
        """The list behind a number."""
        return f"{reverse('assessment-exchanges', args=[self.job.pk])}?{urlencode({'kind': kind, **part})}"
