"""Counts rows of a table that have something about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dlstudio.data.tables.note_text import SHOWN


@dataclass(slots=True)
class LineTally:
    """How many rows have something about them, and the first of their lines."""

    count: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, lines: npt.NDArray[np.int64] | Sequence[int]) -> None:
        """Count rows by the numbers of their lines."""
        self.count += len(lines)
        self.lines.extend(int(line) for line in lines[: SHOWN - len(self.lines)])
