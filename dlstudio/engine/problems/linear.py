"""Activations between layers: missing, or meant for the end."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.edits import SetParam
from dlstudio.document.graph import Node
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.heads import PASSING, POOLING, activation_name
from dlstudio.engine.problems.plain import is_kind
from dlstudio.engine.problems.scene import Scene
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


def linear_pairs(scene: Scene) -> Iterator[Problem]:
    """Two layers without an activation between them are no more than one."""
    for node in scene.graph.nodes.values():
        if (
            not is_kind(node, *LINEAR)
            or scene.shapes[node.id].cause
            or activation_name(scene.param(node, "activation")) != "linear"
        ):
            continue
        follower = _follower(scene, node)
        if follower is None:
            continue
        yield scene.problem(
            "hint",
            "no-activation",
            _(
                "{node} has no activation, so it and {next} together can do no more"
                " than {next} alone. “relu” is the usual one."
            ).format(node=node.name, next=follower.name),
            node.id,
            [_relu(scene, node)],
        )


def _relu(scene: Scene, node: Node) -> Fix:
    edit = SetParam(node.id, "activation", "relu", scene.name)
    return Fix(_("Set activation of {node} to relu").format(node=node.name), (edit,))


def _follower(scene: Scene, node: Node) -> Node | None:
    """The next linear layer, if all in between keep things linear."""
    for _step in range(16):
        after = scene.after(node.id)
        if len(after) != 1:
            return None
        node = after[0]
        if is_kind(node, *LINEAR):
            return node
        if not is_kind(node, *KEEPING):
            return None
    return None


def hidden_softmax(scene: Scene) -> Iterator[Problem]:
    """Softmax between layers squeezes everything into shares of one."""
    for node in scene.graph.nodes.values():
        after = scene.after(node.id)
        plain = after and all(is_kind(each, *LINEAR, *KEEPING) for each in after)
        name = activation_name(scene.param(node, "activation"))
        if not is_kind(node, *LINEAR) or name != "softmax" or not plain:
            continue
        if all(is_kind(each, *PASSING, *POOLING) for each in _all_after(scene, node)):
            continue  # nothing learns behind it: it is the head
        yield scene.problem(
            "warning",
            "hidden-softmax",
            _(
                "{node} uses softmax in the middle of the model, which leaves only"
                " shares of 1; little can be learned through it. Softmax is for the"
                " last layer; “relu” is usual here."
            ).format(node=node.name),
            node.id,
            [_relu(scene, node)],
        )


def _all_after(scene: Scene, node: Node) -> list[Node]:
    found: dict[str, Node] = {}
    waiting = [node]
    while waiting:
        for each in scene.after(waiting.pop().id):
            if each.id not in found:
                found[each.id] = each
                waiting.append(each)
    return list(found.values())


BETWEEN = (linear_pairs, hidden_softmax)
