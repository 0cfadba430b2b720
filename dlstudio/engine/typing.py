"""Types for the parts of Keras that are used: Keras itself has none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from dlstudio.data.typing import Tensor


class KerasTensor(Protocol):
    """A symbolic input or output of a layer."""

    @property
    def shape(self) -> tuple[int | None, ...]: ...

    @property
    def dtype(self) -> str: ...


class Variable(Protocol):
    """A variable: a weight, or state of an optimizer or metric."""

    @property
    def path(self) -> str: ...

    @property
    def shape(self) -> tuple[int, ...]: ...

    @property
    def value(self) -> Tensor: ...

    def numpy(self) -> npt.NDArray[np.generic]: ...

    def assign(self, value: object, /) -> object: ...


class KerasLayer(Protocol):
    """A built `keras.layers.Layer`."""

    trainable: bool

    @property
    def name(self) -> str: ...

    @property
    def compute_dtype(self) -> str: ...

    @property
    def output(self) -> KerasTensor: ...

    @property
    def weights(self) -> Sequence[Variable]: ...

    @property
    def variables(self) -> Sequence[Variable]: ...

    @property
    def trainable_weights(self) -> Sequence[Variable]: ...

    @property
    def non_trainable_weights(self) -> Sequence[Variable]: ...

    @property
    def trainable_variables(self) -> Sequence[Variable]: ...

    def get_weights(self) -> list[npt.NDArray[np.generic]]: ...

    def set_weights(self, weights: Sequence[npt.NDArray[np.generic]]) -> None: ...

    def get_config(self) -> dict[str, Any]: ...

    def compute_output_shape(
        self, shape: tuple[int | None, ...], /
    ) -> Sequence[int | None]: ...

    def __call__(self, *args: object, **named: object) -> Tensor: ...


class KerasModel(KerasLayer, Protocol):
    """A functional `keras.Model`."""

    @property
    def input(self) -> object: ...

    @property
    def inputs(self) -> Sequence[KerasTensor]: ...

    @property
    def outputs(self) -> Sequence[KerasTensor]: ...

    @property
    def layers(self) -> Sequence[KerasLayer]: ...

    @property
    def losses(self) -> Sequence[Tensor]: ...

    def save(self, path: Path) -> None: ...

    def load_weights(self, path: Path) -> None: ...

    def count_params(self) -> int: ...


class KerasLoss(Protocol):
    """A `keras.losses.Loss`."""

    @property
    def reduction(self) -> str: ...

    def __call__(
        self, truth: object, answers: object, sample_weight: object = None
    ) -> Tensor: ...


class KerasOptimizer(Protocol):
    """A built `keras.optimizers.Optimizer`."""

    learning_rate: Variable

    @property
    def variables(self) -> Sequence[Variable]: ...

    def build(self, variables: Sequence[Variable], /) -> None: ...

    def scale_loss(self, loss: Tensor, /) -> Tensor: ...

    def apply_gradients(self, pairs: object, /) -> object: ...

    def finalize_variable_values(self, variables: Sequence[Variable], /) -> None: ...


class Strategy(Protocol):
    """A `tf.distribute.Strategy`."""

    @property
    def num_replicas_in_sync(self) -> int: ...

    def run(
        self, function: Callable[..., Tensor], args: tuple[object, ...]
    ) -> Tensor: ...

    def reduce(self, how: str, value: Tensor, axis: int | None) -> Tensor: ...

    def experimental_distribute_values_from_function(
        self, function: Callable[[object], Tensor], /
    ) -> Tensor: ...

    def experimental_local_results(self, value: Tensor, /) -> Sequence[Tensor]: ...
