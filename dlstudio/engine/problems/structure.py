"""Checks the structure: empty graphs, dangling edges, cycles."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Connect, Disconnect
from dlstudio.document.edits.nodes import AddNode
from dlstudio.document.graph import Edge, Node
from dlstudio.document.layout import ROW
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.check_context import (
    CheckContext,
    remove_edge,
    usual_shape,
)
from dlstudio.engine.problems.feature_forms import feature_form
from dlstudio.i18n import _

NO_EDGE = Edge("", "")


def broken_edges(context: CheckContext) -> Iterator[Problem]:
    """Edges whose ends do not exist."""
    graph = context.graph
    for edge in graph.edges:
        missing = [end for end in (edge.source, edge.target) if end not in graph.nodes]
        if missing:
            present = edge.target if edge.source in missing else edge.source
            yield context.problem(
                "error",
                "broken-link",
                _(
                    "A connection leads to “{name}”, which does not exist. Remove it."
                ).format(name=missing[0]),
                present if present in graph.nodes else "",
                [Fix(_("Remove the connection"), (Disconnect(edge, context.name),))],
            )


def cycles(context: CheckContext) -> Iterator[Problem]:
    """Edges that form a cycle."""
    edges = [edge for edge in context.graph.edges if _whole(context, edge)]
    gone: list[Edge] = []
    while (circle := _circle([edge for edge in edges if edge not in gone])) is not None:
        gone.append(_back_edge(context, circle))
    if not gone:
        return
    first = _circle(edges) or []
    names = " → ".join(context.called(edge.source) for edge in first)
    back = gone[0]
    edits = tuple(Disconnect(edge, context.name) for edge in gone)
    yield context.problem(
        "error",
        "cycle",
        _(
            "The connections form a cycle: {names} → {first}. Data must flow "
            "from the inputs to the outputs. Remove one of these connections."
        ).format(names=names, first=names.split(" → ")[0]),
        back.target,
        [Fix(_remove_edges(context, gone), edits)],
    )


def _whole(context: CheckContext, edge: Edge) -> bool:
    return edge.source in context.graph.nodes and edge.target in context.graph.nodes


def _remove_edges(context: CheckContext, edges: list[Edge]) -> str:
    if len(edges) > 1:
        return _("Remove the {count} backward connections").format(count=len(edges))
    return remove_edge(context, edges[0])


def _circle(edges: list[Edge]) -> list[Edge] | None:
    """The edges of one cycle, in order, or None; iterative, for long graphs."""
    out: dict[str, list[Edge]] = {}
    for edge in edges:
        out.setdefault(edge.source, []).append(edge)
    done: set[str] = set()
    for start in out:
        path: list[Edge] = []
        on_path = {start: 0}
        stack = [iter(out.get(start, ()) if start not in done else ())]
        while stack:
            edge = next(stack[-1], NO_EDGE)
            if edge is NO_EDGE:
                stack.pop()
                done.add(path.pop().target if path else start)
                on_path.popitem()
            elif edge.target in on_path:
                return [*path[on_path[edge.target] :], edge]
            elif edge.target not in done:
                path.append(edge)
                on_path[edge.target] = len(path)
                stack.append(iter(out.get(edge.target, ())))
    return None


def _back_edge(context: CheckContext, circle: list[Edge]) -> Edge:
    """The edge to remove: the last one into a node with surplus inputs."""
    order = {edge: number for number, edge in enumerate(context.graph.edges)}

    def spare(edge: Edge) -> int:
        node = context.graph.nodes.get(edge.target)
        needed = context.ports(node).minimum if node else 0
        return len(context.into(edge.target)) - needed

    return max(circle, key=lambda edge: (spare(edge) > 0, order[edge]))


def emptiness(context: CheckContext) -> Iterator[Problem]:
    """A graph that is empty or has no input."""
    if not context.graph.nodes:
        yield context.problem(
            "error",
            "empty-graph",
            _(
                "There are no layers yet. Drag an Input layer onto the canvas, "
                "then add others."
            ),
            fixes=[starter(context)],
        )
    elif not context.graph.inputs:
        yield context.problem(
            "error",
            "no-input",
            _(
                "The model has no Input layer, so it receives no data. Add one at "
                "the beginning."
            ),
            fixes=_new_input(context),
        )


def starter(context: CheckContext, begin: Node | None = None) -> Fix | None:
    """A fix that adds the smallest model: Input → Rescaling → Flatten → Dense.

    Args:
        begin: The input to start from; a new one by default.

    Returns:
        None if no such model takes the project's features.
    """
    shape = _usual_input(context)
    if shape is None:
        return None
    classes = context.dataset.classes if context.dataset else 0
    units, activation = max(classes, 2), "softmax"
    if context.head_type is not None:
        loss = context.project.plan.loss.kind
        units, activation = context.head_type.head(loss, classes or 10, classes or 10)
    first = begin or context.new("InputLayer", "input", shape=shape)
    nodes = [
        context.new("Rescaling", "rescaling", scale=1 / 255),
        context.new("Flatten", "flatten"),
        context.new("Dense", "dense", units=units, activation=activation),
    ]
    nodes = nodes if len(shape) == 3 else nodes[-1:]
    x, y = first.position
    placed = [replace(n, position=(x, y + ROW * i)) for i, n in enumerate(nodes, 1)]
    new = placed if begin else [first, *placed]
    edits: list[Edit] = [AddNode(node, context.name) for node in new]
    pairs = itertools.pairwise([first, *placed])
    edits += [Connect(Edge(a.id, b.id), context.name) for a, b in pairs]
    return Fix(_("Start with a small model"), tuple(edits))


def _usual_input(context: CheckContext) -> tuple[int, ...] | None:
    """The shape of the input that the project's first feature enters.

    None if it is text, or its size is not known.
    """
    names = [each.feature for each in context.project.inputs]
    form = feature_form(context, names[0]) if names else None
    if form is None or len(form.shape) == 3:
        return usual_shape(context)
    shape = tuple(side for side in form.shape if side is not None)
    fixed = len(shape) == len(form.shape) and form.dtype != "string"
    return shape if fixed else None


def _new_input(context: CheckContext) -> Iterator[Fix]:
    starts = [n for n in context.graph.nodes.values() if not context.into(n.id)]
    shape = _usual_input(context)
    if not starts or shape is None:
        return
    x, y = starts[0].position
    node = context.new("InputLayer", "input", shape=shape)
    edits: list[Edit] = [AddNode(replace(node, position=(x, y - ROW)), context.name)]
    edits += [Connect(Edge(node.id, start.id), context.name) for start in starts]
    if context.keeps_shapes(edits):
        yield Fix(_("Add an input"), tuple(edits))


STRUCTURE = (emptiness, broken_edges, cycles)
