"""Shapes of nested models, as those of one node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dlstudio.document.graph import Graph
from dlstudio.document.repetition import Repetition
from dlstudio.engine.cost.layer_cost import FREE, Cost
from dlstudio.engine.model.repeated import check_chain
from dlstudio.engine.shapes.layer_inference import (
    TensorSpec,
)
from dlstudio.engine.shapes.node_shape import Cause, NodeShape
from dlstudio.errors import UserError
from dlstudio.i18n import _


class ShapeRefusalError(Exception):
    """The reason why a node has no shape.

    Args:
        cause: What sort of reason it is.
        error: A sentence; "" where another node says it.
        inputs: What enters the node, if that is known.
    """

    def __init__(
        self, cause: Cause, error: str = "", inputs: tuple[TensorSpec, ...] = ()
    ) -> None:
        super().__init__(error)
        self.cause: Cause = cause
        self.inputs = inputs


def narrowed(own: TensorSpec, given: TensorSpec) -> TensorSpec:
    """A nested graph's input, specialized for `given`.

    Raises:
        ShapeRefusalError: It does not fit.
    """
    fits = len(own.shape) == len(given.shape) and all(
        one is None or one == other
        for one, other in zip(own.shape[1:], given.shape[1:], strict=True)
    )
    if not fits:
        raise ShapeRefusalError(
            "nested",
            _("It expects {expected}, but gets {given}.").format(
                expected=own, given=given
            ),
        )
    return replace(own, shape=given.shape)


def as_one(
    name: str,
    inner: Graph,
    inside: Mapping[str, NodeShape],
    inputs: tuple[TensorSpec, ...],
) -> NodeShape:
    """A nested graph's shapes, combined into those of one node.

    Args:
        name: Of the nested graph.
        inner: The graph.
        inside: The shapes of its nodes.
        inputs: What enters it.

    Raises:
        ShapeRefusalError: A node within it has no shape, or it has no output.
    """
    for id, shape in inside.items():
        if shape.cause and shape.cause != "upstream":
            raise ShapeRefusalError(
                "nested",
                _("In the nested model “{graph}”, {node}: {error}").format(
                    graph=name, node=inner.nodes[id].name, error=shape.error
                ),
                inputs,
            )
    counts = {id: len(shape.outputs) for id, shape in inside.items()}
    outputs = tuple(
        inside[id].outputs[port]
        for id, port in inner.output_tensors(counts)
        if id in inside and port < len(inside[id].outputs)
    )
    if not outputs:
        raise ShapeRefusalError(
            "nested", _("The model “{name}” has no output.").format(name=name), inputs
        )
    return NodeShape(inputs, outputs, total(inside))


def repeated(shape: NodeShape, repetition: Repetition) -> NodeShape:
    """The shapes and costs of copies in a chain.

    Raises:
        ShapeRefusalError: The outputs do not fit the inputs.
    """
    if not repetition:
        return shape
    try:
        check_chain(
            [(each.shape, each.dtype) for each in shape.inputs],
            [(each.shape, each.dtype) for each in shape.outputs],
        )
    except UserError as error:
        raise ShapeRefusalError("repeat", error.message, shape.inputs) from error
    cost = shape.cost.repeated(repetition.count, repetition.copies)
    return replace(shape, cost=cost)


def total(shapes: Mapping[str, NodeShape]) -> Cost:
    """The cost of a whole graph; nodes without a shape count 0."""
    return sum((shape.cost for shape in shapes.values()), FREE)
