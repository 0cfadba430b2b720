"""Samples that are alike, by what is predicted: each split gets its share of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dlstudio.data.columns import Categories, CategorySets, Column, Numbers

BINS = 10
"""Groups of equally many numbers by which rows are stratified."""


def strata_codes(target: Column | None, count: int) -> npt.NDArray[np.int64]:
    """A code for each row, equal for those that are split in the same proportions.

    Of several labels the rarest one decides, a simple form of iterative stratification
    (Sechidis et al., 2011): rare labels, which random splitting would treat worst, are
    split exactly.

    Args:
        target: What rows are stratified by; None for nothing.
        count: Number of rows.
    """
    if isinstance(target, Categories):
        return target.codes.astype(np.int64)
    if isinstance(target, CategorySets) and not target.names:
        return np.full(count, -1, np.int64)
    if isinstance(target, CategorySets):
        rarity = np.argsort(target.counts(), kind="stable")
        has = target.values[:, rarity]
        found = np.where(has.any(axis=1), has.argmax(axis=1), -1)
        return found.astype(np.int64)
    if isinstance(target, Numbers):
        edges = np.nanquantile(target.values, np.linspace(0, 1, BINS + 1)[1:-1])
        return np.searchsorted(edges, target.values).astype(np.int64)
    return np.zeros(count, np.int64)
