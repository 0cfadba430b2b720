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
from dlstudio.document.graph import INPUT, Link, Node
from dlstudio.document.name_lists import first_names
from dlstudio.document.problems import Fix
from dlstudio.document.values import Spec
from dlstudio.engine.probing import Form
from dlstudio.engine.problems.plain import LAYERS, is_kind
from dlstudio.engine.problems.scene import Scene, usual_shape
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
    names = first_names(node.name for node in nodes)
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


def sequences(scene: Scene, node: Node, first: Node) -> Iterator[Fix]:
    """Lets recurrent layers, also inside Bidirectional, return every step.

    First all of them from `first` on that feed another one, then `first` alone.
    """
    line = [node, *_line_after(scene, node)]
    recurrent = [each for each in line if is_kind(each, *RECURRENT, "Bidirectional")]
    several = [first, *recurrent[:-1]]
    for nodes in [several, [first]] if len(several) > 1 else [[first]]:
        names = first_names(each.name for each in nodes)
        edits = tuple(_whole_sequence(scene, each) for each in nodes)
        yield Fix(_("Let {nodes} return the whole sequence").format(nodes=names), edits)


def _whole_sequence(scene: Scene, node: Node) -> Edit:
    inner = scene.param(node, "layer")
    if isinstance(inner, Spec):
        value = inner.with_param("return_sequences", True)
        return SetParam(node.id, "layer", value, scene.name)
    return SetParam(node.id, "return_sequences", True, scene.name)


def reshaped(scene: Scene, node: Node, shape: NodeShape) -> Iterator[Fix]:
    """Removes what flattened it, or puts a fitting layer into the wire."""
    links = scene.into(node.id)
    if not links or not shape.inputs:
        return
    link, form = links[0], shape.inputs[0]
    if not form.shape:  # one number for the whole batch has no axes to arrange
        return
    last = form.shape[-1]
    if is_kind(node, "Reshape") and last is not None:
        target = (-1, last)
        label = _("Set target_shape to {shape}").format(shape=target)
        yield Fix(label, (SetParam(node.id, "target_shape", target, scene.name),))
    yield from _with_channel(scene, node, form)
    yield from _unflattened(scene, node, link)
    yield from _other_rank(scene, node, len(form.shape) - 2)
    source = scene.called(link.source)
    for kind, params in _between(form):
        edit = scene.insert(kind, stem(kind), link, **params)
        yield Fix(inserted(edit, source), (edit,))


def _with_channel(scene: Scene, node: Node, form: Form) -> Iterator[Fix]:
    """Grey pictures whose input has no channel: 28×28 becomes 28×28×1."""
    for each in _line_before(scene, node) if len(form.shape) == 3 else ():
        shape = each.params.get("shape")
        if each.kind == INPUT and isinstance(shape, tuple) and len(shape) == 2:
            label = _("Give {node} one channel").format(node=each.name)
            yield Fix(label, (SetParam(each.id, "shape", (*shape, 1), scene.name),))


def _unflattened(scene: Scene, node: Node, link: Link) -> Iterator[Fix]:
    """Takes what flattened it away, or moves it behind the node."""
    id = link.source
    for _step in range(4):
        each = scene.graph.nodes.get(id)
        if each is None:
            return
        if is_kind(each, *FLATTENING):
            remove = RemoveNodes((each.id,), True, scene.name)
            for out in scene.out_of(node.id)[:1]:
                label = _("Move {node} behind {other}")
                yield Fix(
                    label.format(node=each.name, other=node.name),
                    (remove, InsertOnLink(each, out, scene.name)),
                )
            yield Fix(_("Remove {node}").format(node=each.name), (remove,))
        if not is_kind(each, *QUIET, *FLATTENING) or len(scene.before(id)) != 1:
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
    """Fewer poolings, padding, or both for everything that comes later."""
    later = [node, *_line_after(scene, node)]
    pools = [each for each in later if scene.has(each, "pool_size")]
    earlier = _line_before(scene, node)
    windows = [each for each in earlier if _unpadded(scene, each, "kernel_size")]
    if scene.has(node, "pool_size"):
        yield _removal(scene, [node])
        yield _removal(scene, pools)
    if _unpadded(scene, node):
        yield padding_same(scene, [node])
        yield padding_same(scene, [each for each in later if _unpadded(scene, each)])
    if windows:
        yield padding_same(scene, windows)
    for each in earlier:
        if scene.has(each, "pool_size"):
            yield _removal(scene, [each])


def _unpadded(scene: Scene, node: Node, size: str = "padding") -> bool:
    return scene.param(node, "padding") == "valid" and scene.has(node, size)


def _removal(scene: Scene, nodes: list[Node]) -> Fix:
    label = _("Remove {nodes}").format(nodes=first_names(node.name for node in nodes))
    ids = tuple(node.id for node in nodes)
    return Fix(label, (RemoveNodes(ids, True, scene.name),))


def _line_after(scene: Scene, node: Node) -> list[Node]:
    found: list[Node] = []
    while len(found) < 64 and len(after := scene.after(node.id)) == 1:
        node = after[0]
        if node in found:
            break
        found.append(node)
    return found


def _line_before(scene: Scene, node: Node) -> list[Node]:
    found: list[Node] = []
    id = node.id
    while len(found) < 64 and len(before := scene.before(id)) == 1:
        if before[0] in found:
            break
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
