"""Loads a SavedModel with TensorFlow alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf


def load(path: str) -> dict[str, Callable[[Any], Any]]:
    """The signatures of the SavedModel in `path`, as callables."""
    loaded = tf.saved_model.load(path)
    return {
        name: _call(loaded, function) for name, function in loaded.signatures.items()
    }


def _call(loaded: Any, function: Any) -> Callable[[Any], Any]:
    ((name, spec),) = function.structured_input_signature[1].items()

    def call(batch: Any) -> tuple[Any, list[Any]]:
        # Holds on to `loaded`: a signature alone does not keep its variables alive.
        assert loaded is not None
        values = batch if spec.dtype == tf.string else np.asarray(batch, np.float32)
        answer = function(**{name: tf.constant(values, spec.dtype)})
        return answer["scores"].numpy(), _text(answer["labels"].numpy())

    return call


def _text(labels: Any) -> list[Any]:
    def plain(item: Any) -> Any:
        return item.decode() if isinstance(item, bytes) else _text(item)

    return [plain(item) for item in labels]


def versions() -> dict[str, str]:
    """The runtime that answered."""
    return {"tensorflow": tf.__version__}
