"""Create a nested model from layers. Independent of Qt."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from dlstudio.document.analysis import NodeReport, TensorInfo
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.nodes import RemoveNodes
from dlstudio.document.edits.project import SetGraph
from dlstudio.document.graph import INPUT, NESTED, Edge, Graph, Group, Node, node
from dlstudio.document.groups import GroupTree, copy_groups
from dlstudio.document.layer_insertion import upstream
from dlstudio.document.layout import COLUMN, ROW, downstream
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.model.nested_models.kinds import free_graph_name

NodeReports = Mapping[str, NodeReport]


@dataclass(frozen=True, slots=True)
class NestingEdits:
    """The edits of one undo step, and the nodes to select afterwards."""

    edits: tuple[Edit, ...]
    ids: tuple[str, ...]


def nest(
    project: Project, inside: str, ids: Collection[str], name: str, reports: NodeReports
) -> NestingEdits:
    """Move nodes into a new nested graph and replace them with one node.

    Inputs are not moved. Edges from outside become inputs of the new graph.

    Args:
        project: The project to edit.
        inside: Name of the graph that contains the nodes.
        ids: The nodes' ids.
        name: Preferred name of the new graph.
        reports: Reports of the nodes, for the shapes of the new inputs.

    Raises:
        UserError: Weights are shared across the border, another layer lies between
            the nodes, or there is nothing to move.
    """
    graph = project.graph(inside)
    held = [n for n in graph.nodes if n in ids and graph.nodes[n].kind != INPUT]
    if not held:
        raise UserError(_("An input alone cannot become a nested model."))
    _check_sharing(graph, set(held))
    _check_between(graph, held)
    name = free_graph_name(project.graphs, name)
    entering = tuple(
        dict.fromkeys(
            (x.source, x.source_port)
            for x in graph.edges
            if x.target in held and x.source not in held
        )
    )
    inner = _inner(graph, held, entering, reports)
    id = _free_id(graph, name)
    ports = output_ports(inner, reports)
    outer = _outer(project, inside, held, id, name)
    edges = [Edge(source, id, port, i) for i, (source, port) in enumerate(entering)]
    edges += [
        Edge(id, x.target, ports[x.source, x.source_port], x.target_port)
        for x in graph.edges
        if x.source in held and x.target not in held
    ]
    marked = [id if n in held else n for n in graph.outputs]
    outer = replace(
        outer, edges=(*outer.edges, *edges), outputs=tuple(dict.fromkeys(marked))
    )
    return NestingEdits((SetGraph(inner, name), SetGraph(outer, inside)), (id,))


def _check_sharing(graph: Graph, held: set[str]) -> None:
    for each in graph.nodes.values():
        if each.shares and (each.id in held) != (each.shares in held):
            raise UserError(
                _("“{one}” uses the weights of “{other}”.").format(
                    one=each.name, other=graph.nodes[each.shares].name
                ),
                _("Both must be in the same model. Select both, or neither."),
            )


def _check_between(graph: Graph, held: Sequence[str]) -> None:
    """Refuse nodes whose model would be needed to compute its own input."""
    before, after = upstream(graph, held), set[str]()
    for id in held:
        if id not in after:
            after |= downstream(graph, id)
    for id, each in graph.nodes.items():
        if id in before and id in after and id not in held:
            raise UserError(
                _("“{name}” lies between the selected layers.").format(name=each.name),
                _("Select it as well."),
            )


def _inner(
    graph: Graph,
    held: Sequence[str],
    entering: Sequence[tuple[str, int]],
    reports: NodeReports,
) -> Graph:
    top = min(graph.nodes[n].position[1] for n in held)
    left = min(graph.nodes[n].position[0] for n in held)
    inputs: dict[tuple[str, int], Node] = {}
    for number, (source, port) in enumerate(entering):
        tensor = _tensor(reports, source, port)
        at = (left + number * COLUMN, top - ROW)
        inputs[source, port] = _input(_input_id(held, number + 1), tensor, at)
    edges = [
        replace(x, source=inputs[x.source, x.source_port].id, source_port=0)
        if x.source not in held
        else x
        for x in graph.edges
        if x.target in held
    ]
    feeding = {x.source for x in edges}
    leaving = {x.source for x in graph.edges if x.target not in held}
    ends = [n for n in held if n in leaving or n not in feeding or n in graph.outputs]
    nodes = {n.id: n for n in inputs.values()} | {n: graph.nodes[n] for n in held}
    return Graph(FrozenMap(nodes), tuple(edges), _groups(graph, held), tuple(ends))


def _groups(graph: Graph, held: Sequence[str]) -> tuple[Group, ...]:
    """Return the groups to move; one that contains all nodes becomes the graph."""
    found = copy_groups(graph, held)
    tree = GroupTree(found)
    whole = {g.id for g in found if set(tree.nodes(g.id)) == set(held)}
    return tuple(
        replace(g, parent=None) if g.parent in whole else g
        for g in found
        if g.id not in whole
    )


def _input_id(held: Sequence[str], number: int) -> str:
    id = f"input_{number}"
    while id in held:
        id += "_"
    return id


def _input(id: str, tensor: TensorInfo | None, at: tuple[float, float]) -> Node:
    params: dict[str, object] = {"shape": list(tensor.shape) if tensor else [None]}
    if tensor is not None and tensor.dtype != "float32":
        params["dtype"] = tensor.dtype
    return replace(node(id, INPUT, **params), position=at)


def _tensor(reports: NodeReports, id: str, port: int) -> TensorInfo | None:
    report = reports.get(id)
    if report is None or port >= len(report.outputs):
        return None
    return report.outputs[port]


def _outer(
    project: Project, inside: str, held: Sequence[str], id: str, name: str
) -> Graph:
    """Return the outer graph with the new node, without the node's edges yet."""
    graph = project.graph(inside)
    xs = [graph.nodes[n].position[0] for n in held]
    ys = [graph.nodes[n].position[1] for n in held]
    at = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    made = replace(node(id, NESTED, graph=name), position=at)
    outer = RemoveNodes(tuple(held), False, inside).apply(project).graph(inside)
    outer = outer.with_nodes([made])
    homes = GroupTree(graph.groups).common(held)
    home = next((g for g in homes if any(g == each.id for each in outer.groups)), None)
    groups = tuple(
        replace(g, nodes=(*g.nodes, id)) if g.id == home else g for g in outer.groups
    )
    return replace(outer, groups=groups)


def _free_id(graph: Graph, name: str) -> str:
    legal = "".join(c if c.isalnum() or c in "_-" else "_" for c in name).lower()
    return legal if legal not in graph.nodes else graph.unique_id(legal)


def output_ports(graph: Graph, reports: NodeReports) -> dict[tuple[str, int], int]:
    """Map a graph's outputs to ports of its node, in Keras' order."""
    counts = {id: len(report.outputs) for id, report in reports.items()}
    tensors = graph.output_tensors(counts)
    return {tensor: port for port, tensor in enumerate(tensors)}
