"""Masks that Keras passes by itself, which it writes down like any other tensor.

A graph is easier to read without them, and Keras passes them again when it is built.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from dlstudio.engine.model_import.network_config import LayerConfig, NetworkConfig
from dlstudio.engine.model_import.operations import is_operation
from dlstudio.engine.model_import.serialized import (
    TensorReference,
    inner,
    is_object,
    reference,
    tensors_in,
)
from dlstudio.json_values import JsonValue

PASSING = frozenset(
    (
        *("Activation", "ActivityRegularization", "AlphaDropout", "BatchNormalization"),
        *("Dense", "Dropout", "ELU", "GaussianDropout", "GaussianNoise"),
        *("GroupNormalization", "GroupQueryAttention", "Identity"),
        *("LayerNormalization", "LeakyReLU", "MultiHeadAttention", "Normalization"),
        *("PReLU", "ReLU", "Rescaling", "Softmax", "SpatialDropout1D"),
        *("SpatialDropout2D", "SpatialDropout3D", "TimeDistributed"),
        "UnitNormalization",
    )
)
"""Layers whose output has the mask of their first input."""
RECURRENT = frozenset(
    ("GRU", "LSTM", "RNN", "SimpleRNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
)
_MASK = "mask"


def without_implicit_masks(network: NetworkConfig) -> NetworkConfig:
    """The model without masks that Keras would pass anyway.

    Operations that only compute such masks are left out, too. Masks that a person has
    passed stay.
    """
    if not any(_mask_given(call) for each in network.layers for call in each.calls):
        return network
    masks = _Masks(network)
    layers = tuple(
        replace(each, calls=tuple(masks.without_implicit(call) for call in each.calls))
        for each in network.layers
    )
    return replace(network, layers=_without_unused(layers, network, masks.dropped))


class _Masks:
    """Finds the mask of a tensor that Keras knows of."""

    def __init__(self, network: NetworkConfig) -> None:
        self._layers = {each.name: each for each in network.layers}
        self._known: dict[TensorReference, TensorReference | None] = {}
        self._comparisons = {
            (found[0], _constant(each.calls[0])): each.name
            for each in network.layers
            if each.item["class_name"] == "NotEqual" and len(each.calls) == 1
            if len(found := tensors_in(each.calls[0])) == 1
        }
        self._reductions = {
            tensors_in(each.calls[0])[0].layer: each.name
            for each in network.layers
            if each.item["class_name"] == "Any" and len(each.calls) == 1
            if len(tensors_in(each.calls[0])) == 1
        }
        self.dropped: set[str] = set()

    def without_implicit(self, call: JsonValue) -> JsonValue:
        """A call without its mask, if it is the one that its tensor has."""
        given, tensor = _mask_given(call), _only_tensor(call)
        if given is None or tensor is None or self.of(tensor) != given:
            return call
        self.dropped.add(given.layer)
        assert isinstance(call, Mapping)
        kwargs = cast("Mapping[str, JsonValue]", call["kwargs"])
        rest = {name: each for name, each in kwargs.items() if name != _MASK}
        return {**call, "kwargs": rest}

    def of(self, tensor: TensorReference) -> TensorReference | None:
        """The mask of a tensor; None if it has none, or if that is not certain."""
        if tensor not in self._known:
            self._known[tensor] = None  # for configurations with a cycle
            self._known[tensor] = self._found(tensor)
        return self._known[tensor]

    def _found(self, tensor: TensorReference) -> TensorReference | None:
        layer = self._layers.get(tensor.layer)
        if layer is None or is_operation(layer.item):
            return None
        if not 0 <= tensor.call < len(layer.calls):
            return None
        call, config = layer.calls[tensor.call], inner(layer.item)
        before = _only_tensor(call)
        name = layer.item["class_name"]
        if before is None:
            return None
        if name == "Embedding" and config.get("mask_zero"):
            return self._comparison(before, 0)
        if name == "Masking":
            compared = self._comparison(before, config.get("mask_value", 0.0))
            last = self._reductions.get(compared.layer) if compared else None
            return TensorReference(last, 0, 0) if last else None
        nested = config.get("layer")
        sequence = inner(nested) if is_object(nested) else config
        recurrent = name in RECURRENT or name == "Bidirectional"
        if recurrent and (tensor.tensor or not sequence.get("return_sequences")):
            return None
        if recurrent or name in PASSING:
            return _mask_given(call) or self.of(before)
        return None

    def _comparison(
        self, tensor: TensorReference, value: JsonValue
    ) -> TensorReference | None:
        """The operation that tells where a tensor differs from a value."""
        if not isinstance(value, (int, float)):
            return None
        found = self._comparisons.get((tensor, value))
        return TensorReference(found, 0, 0) if found else None


def _without_unused(
    layers: Sequence[LayerConfig], network: NetworkConfig, dropped: set[str]
) -> tuple[LayerConfig, ...]:
    """The layers without masks that are not used anywhere any more."""
    left, gone = list(layers), set(dropped)
    while gone:
        used = {each.layer for each in network.outputs}
        for layer in left:
            for call in layer.calls:
                used |= {each.layer for each in tensors_in(call)}
        unused = [each for each in left if each.name in gone - used]
        sources = {e.layer for each in unused for e in tensors_in(each.calls[0])}
        left = [each for each in left if each not in unused]
        gone = {e.name for e in left if e.name in sources and is_operation(e.item)}
    return tuple(left)


def _mask_given(call: JsonValue) -> TensorReference | None:
    kwargs = call.get("kwargs") if isinstance(call, Mapping) else None
    return reference(kwargs.get(_MASK)) if isinstance(kwargs, Mapping) else None


def _only_tensor(call: JsonValue) -> TensorReference | None:
    """The first argument of a call, if it is a single tensor."""
    args = call.get("args") if isinstance(call, Mapping) else None
    if not isinstance(args, Sequence) or isinstance(args, str) or len(args) != 1:
        return None
    return reference(args[0])


def _constant(call: JsonValue) -> JsonValue:
    """The second argument of a call, if it is a number."""
    args = call.get("args") if isinstance(call, Mapping) else None
    if isinstance(args, Sequence) and not isinstance(args, str) and len(args) == 2:
        second = args[1]
        return second if isinstance(second, (int, float)) else None
    return None
