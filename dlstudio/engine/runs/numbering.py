"""The order and numbers of runs, robust against wrong clocks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True, slots=True)
class RunPlace:
    """The data that places a run in time.

    Attributes:
        id: Id of the run.
        number: The number in its record; 0 if written by an older dlstudio.
        created: Seconds since the epoch, by the clock at that time.
        written: When its record was last written, by the file system.
    """

    id: str
    number: int
    created: float
    written: float


def number_runs(places: Sequence[RunPlace], now: float) -> dict[str, int]:
    """The number of each run by its id, the oldest first.

    Runs are numbered from 1 in order of creation, and keep the number in their record.
    Without one, time decides; a time from a wrong clock is recognised because it is in
    the future, or after that of a run with a higher number.
    """
    numbered = sorted((p for p in places if p.number), key=lambda p: (p.number, p.id))
    times: dict[str, float] = {}
    following = now
    for place in reversed(numbered):
        following = min(place.created, math.nextafter(following, 0.0))
        times[place.id] = following
    times.update((p.id, _time(p, now)) for p in places if not p.number)
    order = sorted(places, key=lambda place: (times[place.id], place.id))
    taken = {place.number for place in numbered}
    free = (number for number in count(1) if number not in taken)
    found: dict[str, int] = {}
    used: set[int] = set()
    for place in order:
        number = place.number
        if not number or number in used:  # a copied folder
            number = next(free)
        found[place.id] = number
        used.add(number)
    return found


def _time(place: RunPlace, now: float) -> float:
    """Its creation time, as far as its clock is plausible."""
    if place.created <= now:
        return place.created
    # The clock was ahead: the run was created before it was corrected.
    return place.written if place.written <= now else 0.0
