"""A graph after its function of a script was edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dlstudio.document.graph import INPUT, Edge, Graph, Node
from dlstudio.document.new_node import stem_of
from dlstudio.document.values import FrozenMap, Params
from dlstudio.engine.codegen.names import variables_of
from dlstudio.engine.model.call_arguments import owner_of
from dlstudio.engine.script_reader.merged_groups import merged_groups
from dlstudio.engine.script_reader.merged_params import ParamMerger
from dlstudio.engine.script_reader.model_calls import calls_of
from dlstudio.engine.script_reader.node_matches import NodeMatcher, WrittenNode
from dlstudio.engine.script_reader.positions import placed
from dlstudio.engine.script_reader.read_graph import GraphNames, edges_of, node_of
from dlstudio.engine.script_reader.script_values import ScriptCall, ScriptModel
from dlstudio.errors import UserError


@dataclass(frozen=True, slots=True)
class OldGraph:
    """The graph that a script was written from.

    Attributes:
        names: Of its layers in the script, by node id.
    """

    graph: Graph
    names: dict[str, str]

    def written(self, operations: frozenset[str]) -> list[WrittenNode]:
        """Its nodes as the script shows them."""
        order, rest = self.graph.order()
        variables = variables_of(self.graph, order)
        found = []
        for id in (*order, *sorted(rest)):
            node = self.graph.nodes[id]
            kind = _owner(self.graph, node).kind
            name = "" if kind in operations else self.names.get(id, id)
            edges = self.graph.into(id)
            found.append(WrittenNode(id, kind, name, variables.get(id, ""), edges))
        return found


def _owner(graph: Graph, node: Node) -> Node:
    try:
        return owner_of(graph, node)
    except UserError:
        return node


class GraphMerger:
    """Makes the graph of one model.

    Args:
        model: As the script builds it.
        old: What it was written from; an empty graph for a new one.
        calls: All calls of the script.
        params: Merges parameters.
        operations: Kinds that are operations and have no name in a script.
    """

    def __init__(
        self,
        model: ScriptModel,
        old: OldGraph,
        calls: Sequence[ScriptCall],
        params: ParamMerger,
        operations: frozenset[str],
    ) -> None:
        self._model = model
        self._old = old
        self._params = params
        self._written = old.written(operations)
        self._calls = self._with_loose(calls_of(model), calls)
        matching = NodeMatcher(self._calls, self._written)
        self._matched = matching.match()
        self._ids = self._all_ids()

    def graph(self, graph_name: GraphNames) -> Graph:
        """The graph.

        Args:
            graph_name: Names the graph of a model within it.
        """
        nodes = {self._ids[call]: self._node(call, graph_name) for call in self._calls}
        old = self._old.graph
        edges = self._edges()
        ordered = self._ordered(nodes)
        outputs = tuple(self._ids[end.call] for end in self._model.outputs)
        made = Graph(FrozenMap(ordered), edges, (), ())
        kept = {id for id in ordered if id in old.nodes}
        if outputs == old.output_ids() and set(outputs) <= kept and old.nodes:
            same = replace(made, outputs=old.outputs)
            made = same if same.output_ids() == outputs else made
        if made.output_ids() != outputs:
            made = replace(made, outputs=outputs)
        groups = merged_groups(old, made, self._calls, self._ids)
        return placed(replace(made, groups=groups), old)

    def _with_loose(
        self, calls: list[ScriptCall], everything: Sequence[ScriptCall]
    ) -> list[ScriptCall]:
        """The calls, and those that lead nowhere as nodes of the old graph did."""
        known = {(node.variable, node.kind) for node in self._written}
        within = set(calls)
        for call in everything:
            if call in within or not call.given:
                continue
            fed = all(tensor.call in within for _port, tensor in call.given)
            if fed and (call.variable, call.layer.kind) in known:
                within.add(call)
        return [call for call in everything if call in within]

    def _all_ids(self) -> dict[ScriptCall, str]:
        ids = dict(self._matched)
        taken = set(ids.values())
        common = [call.variable for call in self._calls]
        for call in self._calls:
            if call in ids:
                continue
            wanted = call.layer.name if call.layer.calls[0] is call else ""
            if (
                not wanted
                and len(call.variable) > 1
                and common.count(call.variable) == 1
            ):
                wanted = call.variable
            if not wanted or wanted in taken:
                # Not the id of a layer that is gone: this one is another.
                known = taken | set(self._old.graph.nodes)
                wanted = _free(wanted or stem_of(call.layer.kind), known)
            ids[call] = wanted
            taken.add(wanted)
        return ids

    def _owner_call(self, call: ScriptCall) -> ScriptCall:
        """The call whose node has the layer's parameters."""
        inside = [each for each in call.layer.calls if each in self._ids]
        for each in inside:
            node = self._old.graph.nodes.get(self._matched.get(each, ""))
            if node is not None and node.shares is None:
                return each
        return inside[0]

    def _node(self, call: ScriptCall, graph_name: GraphNames) -> Node:
        id, owner = self._ids[call], self._owner_call(call)
        old = self._old.graph.nodes.get(id) if call in self._matched else None
        shares = None if owner is call else self._shares(old, self._ids[owner])
        made = node_of(call, id, shares, graph_name)
        if shares is not None:
            made = replace(made, params=old.params if old is not None else FrozenMap())
            if old is not None:
                made = replace(made, frozen=old.frozen)
        else:
            made = replace(made, params=self._own_params(call, old, made))
        ports = next((end.ports for end in self._model.outputs if end.call is call), ())
        made = replace(made, output_ports=ports)
        if old is None:
            return made
        trainable = old.params.get("trainable") is False and not old.frozen
        return replace(
            made,
            position=old.position,
            frozen=made.frozen and not (trainable and shares is None),
            call=self._call(old.call, made.call),
        )

    def _shares(self, old: Node | None, owner: str) -> str:
        """The node whose weights are shared: as before, if that is the same layer."""
        if old is None or old.shares is None:
            return owner
        return old.shares if _owner(self._old.graph, old).id == owner else owner

    def _own_params(self, call: ScriptCall, old: Node | None, made: Node) -> Params:
        same_kind = old is not None and old.kind == made.kind
        before: Params = FrozenMap()
        if old is not None and same_kind:
            before = old.params
        params = self._params.merge(made.kind, before, made.params, frozen=made.frozen)
        if old is not None and not same_kind and "name" in old.params:
            params = params.set("name", old.params["name"])
        name = call.layer.name
        written = self._old.names.get(made.id) if old is not None else made.id
        if name and name != written:
            return params.set("name", name)
        return params

    def _call(self, before: Params, after: Params) -> Params:
        kept = {
            name: value
            for name, value in before.items()
            if value is None
            or (name in after and self._params.is_same(value, after[name]))
        }
        new = {name: value for name, value in after.items() if name not in kept}
        return FrozenMap({**kept, **new})

    def _edges(self) -> tuple[Edge, ...]:
        """All edges; those into a node that has the same as before in their order."""
        old = self._old.graph
        found: list[Edge] = []
        for call in self._calls:
            made = edges_of(call, self._ids)
            before = old.into(self._ids[call]) if call in self._matched else ()
            same = [(each.source, each.source_port) for each in made] == [
                (each.source, each.source_port) for each in before
            ]
            found += before if same else made
        place = {edge: number for number, edge in enumerate(old.edges)}
        return tuple(sorted(found, key=lambda edge: place.get(edge, len(place))))

    def _ordered(self, nodes: dict[str, Node]) -> dict[str, Node]:
        """The nodes in their old order, with inputs as the model has them."""
        old = [id for id in self._old.graph.nodes if id in nodes]
        order = [*old, *(id for id in nodes if id not in set(old))]
        inputs = [self._ids[call] for call in self._model.inputs]
        if [id for id in order if nodes[id].kind == INPUT] != inputs:
            order = [*inputs, *(id for id in order if id not in set(inputs))]
        return {id: nodes[id] for id in order}


def _free(stem: str, taken: set[str]) -> str:
    """An unused id."""
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"
