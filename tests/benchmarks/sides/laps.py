"""The clocks of a compared program, printed when it ends."""

from __future__ import annotations

import json
from time import perf_counter, process_time
from typing import Any


class Laps:
    """Wall and CPU seconds of all threads, from one mark to the next."""

    def __init__(self) -> None:
        self._at = perf_counter(), process_time()
        self.laps: list[tuple[str, float, float]] = []

    def lap(self, name: str) -> None:
        """End the lap that started with the last mark."""
        now = perf_counter(), process_time()
        wall, cpu = (b - a for a, b in zip(self._at, now, strict=True))
        self.laps.append((name, wall, cpu))
        self._at = now

    def print(self, **more: Any) -> None:
        """Print all laps as one line of JSON."""
        print(json.dumps({"laps": self.laps, **more}), flush=True)
