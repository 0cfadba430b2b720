"""Checks activations between layers: missing, or meant for the output."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from dlstudio.document.graph import Node
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.model_head import PASSING, POOLING, activation_name
from dlstudio.engine.problems.node_queries import is_kind
from dlstudio.i18n import _

LINEAR = ("Dense", "Conv1D", "Conv2D", "Conv3D", "SeparableConv2D")
KEEPING = (
    "Dropout",
    "SpatialDropout2D",
    "Flatten",
    "Reshape",
    "Identity",
    "AveragePooling2D",
    "GlobalAveragePooling2D",
)


def linear_pairs(context: CheckContext) -> Iterator[Problem]:
    """Two linear layers without an activation between them, equivalent to one."""
    for node in context.graph.nodes.values():
        if (
            not is_kind(node, *LINEAR)
            or context.shapes[node.id].cause
            or activation_name(context.param(node, "activation")) != "linear"
        ):
            continue
        follower = _follower(context, node)
        if follower is None or _is_bottleneck(context, node, follower):
            continue
        yield context.problem(
            "hint",
            "no-activation",
            _(
                "{node} has no activation, so together with {next} it can do "
                "no more than {next} alone. “relu” is a common choice."
            ).format(node=node.name, next=follower.name),
            node.id,
            [_relu(context, node)],
        )


def _is_bottleneck(context: CheckContext, node: Node, follower: Node) -> bool:
    """Whether a layer gives less than it takes and the next one gives: it compresses.

    Such a pair is not equivalent to one layer.
    """
    before = context.before(node.id)
    around = [_values(context, each.id) for each in (*before[:1], follower)]
    own = _values(context, node.id)
    return len(around) == 2 and all(own < each for each in around)


def _values(context: CheckContext, id: str) -> int:
    """Values per sample of an output; 0 if unknown."""
    form = context.output(id)
    sizes = form.shape[1:] if form is not None else ()
    known = [size for size in sizes if size is not None]
    return prod(known) if sizes and len(known) == len(sizes) else 0


def _relu(context: CheckContext, node: Node) -> Fix:
    return Fix.set_param(
        _("Set activation of {node} to relu").format(node=node.name),
        node,
        "activation",
        "relu",
        context.name,
    )


def _follower(context: CheckContext, node: Node) -> Node | None:
    """The next linear layer, if all layers in between are linear."""
    for _step in range(16):
        after = context.after(node.id)
        if len(after) != 1:
            return None
        node = after[0]
        if is_kind(node, *LINEAR):
            return node
        if not is_kind(node, *KEEPING):
            return None
    return None


def hidden_softmax(context: CheckContext) -> Iterator[Problem]:
    """Softmax between layers, which scales all features to a sum of one."""
    for node in context.graph.nodes.values():
        after = context.after(node.id)
        plain = after and all(is_kind(each, *LINEAR, *KEEPING) for each in after)
        name = activation_name(context.param(node, "activation"))
        if not is_kind(node, *LINEAR) or name != "softmax" or not plain:
            continue
        if all(is_kind(each, *PASSING, *POOLING) for each in _all_after(context, node)):
            continue  # no trainable layer after it: it is the head
        yield context.problem(
            "warning",
            "hidden-softmax",
            _(
                "{node} uses softmax in a hidden layer, whose outputs then add "
                "up to 1 and pass on little information. Use softmax only in "
                "the last layer; “relu” is a common choice here."
            ).format(node=node.name),
            node.id,
            [_relu(context, node)],
        )


def _all_after(context: CheckContext, node: Node) -> list[Node]:
    found: dict[str, Node] = {}
    waiting = [node]
    while waiting:
        for each in context.after(waiting.pop().id):
            if each.id not in found:
                found[each.id] = each
                waiting.append(each)
    return list(found.values())


HIDDEN_ACTIVATIONS = (linear_pairs, hidden_softmax)
