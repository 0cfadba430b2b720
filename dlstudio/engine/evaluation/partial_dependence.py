"""What a model predicts on average for each value of one feature.

Friedman: "Greedy Function Approximation" (2001): the feature of every sample is set to
a value, and the predictions are averaged. It shows an effect rightly as far as the
feature does not depend on others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.engine.evaluation.batched import Inputs
from dlstudio.engine.heads.evenly_spread import some_of

POINTS, SAMPLES = 20, 500
ENDS = (0.05, 0.95)
"""Quantiles between which numbers are spread; beyond them there are few samples."""
BAND = (0.1, 0.9)

Table = npt.NDArray[np.float64]
ScoresByName = Callable[[Inputs], dict[str, npt.NDArray[Any]]]
Curve = tuple[tuple[float, ...], ...]
Curves = tuple[Curve, Curve, Curve]


def partial_dependence(
    predict: ScoresByName,
    inputs: Inputs,
    name: str,
    values: npt.NDArray[Any],
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Curves]:
    """Predict with one feature set to each of some values.

    Args:
        predict: Outputs (n, units) or (n,) by name, of inputs by name.
        inputs: Values of the samples by name, each (n, ...).
        name: The feature to set.
        values: What it is set to, (points, ...), as a row of it each.
        progress: Called with the number of values that are done, and of all.

    Returns:
        For each output the mean, and the lower and the upper end of the band in which
        80 % of the samples lie; a tuple of units for each value.
    """
    count = len(np.asarray(inputs[name]))
    tables: dict[str, list[Table]] = {}
    for done, value in enumerate(values, 1):
        column = np.repeat(np.asarray(value)[None], count, axis=0)
        for output, scores in predict({**inputs, name: column}).items():
            table = np.asarray(scores, np.float64).reshape(count, -1)
            tables.setdefault(output, []).append(table)
        if progress:
            progress(done, len(values))
    return {output: _curves(np.stack(each)) for output, each in tables.items()}


def evenly_some(inputs: Inputs, samples: int = SAMPLES) -> dict[str, npt.NDArray[Any]]:
    """At most so many of the samples, spread evenly over all; averages need no more."""
    count = len(next(iter(inputs.values())))
    rows = some_of(np.arange(count), samples)
    return {name: np.asarray(values[rows]) for name, values in inputs.items()}


def _curves(table: npt.NDArray[np.float64]) -> Curves:
    low, high = np.quantile(table, BAND, axis=1)
    mean, lower, upper = (_rows(each) for each in (table.mean(axis=1), low, high))
    return mean, lower, upper


def _rows(table: npt.NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, table.tolist()))


def number_places(column: npt.NDArray[Any], points: int = POINTS) -> npt.NDArray[Any]:
    """Places of values to set numbers to: all different ones if they are few.

    Otherwise those at equally many samples' distance from the 5 % to the 95 % quantile,
    ascending.

    Args:
        column: Numbers of all samples, (n,), none missing.
        points: Number of values at most.
    """
    different, places = np.unique(column, return_index=True)
    if len(different) <= points:
        return places
    quantiles = np.linspace(*ENDS, points)
    chosen = np.quantile(column, quantiles, method="nearest")
    found: npt.NDArray[Any] = places[np.unique(np.searchsorted(different, chosen))]
    return found


def name_places(column: npt.NDArray[Any], points: int = POINTS) -> npt.NDArray[Any]:
    """Places of the most frequent names to set names to, in the names' order.

    Args:
        column: Names of all samples, or their codes, (n,).
        points: Number of names at most.
    """
    _different, places, counts = np.unique(
        column, return_index=True, return_counts=True
    )
    order = np.argsort(-counts, kind="stable")[:points]
    found: npt.NDArray[Any] = places[np.sort(order)]
    return found
