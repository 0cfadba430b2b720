"""Some of many samples, spread evenly over all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.integer[Any]]


def some_of(indices: Indices, most: int) -> Indices:
    """At most `most` of the indices, spread evenly."""
    if len(indices) <= most:
        return indices
    return indices[np.linspace(0, len(indices) - 1, most).astype(np.int64)]
