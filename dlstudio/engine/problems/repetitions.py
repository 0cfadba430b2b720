"""Checks of nested models that are repeated."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.edits.params import ResetParam, SetParam
from dlstudio.document.graph import Node
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.repetition import REPEAT
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.i18n import _

SIZES = ("filters", "units", "output_dim")
"""Parameters that are the last size of a layer's output."""


def repetition(context: CheckContext) -> Iterator[Problem]:
    """Nested models whose output is not what their next copy takes."""
    for node in context.graph.nodes.values():
        shape = context.shapes[node.id]
        if shape.cause != "repeat":
            continue
        fixes = [
            *_with_size(context, node),
            Fix(
                _("Do not repeat {name}").format(name=node.name),
                (ResetParam(node.id, REPEAT, context.name),),
            ),
        ]
        yield context.problem(
            "error",
            "repetition",
            f"{node.name}: {shape.error}",
            node.id,
            context.working_fixes(node.id, fixes),
        )


def _with_size(context: CheckContext, node: Node) -> Iterator[Fix]:
    """The fix that its last layer gives the last size of its input."""
    name = str(node.params.get("graph", ""))
    inner = context.project.graphs[name]
    inputs = context.shapes[node.id].inputs
    ends = [inner.nodes[id] for id in inner.output_ids()]
    if len(ends) != 1 or not inputs or len(inputs[0].shape) < 2:
        return
    size = inputs[0].shape[-1]
    if size is None:
        return
    for param in SIZES:
        if param in ends[0].params:
            text = _("Set {param} of {layer} in “{graph}” to {size}")
            yield Fix(
                text.format(param=param, layer=ends[0].name, graph=name, size=size),
                (SetParam(ends[0].id, param, size, name),),
            )


REPETITIONS = (repetition,)
