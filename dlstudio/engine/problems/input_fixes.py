"""Edits that let another type of feature enter an input, up to where inputs join."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Connect, Disconnect
from dlstudio.document.edits.nodes import AddNode, RemoveNodes
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import Edge, Node
from dlstudio.document.layout import ROW
from dlstudio.document.problems import Fix
from dlstudio.engine.features.input_branch import InputBranch
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.node_queries import is_kind
from dlstudio.i18n import _

PREPARING = (
    *("CategoryEncoding", "Discretization", "Embedding", "Flatten", "Hashing"),
    *("IntegerLookup", "Normalization", "Rescaling", "Reshape", "StringLookup"),
    "TextVectorization",
)
"""Layers that belong to the type of their input."""


def fitted_branch(context: CheckContext, node: Node, branch: InputBranch) -> Fix | None:
    """A fix that makes an input for a feature, with the layers that its type needs.

    Args:
        context: The graph.
        node: The input.
        branch: What the feature needs.

    Returns:
        None where its layers feed several others.
    """
    form = branch.form
    if branch.codes and not branch.distinct:
        return None
    chain: list[Node] = []
    last = node
    while True:
        edges = context.out_of(last.id)
        if len(edges) != 1:
            return None
        following = context.graph.nodes.get(edges[0].target)
        if following is None:
            return None
        joins = len(context.into(following.id)) > 1
        if joins or not is_kind(following, *PREPARING):
            break
        chain.append(following)
        last = following
    (end,) = edges
    edits: list[Edit] = [
        SetParam(node.id, "shape", form.shape, context.name),
        SetParam(node.id, "dtype", form.dtype, context.name),
    ]
    if chain:
        gone = tuple(each.id for each in chain)
        edits.append(RemoveNodes(gone, graph=context.name))
    else:
        edits.append(Disconnect(end, context.name))
    previous = node.id
    for number, layer in enumerate(branch.layers, 1):
        made = context.new(layer.kind, layer.stem, None, **layer.params)
        x, y = node.position
        placed = replace(made, position=(x, y + number * ROW))
        edits += [
            AddNode(placed, context.name),
            Connect(Edge(previous, made.id), context.name),
        ]
        previous = made.id
    edits.append(Connect(replace(end, source=previous, source_port=0), context.name))
    label = _("Fit the layers of {node} to the feature").format(node=node.name)
    return Fix(label, tuple(edits))
