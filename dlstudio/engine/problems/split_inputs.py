"""A fix for an input of several numbers: one input for each feature, joined again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dlstudio.document.bindings import InputBinding
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Connect, Disconnect
from dlstudio.document.edits.nodes import AddNode, RemoveNodes
from dlstudio.document.edits.project import SetBindings
from dlstudio.document.graph import INPUT, Edge, Node
from dlstudio.document.layout import COLUMN, ROW
from dlstudio.document.name_lists import list_names
from dlstudio.document.problems import Fix
from dlstudio.document.values import freeze_map
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.node_queries import LAYERS
from dlstudio.i18n import _


def split_input(
    context: CheckContext, node: Node, features: Sequence[str]
) -> Fix | None:
    """Let each of some features of one number have its own input.

    Args:
        context: The trained graph.
        node: The input that takes all of them.
        features: Their names, at least two, in the order of the numbers.

    Returns:
        None if layers behind the input would not fit.
    """
    x, y = node.position
    taken = dict(context.graph.nodes)
    inputs = []
    for number, name in enumerate(features):
        id = _free(taken, name)
        place = x + COLUMN * (number - (len(features) - 1) / 2)
        params = freeze_map({"shape": (1,)})
        inputs.append(Node(id, INPUT, params, (place, y - ROW)))
        taken[id] = inputs[-1]
    joined = Node(_free(taken, "columns"), LAYERS + "Concatenate", position=(x, y))
    edits: list[Edit] = [AddNode(each, context.name) for each in (*inputs, joined)]
    for port, each in enumerate(inputs):
        edge = Edge(each.id, joined.id, target_port=port)
        edits.append(Connect(edge, context.name))
    for edge in context.out_of(node.id):
        edits.append(Disconnect(edge, context.name))
        edits.append(Connect(replace(edge, source=joined.id), context.name))
    edits.append(RemoveNodes((node.id,), False, context.name))
    kept = [
        each
        for each in context.project.inputs
        if each.feature not in features and each.input != node.id
    ]
    bindings = [
        InputBinding(name, context.name, each.id)
        for name, each in zip(features, inputs, strict=True)
    ]
    outputs = context.project.outputs
    edits.append(SetBindings((*kept, *bindings), outputs))
    label = _("Join {names} as the input").format(names=list_names(features))
    return Fix(label, tuple(edits)) if context.keeps_shapes(edits) else None


def _free(taken: dict[str, Node], name: str) -> str:
    """An id that no node has, like the name as far as letters are allowed."""
    stem = "".join(each for each in name.lower() if each.isascii() and each.isalnum())
    stem, number = stem or "input", 1
    id = stem
    while id in taken:
        number += 1
        id = f"{stem}_{number}"
    return id
