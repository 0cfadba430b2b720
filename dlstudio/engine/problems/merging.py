"""Cures for merges whose branches do not match: candidates, likeliest first."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.edits import Edit, SetParam
from dlstudio.document.graph import Link, Node
from dlstudio.document.problems import Fix
from dlstudio.engine.probing import Form
from dlstudio.engine.problems.mending import inserted, padding_same, stem
from dlstudio.engine.problems.scene import Scene
from dlstudio.engine.shapes import NodeShape
from dlstudio.i18n import _


def merged(scene: Scene, node: Node, shape: NodeShape) -> Iterator[Fix]:
    """Padding, then a projection of a branch, then resizing or flattening it."""
    guilty = unpadded(scene, node)
    for each in guilty:
        yield padding_same(scene, [each])
    if len(guilty) > 1:
        yield padding_same(scene, guilty)
    yield from _units(scene, node, shape)
    yield from _projections(scene, node, shape)
    yield from _resized(scene, node, shape)
    yield from _flattened(scene, node, shape)


def unpadded(scene: Scene, node: Node) -> list[Node]:
    """Windows with “valid” padding on the branches of a merge, nearest first."""
    found: list[Node] = []
    for link in scene.into(node.id):
        id = link.source
        for _step in range(8):
            each = scene.graph.nodes.get(id)
            if each is None or len(scene.out_of(id)) > 1:
                break
            wide = _window_of(scene, each)
            if scene.param(each, "padding") == "valid" and wide > 1:
                found.append(each)
            before = scene.into(id)
            if len(before) != 1:
                break
            id = before[0].source
    return list(dict.fromkeys(found))


def _window_of(scene: Scene, node: Node) -> int:
    window = scene.param(node, "kernel_size") or scene.param(node, "pool_size") or 1
    sizes = window if isinstance(window, tuple) else (window,)
    return max((size for size in sizes if isinstance(size, int)), default=1)


def _links(scene: Scene, node: Node, shape: NodeShape) -> list[tuple[Link, Form]]:
    """The wires into a node with what they bring, the shortest branch first."""
    pairs = list(zip(scene.into(node.id), shape.inputs, strict=False))
    return sorted(pairs, key=lambda pair: _length(scene, pair[0].source))


def _length(scene: Scene, id: str) -> int:
    """Nodes of a branch back to where it forked."""
    steps = 0
    while steps < 64 and len(scene.out_of(id)) == 1:
        before = scene.into(id)
        steps += 1
        if len(before) != 1:
            break
        id = before[0].source
    return steps


def _units(scene: Scene, node: Node, shape: NodeShape) -> Iterator[Fix]:
    """Another width for a Dense or convolution that ends a branch."""
    pairs = _links(scene, node, shape)
    for link, form in pairs:
        source = scene.graph.nodes[link.source]
        name = next((n for n in ("units", "filters") if scene.has(source, n)), "")
        for _other, target in pairs:
            wanted = target.shape[-1]
            if name and form != target and wanted and form.shape[-1] != wanted:
                yield Fix(
                    _("Set {param} of {node} to {value}").format(
                        param=name, node=source.name, value=wanted
                    ),
                    (SetParam(source.id, name, wanted, scene.name),),
                )


def _projections(scene: Scene, node: Node, shape: NodeShape) -> Iterator[Fix]:
    """A 1×1 convolution (or Dense) on one branch, with strides where it is larger.

    He et al., "Deep residual learning for image recognition" (2016), option B.
    """
    pairs = _links(scene, node, shape)
    for link, form in pairs:
        for _other, target in pairs:
            edit = None if form == target else _projection(scene, link, form, target)
            if edit is not None:
                source = scene.called(link.source)
                label = _("Project {source} to {shape}")
                yield Fix(label.format(source=source, shape=target), (edit,))


def _projection(scene: Scene, link: Link, form: Form, target: Form) -> Edit | None:
    width = target.shape[-1]
    if len(form.shape) != len(target.shape) or width is None:
        return None
    if len(form.shape) == 2:
        return scene.insert("Dense", "projection", link, units=width)
    strides = [
        max(1, -(-one // other)) if one and other else 1
        for one, other in zip(form.shape[1:-1], target.shape[1:-1], strict=True)
    ]
    kind = {3: "Conv1D", 4: "Conv2D", 5: "Conv3D"}.get(len(form.shape))
    if kind is None:
        return None
    given = {"strides": strides} if max(strides) > 1 else {}
    return scene.insert(
        kind,
        "projection",
        link,
        filters=width,
        kernel_size=1,
        padding="same",
        **given,
    )


def _resized(scene: Scene, node: Node, shape: NodeShape) -> Iterator[Fix]:
    """Stretches one branch to the size of another, as U-Nets with odd sizes do."""
    pairs = _links(scene, node, shape)
    for link, form in pairs:
        for _other, target in pairs:
            if len(form.shape) != 4 or len(target.shape) != 4:
                continue
            size = target.shape[1:3]
            if form.shape[1:3] == size or None in size:
                continue
            edit = scene.insert(
                "Resizing", "resizing", link, height=size[0], width=size[1]
            )
            label = _("Resize {source} to {height}×{width}").format(
                source=scene.called(link.source), height=size[0], width=size[1]
            )
            yield Fix(label, (edit,))


def _flattened(scene: Scene, node: Node, shape: NodeShape) -> Iterator[Fix]:
    """A map and a row: pool or flatten the map."""
    lowest = min((len(form.shape) for form in shape.inputs), default=2)
    higher = [pair for pair in _links(scene, node, shape) if len(pair[1].shape) > 2]
    if lowest > 2 or not higher:
        return
    for kind in ("Global", "Flatten"):
        edits = []
        for link, form in higher:
            name = f"GlobalAveragePooling{len(form.shape) - 2}D"
            layer = name if kind == "Global" else "Flatten"
            edits.append(scene.insert(layer, stem(layer), link))
        if len(edits) == 1:
            yield Fix(
                inserted(edits[0], scene.called(higher[0][0].source)), tuple(edits)
            )
