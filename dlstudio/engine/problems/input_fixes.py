"""Edits that let another type of feature enter an input, up to where inputs join."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.data.features.base import InputForm
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Connect, Disconnect
from dlstudio.document.edits.nodes import AddNode, RemoveNodes
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import Edge, Node
from dlstudio.document.layout import ROW
from dlstudio.document.problems import Fix
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.node_queries import is_kind
from dlstudio.engine.templates.table_blocks import (
    FEW_VALUES,
    UNKNOWN,
    embedding_size,
)
from dlstudio.i18n import _

PREPARING = (
    *("CategoryEncoding", "Discretization", "Embedding", "Flatten", "Hashing"),
    *("IntegerLookup", "Normalization", "Rescaling", "Reshape", "StringLookup"),
)
"""Layers that belong to the type of their input."""


def fitted_branch(
    context: CheckContext, node: Node, form: InputForm, distinct: int
) -> Fix | None:
    """A fix that makes an input for a feature, with the layers that its type needs.

    Args:
        context: The graph.
        node: The input.
        form: What the feature needs.
        distinct: Different values of the feature; 0 if unknown.

    Returns:
        None where its layers feed several others.
    """
    if None in form.shape or (form.dtype == "string" and not distinct):
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
    for number, made in enumerate(_layers(context, form, distinct), 1):
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


def _layers(context: CheckContext, form: InputForm, distinct: int) -> list[Node]:
    """What templates put behind such an input."""
    if form.dtype != "string":
        return [] if form.scaled else [context.new("Normalization", "normalization")]
    lookup = context.new("StringLookup", "lookup")
    tokens = distinct + UNKNOWN
    if distinct <= FEW_VALUES:
        encoding = context.new(
            "CategoryEncoding", "encoding", num_tokens=tokens, output_mode="one_hot"
        )
        return [lookup, encoding]
    embedding = context.new(
        "Embedding",
        "embedding",
        input_dim=tokens,
        output_dim=embedding_size(distinct),
    )
    return [lookup, embedding, context.new("Flatten", "flatten")]
