"""What is said of a parsed column: of numbers, and of names with their counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from dlstudio.data.columns import Column, Texts
from dlstudio.data.features.base import ColumnStatistics
from dlstudio.data.features.hashes import count_different
from dlstudio.data.features.stored_texts import text_digest

BINS = 20
MOST_FREQUENT = 10


def number_statistics(values: npt.NDArray[np.float64]) -> ColumnStatistics:
    """Of numbers float64 (n,), NaN where there is none."""
    present = values[~np.isnan(values)]
    count, missing = len(values), len(values) - len(present)
    if not len(present):
        return ColumnStatistics(count, missing, 0)
    with np.errstate(over="ignore", invalid="ignore"):
        return ColumnStatistics(
            count=count,
            missing=missing,
            distinct=pl.Series(present).n_unique(),
            least=float(present.min()),
            mean=_finite(present.mean()),
            median=_finite(np.median(present)),
            most=float(present.max()),
            deviation=_finite(present.std()),
            histogram=histogram(present),
        )


def histogram(values: npt.NDArray[np.float64], bins: int = BINS) -> tuple[int, ...]:
    """Counts of equally wide bins from the least to the greatest value; all finite."""
    least, most = values.min(), values.max()
    with np.errstate(over="ignore"):
        width = most - least
    if not np.isfinite(width):
        return histogram(values / 4, bins)
    if width == 0:
        return (len(values),)
    places = ((values - least) / width * bins).astype(np.int64)
    counts = np.bincount(np.minimum(places, bins - 1), minlength=bins)
    return tuple(counts.tolist())


def length_statistics(column: Texts) -> ColumnStatistics:
    """Of texts: how many characters they have."""
    digest = text_digest(column)
    lengths = digest.lengths()
    missing = lengths < 0
    values = lengths.astype(np.float64)
    values[missing] = np.nan
    distinct = count_different(digest.hashes()[~missing])
    return replace(number_statistics(values), distinct=distinct)


def name_statistics(
    column: Column, names: tuple[str, ...], counts: npt.NDArray[np.int64]
) -> ColumnStatistics:
    """Of names, the most frequent first; of equally frequent ones in their order.

    Args:
        column: Where they stand.
        names: All of them.
        counts: How often each occurs, int64 (names,).
    """
    order = np.argsort(-counts, kind="stable")[:MOST_FREQUENT]
    return ColumnStatistics(
        count=len(column),
        missing=int(column.missing().sum()),
        distinct=int((counts > 0).sum()),
        frequent=tuple(
            (names[place], int(counts[place])) for place in order if counts[place]
        ),
    )


def _finite(value: np.floating) -> float | None:
    return float(value) if np.isfinite(value) else None
