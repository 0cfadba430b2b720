"""Statistics of the weights of a layer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dlstudio.document.viewed_model import BINS, WeightStatistics


def statistics(arrays: list[npt.NDArray[np.generic]]) -> WeightStatistics | None:
    """The statistics of arrays of numbers; None if there are none."""
    flat = [each.ravel().astype(np.float64) for each in arrays if each.size]
    if not flat:
        return None
    values = np.concatenate(flat)
    values = values[np.isfinite(values)]
    if not values.size:
        return None
    counts, _edges = np.histogram(values, BINS)
    return WeightStatistics(
        float(values.min()),
        float(values.max()),
        float(values.mean()),
        tuple(int(each) for each in counts),
    )
