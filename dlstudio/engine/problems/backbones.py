"""Checks backbones: images, pretrained weights, and how pixels are scaled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dlstudio.catalog.backbones import BACKBONE, NONE
from dlstudio.document.backbone import CHANNELS, BackboneConfig
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.nodes import RemoveNodes
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import INPUT, Node
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.model.preset_files import known_preset
from dlstudio.engine.model.weights_match import match_text, match_weights
from dlstudio.engine.model.weights_path import weights_path
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.image_values import LARGE, value_ranges
from dlstudio.engine.problems.node_queries import is_kind
from dlstudio.errors import UserError
from dlstudio.i18n import _

RESETTABLE = ("trainable_from", "alpha", "minimalistic", "preset")


def backbones(context: CheckContext) -> Iterator[Problem]:
    """Backbones that cannot be built, or whose weights are not at hand."""
    for node in context.graph.nodes.values():
        if node.kind != BACKBONE or node.id not in context.shapes:
            continue
        shape = context.shapes[node.id]
        if shape.cause == "call":
            message = f"{node.name}: {shape.error}"
            fixes = context.working_fixes(node.id, _fitting(context, node))
            if _is_known(node):
                yield context.problem(
                    "error", "backbone-images", message, node.id, fixes
                )
            else:
                yield context.problem(
                    "error", "backbone-weights", message, node.id, fixes
                )
        elif not shape.cause and node.shares is None:
            yield from _weights(context, node)


def _is_known(node: Node) -> bool:
    """Whether the network of a preset can be built; others always can."""
    config = BackboneConfig.of(node.params)
    if config.preset:
        try:
            known_preset(config)
        except UserError:
            return False
    return True


def _fitting(context: CheckContext, node: Node) -> Iterator[Fix]:
    """What lets a backbone take its images."""
    network = BackboneConfig.of(node.params).network
    for name in RESETTABLE:
        if node.params.get(name) is not None:
            label = _("Reset {param} of {node}").format(param=name, node=node.name)
            yield Fix.reset_param(label, node, name, context.name)
    for before in context.before(node.id):
        first = _entry(context, before)
        colors = _in_color(context, first)
        size = network.size
        label = _("Resize images to {height}×{width} before {node}").format(
            height=size, width=size, node=node.name
        )
        edits: list[Edit] = []
        if is_kind(before, "Resizing"):
            edits += [
                SetParam(before.id, side, size, context.name)
                for side in ("height", "width")
            ]
        else:
            edge = context.into(node.id)[0]
            resizing = context.insert(
                "Resizing", "resize", edge, height=size, width=size
            )
            edits.append(resizing)
        if colors is not None:
            label_of_color = _("Let {node} take color images").format(node=first.name)
            yield Fix(label_of_color, (colors,))
            yield Fix(f"{label_of_color}; {label}", (colors, *edits))
        yield Fix(label, tuple(edits))


def _entry(context: CheckContext, node: Node) -> Node:
    """The input that a chain of layers begins with, or its first layer."""
    seen = {node.id}
    while before := context.before(node.id):
        if before[0].id in seen:
            break
        node = before[0]
        seen.add(node.id)
    return node


def _in_color(context: CheckContext, node: Node) -> Edit | None:
    """The edit that gives an input three channels; None where that changes nothing."""
    shape = node.params.get("shape")
    if node.kind != INPUT or not isinstance(shape, tuple) or len(shape) != CHANNELS:
        return None
    if shape[2] == CHANNELS:
        return None
    return SetParam(node.id, "shape", (*shape[:2], CHANNELS), context.name)


def _weights(context: CheckContext, node: Node) -> Iterator[Problem]:
    """Pretrained weights that are not at hand."""
    config = BackboneConfig.of(node.params)
    if not config.pretrained:
        return
    label = _("Begin {node} with random weights").format(node=node.name)
    scratch = Fix(
        label,
        (SetParam(node.id, "weights", NONE, context.name),),
    )
    if not context.main:
        text = _(
            "{node} has pretrained weights, but is in a nested model. Put it into "
            "the model."
        ).format(node=node.name)
        yield context.problem("error", "backbone-weights", text, node.id, [scratch])
        return
    folder = context.files.folder if context.files else None
    own = config.own_file or config.preset_folder
    if own and folder is None and not Path(own).is_absolute():
        return  # the project has not been saved
    shape = context.shapes[node.id].inputs[0].shape[1:]
    try:
        path = weights_path(config, shape[0], folder or Path())
        found = match_weights(config, shape, path) if config.own_file else None
    except UserError as error:
        text = f"{node.name}: {error}"
        yield context.problem("error", "backbone-weights", text, node.id, [scratch])
        return
    if found is not None and found.missing:
        text = f"{node.name}: {match_text(found, path)}"
        yield context.problem("warning", "backbone-partial", text, node.id, [scratch])


def scaled_before(context: CheckContext) -> Iterator[Problem]:
    """Images that are scaled before a backbone, which scales them itself."""
    ranges = value_ranges(context)
    for node in context.graph.nodes.values():
        config = BackboneConfig.of(node.params) if node.kind == BACKBONE else None
        if config is None or not config.scales_images:
            continue
        for before in context.before(node.id):
            low, high = ranges.get(before.id, (0.0, LARGE + 1))
            if max(abs(low), abs(high)) > LARGE:
                continue
            fixes = []
            if is_kind(before, "Rescaling"):
                label = _("Remove {node}").format(node=before.name)
                removal = RemoveNodes((before.id,), True, context.name)
                fixes.append(Fix(label, (removal,)))
            yield context.problem(
                "warning",
                "backbone-scaling",
                _(
                    "{node} gets pixel values from {low:g} to {high:g}, but it takes "
                    "values from 0 to 255 and scales them itself."
                ).format(node=node.name, low=low, high=high),
                node.id,
                fixes,
            )


BACKBONES = (backbones,)
BACKBONE_PIXELS = (scaled_before,)
"""For the trained graph alone."""
