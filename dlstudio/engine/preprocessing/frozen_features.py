"""What frozen backbones make of the samples, computed once instead of in each step.

As long as a backbone is frozen and nothing random stands before it, its outputs never
change. The *front* of a model is what leads to them, with the layers behind them that
have no weights, such as pooling; training starts behind the front, with the same layers
as the whole model.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from dlstudio.engine.preprocessing.tensor_graph import (
    call_again,
    calls_before,
    is_input,
    layer_name,
)

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor

LARGEST = 2**30
"""Most bytes of the features of all samples."""


@dataclass(frozen=True, slots=True)
class FrozenFront:
    """A model that is divided behind its frozen backbones.

    Attributes:
        front: From inputs of the whole model to the features.
        rest: From the features, and other inputs, to the outputs.
        names: Of the inputs of `rest` that are features, in the order of `front`'s
            outputs.
    """

    front: KerasModel
    rest: KerasModel
    names: tuple[str, ...]

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Of the features of one sample; no size is unknown."""
        return [tuple(map(int, t.shape[1:])) for t in self._outputs]

    @property
    def _outputs(self) -> list[Any]:
        return list(self.front.outputs)

    @property
    def is_frozen(self) -> bool:
        """Whether training changes none of the front's weights now."""
        return not self.front.trainable_variables


def frozen_front(
    model: KerasModel,
    backbones: Collection[str],
    waiting: Collection[str],
    *,
    drawn: bool = False,
) -> FrozenFront | None:
    """Divide a model behind its frozen backbones; None if that is not possible.

    Args:
        model: Functional.
        backbones: Names of its layers that are backbones, which do the same in training
            as in inference.
        waiting: Names of layers, also inside the backbones, that are frozen only while
            the head is trained.
        drawn: Whether random layers before the backbones belong to the front.
    """
    calls = calls_before(model.outputs)
    steady = _steady(calls, backbones, waiting, drawn=drawn)
    points = _leaving(model, calls, steady, backbones)
    if not points:
        return None
    given: dict[int, KerasTensor] = {}
    names = []
    taken = {layer.name for layer in model.layers}
    for point in points:
        name = f"{layer_name(point)}_features"
        while name in taken:
            name += "_"
        taken.add(name)
        names.append(name)
        shape = tuple(point.shape[1:])
        given[id(point)] = keras.Input(shape, dtype=point.dtype, name=name)
    outputs = call_again(model.outputs, given)
    entries = filter(is_input, calls_before(outputs))
    inputs = [call.output_tensors[0] for call in entries]
    before = [c.output_tensors[0] for c in calls_before(points) if is_input(c)]
    front = keras.Model(_one_or_all(before), _one_or_all(points))
    rest = keras.Model(_one_or_all(inputs), _one_or_all(outputs), name=model.name)
    return FrozenFront(front, rest, tuple(names))


def _steady(
    calls: Iterable[Any],
    backbones: Collection[str],
    waiting: Collection[str],
    *,
    drawn: bool,
) -> set[int]:
    """The calls whose results never change while the backbones are frozen, by id."""
    found: set[int] = set()
    tensors: set[int] = set()
    behind: set[int] = set()
    for call in calls:
        given = {id(tensor) for tensor in call.input_tensors}
        steady = is_input(call) or _is_steady(call, backbones, waiting)
        steady = steady or (drawn and not given & behind and _only_draws(call))
        if given <= tensors and steady:
            found.add(id(call))
            made = {id(tensor) for tensor in call.output_tensors}
            tensors |= made
            if given & behind or getattr(call.operation, "name", "") in backbones:
                behind |= made
    return found


def _only_draws(call: Any) -> bool:
    """Whether a layer changes nothing in training but the state of its draws."""
    return isinstance(call.operation, keras.layers.Layer) and not call.operation.weights


def _is_steady(call: Any, backbones: Collection[str], waiting: Collection[str]) -> bool:
    layer = call.operation
    if not isinstance(layer, keras.layers.Layer):
        return True
    if layer.name in backbones:
        return not _thawed(layer, waiting)
    if isinstance(layer, keras.layers.Normalization):
        return True
    return not layer.variables  # a random layer has those of its generator


def _thawed(layer: Any, waiting: Collection[str]) -> bool:
    """Whether training changes weights of layers that do not wait."""
    if isinstance(layer, keras.Model):
        return layer.trainable and any(_thawed(each, waiting) for each in layer.layers)
    return layer.name not in waiting and bool(layer.trainable_variables)


def _leaving(
    model: KerasModel, calls: list[Any], steady: set[int], backbones: Collection[str]
) -> list[KerasTensor]:
    """Results of steady calls, behind a backbone, that others take."""
    behind: set[int] = set()
    taken = {id(tensor) for tensor in model.outputs}
    for call in calls:
        if id(call) not in steady:
            taken |= {id(tensor) for tensor in call.input_tensors}
        elif getattr(call.operation, "name", "") in backbones or any(
            id(tensor) in behind for tensor in call.input_tensors
        ):
            behind |= {id(tensor) for tensor in call.output_tensors}
    tensors = [tensor for call in calls for tensor in call.output_tensors]
    found = [each for each in tensors if id(each) in behind and id(each) in taken]
    fixed = all(None not in tensor.shape[1:] for tensor in found)
    learned = any(id(tensor) in behind for tensor in model.outputs)
    return found if fixed and not learned else []


def feature_bytes(front: FrozenFront, count: int) -> int:
    """Bytes of the features of some samples."""
    sizes = [
        prod(shape) * np.dtype(tensor.dtype).itemsize
        for tensor, shape in zip(front.front.outputs, front.shapes, strict=True)
    ]
    return count * sum(sizes)


def _one_or_all(tensors: list[KerasTensor]) -> Any:
    return tensors if tensors[1:] else tensors[0]
