"""Checks preprocessing of pixels: value range and augmentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isfinite

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Connect, Disconnect, InsertOnEdge
from dlstudio.document.edits.nodes import RemoveNodes
from dlstudio.document.graph import NESTED, Edge, Node
from dlstudio.document.name_lists import list_names
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.image_inputs import image_inputs
from dlstudio.engine.problems.node_queries import is_kind, number
from dlstudio.i18n import _

Range = tuple[float, float]
STANDARDISING = ("Normalization", "BatchNormalization", "LayerNormalization")
MIXING = ("CutMix", "MixUp")
PIXELS: Range = (0.0, 255.0)
LARGE = 4.0
"""Larger values slow learning down (LeCun et al., "Efficient BackProp", 1998)."""


def value_ranges(context: CheckContext) -> dict[str, Range]:
    """Lowest and highest pixel value after each preprocessing node."""
    found: dict[str, Range] = {}
    low = context.dataset.low if context.dataset else PIXELS[0]
    high = context.dataset.high if context.dataset else PIXELS[1]
    order, _rest = context.graph.order()
    images = image_inputs(context)
    for id in order:
        node = context.graph.nodes[id]
        before = context.before(id)
        if id in images:
            found[id] = (low, high)
        elif len(before) == 1 and before[0].id in found and _handles(context, node):
            found[id] = _scaled(context, node, found[before[0].id])
    return found


def _handles(context: CheckContext, node: Node) -> bool:
    described = context.describe(node)
    shape = context.shapes[node.id]
    kinds = ("augmentation", "preprocessing", "reshaping", "pooling")
    plain = described is not None and described.category in kinds
    plain = plain and not is_kind(node, *STANDARDISING)
    return not shape.cause and not shape.cost.params and plain


def _scaled(context: CheckContext, node: Node, given: Range) -> Range:
    scale = number(context.param(node, "scale"))
    offset = number(context.param(node, "offset"))
    if not is_kind(node, "Rescaling") or scale is None or offset is None:
        return given
    ends = (given[0] * scale + offset, given[1] * scale + offset)
    return min(ends), max(ends)


def _learning(context: CheckContext, node: Node) -> bool:
    """Whether it has weights that do not train well with pixels of 0–255."""
    shape = context.shapes[node.id]
    harmless = is_kind(node, *STANDARDISING, "Embedding") or node.kind in (
        NESTED,
        BACKBONE,
    )
    return not shape.cause and shape.cost.params > 0 and not harmless


def scaling(context: CheckContext) -> Iterator[Problem]:
    """Unscaled pixels into a trainable layer, or pixels scaled twice."""
    ranges = value_ranges(context)
    for source, (low, high) in ranges.items():
        edges = [
            edge
            for edge in context.out_of(source)
            if edge.target in context.graph.nodes
            and _learning(context, context.graph.nodes[edge.target])
        ]
        largest = max(abs(low), abs(high))
        if edges and largest > LARGE:
            names = list_names(context.called(edge.target) for edge in edges)
            yield context.problem(
                "warning",
                "not-rescaled",
                _(
                    "{nodes} gets pixel values from {low:g} to {high:g}, but "
                    "training works better with values from about 0 to 1. Add "
                    "a Rescaling layer before it."
                ).format(nodes=names, low=low, high=high),
                edges[0].target,
                [_rescaling(context, edges, largest)] if isfinite(largest) else [],
            )
    for node in context.graph.nodes.values():
        before = context.before(node.id)
        if is_kind(node, "Rescaling") and before and before[0].id in ranges:
            yield from _again(context, node, ranges[before[0].id])


def _rescaling(context: CheckContext, edges: list[Edge], largest: float) -> Fix:
    first = edges[0]
    node = context.new("Rescaling", "rescaling", first, scale=1.0 / largest)
    edits: list[Edit] = [InsertOnEdge(node, first, context.name)]
    for edge in edges[1:]:
        edits.append(Disconnect(edge, context.name))
        edits.append(
            Connect(replace(edge, source=node.id, source_port=0), context.name)
        )
    return Fix(_("Insert Rescaling by 1/{high:g}").format(high=largest), tuple(edits))


def _again(context: CheckContext, node: Node, given: Range) -> Iterator[Problem]:
    scale = number(context.param(node, "scale"))
    if scale is None or abs(scale) > 0.1 or max(abs(each) for each in given) > LARGE:
        return
    yield context.problem(
        "warning",
        "rescaled-twice",
        _(
            "{node} rescales values that are already between {low:g} and "
            "{high:g}; all images would become almost black. Remove the layer."
        ).format(node=node.name, low=given[0], high=given[1]),
        node.id,
        [Fix.remove(node, graph=context.name)],
    )


def augmenting(context: CheckContext) -> Iterator[Problem]:
    """Augmentation in the wrong place, with the wrong range, or without labels."""
    ranges = value_ranges(context)
    late = _after_weights(context)
    for node in context.graph.nodes.values():
        described = context.describe(node)
        if described is None or described.category != "augmentation":
            continue
        before = context.before(node.id)
        if is_kind(node, *MIXING):
            yield _mixing(context, node)
        elif node.id in late:
            yield _late(context, node, ranges)
        elif before and before[0].id in ranges:
            yield from _range(context, node, ranges[before[0].id])


def _after_weights(context: CheckContext) -> set[str]:
    late: set[str] = set()
    for id in context.graph.order()[0]:
        for before in context.before(id):
            if before.id in late or _learning(context, before):
                late.add(id)
    return late


def _mixing(context: CheckContext, node: Node) -> Problem:
    return context.problem(
        "warning",
        "mixing-without-labels",
        _(
            "{node} mixes images of different classes, but as a layer of the "
            "model it cannot mix their labels. Remove the layer, or use "
            "RandAugment or AugMix."
        ).format(node=node.name),
        node.id,
        [Fix.remove(node, graph=context.name)],
    )


def _late(context: CheckContext, node: Node, ranges: Mapping[str, Range]) -> Problem:
    return context.problem(
        "warning",
        "augmentation-late",
        _(
            "{node} comes after a layer with weights, so it does not augment "
            "the image itself. Move augmentation before the first layer with "
            "weights."
        ).format(node=node.name),
        node.id,
        [_earlier(context, node, ranges)],
    )


def _earlier(
    context: CheckContext, node: Node, ranges: Mapping[str, Range]
) -> Fix | None:
    for edge in context.graph.edges:
        target = context.graph.nodes.get(edge.target)
        if (
            target is None
            or edge.source not in ranges
            or not _learning(context, target)
        ):
            continue
        moved = node
        if context.has(node, "value_range"):
            value = ranges[edge.source]
            moved = replace(node, params=node.params.set("value_range", value))
        edits = (
            RemoveNodes((node.id,), True, context.name),
            InsertOnEdge(moved, edge, context.name),
        )
        if context.keeps_shapes(edits):
            label = _("Move {node} before {target}")
            return Fix(label.format(node=node.name, target=target.name), edits)
    return None


def _range(context: CheckContext, node: Node, given: Range) -> Iterator[Problem]:
    value = context.param(node, "value_range")
    if not isinstance(value, tuple) or len(value) != 2:
        return
    top = number(value[1])
    if top is None or top <= 0 or 0.5 <= max(map(abs, given)) / top <= 2:
        return
    yield context.problem(
        "warning",
        "value-range",
        _(
            "{node} expects values of {expected}, but gets {low:g} to "
            "{high:g}; images would become black or white. Set its value range."
        ).format(
            node=node.name,
            expected="–".join(f"{number(each) or 0:g}" for each in value),
            low=given[0],
            high=given[1],
        ),
        node.id,
        [
            Fix.set_param(
                _("Set value_range to {low:g} and {high:g}").format(
                    low=given[0], high=given[1]
                ),
                node,
                "value_range",
                given,
                context.name,
            )
        ],
    )


PIXEL_CHECKS = (scaling, augmenting)
