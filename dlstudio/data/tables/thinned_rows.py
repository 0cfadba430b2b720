"""Every so many rows of a large table, kept in memory while it is read."""

from __future__ import annotations

import io
from collections.abc import Iterable

import polars as pl

LOOK = 10_000
"""Cells of a column that are looked at first."""
MOST = 2**21
"""Cells that are kept at most."""


def step_of(rows: int) -> int:
    """Of how many rows one is looked at, so that at most `LOOK` are."""
    return max(1, -(-rows // LOOK))


def steps_of(rows: int, columns: int) -> frozenset[int]:
    """The steps that looks at a table probably ask for; none where it is too wide.

    Args:
        rows: About how many it has.
        columns: Likewise.
    """
    if rows < 2 * LOOK or 3 * LOOK * columns > MOST:
        return frozenset()
    return frozenset((step_of(rows), rows // LOOK))


class ThinnedRows:
    """Keeps the rows at the multiples of some steps.

    Args:
        steps: From the first row on, one of so many.
    """

    def __init__(self, steps: Iterable[int] = ()) -> None:
        self._frames: dict[int, list[pl.DataFrame]] = {step: [] for step in steps}
        self._rows = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Look at the next rows."""
        for step, frames in self._frames.items():
            some = frame.gather_every(step, -self._rows % step)
            frames.append(on_its_own(some))
        self._rows += frame.height

    def column(self, name: str, step: int) -> pl.Series | None:
        """The cells of a column; None where others were kept.

        Args:
            name: Of the column.
            step: Of so many rows one.
        """
        frames = self._frames.get(step)
        if not frames:
            return None
        return pl.concat([each[name] for each in frames], rechunk=True)


def on_its_own(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows, which do not keep all others in memory."""
    packed = io.BytesIO()
    frame.write_ipc(packed)
    packed.seek(0)
    return pl.read_ipc(packed)
