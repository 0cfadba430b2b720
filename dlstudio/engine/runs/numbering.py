"""The order of runs, and the number each goes by, also where a clock was wrong."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True, slots=True)
class RunPlace:
    """What tells when a run was made.

    Attributes:
        id: The run's.
        number: What its record says; 0 if that was made by an older dlstudio.
        created: Seconds since the epoch, by the clock as it was then.
        written: When its record was last written, by the file system.
    """

    id: str
    number: int
    created: float
    written: float


def number_runs(places: Sequence[RunPlace], now: float) -> dict[str, int]:
    """The number of each run by its id, the oldest first.

    Runs count from 1 in the order in which they were made, and keep the number that
    is in their record. Time decides where there is none; a time that a wrong clock
    has made is recognised because it lies ahead of now, or after that of a run with
    a higher number.
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
        if not number or number in used:  # a folder that was copied
            number = next(free)
        found[place.id] = number
        used.add(number)
    return found


def _time(place: RunPlace, now: float) -> float:
    """When it was made, as far as its own clock can be believed."""
    if place.created <= now:
        return place.created
    # Made by a clock that was ahead: before it was set right, whenever that was.
    return place.written if place.written <= now else 0.0
