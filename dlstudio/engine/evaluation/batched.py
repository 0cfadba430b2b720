"""Predictions of a model of features, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dlstudio.engine.prediction.feature_model import FeatureModel, Outputs
from dlstudio.engine.runtime.stop_token import StopSource, StopToken

Inputs = Mapping[str, npt.NDArray[Any]]
Progress = Callable[[int, int], None]
BATCH = 1024


def predict_batched(
    model: FeatureModel,
    inputs: Inputs,
    progress: Progress | None = None,
    stop: StopToken | None = None,
    batch: int = BATCH,
) -> Outputs:
    """The outputs (n, ...) of all samples, by what they predict.

    Args:
        model: Predicts rows.
        inputs: Encoded rows by input feature, each (n, ...), at least one sample.
        progress: Called with the number of predicted and of all rows.
        stop: Checked before each batch.
        batch: Batch size.

    Raises:
        Stopped: `stop` was set.
    """
    token = stop or StopSource().token
    count = len(next(iter(inputs.values())))
    pieces: list[Outputs] = []
    for start in range(0, count, batch):
        token.check()
        some = {name: values[start : start + batch] for name, values in inputs.items()}
        pieces.append(model.predict(some))
        if progress is not None:
            progress(min(start + batch, count), count)
    return {
        output.name: np.concatenate([piece[output.name] for piece in pieces])
        for output in model.outputs
    }
