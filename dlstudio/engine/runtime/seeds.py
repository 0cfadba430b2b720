"""One seed for everything random, and full determinism where it is wished."""

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

# Python's, NumPy's and Keras' random numbers belong to the whole process: a layer that
# is made on another thread would take some of those that a training was promised.
_RANDOM_NUMBERS = threading.RLock()


@contextmanager
def seeded(seed: int, deterministic: bool = False) -> Iterator[None]:
    """What is built inside draws from `seed` alone; other threads' building waits.

    Args:
        seed, deterministic: See `seed_all`.
    """
    with _RANDOM_NUMBERS:
        seed_all(seed, deterministic)
        yield


@contextmanager
def building() -> Iterator[None]:
    """Around whatever makes layers, so that it cannot disturb a `seeded` one."""
    with _RANDOM_NUMBERS:
        yield


def seed_all(seed: int, deterministic: bool = False) -> None:
    """Seed Python, NumPy, TensorFlow and Keras for what is built next.

    Args:
        seed: Any integer; collapsed into the 32 bits that NumPy takes.
        deterministic: Also choose operations that give the same on a GPU each time.
            TensorFlow keeps this until the process ends.
    """
    keras.utils.set_random_seed(seed % LARGEST_SEED)
    if deterministic:
        tf.config.experimental.enable_op_determinism()


def values_of(variables: Sequence[Variable]) -> list[npt.NDArray[np.generic]]:
    """Copies of Keras variables, in their order."""
    return [np.array(variable.numpy()) for variable in variables]
