"""Loads a .keras file with Keras alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf


def load(path: str) -> dict[str, Callable[[Any], Any]]:
    """The model in `path` as one callable, "model": its raw outputs, no labels."""
    model = keras.saving.load_model(path, compile=False, safe_mode=True)
    dtype = model.inputs[0].dtype

    def forward(images: Any) -> Any:
        return model(tf.cast(images, dtype), training=False)

    compiled = tf.function(forward, reduce_retracing=True)

    def call(batch: Any) -> tuple[Any, None]:
        outputs = compiled(tf.constant(np.asarray(batch, np.float32)))
        return np.asarray(outputs, np.float32), None

    return {"model": call}


def versions() -> dict[str, str]:
    """The runtime that answered."""
    return {"keras": keras.__version__, "tensorflow": tf.__version__}
