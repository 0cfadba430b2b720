"""Checks the input against the images of the data: form, size, channels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.data.images.spec import ImageSpec, input_spec
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import Node
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.image_inputs import image_inputs
from dlstudio.errors import UserError
from dlstudio.i18n import _

USUAL = 64
"""Height and width where those of the images are unknown or differ."""


@dataclass(frozen=True, slots=True)
class ImageDimensions:
    """What is known of the images of a feature.

    Attributes:
        height, width: Pixels; None if the images differ.
        channels: 1 grey, 3 colour; None if unknown.
    """

    height: int | None = None
    width: int | None = None
    channels: int | None = None


def fitting_input(context: CheckContext) -> Iterator[Problem]:
    """An input that takes no images, or images unlike the data's."""
    graph, dataset = context.graph, context.dataset
    if context.head_type is None or len(graph.inputs) != 1:
        return
    if not context.project.data.source.kind:
        return  # what enters is not known before there is data
    if context.param(graph.inputs[0], "dtype") == "string":
        yield _text_input(context, graph.inputs[0])
        return
    known = ImageDimensions()
    if dataset is not None:
        known = ImageDimensions(dataset.height, dataset.width, dataset.channels)
    yield from _fitting(context, graph.inputs[0], known)


def _text_input(context: CheckContext, node: Node) -> Problem:
    """An input for text, where the data has images."""
    dtype = "float32"
    label = _("Set the data type of {node} to {dtype}")
    label = label.format(node=node.name, dtype=dtype)
    message = _("{node} takes text, but the data has images.")
    fix = Fix.set_param(label, node, "dtype", dtype, context.name)
    return context.problem(
        "error", "picture-input", message.format(node=node.name), node.id, [fix]
    )


def fitting_images(context: CheckContext) -> Iterator[Problem]:
    """Inputs of features of images that take none, or images unlike the feature's."""
    known = context.dataset.sizes if context.dataset else {}
    for id, feature in image_inputs(context).items():
        node = context.graph.nodes[id]
        yield from _fitting(context, node, ImageDimensions(*known.get(feature, ())))


def _fitting(
    context: CheckContext, node: Node, known: ImageDimensions
) -> Iterator[Problem]:
    try:
        wanted = input_spec(context.graph, node.id)
    except UserError as error:
        fixes = [
            fix for fix in _inputs(context, node, known) if _reads(context, node, fix)
        ]
        yield context.problem("error", "picture-input", str(error), node.id, fixes)
        return
    yield from _channels(context, node, wanted, known)
    yield from _enlarged(context, node, wanted, known)


def _inputs(
    context: CheckContext, node: Node, images: ImageDimensions
) -> Iterator[Fix]:
    shape = node.params.get("shape")
    height, width = images.height or USUAL, images.width or USUAL
    channels = images.channels or 3
    known = shape if isinstance(shape, tuple) and len(shape) == 3 else (None,) * 3
    kept = known[2] if known[2] in (1, 3, 4) else channels
    edges = context.out_of(node.id)
    if known[:2] == (None, None) and kept == known[2] and len(edges) == 1:
        size = {"height": height, "width": width, "antialias": True}
        edit = context.insert("Resizing", "resizing", edges[0], **size)
        label = _("Resize all images to {height}×{width}")
        yield Fix(label.format(height=height, width=width), (edit,))
    fixed = (_side(known[0]) or height, _side(known[1]) or width, kept)
    for sizes in dict.fromkeys((fixed, (height, width, channels))):
        label = _("Set the shape of {node} to {shape}").format(
            node=node.name, shape="×".join(map(str, sizes))
        )
        yield Fix.set_param(label, node, "shape", sizes, context.name)


def _side(value: object) -> int | None:
    return value if isinstance(value, int) and 1 <= value <= 8192 else None


def _reads(context: CheckContext, node: Node, fix: Fix) -> bool:
    project = context.apply(fix.edits)
    if project is None:
        return False
    try:
        input_spec(project.graphs[context.name], node.id)
    except UserError:
        return False
    return True


def _channels(
    context: CheckContext, node: Node, wanted: ImageSpec, known: ImageDimensions
) -> Iterator[Problem]:
    have = known.channels
    if have not in (1, 3) or wanted.channels not in (1, 3) or have == wanted.channels:
        return
    if have == 1 and _feeds_backbone(context):
        return  # it takes nothing else
    if have == 1:
        message = _(
            "The images are grayscale, but {node} expects three color "
            "channels; the gray channel would be repeated three times."
        )
    else:
        message = _(
            "The images are in color, but {node} expects grayscale; the colors "
            "would be lost."
        )
    yield context.problem(
        "hint" if have == 1 else "warning",
        "channels",
        message.format(node=node.name)
        + " "
        + _("Set the number of channels accordingly."),
        node.id,
        [_last_size(context, node, have)],
    )


def _feeds_backbone(context: CheckContext) -> bool:
    return any(each.kind == BACKBONE for each in context.graph.nodes.values())


def _last_size(context: CheckContext, node: Node, channels: int) -> Fix | None:
    shape = node.params.get("shape")
    if not isinstance(shape, tuple) or len(shape) != 3:
        return None
    edits = (SetParam(node.id, "shape", (*shape[:2], channels), context.name),)
    label = _("Set the channels of {node} to {count}")
    fix = Fix(label.format(node=node.name, count=channels), edits)
    return fix if context.keeps_shapes(edits) else None


def _enlarged(
    context: CheckContext, node: Node, wanted: ImageSpec, known: ImageDimensions
) -> Iterator[Problem]:
    height, width = known.height, known.width
    if _feeds_backbone(context):
        return  # it has learned from large images
    if not height or not width or wanted.height * wanted.width < 4 * height * width:
        return
    shape = node.params.get("shape")
    edits = (
        SetParam(node.id, "shape", (height, width, wanted.channels), context.name),
    )
    usable = (
        isinstance(shape, tuple) and None not in shape and context.keeps_shapes(edits)
    )
    label = _("Set the image size to {height}×{width}").format(
        height=height, width=width
    )
    yield context.problem(
        "hint",
        "enlarged",
        _(
            "The images have {height}×{width} pixels and would be enlarged to "
            "{wanted_height}×{wanted_width}. This takes more computation but "
            "adds no detail."
        ).format(
            height=height,
            width=width,
            wanted_height=wanted.height,
            wanted_width=wanted.width,
        ),
        node.id,
        [Fix(label, edits) if usable else None],
    )


INPUTS = (fitting_input,)
IMAGE_INPUTS = (fitting_images,)
