"""Pixels on their way in: value range and augmentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isfinite

from dlstudio.document.edits import (
    Connect,
    Disconnect,
    Edit,
    InsertOnLink,
    RemoveNodes,
    SetParam,
)
from dlstudio.document.graph import INPUT, NESTED, Link, Node
from dlstudio.document.name_lists import first_names
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.plain import is_kind, number
from dlstudio.engine.problems.scene import Scene
from dlstudio.i18n import _

Range = tuple[float, float]
STANDARDISING = ("Normalization", "BatchNormalization", "LayerNormalization")
MIXING = ("CutMix", "MixUp")
PIXELS: Range = (0.0, 255.0)
LARGE = 4.0
"""Values beyond this slow learning down (LeCun et al., "Efficient BackProp", 1998)."""


def value_ranges(scene: Scene) -> dict[str, Range]:
    """Lowest and highest value after each node that still handles pixels."""
    found: dict[str, Range] = {}
    low = scene.facts.low if scene.facts else PIXELS[0]
    high = scene.facts.high if scene.facts else PIXELS[1]
    order, _rest = scene.graph.order()
    for id in order:
        node = scene.graph.nodes[id]
        before = scene.before(id)
        if node.kind == INPUT:
            found[id] = (low, high)
        elif len(before) == 1 and before[0].id in found and _handles(scene, node):
            found[id] = _scaled(scene, node, found[before[0].id])
    return found


def _handles(scene: Scene, node: Node) -> bool:
    described = scene.describe(node)
    shape = scene.shapes[node.id]
    kinds = ("augmentation", "preprocessing", "reshaping", "pooling")
    plain = described is not None and described.category in kinds
    plain = plain and not is_kind(node, *STANDARDISING)
    return not shape.cause and not shape.cost.params and plain


def _scaled(scene: Scene, node: Node, given: Range) -> Range:
    scale = number(scene.param(node, "scale"))
    offset = number(scene.param(node, "offset"))
    if not is_kind(node, "Rescaling") or scale is None or offset is None:
        return given
    ends = (given[0] * scale + offset, given[1] * scale + offset)
    return min(ends), max(ends)


def _learning(scene: Scene, node: Node) -> bool:
    """Whether it has weights that pixels of 0–255 would harm."""
    shape = scene.shapes[node.id]
    harmless = is_kind(node, *STANDARDISING, "Embedding") or node.kind == NESTED
    return not shape.cause and shape.cost.params > 0 and not harmless


def scaling(scene: Scene) -> Iterator[Problem]:
    """Raw pixels into a layer that learns, or pixels scaled twice."""
    ranges = value_ranges(scene)
    for source, (low, high) in ranges.items():
        links = [
            link
            for link in scene.out_of(source)
            if link.target in scene.graph.nodes
            and _learning(scene, scene.graph.nodes[link.target])
        ]
        largest = max(abs(low), abs(high))
        if links and largest > LARGE:
            names = first_names(scene.called(link.target) for link in links)
            yield scene.problem(
                "warning",
                "not-rescaled",
                _(
                    "{nodes} gets pixel values of {low:g} to {high:g}; training goes"
                    " better with values of about 0 to 1. Put a Rescaling before it."
                ).format(nodes=names, low=low, high=high),
                links[0].target,
                [_rescaling(scene, links, largest)] if isfinite(largest) else [],
            )
    for node in scene.graph.nodes.values():
        before = scene.before(node.id)
        if is_kind(node, "Rescaling") and before and before[0].id in ranges:
            yield from _again(scene, node, ranges[before[0].id])


def _rescaling(scene: Scene, links: list[Link], largest: float) -> Fix:
    first = links[0]
    node = scene.new("Rescaling", "rescaling", first, scale=1.0 / largest)
    edits: list[Edit] = [InsertOnLink(node, first, scene.name)]
    for link in links[1:]:
        edits.append(Disconnect(link, scene.name))
        edits.append(Connect(replace(link, source=node.id, source_port=0), scene.name))
    return Fix(_("Insert Rescaling by 1/{high:g}").format(high=largest), tuple(edits))


def _again(scene: Scene, node: Node, given: Range) -> Iterator[Problem]:
    scale = number(scene.param(node, "scale"))
    if scale is None or abs(scale) > 0.1 or max(abs(each) for each in given) > LARGE:
        return
    remove = RemoveNodes((node.id,), True, scene.name)
    yield scene.problem(
        "warning",
        "rescaled-twice",
        _(
            "{node} scales values that are already between {low:g} and {high:g}; all"
            " pictures would become almost black. Remove it."
        ).format(node=node.name, low=given[0], high=given[1]),
        node.id,
        [Fix(_("Remove {node}").format(node=node.name), (remove,))],
    )


def augmenting(scene: Scene) -> Iterator[Problem]:
    """Augmentation in the wrong place, of the wrong range, or without labels."""
    ranges = value_ranges(scene)
    late = _after_weights(scene)
    for node in scene.graph.nodes.values():
        described = scene.describe(node)
        if described is None or described.category != "augmentation":
            continue
        before = scene.before(node.id)
        if is_kind(node, *MIXING):
            yield _mixing(scene, node)
        elif node.id in late:
            yield _late(scene, node, ranges)
        elif before and before[0].id in ranges:
            yield from _range(scene, node, ranges[before[0].id])


def _after_weights(scene: Scene) -> set[str]:
    late: set[str] = set()
    for id in scene.graph.order()[0]:
        for before in scene.before(id):
            if before.id in late or _learning(scene, before):
                late.add(id)
    return late


def _mixing(scene: Scene, node: Node) -> Problem:
    remove = RemoveNodes((node.id,), True, scene.name)
    return scene.problem(
        "warning",
        "mixing-without-labels",
        _(
            "{node} mixes pictures of different classes, but as a layer of the model"
            " it cannot mix their labels. Remove it, or use RandAugment or AugMix."
        ).format(node=node.name),
        node.id,
        [Fix(_("Remove {node}").format(node=node.name), (remove,))],
    )


def _late(scene: Scene, node: Node, ranges: Mapping[str, Range]) -> Problem:
    return scene.problem(
        "warning",
        "augmentation-late",
        _(
            "{node} changes what a learning layer made of the picture, not the picture"
            " itself. Augmentation belongs before the first layer that learns."
        ).format(node=node.name),
        node.id,
        [_earlier(scene, node, ranges)],
    )


def _earlier(scene: Scene, node: Node, ranges: Mapping[str, Range]) -> Fix | None:
    for link in scene.graph.links:
        target = scene.graph.nodes.get(link.target)
        if target is None or link.source not in ranges or not _learning(scene, target):
            continue
        moved = node
        if scene.has(node, "value_range"):
            value = ranges[link.source]
            moved = replace(node, params=node.params.set("value_range", value))
        edits = (
            RemoveNodes((node.id,), True, scene.name),
            InsertOnLink(moved, link, scene.name),
        )
        if scene.keeps(edits):
            label = _("Move {node} before {target}")
            return Fix(label.format(node=node.name, target=target.name), edits)
    return None


def _range(scene: Scene, node: Node, given: Range) -> Iterator[Problem]:
    value = scene.param(node, "value_range")
    if not isinstance(value, tuple) or len(value) != 2:
        return
    top = number(value[1])
    if top is None or top <= 0 or 0.5 <= max(map(abs, given)) / top <= 2:
        return
    edit = SetParam(node.id, "value_range", given, scene.name)
    yield scene.problem(
        "warning",
        "value-range",
        _(
            "{node} expects values of {expected} but gets {low:g} to {high:g}; pictures"
            " would come out black or white. Set its value range."
        ).format(
            node=node.name,
            expected="–".join(f"{number(each) or 0:g}" for each in value),
            low=given[0],
            high=given[1],
        ),
        node.id,
        [
            Fix(
                _("Set value_range to {low:g} and {high:g}").format(
                    low=given[0], high=given[1]
                ),
                (edit,),
            )
        ],
    )


PICTURES = (scaling, augmenting)
