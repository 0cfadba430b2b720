"""What is known of the values of a column: counts, range, distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dlstudio.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """What is said of a column in its header and in `scan --json`.

    Attributes:
        count: Rows, those without a value included.
        missing: Rows without a value.
        distinct: Different values.
        least, mean, median, most, deviation: Of numbers, of dates in days since
            1970-01-01, and of texts the number of characters; None of anything else,
            and where there is no value.
        histogram: Counts of equally wide bins from `least` to `most`; empty of
            anything else.
        frequent: The most frequent names with their counts, the most frequent first.
        earliest, latest: Of dates, in ISO 8601; "" of anything else.
    """

    count: int
    missing: int
    distinct: int
    least: float | None = None
    mean: float | None = None
    median: float | None = None
    most: float | None = None
    deviation: float | None = None
    histogram: tuple[int, ...] = ()
    frequent: tuple[tuple[str, int], ...] = ()
    earliest: str = ""
    latest: str = ""

    def to_json(self) -> JsonObject:
        """As a JSON object; what there is not is not in it."""
        found: JsonObject = {}
        for name in self.__slots__:
            value = getattr(self, name)
            if value is not None and value not in ((), ""):
                found[name] = _plain(value)
        return found


def _plain(value: Any) -> Any:
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
