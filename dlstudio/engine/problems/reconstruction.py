"""Checks of a model that gives back its input: shape, activation, augmentation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dlstudio.data.images.spec import image_spec
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Connect
from dlstudio.document.edits.nodes import AddNode, SetOutputs
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetPlan
from dlstudio.document.graph import Edge, Node
from dlstudio.document.layout import ROW
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.values import Value
from dlstudio.engine.heads.base import short
from dlstudio.engine.heads.shape_text import shape_text
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.losses import LOSSES
from dlstudio.engine.problems.model_head import activation_name
from dlstudio.engine.problems.node_queries import is_kind, spec
from dlstudio.errors import UserError
from dlstudio.i18n import _

Shape = tuple[int, int, int]
Layers = list[tuple[str, str, dict[str, Value]]]
"""Class, id and parameters of layers in a row."""
PASSING = ("Cropping2D", "Identity", "Reshape", "Resizing", "ZeroPadding2D")
BINARY = "BinaryCrossentropy"


def same_shape(context: CheckContext) -> Iterator[Problem]:
    """An output that is no image of the input's size and channels."""
    node, wanted = _output(context), _wanted(context)
    form = context.output(node.id) if node is not None else None
    if node is None or form is None or wanted is None:
        return
    given = form.shape[1:]
    if given == wanted or (len(given) == 3 and None in given):
        return
    fixes = [] if context.trying else list(_reshaped(context, node, given, wanted))
    yield context.problem(
        "error",
        "reconstruction-shape",
        _(
            "{node} gives {given}, but the images to reconstruct are {wanted}. The "
            "output must have the same height, width and channels."
        ).format(node=node.name, given=shape_text(given), wanted=shape_text(wanted)),
        node.id,
        fixes,
    )


def _output(context: CheckContext) -> Node | None:
    ends = context.graph.output_ids()
    return context.graph.nodes.get(ends[0]) if len(ends) == 1 else None


def _wanted(context: CheckContext) -> Shape | None:
    """The shape of the images as they are compared; None if it is not known."""
    try:
        return image_spec(context.graph).shape
    except UserError:
        return None


def _reshaped(
    context: CheckContext, node: Node, given: tuple[int | None, ...], wanted: Shape
) -> Iterator[Fix]:
    height, width, channels = wanted
    size = height * width * channels
    image: Layers = [("Reshape", "image", {"target_shape": wanted})]
    if len(given) == 1 and given[0] == size:
        yield from _append(context, node, image)
    elif len(given) == 1:
        values: dict[str, Value] = {"units": size, "activation": "sigmoid"}
        yield from _append(context, node, [("Dense", "values", values), *image])
    if len(given) != 3:
        return
    layers: Layers = []
    if given[:2] != wanted[:2]:
        layers += [_resized(given, wanted)]
    if given[2] != channels:
        if not layers and context.has(node, "filters"):
            label = _("Set {param} of {node} to {units}").format(
                param="filters", node=node.name, units=channels
            )
            yield Fix.set_param(label, node, "filters", channels, context.name)
        more: dict[str, Value] = {
            "filters": channels,
            "kernel_size": (1, 1),
            "activation": "sigmoid",
        }
        layers += [("Conv2D", "reconstruction", more)]
    yield from _append(context, node, layers)


def _resized(
    given: tuple[int | None, ...], wanted: Shape
) -> tuple[str, str, dict[str, Value]]:
    """Cut off what strides have added, or bring the image to its size."""
    more = [int(given[axis] or 0) - wanted[axis] for axis in (0, 1)]
    if min(more) >= 0 and 2 * max(more) < min(wanted[:2]):
        cropping = ((0, more[0]), (0, more[1]))
        return "Cropping2D", "crop", {"cropping": cropping}
    return "Resizing", "size", {"height": wanted[0], "width": wanted[1]}


def _append(context: CheckContext, node: Node, layers: Layers) -> Iterator[Fix]:
    """A fix that appends layers to the output."""
    edits: list[Edit] = []
    source, (x, y) = node.id, node.position
    for number, (kind, stem, params) in enumerate(layers, 1):
        made = context.new(kind, stem, None, **params)
        made = replace(made, position=(x, y + number * ROW))
        edits.append(AddNode(made, context.name))
        edits.append(Connect(Edge(source, made.id), context.name))
        source = made.id
    if context.graph.outputs:
        edits.append(SetOutputs((source,), context.name))
    if edits and context.keeps_shapes(edits):
        names = ", ".join(kind for kind, _stem, _params in layers)
        yield Fix(_("Append {layers}").format(layers=names), tuple(edits))


def fitting_activation(context: CheckContext) -> Iterator[Problem]:
    """An activation that does not fit images from 0 to 1, or the loss."""
    found, head_type = _activated(context), context.head_type
    if found is None or head_type is None:
        return
    node, name = found
    loss = context.project.loss_of(context.project.output)
    logits = loss.params.get("from_logits") is True
    if message := head_type.unfit_activation(name):
        text = message.format(node=node.name, name=name)
        yield _activation(context, node, text, "sigmoid")
    elif logits and name == "sigmoid":
        text = _(
            "{node} applies sigmoid, and so does the loss, because it takes logits. "
            "Use no activation here."
        ).format(node=node.name)
        yield _activation(context, node, text, "linear")
    elif short(loss.kind) == BINARY and not logits and name != "sigmoid":
        text = _(
            "The loss {loss} needs values from 0 to 1, but {node} uses {name}. Use "
            "sigmoid."
        ).format(loss=BINARY, node=node.name, name=name)
        yield _activation(context, node, text, "sigmoid")


def _activation(context: CheckContext, node: Node, text: str, wanted: str) -> Problem:
    edit = SetParam(node.id, "activation", wanted, context.name)
    label = _("Set activation of {node} to {name}").format(node=node.name, name=wanted)
    squares = SetPlan("loss", spec("keras.losses.MeanSquaredError"))
    other = Fix(_("Use {loss}").format(loss="MeanSquaredError"), (squares,))
    fixes = [Fix(label, (edit,)), other]
    return context.problem("error", "reconstruction-activation", text, node.id, fixes)


def _activated(context: CheckContext) -> tuple[Node, str] | None:
    """The last layer with an activation, and its name; None if it is not known."""
    node = _output(context)
    for _step in range(16):
        if node is None or context.has(node, "activation"):
            break
        before = context.before(node.id)
        node = before[0] if is_kind(node, *PASSING) and len(before) == 1 else None
    if node is None:
        return None
    return node, activation_name(context.param(node, "activation"))


def augmented(context: CheckContext) -> Iterator[Problem]:
    """Augmentation, which changes what enters the model but not what it is to give."""
    for node in context.graph.nodes.values():
        described = context.describe(node)
        if described is not None and described.category == "augmentation":
            yield context.problem(
                "warning",
                "reconstruction-augmentation",
                _(
                    "{node} changes the image that enters the model, but the model is "
                    "compared with the unchanged image. Remove it."
                ).format(node=node.name),
                node.id,
                [Fix.remove(node, graph=context.name)],
            )


RECONSTRUCTION = (same_shape, fitting_activation, augmented, *LOSSES)
