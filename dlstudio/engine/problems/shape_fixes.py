"""Fixes for mismatched shapes: candidates to be tried, most likely first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import InsertOnEdge
from dlstudio.document.edits.params import SetParam
from dlstudio.document.graph import INPUT, Edge, Node
from dlstudio.document.name_lists import list_names
from dlstudio.document.problems import Fix
from dlstudio.document.values import Spec
from dlstudio.engine.heads.base import short
from dlstudio.engine.problems.check_context import CheckContext, usual_shape
from dlstudio.engine.problems.node_queries import LAYERS, is_kind
from dlstudio.engine.shapes.layer_inference import TensorSpec
from dlstudio.engine.shapes.node_shape import NodeShape
from dlstudio.i18n import _

RECURRENT = ("SimpleRNN", "LSTM", "GRU", "RNN")
QUIET = (
    "Dropout",
    "SpatialDropout1D",
    "Activation",
    "LayerNormalization",
    "Identity",
    "BatchNormalization",
    "GaussianNoise",
    "GaussianDropout",
    "ReLU",
)
FLATTENING = (
    "Flatten",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
)


def natural_rank(node: Node) -> int | None:
    """Input rank, including the batch, of a layer named …1D, …2D or …3D."""
    name = short(node.kind)
    if not node.kind.startswith(LAYERS) or name.startswith("ConvLSTM"):
        return None
    for rank in (1, 2, 3):
        if name.endswith((f"{rank}D", f"{rank}DTranspose")):
            return rank + 2
    return None


def padding_same(context: CheckContext, nodes: list[Node]) -> Fix:
    """A fix that sets “same” padding on these nodes."""
    names = list_names(node.name for node in nodes)
    return Fix(
        _("Set padding of {nodes} to “same”").format(nodes=names),
        tuple(SetParam(node.id, "padding", "same", context.name) for node in nodes),
    )


def stem(kind: str) -> str:
    """Prefix of a new layer's id."""
    return {"Flatten": "flatten", "Reshape": "reshape"}.get(kind, "pool")


# Ranks


def shut_recurrent(context: CheckContext, node: Node) -> Node | None:
    """The recurrent layer before `node` that returns only its last step."""
    id = node.id
    for _step in range(8):
        before = context.before(id)
        if len(before) != 1:
            return None
        if is_kind(before[0], *RECURRENT, "Bidirectional"):
            return before[0]
        if not is_kind(before[0], *QUIET):
            return None
        id = before[0].id
    return None


def sequences(context: CheckContext, node: Node, first: Node) -> Iterator[Fix]:
    """Fixes that make recurrent layers, also inside Bidirectional, return every step.

    First all of them from `first` on that feed another one, then `first` alone.

    Args:
        context: The graph with its known shapes.
        node: The node that needs a sequence.
        first: The recurrent layer before it that returns only its last step.
    """
    line = [node, *_line_after(context, node)]
    recurrent = [each for each in line if is_kind(each, *RECURRENT, "Bidirectional")]
    several = [first, *recurrent[:-1]]
    for nodes in [several, [first]] if len(several) > 1 else [[first]]:
        names = list_names(each.name for each in nodes)
        edits = tuple(_whole_sequence(context, each) for each in nodes)
        yield Fix(
            _("Return the whole sequence from {nodes}").format(nodes=names), edits
        )


def _whole_sequence(context: CheckContext, node: Node) -> Edit:
    inner = context.param(node, "layer")
    if isinstance(inner, Spec):
        value = inner.with_param("return_sequences", True)
        return SetParam(node.id, "layer", value, context.name)
    return SetParam(node.id, "return_sequences", True, context.name)


def reshaped(context: CheckContext, node: Node, shape: NodeShape) -> Iterator[Fix]:
    """Fixes that remove a flattening layer, or insert a reshaping one.

    Args:
        context: The graph with its known shapes.
        node: The node whose input has the wrong rank.
        shape: The shapes of its inputs.
    """
    edges = context.into(node.id)
    if not edges or not shape.inputs:
        return
    edge, form = edges[0], shape.inputs[0]
    if not form.shape:  # a scalar for the whole batch has no axes
        return
    last = form.shape[-1]
    if is_kind(node, "Reshape") and last is not None:
        target = (-1, last)
        label = _("Set target_shape to {shape}").format(shape=target)
        yield Fix.set_param(label, node, "target_shape", target, context.name)
    yield from _with_channel(context, node, form)
    yield from _unflattened(context, node, edge)
    yield from _other_rank(context, node, len(form.shape) - 2)
    source = context.called(edge.source)
    for kind, params in _between(form):
        edit = context.insert(kind, stem(kind), edge, **params)
        yield Fix.insert_after(source, edit)


def _with_channel(context: CheckContext, node: Node, form: TensorSpec) -> Iterator[Fix]:
    """Fixes that add a channel axis to grey values: 28×28 becomes 28×28×1."""
    for each in _line_before(context, node) if len(form.shape) == 3 else ():
        shape = each.params.get("shape")
        if each.kind == INPUT and isinstance(shape, tuple) and len(shape) == 2:
            label = _("Add a channel to {node}").format(node=each.name)
            yield Fix.set_param(label, each, "shape", (*shape, 1), context.name)


def _unflattened(context: CheckContext, node: Node, edge: Edge) -> Iterator[Fix]:
    """Fixes that remove the flattening layer, or move it after the node."""
    id = edge.source
    for _step in range(4):
        each = context.graph.nodes.get(id)
        if each is None:
            return
        if is_kind(each, *FLATTENING):
            remove = Fix.remove(each, graph=context.name)
            for out in context.out_of(node.id)[:1]:
                label = _("Move {node} after {other}")
                yield Fix(
                    label.format(node=each.name, other=node.name),
                    (*remove.edits, InsertOnEdge(each, out, context.name)),
                )
            yield remove
        if not is_kind(each, *QUIET, *FLATTENING) or len(context.before(id)) != 1:
            return
        id = context.before(id)[0].id


def _other_rank(context: CheckContext, node: Node, rank: int) -> Iterator[Fix]:
    """Fixes that use the same layer for another rank, such as Conv1D for Conv2D."""
    name = short(node.kind)
    for other in (1, 2, 3):
        kind = LAYERS + name.replace(f"{other}D", f"{rank}D")
        if f"{other}D" in name and kind != node.kind and kind in context.catalog:
            sizes = ("kernel_size", "pool_size", "strides", "dilation_rate", "size")
            fits = {
                key: value
                for key, value in node.params.items()
                if key not in sizes or not isinstance(value, tuple)
            }
            changed = replace(node, kind=kind, params=type(node.params)(fits))
            label = _("Use {kind} instead").format(kind=short(kind))
            yield Fix.replace_node(label, changed, context.name)


def _between(form: TensorSpec) -> Iterator[tuple[str, dict[str, object]]]:
    """Layers that may be inserted, with their parameters."""
    sizes = form.shape[1:]
    if len(sizes) > 1:
        yield f"GlobalAveragePooling{min(len(sizes) - 1, 3)}D", {}
        yield "Flatten", {}
    if None in sizes:
        return
    known = [size for size in sizes if size is not None]
    if len(known) == 3:
        yield "Reshape", {"target_shape": [known[0], known[1] * known[2]]}
    if len(known) == 2:
        yield "Reshape", {"target_shape": [*known, 1]}
    if len(known) == 1:
        yield "Reshape", {"target_shape": [known[0], 1]}
        side = round(known[0] ** 0.5)
        square = side * side == known[0]
        yield (
            "Reshape",
            {"target_shape": [side, side, 1] if square else [1, 1, known[0]]},
        )


# Sizes


def enlarge_input(context: CheckContext, node: Node) -> Iterator[Fix]:
    """Fixes with fewer pooling layers, padding, or both for later layers."""
    later = [node, *_line_after(context, node)]
    pools = [each for each in later if context.has(each, "pool_size")]
    earlier = _line_before(context, node)
    windows = [each for each in earlier if _unpadded(context, each, "kernel_size")]
    if context.has(node, "pool_size"):
        yield _removal(context, [node])
        yield _removal(context, pools)
    if _unpadded(context, node):
        yield padding_same(context, [node])
        yield padding_same(
            context, [each for each in later if _unpadded(context, each)]
        )
    if windows:
        yield padding_same(context, windows)
    for each in earlier:
        if context.has(each, "pool_size"):
            yield _removal(context, [each])


def _unpadded(context: CheckContext, node: Node, size: str = "padding") -> bool:
    return context.param(node, "padding") == "valid" and context.has(node, size)


def _removal(context: CheckContext, nodes: list[Node]) -> Fix:
    return Fix.remove(*nodes, graph=context.name)


def _line_after(context: CheckContext, node: Node) -> list[Node]:
    found: list[Node] = []
    while len(found) < 64 and len(after := context.after(node.id)) == 1:
        node = after[0]
        if node in found:
            break
        found.append(node)
    return found


def _line_before(context: CheckContext, node: Node) -> list[Node]:
    found: list[Node] = []
    id = node.id
    while len(found) < 64 and len(before := context.before(id)) == 1:
        if before[0] in found:
            break
        found.append(before[0])
        id = before[0].id
    return found


def fixed_size(context: CheckContext, node: Node) -> Iterator[Fix]:
    """Fixes with global pooling instead of flattening, or a fixed input size."""
    for each in _line_before(context, node)[:4]:
        before = context.before(each.id)
        form = context.output(before[0].id) if len(before) == 1 else None
        if is_kind(each, "Flatten") and form is not None and 3 <= len(form.shape) <= 5:
            kind = f"{LAYERS}GlobalAveragePooling{len(form.shape) - 2}D"
            label = _("Use global pooling instead of {node}").format(node=each.name)
            pooled = replace(each, kind=kind, params=type(each.params)())
            yield Fix.replace_node(label, pooled, context.name)
    for each in context.graph.inputs:
        shape = each.params.get("shape")
        if isinstance(shape, tuple) and len(shape) == 3 and None in shape:
            height, width, channels = usual_shape(context)
            fixed = (height, width, shape[2] or channels)
            label = _("Set the size of {node} to {height}×{width}").format(
                node=each.name, height=height, width=width
            )
            yield Fix.set_param(label, each, "shape", fixed, context.name)
