"""A model as drawn by the user: nodes, edges between numbered ports, groups."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dlstudio.catalog.nodes import NESTED as NESTED
from dlstudio.document.values import CHECKED, FrozenMap, Params, ParamsOf, Value

INPUT = "keras.layers.InputLayer"
OPAQUE = "dlstudio.Opaque"


def json_name(field: str) -> str:
    """The key of a graph's field in files, which is older than the field's name."""
    return "links" if field == "edges" else field


IN_FILES = {**CHECKED, "alias_generator": json_name}


@dataclass(frozen=True, slots=True)
class Node:
    """One layer on the canvas.

    Attributes:
        id: Unique within the graph; also the layer's name unless "name" is set.
        kind: A layer or operation of the catalog, `NESTED` for a whole graph (param
            "graph"), or `OPAQUE` for an imported block that cannot be opened.
        params: Parameters that differ from the defaults.
        position: Centre of the node on the canvas, in pixels at 100 % zoom.
        shares: Id of the node whose weights it shares; both are then one Keras layer.
        frozen: Whether its weights are not trained.
        call: Call arguments other than tensors: `training`, or an attention's
            `use_causal_mask`. Not shared with the owner of its weights.
        output_ports: Which of its tensors the graph gives where the node is an output;
            () for all of them.
    """

    __pydantic_config__ = CHECKED

    id: str
    kind: str
    params: ParamsOf = field(default_factory=FrozenMap)
    position: tuple[float, float] = (0.0, 0.0)
    shares: str | None = None
    frozen: bool = False
    call: ParamsOf = field(default_factory=FrozenMap)
    output_ports: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The layer's name in Keras."""
        name = self.params.get("name")
        return name if isinstance(name, str) and name else self.id


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """An edge from an output port of one node to an input port of another."""

    __pydantic_config__ = CHECKED

    source: str
    target: str
    source_port: int = 0
    target_port: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes drawn as a group, possibly collapsed into one box.

    Attributes:
        id: Unique among the graph's groups.
        nodes: Ids of its direct nodes, without those of nested groups.
        parent: Id of the enclosing group; None at the top level.
    """

    __pydantic_config__ = CHECKED

    id: str
    name: str
    nodes: tuple[str, ...]
    collapsed: bool = False
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes by id, edges, groups, and the nodes that are the model's outputs.

    With `outputs` empty, every node that feeds no other is an output.
    """

    __pydantic_config__ = IN_FILES

    nodes: FrozenMap[str, Node] = field(default_factory=FrozenMap)
    edges: tuple[Edge, ...] = ()
    groups: tuple[Group, ...] = ()
    outputs: tuple[str, ...] = ()

    @classmethod
    def chain(cls, nodes: Iterable[Node]) -> Graph:
        """A graph of nodes connected one after the other."""
        made = tuple(nodes)
        edges = tuple(Edge(a.id, b.id) for a, b in itertools.pairwise(made))
        return cls(FrozenMap((node.id, node) for node in made), edges)

    @property
    def inputs(self) -> tuple[Node, ...]:
        """The input nodes, in insertion order."""
        return tuple(node for node in self.nodes.values() if node.kind == INPUT)

    @property
    def layer_count(self) -> int:
        """Number of layers, not counting the inputs."""
        return sum(node.kind != INPUT for node in self.nodes.values())

    def output_ids(self) -> tuple[str, ...]:
        """The ids of the outputs: those marked, else the nodes that feed no other."""
        if self.outputs:
            return self.outputs
        feeding = {edge.source for edge in self.edges}
        return tuple(node for node in self.nodes if node not in feeding)

    def output_tensors(self, counts: Mapping[str, int]) -> list[tuple[str, int]]:
        """Node and port of each tensor that the graph gives, in order.

        Args:
            counts: How many tensors each node gives; 1 where it is not known.
        """
        found = []
        for id in self.output_ids():
            ports = self.nodes[id].output_ports if id in self.nodes else ()
            chosen = ports or range(max(1, counts.get(id, 1)))
            found += [(id, port) for port in chosen]
        return found

    def into(self, node: str) -> tuple[Edge, ...]:
        """The edges into `node`, by port."""
        found = (edge for edge in self.edges if edge.target == node)
        return tuple(sorted(found, key=lambda edge: edge.target_port))

    def out_of(self, node: str) -> tuple[Edge, ...]:
        """The edges out of `node`."""
        return tuple(edge for edge in self.edges if edge.source == node)

    def order(self) -> tuple[tuple[str, ...], frozenset[str]]:
        """Node ids in topological order, and the ids left over because of cycles.

        Nodes on a cycle, or fed only through one, are not in the order.
        """
        targets: dict[str, list[str]] = {node: [] for node in self.nodes}
        waiting = dict.fromkeys(self.nodes, 0)
        for edge in self.edges:
            if edge.source in targets and edge.target in waiting:
                targets[edge.source].append(edge.target)
                waiting[edge.target] += 1
        ready = [node for node, count in waiting.items() if count == 0]
        done: list[str] = []
        for node in ready:  # grows while it is iterated
            done.append(node)
            for target in targets[node]:
                waiting[target] -= 1
                if waiting[target] == 0:
                    ready.append(target)
        return tuple(done), frozenset(self.nodes) - frozenset(done)

    def unique_id(self, stem: str) -> str:
        """An unused id: `stem_1`, `stem_2`, ..."""
        number = 1
        while f"{stem}_{number}" in self.nodes:
            number += 1
        return f"{stem}_{number}"

    def with_nodes(self, nodes: Iterable[Node]) -> Graph:
        """The graph with nodes added or replaced."""
        return replace(self, nodes=self.nodes.merge({n.id: n for n in nodes}))

    def with_positions(self, positions: Mapping[str, tuple[float, float]]) -> Graph:
        """The graph with nodes moved to other positions, by id."""
        return self.with_nodes(
            replace(self.nodes[id], position=place) for id, place in positions.items()
        )

    def with_params(self, node: str, params: Mapping[str, Value]) -> Graph:
        """The graph with all parameters of one node replaced."""
        return self.with_nodes([replace(self.nodes[node], params=FrozenMap(params))])


def node(id: str, kind: str, **params: object) -> Node:
    """A node from Python values: `node("conv_1", "keras.layers.Conv2D", filters=8)`.

    Args:
        id: Unique within the graph; also the layer's name.
        kind: Kind in the catalog.
        **params: Parameters that differ from the defaults, as plain Python values.
    """
    from dlstudio.document.values import freeze_map

    frozen: Params = freeze_map(params)
    return Node(id, kind, frozen)
