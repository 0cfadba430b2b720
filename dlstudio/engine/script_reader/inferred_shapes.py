"""Shapes that no rule says: inferred by the layers themselves, which needs Keras."""

from __future__ import annotations

from dlstudio.document.graph import Graph
from dlstudio.engine.script_reader.limits import ReadingContext
from dlstudio.engine.script_reader.model_calls import calls_before
from dlstudio.engine.script_reader.read_graph import plain_graph
from dlstudio.engine.script_reader.script_values import ScriptTensor


def inferred_shape(
    tensor: ScriptTensor, context: ReadingContext
) -> tuple[object, ...] | None:
    """The shape of a tensor; None if it cannot be inferred.

    Args:
        tensor: Of a call.
        context: Has the catalog.
    """
    # Loads TensorFlow, which most scripts do not need.
    from dlstudio.engine.shapes.graph import ShapeInference

    calls = calls_before([tensor])
    graphs: dict[str, Graph] = {}
    graph, ids = plain_graph(calls, graphs)
    if context.shapes is None:
        context.shapes = ShapeInference()
    assert isinstance(context.shapes, ShapeInference)
    found = context.shapes.infer(graph, context.catalog, graphs)
    shape = found.get(ids[tensor.call])
    if shape is None or tensor.port >= len(shape.outputs):
        return None
    return tuple(shape.outputs[tensor.port].shape)
