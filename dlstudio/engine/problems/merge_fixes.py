"""Fixes for merges with mismatched branches: candidates, most likely first."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.edits.base import Edit
from dlstudio.document.graph import Edge, Node
from dlstudio.document.problems import Fix
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.shape_fixes import padding_same, stem
from dlstudio.engine.shapes.layer_inference import TensorSpec
from dlstudio.engine.shapes.node_shape import NodeShape
from dlstudio.i18n import _


def fix_merge(context: CheckContext, node: Node, shape: NodeShape) -> Iterator[Fix]:
    """Fixes by padding, by projecting a branch, by resizing or flattening it.

    Args:
        context: The graph with its known shapes.
        node: The merging layer.
        shape: The shapes of its inputs.
    """
    guilty = unpadded(context, node)
    for each in guilty:
        yield padding_same(context, [each])
    if len(guilty) > 1:
        yield padding_same(context, guilty)
    yield from _units(context, node, shape)
    yield from _projections(context, node, shape)
    yield from _resized(context, node, shape)
    yield from _flattened(context, node, shape)


def unpadded(context: CheckContext, node: Node) -> list[Node]:
    """Layers with “valid” padding on the branches of a merge, nearest first."""
    found: list[Node] = []
    for edge in context.into(node.id):
        id = edge.source
        for _step in range(8):
            each = context.graph.nodes.get(id)
            if each is None or len(context.out_of(id)) > 1:
                break
            wide = _window_of(context, each)
            if context.param(each, "padding") == "valid" and wide > 1:
                found.append(each)
            before = context.into(id)
            if len(before) != 1:
                break
            id = before[0].source
    return list(dict.fromkeys(found))


def _window_of(context: CheckContext, node: Node) -> int:
    window = context.param(node, "kernel_size") or context.param(node, "pool_size") or 1
    sizes = window if isinstance(window, tuple) else (window,)
    return max((size for size in sizes if isinstance(size, int)), default=1)


def _edges_in(
    context: CheckContext, node: Node, shape: NodeShape
) -> list[tuple[Edge, TensorSpec]]:
    """The edges into a node with their tensors, the shortest branch first."""
    pairs = list(zip(context.into(node.id), shape.inputs, strict=False))
    return sorted(pairs, key=lambda pair: _length(context, pair[0].source))


def _length(context: CheckContext, id: str) -> int:
    """Number of nodes of a branch back to its fork."""
    steps = 0
    while steps < 64 and len(context.out_of(id)) == 1:
        before = context.into(id)
        steps += 1
        if len(before) != 1:
            break
        id = before[0].source
    return steps


def _units(context: CheckContext, node: Node, shape: NodeShape) -> Iterator[Fix]:
    """Fixes that set the units of a Dense or convolution at the end of a branch."""
    pairs = _edges_in(context, node, shape)
    for edge, form in pairs:
        source = context.graph.nodes[edge.source]
        name = next((n for n in ("units", "filters") if context.has(source, n)), "")
        for _other, target in pairs:
            wanted = target.shape[-1]
            if name and form != target and wanted and form.shape[-1] != wanted:
                yield Fix.set_param(
                    _("Set {param} of {node} to {value}").format(
                        param=name, node=source.name, value=wanted
                    ),
                    source,
                    name,
                    wanted,
                    context.name,
                )


def _projections(context: CheckContext, node: Node, shape: NodeShape) -> Iterator[Fix]:
    """Fixes by a 1×1 convolution (or Dense) on one branch, strided if larger.

    He et al. (2016), arXiv:1512.03385, option B.
    """
    pairs = _edges_in(context, node, shape)
    for edge, form in pairs:
        for _other, target in pairs:
            edit = None if form == target else _projection(context, edge, form, target)
            if edit is not None:
                source = context.called(edge.source)
                label = _("Project {source} to {shape}")
                yield Fix(label.format(source=source, shape=target), (edit,))


def _projection(
    context: CheckContext, edge: Edge, form: TensorSpec, target: TensorSpec
) -> Edit | None:
    width = target.shape[-1]
    if len(form.shape) != len(target.shape) or width is None:
        return None
    if len(form.shape) == 2:
        return context.insert("Dense", "projection", edge, units=width)
    strides = [
        max(1, -(-one // other)) if one and other else 1
        for one, other in zip(form.shape[1:-1], target.shape[1:-1], strict=True)
    ]
    kind = {3: "Conv1D", 4: "Conv2D", 5: "Conv3D"}.get(len(form.shape))
    if kind is None:
        return None
    given = {"strides": strides} if max(strides) > 1 else {}
    return context.insert(
        kind,
        "projection",
        edge,
        filters=width,
        kernel_size=1,
        padding="same",
        **given,
    )


def _resized(context: CheckContext, node: Node, shape: NodeShape) -> Iterator[Fix]:
    """Fixes that resize one branch to another, as in U-Nets with odd sizes."""
    pairs = _edges_in(context, node, shape)
    for edge, form in pairs:
        for _other, target in pairs:
            if len(form.shape) != 4 or len(target.shape) != 4:
                continue
            size = target.shape[1:3]
            if form.shape[1:3] == size or None in size:
                continue
            edit = context.insert(
                "Resizing", "resizing", edge, height=size[0], width=size[1]
            )
            label = _("Resize {source} to {height}×{width}").format(
                source=context.called(edge.source), height=size[0], width=size[1]
            )
            yield Fix(label, (edit,))


def _flattened(context: CheckContext, node: Node, shape: NodeShape) -> Iterator[Fix]:
    """Fixes for a feature map and a vector: pool or flatten the map."""
    lowest = min((len(form.shape) for form in shape.inputs), default=2)
    higher = [
        pair for pair in _edges_in(context, node, shape) if len(pair[1].shape) > 2
    ]
    if lowest > 2 or not higher:
        return
    for kind in ("Global", "Flatten"):
        edits = []
        for edge, form in higher:
            name = f"GlobalAveragePooling{len(form.shape) - 2}D"
            layer = name if kind == "Global" else "Flatten"
            edits.append(context.insert(layer, stem(layer), edge))
        if len(edits) == 1:
            yield Fix.insert_after(context.called(higher[0][0].source), edits[0])
