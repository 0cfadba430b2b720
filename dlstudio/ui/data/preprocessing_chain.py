"""The layers between the input and the model: rescaling and augmentation. No Qt.

They form a chain that begins with the only input and ends with the last layer of one
of these kinds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.canvas.boxes import STEP_Y
from dlstudio.document.graph import Edge, Graph, Node
from dlstudio.document.new_node import new_node
from dlstudio.document.values import FrozenMap, Value
from dlstudio.errors import UserError
from dlstudio.i18n import _

AUGMENTATION = "augmentation"
RESCALING = "keras.layers.Rescaling"
PREPROCESSING = frozenset(
    {RESCALING, "keras.layers.Resizing", "keras.layers.CenterCrop"}
)


@dataclass(frozen=True)
class PreprocessingChain:
    """Node ids in topological order.

    Attributes:
        line: The input, rescaling and augmentation layers.
        augmentation: The augmentation layers of the chain.
    """

    line: tuple[str, ...]
    augmentation: tuple[str, ...]


def find_chain(graph: Graph, catalog: Catalog) -> PreprocessingChain:
    """The chain of a graph; empty unless there is exactly one input."""
    if len(graph.inputs) != 1:
        return PreprocessingChain((), ())
    line = [graph.inputs[0].id]
    while True:
        edges = graph.out_of(line[-1])
        if len(edges) != 1:
            break
        node = graph.nodes[edges[0].target]
        fits = node.kind in PREPROCESSING or is_augmentation(node, catalog)
        if not fits or node.id in line or len(graph.into(node.id)) != 1:
            break
        line.append(node.id)
    made = [id for id in line if is_augmentation(graph.nodes[id], catalog)]
    return PreprocessingChain(tuple(line), tuple(made))


def is_augmentation(node: Node, catalog: Catalog) -> bool:
    """Whether a node is an augmentation layer."""
    found = catalog.get(node.kind)
    return found is not None and found.category == AUGMENTATION


def with_layer(graph: Graph, catalog: Catalog, description: Description) -> Graph:
    """The graph with a layer appended to the preprocessing chain.

    Args:
        graph: The model.
        catalog: Identifies the preprocessing layers.
        description: Description of the new layer.

    Raises:
        UserError: The model does not have exactly one input.
    """
    chain = find_chain(graph, catalog)
    if not chain.line:
        raise UserError(
            _(
                "Augmentation layers follow the input, but this model does not "
                "have exactly one input."
            ),
            _("Create a model first. The Start room has templates."),
        )
    last = graph.nodes[chain.line[-1]]
    x, y = last.position
    node = new_node(description, graph, (x, y + STEP_Y))
    if description.param("value_range") is not None:
        low, high = value_range(graph, chain.line)
        if (low, high) != (0.0, 255.0):
            spread: Value = (low, high)
            node = replace(node, params=node.params.set("value_range", spread))
    moved = [
        replace(each, position=(each.position[0], each.position[1] + STEP_Y))
        for each in graph.nodes.values()
        if each.position[1] > y and each.id not in chain.line
    ]
    edges = tuple(
        replace(edge, source=node.id, source_port=0) if edge.source == last.id else edge
        for edge in graph.edges
    )
    outputs = tuple(node.id if id == last.id else id for id in graph.outputs)
    made = graph.with_nodes([*moved, node])
    return replace(made, edges=(*edges, Edge(last.id, node.id)), outputs=outputs)


def value_range(graph: Graph, line: Sequence[str]) -> tuple[float, float]:
    """The value range of the chain's output for inputs from 0 to 255."""
    low, high = 0.0, 255.0
    for id in line:
        node = graph.nodes[id]
        if node.kind == RESCALING:
            scale = _number(node.params.get("scale"), 1.0)
            offset = _number(node.params.get("offset"), 0.0)
            low, high = low * scale + offset, high * scale + offset
    return round(low, 4), round(high, 4)


def _number(value: Value, default: float) -> float:
    return float(value) if isinstance(value, (int, float)) else default


def swap_layers(graph: Graph, first: str, second: str) -> Graph:
    """The graph with two adjacent layers of the chain swapped.

    Args:
        graph: The model.
        first: Id of the first layer.
        second: Id of the layer it feeds.
    """
    edges = []
    for edge in graph.edges:
        if edge.target == first:
            edges.append(replace(edge, target=second))
        elif (edge.source, edge.target) == (first, second):
            edges.append(Edge(second, first))
        elif edge.source == second:
            edges.append(replace(edge, source=first))
        else:
            edges.append(edge)
    one, two = graph.nodes[first], graph.nodes[second]
    swap = {first: second, second: first}
    nodes: dict[str, Node] = {
        **{id: graph.nodes[id] for id in graph.nodes},
        first: replace(one, position=two.position),
        second: replace(two, position=one.position),
    }
    ends = {second: first}
    outputs = tuple(ends.get(id, id) for id in graph.outputs)
    # The nodes have an order too, in which layers are listed.
    order = [swap.get(id, id) for id in graph.nodes]
    made = FrozenMap((id, nodes[id]) for id in order)
    return replace(graph, nodes=made, edges=tuple(edges), outputs=outputs)


def without_layer(graph: Graph, id: str) -> Graph:
    """The graph without a layer of the chain; its input and output are connected."""
    gone = graph.nodes[id]
    (before,) = graph.into(id)
    edges = tuple(
        replace(edge, source=before.source, source_port=before.source_port)
        if edge.source == id
        else edge
        for edge in graph.edges
        if edge.target != id
    )
    nodes = FrozenMap(
        (
            each.id,
            replace(each, position=(each.position[0], each.position[1] - STEP_Y))
            if each.position[1] > gone.position[1]
            else each,
        )
        for each in graph.nodes.values()
        if each.id != id
    )
    groups = tuple(
        group
        for each in graph.groups
        if (group := replace(each, nodes=tuple(n for n in each.nodes if n != id))).nodes
    )
    outputs = tuple(before.source if out == id else out for out in graph.outputs)
    return Graph(nodes, edges, groups, outputs)
