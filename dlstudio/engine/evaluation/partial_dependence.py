"""What a model predicts on average for each value of one feature.

Friedman: "Greedy Function Approximation" (2001): the feature of every sample is set to
a value, and the predictions are averaged. It shows an effect rightly as far as the
feature does not depend on others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.document.report_sections import PartialDependence
from dlstudio.engine.evaluation.batched import Inputs, Predict, predict_batched
from dlstudio.engine.heads.evenly_spread import some_of
from dlstudio.engine.runtime.stop_token import StopSource, StopToken

POINTS, SAMPLES = 20, 500
ENDS = (0.05, 0.95)
"""Quantiles between which numbers are spread; beyond them there are few samples."""
BAND = (0.1, 0.9)


def partial_dependence(
    predict: Predict,
    inputs: Inputs,
    name: str,
    *,
    values: npt.ArrayLike | None = None,
    samples: int = SAMPLES,
    batch: int = 1024,
    stop: StopToken | None = None,
) -> PartialDependence:
    """Predict with one feature set to each of some values.

    Args:
        predict: Outputs (n, units) or (n,) of inputs by name, such as probabilities.
        inputs: Values of the samples by name, each (n, ...).
        name: The feature to set; its values are one number or name for each sample.
        values: What it is set to; by default `values_of` it.
        samples: At most as many samples are used, spread evenly over all.
        batch: Batch size.
        stop: Checked before each batch.

    Raises:
        Stopped: `stop` was set.
    """
    token = stop or StopSource().token
    column = np.asarray(inputs[name])
    chosen = values_of(column) if values is None else np.asarray(values)
    rows = some_of(np.arange(len(column)), samples)
    taken = {each: np.asarray(inputs[each])[rows] for each in inputs}
    shape, dtype = taken[name].shape, np.result_type(column.dtype, chosen.dtype)
    if column.dtype.kind == "f":
        dtype = column.dtype
    found = []
    for value in chosen:
        set_to = {**taken, name: np.full(shape, value, dtype)}
        outputs = predict_batched(predict, set_to, batch, token)
        found.append(outputs.reshape(len(rows), -1).astype(np.float64))
    table = np.stack(found)
    ends = np.quantile(table, BAND, axis=1)
    mean, low, high = (_rows(each) for each in (table.mean(axis=1), *ends))
    return PartialDependence(name, tuple(chosen.tolist()), mean, low, high, len(rows))


def _rows(table: npt.NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, table.tolist()))


def values_of(column: npt.NDArray[Any], points: int = POINTS) -> npt.NDArray[Any]:
    """Values to set a feature to: all if they are few.

    Otherwise numbers evenly from the 5 % to the 95 % quantile, and the most frequent
    names.

    Args:
        column: Values of all samples, (n,) or (n, 1).
        points: Number of values at most.
    """
    different, counts = np.unique(column.reshape(-1), return_counts=True)
    if len(different) <= points:
        return different
    if column.dtype.kind in "OUS":
        order = np.argsort(-counts, kind="stable")[:points]
        return np.sort(different[order])
    low, high = np.quantile(column, ENDS)
    return np.linspace(low, high, points)
