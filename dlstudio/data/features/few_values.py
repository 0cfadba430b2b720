"""Whether whole numbers are quantities, or names of a few classes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dlstudio.data.features.column_names import (
    names_code,
    names_postcode,
    names_quantity,
)

MOST = 30
"""Classes that numbers stand for, but for postcodes."""


def class_number_certainty(
    values: npt.NDArray[np.float64], count: int, name: str
) -> float:
    """How probably numbers stand for classes, 0 to 1; the rest are quantities.

    Nothing but the values and a name speaks for either: 0 and 1, or 1 to 3, are more
    often classes; numbers with gaps or many of them are more often quantities.

    Args:
        values: Those that are there, in any order and once or more, float64.
        count: Cells that have them.
        name: Of their column.
    """
    distinct = np.unique(values)
    if not count or np.any(distinct != np.round(distinct)):
        return 0.02
    if names_code(name) and len(distinct) <= MOST:
        return 0.9
    if names_postcode(name):
        return 0.8 - 0.3 * len(distinct) / count
    if names_quantity(name):
        return 0.1
    return _by_values(distinct, count)


def _by_values(distinct: npt.NDArray[np.float64], count: int) -> float:
    most = len(distinct)
    if most > MOST or count < 2 * most:
        return 0.05
    counted_up = distinct[0] in (0, 1) and distinct[-1] == distinct[0] + most - 1
    if most <= 2:
        return 0.85 if counted_up else 0.6
    if most == 3:
        return 0.65 if counted_up else 0.4
    if most <= 10:
        return 0.4 if counted_up else 0.2
    return 0.1
