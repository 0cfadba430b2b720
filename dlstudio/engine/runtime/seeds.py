"""One seed for everything random, and full determinism on request."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from dlstudio.data.pipeline import LARGEST_SEED

if TYPE_CHECKING:
    from dlstudio.engine.typing import Variable

# Random state of Python, NumPy and Keras is global to the process: creating a layer on
# another thread would consume numbers that a training relies on.
_RANDOM_NUMBERS = threading.RLock()


@contextmanager
def seeded(seed: int, deterministic: bool = False) -> Iterator[None]:
    """Inside the block, building uses only `seed`; other threads' building waits.

    Args:
        seed, deterministic: See `seed_all`.
    """
    with _RANDOM_NUMBERS:
        seed_all(seed, deterministic)
        yield


@contextmanager
def building() -> Iterator[None]:
    """Wrap code that creates layers, so that it cannot disturb a `seeded` block."""
    with _RANDOM_NUMBERS:
        yield


def seed_all(seed: int, deterministic: bool = False) -> None:
    """Seed Python, NumPy, TensorFlow and Keras.

    Args:
        seed: Any integer; reduced to the 32 bits that NumPy takes.
        deterministic: Also use deterministic operations on GPUs. TensorFlow keeps this
            until the process ends.
    """
    keras.utils.set_random_seed(seed % LARGEST_SEED)
    if deterministic:
        tf.config.experimental.enable_op_determinism()


def values_of(variables: Sequence[Variable]) -> list[npt.NDArray[np.generic]]:
    """Copies of Keras variables, in their order."""
    return [np.array(variable.numpy()) for variable in variables]
