"""Predictions of a black box, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.engine.runtime.stop_token import StopToken

Inputs = Mapping[str, npt.NDArray[Any]]
Predict = Callable[[Inputs], npt.NDArray[Any]]


def predict_batched(
    predict: Predict, inputs: Inputs, batch: int, stop: StopToken
) -> npt.NDArray[Any]:
    """The outputs (n, ...) of all samples.

    Args:
        predict: Outputs (n, ...) of inputs by name.
        inputs: Values by name, each (n, ...), at least one sample.
        batch: Batch size.
        stop: Checked before each batch.

    Raises:
        Stopped: `stop` was set.
    """
    count = len(next(iter(inputs.values())))
    found = []
    for start in range(0, count, batch):
        stop.check()
        rows = slice(start, start + batch)
        piece = {name: values[rows] for name, values in inputs.items()}
        found.append(np.asarray(predict(piece)))
    return np.concatenate(found)
