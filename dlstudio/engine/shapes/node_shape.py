"""What is known about the tensors and the cost of one node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from dlstudio.engine.cost.layer_cost import FREE, Cost
from dlstudio.engine.shapes.layer_inference import (
    TensorSpec,
)

Cause: TypeAlias = Literal[
    "",  # all is well
    "upstream",  # something before it is wrong; nothing is known about it
    "cycle",  # it is on a cycle, or behind one
    "kind",  # there is no such layer
    "ports",  # too few, too many, or wrong inputs
    "shares",  # it shares weights with nothing
    "nested",  # the graph inside it is missing, wrong, or itself
    "make",  # the layer refuses its parameters
    "call",  # the layer refuses what comes in
]


@dataclass(frozen=True, slots=True)
class NodeShape:
    """What is known about one node.

    Attributes:
        inputs: What comes in, by port.
        outputs: What goes out; empty if `cause` is set.
        cost: Of this node alone; a node that shares weights owns no parameters.
        cause: Why there is no answer, or "".
        error: What the layer says about it, for all causes but "upstream".
    """

    inputs: tuple[TensorSpec, ...] = ()
    outputs: tuple[TensorSpec, ...] = ()
    cost: Cost = FREE
    cause: Cause = ""
    error: str = ""
