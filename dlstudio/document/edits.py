"""What a user can do to a project: each edit takes a project and gives the next one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, runtime_checkable

from dlstudio.document.dotted_fields import set_field
from dlstudio.document.graph import Edge, Graph, Group, Node
from dlstudio.document.groups import group_nodes, insert_group, ungroup, without_nodes
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap, Value, freeze, thaw
from dlstudio.errors import UserError
from dlstudio.i18n import _


@runtime_checkable
class Edit(Protocol):
    """A frozen value; `apply` never changes the project it is given."""

    def apply(self, project: Project) -> Project:
        """The project after the edit.

        Raises:
            UserError: The edit does not fit this project.
        """
        ...


def _change(project: Project, name: str, change: Callable[[Graph], Graph]) -> Project:
    return project.with_graph(name, change(project.graph(name)))


def _node(graph: Graph, id: str) -> Node:
    found = graph.nodes.get(id)
    if found is None:
        raise UserError(_("There is no layer called “{name}”.").format(name=id))
    return found


def _check_edge(graph: Graph, edge: Edge) -> None:
    _node(graph, edge.source)
    _node(graph, edge.target)
    if edge.source_port < 0 or edge.target_port < 0:
        raise UserError(_("Ports are numbered from 0."))


@dataclass(frozen=True, slots=True)
class AddNode:
    """Add a node whose id is not taken."""

    node: Node
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            if self.node.id in graph.nodes:
                raise UserError(
                    _("There is already a layer called “{name}”.").format(
                        name=self.node.id
                    )
                )
            return graph.with_nodes([self.node])

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class RemoveNodes:
    """Remove nodes with their links.

    With `join`, what fed a removed node in a chain feeds what it fed.
    """

    ids: tuple[str, ...]
    join: bool = False
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            for id in self.ids:
                graph = _remove_node(graph, id, self.join)
            return graph

        return _change(project, self.graph, change)


def _remove_node(graph: Graph, id: str, join: bool) -> Graph:
    _node(graph, id)
    before, after = graph.into(id), graph.out_of(id)
    kept = [edge for edge in graph.links if id not in (edge.source, edge.target)]
    if join and len(before) == 1:
        source = before[0]
        kept += [
            replace(edge, source=source.source, source_port=source.source_port)
            for edge in after
            if source.source != id  # one that feeds itself joins nothing
        ]
    others = (replace(n, shares=None) if n.shares == id else n for n in _values(graph))
    return Graph(
        FrozenMap((n.id, n) for n in others if n.id != id),
        tuple(dict.fromkeys(kept)),
        without_nodes(graph.groups, (id,)),
        tuple(n for n in graph.outputs if n != id),
    )


def _values(graph: Graph) -> tuple[Node, ...]:
    return tuple(graph.nodes.values())


@dataclass(frozen=True, slots=True)
class ReplaceNode:
    """Put another node in the place of the one with the same id."""

    node: Node
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            _node(graph, self.node.id)
            return graph.with_nodes([self.node])

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class Connect:
    """Draw an edge; one that is there already stays as it is."""

    edge: Edge
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            _check_edge(graph, self.edge)
            if self.edge in graph.links:
                return graph
            return replace(graph, links=(*graph.links, self.edge))

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Take an edge away."""

    edge: Edge
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            return replace(graph, links=_edges_without(graph, self.edge))

        return _change(project, self.graph, change)


def _edges_without(graph: Graph, edge: Edge) -> tuple[Edge, ...]:
    if edge not in graph.links:
        raise UserError(
            _("There is no connection from “{source}” to “{target}”.").format(
                source=edge.source, target=edge.target
            )
        )
    return tuple(each for each in graph.links if each != edge)


@dataclass(frozen=True, slots=True)
class InsertOnEdge:
    """Put a new node into the middle of an edge."""

    node: Node
    edge: Edge
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""
        project = AddNode(self.node, self.graph).apply(project)

        def change(graph: Graph) -> Graph:
            halves = (
                replace(self.edge, target=self.node.id, target_port=0),
                replace(self.edge, source=self.node.id, source_port=0),
            )
            return replace(graph, links=(*_edges_without(graph, self.edge), *halves))

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class SetParam:
    """Set one parameter of a node."""

    node: str
    name: str
    value: Value
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            params = _node(graph, self.node).params
            return graph.with_params(
                self.node, params.set(self.name, freeze(self.value))
            )

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class ResetParam:
    """Give one parameter of a node its default again."""

    node: str
    name: str
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            params = _node(graph, self.node).params
            return graph.with_params(self.node, params.without([self.name]))

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class SetCall:
    """Set one plain value of a node's call: `training`, `use_causal_mask`."""

    node: str
    name: str
    value: Value
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            node = _node(graph, self.node)
            call = node.call.set(self.name, freeze(self.value))
            return graph.with_nodes([replace(node, call=call)])

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class ResetCall:
    """Leave one value of a node's call to Keras again."""

    node: str
    name: str
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            node = _node(graph, self.node)
            return graph.with_nodes(
                [replace(node, call=node.call.without([self.name]))]
            )

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class MoveNodes:
    """Move nodes to new places, by id."""

    positions: FrozenMap[str, tuple[float, float]]
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            return graph.with_nodes(
                replace(_node(graph, id), position=(float(x), float(y)))
                for id, (x, y) in self.positions.items()
            )

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class SetFrozen:
    """Freeze or thaw the weights of nodes."""

    ids: tuple[str, ...]
    frozen: bool
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            return graph.with_nodes(
                replace(_node(graph, id), frozen=self.frozen) for id in self.ids
            )

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class ShareWeights:
    """Let a node use the weights of another, or its own again (`with_node` None)."""

    node: str
    with_node: str | None
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            if self.with_node is not None and (
                _node(graph, self.with_node).shares or self.with_node == self.node
            ):
                raise UserError(
                    _("Weights can only be shared with the layer that owns them.")
                )
            node = _node(graph, self.node)
            return graph.with_nodes([replace(node, shares=self.with_node)])

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class SetOutputs:
    """Mark the model's outputs; none marked means the ends of the graph."""

    ids: tuple[str, ...]
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            for id in self.ids:
                _node(graph, id)
            return replace(graph, outputs=self.ids)

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class SetGroup:
    """Add a group, or change the one with the same id; nodes leave other groups.

    With a `parent` it lies in that group. One that is left without nodes and without
    groups goes.
    """

    group: Group
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            for id in self.group.nodes:
                _node(graph, id)
            return replace(graph, groups=insert_group(graph.groups, self.group))

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class GroupNodes:
    """Put a new group around nodes, where they lie; whole groups go into it whole.

    The id must not be taken; see `dlstudio.document.groups.group_nodes`.
    """

    id: str
    name: str
    nodes: tuple[str, ...]
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            for id in self.nodes:
                _node(graph, id)
            if any(group.id == self.id for group in graph.groups):
                raise UserError(
                    _("There are two groups called “{name}”.").format(name=self.id)
                )
            groups = group_nodes(graph.groups, self.id, self.name, self.nodes)
            return replace(graph, groups=groups)

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class Ungroup:
    """Dissolve a group; its nodes and the groups inside it stay where it lay."""

    group: str
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""

        def change(graph: Graph) -> Graph:
            return replace(graph, groups=ungroup(graph.groups, self.group))

        return _change(project, self.graph, change)


@dataclass(frozen=True, slots=True)
class SetGraph:
    """Add a graph or replace a whole one."""

    value: Graph
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""
        return project.with_graph(self.graph, self.value)


@dataclass(frozen=True, slots=True)
class RemoveGraph:
    """Remove a graph; the one that is trained cannot go."""

    graph: str

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""
        project.graph(self.graph)
        if self.graph == MODEL:
            raise UserError(_("The graph to train cannot be removed."))
        return replace(project, graphs=project.graphs.without([self.graph]))


@dataclass(frozen=True, slots=True)
class SetPlan:
    """Set one thing in the training plan: "epochs", "optimizer.learning_rate"."""

    path: str
    value: Any

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""
        return replace(project, plan=set_field(project.plan, self.path, self.value))


@dataclass(frozen=True, slots=True)
class SetData:
    """Set one thing in the data recipe: "split.seed", "source"."""

    path: str
    value: Any

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""
        return replace(project, data=set_field(project.data, self.path, self.value))


@dataclass(frozen=True, slots=True)
class SetName:
    """Rename the project."""

    name: str

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""
        return replace(project, name=self.name)


@dataclass(frozen=True, slots=True)
class SetTask:
    """Choose another task, a kind of family "tasks"."""

    task: str

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""
        return replace(project, task=self.task)


@dataclass(frozen=True, slots=True)
class CompositeEdit:
    """Several edits as one step of the history, with one name."""

    edits: tuple[Edit, ...] = field(default_factory=tuple)
    name: str = ""

    def apply(self, project: Project) -> Project:
        """See `Edit.apply`."""
        for edit in self.edits:
            project = edit.apply(project)
        return project


# What `--json` has always written; programs that read it must not break.
_JSON_NAMES = {
    "CompositeEdit": "Several",
    "GroupNodes": "Gather",
    "InsertOnEdge": "InsertOnLink",
    "LayoutEdit": "Spaced",
    "SetGroup": "GroupNodes",
    "edge": "link",
}


def edit_to_json(edit: Edit) -> dict[str, Any]:
    """`{"edit": its name in JSON, ...}` with the fields as plain JSON."""
    assert dataclasses.is_dataclass(edit)
    name = type(edit).__name__
    fields = {
        _JSON_NAMES.get(field.name, field.name): _plain(getattr(edit, field.name))
        for field in dataclasses.fields(edit)
    }
    return {"edit": _JSON_NAMES.get(name, name), **fields}


def _plain(value: Any) -> Any:
    if isinstance(value, CompositeEdit):
        return edit_to_json(value)
    if isinstance(value, Edit):
        return edit_to_json(value)
    if isinstance(value, (Node, Edge, Group, Graph)):
        return {
            f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return thaw(value)
    return value
