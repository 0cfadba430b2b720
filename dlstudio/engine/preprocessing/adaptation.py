"""Lets layers learn from the training split while a model is built.

Each layer learns right before it is called for the first time, in the model's order: it
sees what the layers before it give, and those behind it see how many words it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import numpy.typing as npt

from dlstudio.engine.model.random_tokens import RandomTokens
from dlstudio.engine.preprocessing.input_rows import InputRows
from dlstudio.engine.preprocessing.layer_state import (
    adapt,
    learns,
    set_state,
    state_of,
    synonyms_of,
)
from dlstudio.engine.preprocessing.learned_layers import LearnedLayers
from dlstudio.engine.preprocessing.tensor_graph import call_of, front_of, layer_name
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor

STATISTICS_BATCH = 256
MOST = 20_000
"""Maximum number of samples used for statistics; they hardly change with more."""
LARGEST_BATCH = 8192
BATCH_BYTES = 16 * 2**20


class Restoration:
    """Lets layers be as they were; called by `build` before each call of a layer.

    Args:
        learned: What they have learned, by name.
    """

    def __init__(self, learned: LearnedLayers) -> None:
        self._learned = learned

    def __call__(self, layer: Any, tensors: Sequence[KerasTensor]) -> None:
        """Set what a layer has learned."""
        state = self._learned.get(layer.name)
        if state is not None and learns(layer):
            if isinstance(layer, keras.layers.Normalization) and not layer.built:
                layer.build(tuple(tensors[0].shape))
            set_state(layer, state)


class Adaptation:
    """Lets layers learn; called by `build` before each call of a layer.

    Args:
        rows: What enters each input, by the name of its layer.
        training: Indices of the training split.
        learned: What layers have learned before, by name; these do not learn again.
    """

    def __init__(
        self,
        rows: Mapping[str, InputRows],
        training: npt.NDArray[np.int64],
        learned: LearnedLayers | None = None,
    ) -> None:
        self._rows = rows
        self._training = training
        self._before = learned or {}
        self.learned: dict[str, JsonObject] = {}

    def __call__(self, layer: Any, tensors: Sequence[KerasTensor]) -> None:
        """Let a layer learn, if it has to and has not yet."""
        if not learns(layer) or layer.name in self.learned:
            return
        (tensor,) = tensors
        state = self._before.get(layer.name)
        if isinstance(layer, keras.layers.Normalization):
            layer.build(tuple(tensor.shape))
            if state is None:
                state = self._statistics(layer, tensor)
        elif isinstance(layer, RandomTokens):
            state = synonyms_of(layer, _lookup_of(tensor)) if state is None else state
        elif state is None:
            adapt(layer, lambda: self._batches(tensor, self._batch(), None))
            state = state_of(layer)
        set_state(layer, state)
        self.learned[layer.name] = dict(state)

    def _statistics(self, layer: Any, tensor: KerasTensor) -> JsonObject:
        rank = len(tensor.shape)
        kept = {axis % rank for axis in layer.axis or ()}
        gone = tuple(axis for axis in range(rank) if axis not in kept)
        count, total, squares = 0, 0.0, 0.0
        for values in self._batches(tensor, STATISTICS_BATCH, MOST):
            table = np.asarray(keras.ops.convert_to_numpy(values), np.float64)
            total = total + table.sum(axis=gone)
            squares = squares + np.square(table).sum(axis=gone)
            count += int(np.prod([table.shape[axis] for axis in gone]))
        mean = np.asarray(total / count)
        variance = np.maximum(squares / count - np.square(mean), 0.0)
        shape = tuple(layer.adapt_mean.shape)
        return {
            "mean": _as_float32(mean.reshape(shape)),
            "variance": _as_float32(np.asarray(variance).reshape(shape)),
        }

    def _batch(self) -> int:
        """How many samples are taken at once."""
        size = sum(int(each.rows[:1].nbytes) for each in self._rows.values())
        return max(1, min(LARGEST_BATCH, BATCH_BYTES // max(1, size)))

    def _batches(
        self, tensor: KerasTensor, batch: int, most: int | None
    ) -> Iterator[Any]:
        """The values of a tensor for the training split."""
        inputs, front = front_of(tensor)
        fed = [self._rows[layer_name(each)] for each in inputs]
        for rows, given in zip(fed, inputs, strict=True):
            rows.check(given)
        chosen = self._training[:most]
        for start in range(0, len(chosen), batch):
            some = chosen[start : start + batch]
            values = [r.take(some, g) for r, g in zip(fed, inputs, strict=True)]
            yield front(values if values[1:] else values[0], training=False)


def _lookup_of(tensor: KerasTensor) -> object:
    """The layer that gives tokens, before those that change them at random."""
    call = call_of(tensor)
    while isinstance(call.operation, RandomTokens):
        call = call_of(call.input_tensors[0])
    return call.operation


def check_nested(model: KerasModel) -> None:
    """Check that no layer of a nested model has to learn words.

    Raises:
        UserError: One has to: what enters it is unknown until the model is whole.
    """
    nested = [each for each in model.layers if isinstance(each, keras.Model)]
    while nested:
        for layer in nested.pop().layers:
            if isinstance(layer, keras.Model):
                nested.append(layer)
            elif learns(layer) and not isinstance(layer, keras.layers.Normalization):
                raise UserError(
                    _("“{name}” cannot learn within a nested model.").format(
                        name=layer.name
                    ),
                    _("Move it into the model, or give it a vocabulary."),
                )


def _as_float32(values: npt.NDArray[np.float64]) -> Any:
    """Numbers as the layer keeps them, so that they are the same when set again."""
    return values.astype(np.float32).astype(np.float64).tolist()
