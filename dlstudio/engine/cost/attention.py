"""Multiply-adds of attention layers.

Vaswani et al., "Attention is all you need" (2017); Luong et al., "Effective
approaches to attention-based neural machine translation" (2015); Bahdanau et al.,
"Neural machine translation by jointly learning to align and translate" (2015);
Ainslie et al., "GQA: training generalized multi-query transformer models" (2023).

Args:
    layer: The built Keras layer.
    inputs: Shapes of the query, the value and, if given, the key: (batch, steps,
        features).
    outputs: The output shape, batch first.

Returns:
    Multiply-adds for one sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlstudio.engine.cost.layer_protocols import GroupedQueryAttention
    from dlstudio.engine.typing import KerasLayer

Shape = Sequence[Any]


def three(inputs: Sequence[Shape]) -> tuple[Shape, Shape, Shape]:
    """Query, value and key; the key defaults to the value."""
    query = inputs[0]
    value = inputs[1] if len(inputs) > 1 else query
    return query, value, inputs[2] if len(inputs) > 2 else value


def multi_head(
    layer: KerasLayer, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int:
    """Four projections, the scores of all pairs, and the weighted values."""
    config = layer.get_config()
    heads, key_size = config["num_heads"], config["key_dim"]
    value_size = config["value_dim"] or key_size
    query, value, key = three(inputs)
    projections = heads * (
        prod(query[1:]) * key_size
        + prod(key[1:]) * key_size
        + prod(value[1:]) * value_size
        + prod(outputs[0][1:]) * value_size
        + (prod(query[1:]) * value_size if config.get("use_gate") else 0)
    )
    places, others = _pairs(query, value, config["attention_axes"])
    return int(projections + heads * places * others * (key_size + value_size))


def _pairs(
    query: Shape, value: Shape, axes: int | Sequence[int] | None
) -> tuple[int, int]:
    """The number of queries, and the number of values each one attends to."""
    chosen = [axes] if isinstance(axes, int) else axes
    chosen = chosen or range(1, len(query) - 1)
    others = prod(value[axis % len(value)] for axis in chosen)
    return int(prod(query[1:-1])), int(others)


def grouped(
    layer: GroupedQueryAttention, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int:
    """Like multi-head attention, with key and value heads shared by several queries."""
    query, value, key = three(inputs)
    size = int(layer.head_dim)
    heads, shared = int(layer.num_query_heads), int(layer.num_key_value_heads)
    projections = (
        prod(query[1:]) * heads * size * (2 if getattr(layer, "use_gate", False) else 1)
        + (prod(key[1:]) + prod(value[1:])) * shared * size
        + prod(outputs[0][1:]) * heads * size
    )
    return int(projections + 2 * heads * query[1] * value[1] * size)


def dot_product(
    layer: object, inputs: Sequence[Shape], outputs: Sequence[Shape]
) -> int:
    """The scores of all pairs and the weighted values; no projections."""
    query, value, key = three(inputs)
    return int(query[1] * key[1] * (query[2] + value[2]))


ATTENTION: dict[str, Any] = {
    "MultiHeadAttention": multi_head,
    "GroupQueryAttention": grouped,
    "GroupedQueryAttention": grouped,
    "Attention": dot_product,
    "AdditiveAttention": dot_product,
}
