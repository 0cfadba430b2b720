"""Inferred tensors and cost of one node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from dlstudio.engine.cost.layer_cost import FREE, Cost
from dlstudio.engine.shapes.layer_inference import (
    TensorSpec,
)

Cause: TypeAlias = Literal[
    "",  # no error
    "upstream",  # an error before it; nothing is known about it
    "cycle",  # on a cycle, or after one
    "kind",  # there is no such layer
    "ports",  # too few, too many, or wrong inputs
    "shares",  # it shares weights with a missing node
    "nested",  # the nested graph is missing, invalid, or itself
    "repeat",  # the nested model cannot take what it gives
    "make",  # the layer rejects its parameters
    "call",  # the layer rejects its inputs
]


@dataclass(frozen=True, slots=True)
class NodeShape:
    """Inference result for one node.

    Attributes:
        inputs: Input tensors, by port.
        outputs: Output tensors; empty if `cause` is set.
        cost: Cost of this node alone; a node that shares weights has no parameters.
        cause: Why there is no result, or "".
        error: The error message, for all causes but "upstream".
    """

    inputs: tuple[TensorSpec, ...] = ()
    outputs: tuple[TensorSpec, ...] = ()
    cost: Cost = FREE
    cause: Cause = ""
    error: str = ""
