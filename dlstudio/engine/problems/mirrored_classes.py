"""Checks for augmentation that turns images of one class into another."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.data.images.checks.opposite_classes import (
    ACROSS,
    DOWN,
    TURNED,
    Opposites,
    are_signs,
    named_opposites,
)
from dlstudio.document.graph import Node
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.project import Project
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.node_queries import is_kind, number
from dlstudio.i18n import _

QUARTER = 0.25
"""A quarter turn, in RandomRotation's unit of full turns."""
EIGHTH = 0.125
"""From this rotation on, left may become up or down."""
LITTLE = 0.05
"""A rotation that preserves directions: 18 degrees."""
MODES = {"horizontal": (ACROSS,), "vertical": (DOWN,)}


def mirrors(project: Project) -> bool:
    """Whether any layer of a project flips or rotates images."""
    return any(
        is_kind(node, "RandomFlip", "RandomRotation")
        for graph in project.graphs.values()
        for node in graph.nodes.values()
    )


def mirrored_classes(context: CheckContext) -> Iterator[Problem]:
    """Flips or rotations that turn one class into another."""
    if not _predicts_classes(context):
        return
    opposites = _opposites(context)
    for node in context.graph.nodes.values() if opposites else ():
        change = next(
            (c for c in _changes(context, node, opposites) if c in opposites), ""
        )
        if change:
            yield context.problem(
                "warning",
                "mirrored-classes",
                _message(context, node, opposites, change),
                node.id,
                _fixes(context, node, opposites),
            )


def _predicts_classes(context: CheckContext) -> bool:
    """Whether classes matter; where the head is unknown, they may."""
    return context.head_type is None or context.head_type.has_classes


def mirrored_signs(context: CheckContext) -> Iterator[Problem]:
    """Flips or rotations of letters and digits, which change their meaning."""
    names = context.dataset.class_names if context.dataset else ()
    if not are_signs(names) or not _predicts_classes(context):
        return
    opposites = _opposites(context)
    for node in context.graph.nodes.values():
        changes = _changes(context, node, opposites)
        if changes and not any(change in opposites for change in changes):
            yield context.problem(
                "hint",
                "mirrored-signs",
                _(
                    "{node} flips or rotates the images, but the classes "
                    "{names} are characters that change their meaning when "
                    "flipped or rotated, such as 6 and 9. Remove the layer."
                ).format(node=node.name, names=", ".join(names[:4]) + " …"),
                node.id,
                [_removal(context, node)],
            )


def _opposites(context: CheckContext) -> Opposites:
    """Classes that are mirror images of each other: by name, else by images."""
    if context.dataset is None:
        return {}
    return {**context.dataset.mirrored, **named_opposites(context.dataset.class_names)}


def _changes(
    context: CheckContext, node: Node, opposites: Opposites
) -> tuple[str, ...]:
    """The relevant transformations that a layer may apply to an image."""
    if is_kind(node, "RandomFlip"):
        mode = context.param(node, "mode")
        return MODES.get(mode, (ACROSS, DOWN, TURNED))
    if not is_kind(node, "RandomRotation"):
        return ()
    turn = _turn(context, node)
    names = context.dataset.class_names if context.dataset else ()
    if ACROSS in opposites and DOWN in opposites and not are_signs(names):
        # With both, left and right are soon confused with up and down.
        return (TURNED,) if turn >= EIGHTH else ()
    return (TURNED,) if turn > QUARTER else ()


def _turn(context: CheckContext, node: Node) -> float:
    """The largest rotation of RandomRotation, as a fraction of a full turn."""
    factor = context.param(node, "factor")
    ends = factor if isinstance(factor, tuple) else (factor,)
    return max((abs(number(each) or 0.0) for each in ends), default=0.0)


def _message(
    context: CheckContext, node: Node, opposites: Opposites, change: str
) -> str:
    first, second = opposites[change]
    if change == TURNED and is_kind(node, "RandomRotation"):
        text = _(
            "{node} rotates images by up to {degrees:.0f}°, after which an "
            "image of “{first}” may look like “{second}” but keeps its label. "
            "Reduce the rotation, or remove the layer."
        )
    elif change == DOWN:
        text = _(
            "{node} flips images vertically, after which an image of “{first}” "
            "looks like “{second}” but keeps its label. Do not flip vertically."
        )
    else:
        text = _(
            "{node} flips images horizontally, after which an image of "
            "“{first}” looks like “{second}” but keeps its label. Do not flip "
            "horizontally."
        )
    degrees = 360 * _turn(context, node)
    return text.format(node=node.name, first=first, second=second, degrees=degrees)


def _fixes(context: CheckContext, node: Node, opposites: Opposites) -> Iterator[Fix]:
    """Fixes that reduce the augmentation if that is enough, else remove the layer."""
    if is_kind(node, "RandomRotation"):
        label = _("Rotate by at most {degrees:.0f}°").format(degrees=360 * LITTLE)
        yield Fix.set_param(label, node, "factor", LITTLE, context.name)
    elif context.param(node, "mode") not in MODES and TURNED in opposites:
        labels = {
            "vertical": _("Flip vertically only"),
            "horizontal": _("Flip horizontally only"),
        }
        for mode, label in labels.items():
            if not any(change in opposites for change in MODES[mode]):
                yield Fix.set_param(label, node, "mode", mode, context.name)
    yield _removal(context, node)


def _removal(context: CheckContext, node: Node) -> Fix:
    return Fix.remove(node, graph=context.name)


MIRRORED = (mirrored_classes, mirrored_signs)
