"""How layers call one another in models of Keras 1 and 2, as Keras 3 writes it.

There, a call is a list with an entry for each tensor: the layer that gives it, which of
its calls, which of its outputs, and the other arguments.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from dlstudio.json_values import JsonObject, JsonValue

CONSTANT = "_CONSTANT_VALUE"
"""In place of a layer: what follows is a value."""
RECURRENT = frozenset(
    {
        *("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional"),
        *("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"),
    }
)
"""Layers whose further tensors are their first state."""


@dataclass(frozen=True, slots=True)
class LegacyTensor:
    """A tensor as a call refers to it, or a value in its place.

    Attributes:
        layer: That gives it; `CONSTANT` for a value.
        call: Which call of the layer.
        output: Which output of the call, or the value.
        named: The other arguments of the call, by name.
    """

    layer: str
    call: int
    output: JsonValue
    named: Mapping[str, JsonValue]


class LegacyCalls:
    """The calls of the layers of one model.

    Args:
        names: Of its layers.
        shifted: Layers whose calls are counted from 1: models in Keras 2, whose own
            construction counts as a call.
    """

    def __init__(self, names: Collection[str], shifted: Collection[str]) -> None:
        self._names = frozenset(names)
        self._shifted = frozenset(shifted)

    def first_and_named(self, node: JsonValue) -> tuple[JsonValue, JsonObject]:
        """The first argument of a call, and the others by name.

        Args:
            node: An entry of `inbound_nodes`.
        """
        first = self._mapped(node)
        if isinstance(first, list) and len(first) == 1:
            first = first[0]
        leaf = next(self._leaves(node), None)
        named = leaf.named if leaf is not None else {}
        return first, {key: self._argument(value) for key, value in named.items()}

    def place(self, reference: JsonValue) -> tuple[str, int, JsonValue] | None:
        """Where a tensor comes from, its call counted from 0; None for no tensor."""
        leaf = self._leaf(reference)
        return None if leaf is None else (leaf.layer, self._call(leaf), leaf.output)

    def _leaf(self, node: JsonValue) -> LegacyTensor | None:
        if not isinstance(node, list) or len(node) < 3:
            return None
        name, call, output = node[:3]
        if not isinstance(name, str) or not isinstance(call, int):
            return None
        if name != CONSTANT and name not in self._names:
            return None
        named = node[3] if len(node) > 3 else {}
        return LegacyTensor(
            name, call, output, named if isinstance(named, dict) else {}
        )

    def _leaves(self, node: JsonValue) -> Iterator[LegacyTensor]:
        leaf = self._leaf(node)
        if leaf is not None:
            yield leaf
        elif isinstance(node, (list, dict)):
            for each in node.values() if isinstance(node, dict) else node:
                yield from self._leaves(each)

    def _mapped(self, node: JsonValue) -> JsonValue:
        leaf = self._leaf(node)
        if leaf is not None:
            return self._tensor(leaf)
        if isinstance(node, list):
            return [self._mapped(each) for each in node]
        if isinstance(node, dict):
            return {key: self._mapped(each) for key, each in node.items()}
        return node

    def _argument(self, value: JsonValue) -> JsonValue:
        """An argument by name; tensors in it are references of three or four."""
        leaf = self._leaf(value)
        if leaf is not None and isinstance(leaf.output, int):
            return self._tensor(leaf)
        if isinstance(value, list):
            return [self._argument(each) for each in value]
        return value

    def _tensor(self, leaf: LegacyTensor) -> JsonValue:
        if leaf.layer == CONSTANT:
            return leaf.output
        return tensor([leaf.layer, self._call(leaf), leaf.output])

    def _call(self, leaf: LegacyTensor) -> int:
        return leaf.call - 1 if leaf.call and leaf.layer in self._shifted else leaf.call


def tensor(history: list[JsonValue]) -> JsonObject:
    """A tensor as Keras 3 writes it; its shape is not known from the file.

    Args:
        history: Layer, call and output.
    """
    config: JsonObject = {"shape": [], "dtype": "float32", "keras_history": history}
    return {"class_name": "__keras_tensor__", "config": config}


def call_node(
    class_name: str, first: JsonValue, named: Mapping[str, JsonValue]
) -> JsonObject:
    """A call as Keras 3 writes it.

    Args:
        class_name: Of the layer that is called.
        first: Its first argument.
        named: Its others, by name.
    """
    args, kwargs = [first], dict(named)
    if class_name in RECURRENT and isinstance(first, list) and len(first) > 1:
        args = [first[0]]
        kwargs.setdefault("initial_state", first[1:])
    return {"args": args, "kwargs": kwargs}


def is_legacy_call(node: JsonValue) -> bool:
    """Whether a call is written as in Keras 1 and 2."""
    return not (isinstance(node, dict) and "args" in node and "kwargs" in node)


def counted_from_one(
    layers: Collection[Mapping[str, JsonValue]], models: Collection[str]
) -> frozenset[str]:
    """The models in a model whose first call is number 1.

    Args:
        layers: All layers of the outer model, as in the file.
        models: The names of those that are models.
    """
    lowest: dict[str, int] = {}

    def look(item: JsonValue) -> None:
        if isinstance(item, list):
            named = len(item) >= 3 and isinstance(item[0], str) and item[0] in models
            if named and isinstance(item[1], int):
                lowest[item[0]] = min(lowest.get(item[0], item[1]), item[1])
            for each in item:
                look(each)
        elif isinstance(item, dict):
            for each in item.values():
                look(each)

    for layer in layers:
        look(layer.get("inbound_nodes", []))
    return frozenset(name for name, call in lowest.items() if call > 0)
