"""Which samples verify an export: held-out ones first."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from dlstudio.data.pipeline import PreparedSamples

ENOUGH = 64
ORDER = ("test", "validation", "train")


def pick(
    prepared: PreparedSamples, count: int
) -> tuple[npt.NDArray[np.int64], dict[str, int]]:
    """Indices spread evenly over the splits, and the number from each."""
    chosen: list[npt.NDArray[np.int64]] = []
    drawn_from: dict[str, int] = {}
    for split, wanted in _wanted(prepared, count):
        indices_of_split = np.asarray(prepared.splits[split], np.int64)
        places = (
            np.linspace(0, len(indices_of_split) - 1, wanted).round().astype(np.int64)
        )
        chosen.append(indices_of_split[places])
        drawn_from[split] = wanted
    return np.concatenate([np.zeros(0, np.int64), *chosen]), drawn_from


def _wanted(prepared: PreparedSamples, count: int) -> Iterator[tuple[str, int]]:
    left = count
    for split in ORDER:
        taken = min(left, len(prepared.splits.get(split, ())))
        if taken:
            left -= taken
            yield split, taken
