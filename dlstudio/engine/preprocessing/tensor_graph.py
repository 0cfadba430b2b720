"""The symbolic tensors of a functional model, followed back to its inputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import keras

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel, KerasTensor


def call_of(tensor: Any) -> Any:
    """The call of a layer that gives a tensor: a node of Keras."""
    operation, place, _index = tensor._keras_history
    return operation._inbound_nodes[place]


def calls_before(tensors: Iterable[KerasTensor]) -> list[Any]:
    """The calls that tensors depend on, inputs included, each after those before it."""
    found: dict[int, Any] = {}
    waiting = [(call_of(tensor), False) for tensor in reversed(list(tensors))]
    while waiting:
        call, done = waiting.pop()
        if id(call) in found:
            continue
        if done:
            found[id(call)] = call
            continue
        waiting.append((call, True))
        waiting += [(call_of(each), False) for each in reversed(call.input_tensors)]
    return list(found.values())


def is_input(call: Any) -> bool:
    """Whether a call is that of an input layer."""
    return isinstance(call.operation, keras.layers.InputLayer)


def layer_name(tensor: Any) -> str:
    """Name of the layer that gives a tensor."""
    name: str = tensor._keras_history.operation.name
    return name


def front_of(tensor: KerasTensor) -> tuple[list[KerasTensor], KerasModel]:
    """The inputs that a tensor depends on, and the model from them to the tensor."""
    calls = calls_before([tensor])
    inputs = [call.output_tensors[0] for call in calls if is_input(call)]
    model: KerasModel = keras.Model(inputs if inputs[1:] else inputs[0], tensor)
    return inputs, model


def call_again(
    tensors: Sequence[KerasTensor], given: dict[int, KerasTensor]
) -> list[KerasTensor]:
    """Tensors as they are if others take the place of some that they depend on.

    The same layers are called a second time. (Keras builds models from tensors between
    layers as well, but such a model cannot share layers with one that is saved.)

    Args:
        tensors: What is wanted.
        given: New tensors, by `id` of those they replace; completed.
    """

    def new(value: Any) -> Any:
        if not isinstance(value, keras.KerasTensor) or id(value) in given:
            return given.get(id(value), value)
        call = call_of(value)
        if is_input(call):
            return value
        args, named = keras.tree.map_structure(
            new, (tuple(call.arguments.args), dict(call.arguments.kwargs))
        )
        results = keras.tree.flatten(call.operation(*args, **named))
        given.update(zip(map(id, call.output_tensors), results, strict=True))
        return given[id(value)]

    return [new(tensor) for tensor in tensors]
