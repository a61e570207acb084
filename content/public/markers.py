"""Citation markers as readers see them: raised numbers that lead to the list of references, and links back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from content import prose


@dataclass(frozen=True)
class Place:
    """Of one marker in the text: the how manieth of its reference. A marker whose reference is gone has no number."""

    number: int | None
    at: int

    @property
    def anchor(self) -> str:
        return f"marker-{self.number}-{self.at}"


class Markers:
    """Those of one page, numbered by the order of its references. They must be printed in the order they stand in."""

    def __init__(self, references: Iterable[dict[str, Any]], texts: Iterable[str]) -> None:
        placed = [marker.uid for html in texts for marker in prose.markers(html)]
        self.numbers = {entry["uid"]: number for number, entry in enumerate(references, 1)} if placed else {}
        self.counts = Counter(self.numbers[uid] for uid in placed if uid in self.numbers)
        self.printed: Counter[int] = Counter()

    def __bool__(self) -> bool:
        return bool(self.counts)

    @property
    def anchors(self) -> set[str]:
        """Return the ids that no heading of the page may have."""
        places = {place.anchor for number in self.counts for place in self.places(number)}
        return places | {self.anchor(number) for number in self.numbers.values() if self}

    def anchor(self, number: int) -> str:
        # A page without markers has no use for any.
        return f"reference-{number}" if self else ""

    def places(self, number: int) -> list[Place]:
        return [Place(number, at) for at in range(1, self.counts[number] + 1)]

    def sign(self, uids: list[str]) -> str:
        return render_to_string("public/_markers.html", {"places": [self.next_place(uid) for uid in uids]})

    def next_place(self, uid: str) -> Place:
        number = self.numbers.get(uid)
        if number is None:
            return Place(None, 0)
        self.printed[number] += 1
        return Place(number, self.printed[number])
