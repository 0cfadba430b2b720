"""One seed for everything random, and full determinism where it is wished."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.data.pipeline import LARGEST_SEED


def plant(seed: int, deterministic: bool = False) -> None:
    """Seed Python, NumPy, TensorFlow and Keras for what is built next.

    Args:
        seed: Any integer; folded into the 32 bits that NumPy takes.
        deterministic: Also choose operations that give the same on a GPU each time.
            TensorFlow keeps this until the process ends.
    """
    keras.utils.set_random_seed(seed % LARGEST_SEED)
    if deterministic:
        tf.config.experimental.enable_op_determinism()


def values_of(variables: list[Any]) -> list[npt.NDArray[Any]]:
    """Copies of Keras variables, in their order."""
    return [np.array(variable.numpy()) for variable in variables]
