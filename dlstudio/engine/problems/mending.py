"""Cures for shapes that do not fit: candidates, likeliest first, to be tried out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dlstudio.document.edits import (
    Edit,
    InsertOnLink,
    RemoveNodes,
    ReplaceNode,
    SetParam,
)
from dlstudio.document.graph import Link, Node
from dlstudio.document.problems import Fix
from dlstudio.document.values import Spec
from dlstudio.engine.probing import Form
from dlstudio.engine.problems.scene import LAYERS, Scene, is_kind, usual_shape
from dlstudio.engine.shapes import NodeShape
from dlstudio.engine.tasks.base import short
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
    """Dimensions with the batch of what a layer named …1D, …2D or …3D takes."""
    name = short(node.kind)
    if not node.kind.startswith(LAYERS) or name.startswith("ConvLSTM"):
        return None
    for rank in (1, 2, 3):
        if name.endswith((f"{rank}D", f"{rank}DTranspose")):
            return rank + 2
    return None


def padding_same(scene: Scene, nodes: list[Node]) -> Fix:
    """Pads these nodes so that a window does not shrink what it sees."""
    names = ", ".join(node.name for node in nodes)
    return Fix(
        _("Set {nodes} padding to “same”").format(nodes=names),
        tuple(SetParam(node.id, "padding", "same", scene.name) for node in nodes),
    )


def stem(kind: str) -> str:
    """What the id of a new layer begins with."""
    return {"Flatten": "flatten", "Reshape": "reshape"}.get(kind, "pool")


def inserted(edit: Edit, source: str) -> str:
    """The label of a fix that puts a layer behind another."""
    assert isinstance(edit, InsertOnLink)
    kind = short(edit.node.kind)
    return _("Insert {kind} after {source}").format(kind=kind, source=source)


# Ranks


def shut_recurrent(scene: Scene, node: Node) -> Node | None:
    """The recurrent layer before `node` that gives only its last step."""
    id = node.id
    for _step in range(8):
        before = scene.before(id)
        if len(before) != 1:
            return None
        if is_kind(before[0], *RECURRENT, "Bidirectional"):
            return before[0]
        if not is_kind(before[0], *QUIET):
            return None
        id = before[0].id
    return None


def sequences(scene: Scene, node: Node) -> Fix:
    """Lets a recurrent layer, also inside Bidirectional, return every step."""
    inner = scene.param(node, "layer")
    label = _("Let {node} return the whole sequence").format(node=node.name)
    if isinstance(inner, Spec):
        value = inner.with_param("return_sequences", True)
        return Fix(label, (SetParam(node.id, "layer", value, scene.name),))
    return Fix(label, (SetParam(node.id, "return_sequences", True, scene.name),))


def reshaped(scene: Scene, node: Node, shape: NodeShape) -> Iterator[Fix]:
    """Removes what flattened it, or puts a fitting layer into the wire."""
    links = scene.graph.into(node.id)
    if not links or not shape.inputs:
        return
    link, form = links[0], shape.inputs[0]
    yield from _unflattened(scene, link)
    yield from _other_rank(scene, node, len(form.shape) - 2)
    source = scene.called(link.source)
    for kind, params in _between(form):
        edit = scene.insert(kind, stem(kind), link, **params)
        yield Fix(inserted(edit, source), (edit,))


def _unflattened(scene: Scene, link: Link) -> Iterator[Fix]:
    id = link.source
    for _step in range(4):
        node = scene.graph.nodes.get(id)
        if node is None:
            return
        if is_kind(node, *FLATTENING):
            label = _("Remove {node}").format(node=node.name)
            yield Fix(label, (RemoveNodes((node.id,), True, scene.name),))
        if not is_kind(node, *QUIET, *FLATTENING) or len(scene.before(id)) != 1:
            return
        id = scene.before(id)[0].id


def _other_rank(scene: Scene, node: Node, rank: int) -> Iterator[Fix]:
    """GlobalAveragePooling2D on a sequence: the same layer for one dimension."""
    name = short(node.kind)
    for other in (1, 2, 3):
        kind = LAYERS + name.replace(f"{other}D", f"{rank}D")
        if f"{other}D" in name and kind != node.kind and kind in scene.catalog:
            sizes = ("kernel_size", "pool_size", "strides", "dilation_rate", "size")
            fits = {
                key: value
                for key, value in node.params.items()
                if key not in sizes or not isinstance(value, tuple)
            }
            changed = replace(node, kind=kind, params=type(node.params)(fits))
            label = _("Use {kind} instead").format(kind=short(kind))
            yield Fix(label, (ReplaceNode(changed, scene.name),))


def _between(form: Form) -> Iterator[tuple[str, dict[str, object]]]:
    """Layers that may stand between, with their parameters."""
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


def roomier(scene: Scene, node: Node) -> Iterator[Fix]:
    """Pads the node, pads what is before it, or takes a pooling before it away."""
    if scene.param(node, "padding") == "valid":
        yield padding_same(scene, [node])
    earlier = _line_before(scene, node)
    valid = [n for n in earlier if scene.param(n, "padding") == "valid"]
    windows = [n for n in valid if scene.has(n, "kernel_size")]
    if windows:
        yield padding_same(scene, windows)
    for each in earlier:
        if scene.has(each, "pool_size"):
            label = _("Remove {node}").format(node=each.name)
            yield Fix(label, (RemoveNodes((each.id,), True, scene.name),))


def _line_before(scene: Scene, node: Node) -> list[Node]:
    found: list[Node] = []
    id = node.id
    while len(found) < 64 and len(before := scene.before(id)) == 1:
        found.append(before[0])
        id = before[0].id
    return found


def fixed_size(scene: Scene, node: Node) -> Iterator[Fix]:
    """Pools globally instead of flattening, or fixes the size of the input."""
    for each in _line_before(scene, node)[:4]:
        before = scene.before(each.id)
        form = scene.output(before[0].id) if len(before) == 1 else None
        if is_kind(each, "Flatten") and form is not None and 3 <= len(form.shape) <= 5:
            kind = f"{LAYERS}GlobalAveragePooling{len(form.shape) - 2}D"
            label = _("Pool globally instead of {node}").format(node=each.name)
            pooled = replace(each, kind=kind, params=type(each.params)())
            yield Fix(label, (ReplaceNode(pooled, scene.name),))
    for each in scene.graph.inputs:
        shape = each.params.get("shape")
        if isinstance(shape, tuple) and len(shape) == 3 and None in shape:
            height, width, channels = usual_shape(scene)
            fixed = (height, width, shape[2] or channels)
            label = _("Give {node} the size {height}×{width}").format(
                node=each.name, height=height, width=width
            )
            yield Fix(label, (SetParam(each.id, "shape", fixed, scene.name),))
