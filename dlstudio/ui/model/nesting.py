"""Making a model of its own out of layers, putting one back, and naming it. No Qt."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from dlstudio.document.analysis import NodeReport, Tensor
from dlstudio.document.edits import Edit, RemoveGraph, RemoveNodes, SetGraph, SetParam
from dlstudio.document.graph import INPUT, NESTED, Graph, Group, Link, Node, node
from dlstudio.document.groups import Nesting, cut_groups, fresh_group_id, gathered
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.boxes import HEIGHT, STEP_X, STEP_Y
from dlstudio.ui.model.canvas.clipboard import cut_out, pasted
from dlstudio.ui.model.nested_kinds import free_graph_name, graph_of

Reports = Mapping[str, NodeReport]


@dataclass(frozen=True, slots=True)
class Made:
    """Edits that are one step, and the nodes to select after it."""

    edits: tuple[Edit, ...]
    ids: tuple[str, ...]


def nest(
    project: Project, inside: str, ids: Collection[str], name: str, reports: Reports
) -> Made:
    """Move nodes into a graph of their own, and put one node in their place.

    Inputs among them stay where they are. What comes from outside comes in through
    inputs of the new graph.

    Args:
        reports: What is known of the nodes, for the shapes of the inputs.

    Raises:
        UserError: Weights are shared across the border, or there is nothing to move.
    """
    graph = project.graph(inside)
    held = [n for n in graph.nodes if n in ids and graph.nodes[n].kind != INPUT]
    if not held:
        raise UserError(_("An input alone cannot be a model of its own."))
    _refuse_sharing(graph, set(held))
    name = free_graph_name(project.graphs, name)
    entering = tuple(
        dict.fromkeys(
            (x.source, x.source_port)
            for x in graph.links
            if x.target in held and x.source not in held
        )
    )
    inner = _inner(graph, held, entering, reports)
    id = _free_id(graph, name)
    doors = _numbered(inner.output_ids(), reports)
    outer = _outer(project, inside, held, id, name)
    links = [Link(source, id, port, i) for i, (source, port) in enumerate(entering)]
    links += [
        Link(id, x.target, doors[x.source, x.source_port], x.target_port)
        for x in graph.links
        if x.source in held and x.target not in held
    ]
    marked = [id if n in held else n for n in graph.outputs]
    outer = replace(
        outer, links=(*outer.links, *links), outputs=tuple(dict.fromkeys(marked))
    )
    return Made((SetGraph(inner, name), SetGraph(outer, inside)), (id,))


def unnest(
    project: Project, inside: str, id: str, reports: Mapping[str, Reports]
) -> Made:
    """Put the layers of a nested graph in the place of its node, as a group.

    The graph goes if nothing else uses it.

    Args:
        reports: What is known of the nodes, by graph.

    Raises:
        UserError: The graph is not there, or the node's weights are shared.
    """
    graph = project.graph(inside)
    old = graph.nodes[id]
    name = graph_of(old)
    if name not in project.graphs:
        raise UserError(
            _("The project has no graph called “{name}”.").format(name=name)
        )
    if old.shares or any(each.shares == id for each in graph.nodes.values()):
        raise UserError(
            _("“{name}” shares its weights.").format(name=old.name),
            _("Let it use weights of its own first."),
        )
    inner = project.graphs[name]
    feeding = {x.target_port: (x.source, x.source_port) for x in graph.into(id)}
    entries = {n.id: feeding.get(i) for i, n in enumerate(inner.inputs)}
    part = cut_out(inner, [n for n in inner.nodes if n not in entries])
    if old.frozen:
        part = part.with_nodes(replace(n, frozen=True) for n in part.nodes.values())
    left = RemoveNodes((id,), False, inside).apply(project).graph(inside)
    made = pasted(_with_room(left, old, part), part, _shift(old, part))
    ids = dict(zip(part.nodes, made.ids, strict=True))

    def outside(source: str, port: int) -> tuple[str, int] | None:
        return entries[source] if source in entries else (ids[source], port)

    links = [
        Link(at[0], ids[x.target], at[1], x.target_port)
        for x in inner.links
        if x.source in entries and (at := entries[x.source])
    ]
    own_reports = reports.get(name, {})
    ends = {n: at for at, n in _numbered(inner.output_ids(), own_reports).items()}
    links += [
        Link(begin[0], x.target, begin[1], x.target_port)
        for x in graph.out_of(id)
        if x.source_port in ends and (begin := outside(*ends[x.source_port]))
    ]
    marked: list[str] = []
    for each in graph.outputs:
        own = [ids[n] for n in inner.output_ids() if n in ids]
        marked += own if each == id else [each]
    whole = replace(
        made.graph,
        links=(*made.graph.links, *links),
        groups=_around(made.graph, made.ids, name, Nesting(graph.groups).around(id)),
        outputs=tuple(marked),
    )
    edits: list[Edit] = [SetGraph(whole, inside)]
    if uses(project, name) == 1:
        edits.append(RemoveGraph(name))
    return Made(tuple(edits), made.ids)


def rename(project: Project, old: str, new: str) -> tuple[Edit, ...]:
    """Give a nested graph another name, everywhere it is used.

    Raises:
        UserError: The name is taken.
    """
    if new in project.graphs or new == MODEL:
        raise UserError(_("There already is a model called “{name}”.").format(name=new))
    graphs = {**project.graphs, new: project.graphs[old]}
    edits: list[Edit] = [SetGraph(project.graphs[old], new)]
    edits += [
        SetParam(each.id, "graph", new, name)
        for name, graph in graphs.items()
        if name != old
        for each in graph.nodes.values()
        if graph_of(each) == old
    ]
    return (*edits, RemoveGraph(old))


def uses(project: Project, name: str) -> int:
    """How many nodes stand for a graph."""
    nodes = (each for graph in project.graphs.values() for each in graph.nodes.values())
    return sum(graph_of(each) == name for each in nodes)


def _refuse_sharing(graph: Graph, held: set[str]) -> None:
    for each in graph.nodes.values():
        if each.shares and (each.id in held) != (each.shares in held):
            raise UserError(
                _("“{one}” uses the weights of “{other}”.").format(
                    one=each.name, other=graph.nodes[each.shares].name
                ),
                _("Both have to be in one model: select both, or neither."),
            )


def _inner(
    graph: Graph,
    held: Sequence[str],
    entering: Sequence[tuple[str, int]],
    reports: Reports,
) -> Graph:
    top = min(graph.nodes[n].position[1] for n in held)
    left = min(graph.nodes[n].position[0] for n in held)
    inputs: dict[tuple[str, int], Node] = {}
    for number, (source, port) in enumerate(entering):
        tensor = _tensor(reports, source, port)
        at = (left + number * STEP_X, top - STEP_Y)
        inputs[source, port] = _input(_input_id(held, number + 1), tensor, at)
    links = [
        replace(x, source=inputs[x.source, x.source_port].id, source_port=0)
        if x.source not in held
        else x
        for x in graph.links
        if x.target in held
    ]
    feeding = {x.source for x in links}
    leaving = {x.source for x in graph.links if x.target not in held}
    ends = [n for n in held if n in leaving or n not in feeding or n in graph.outputs]
    nodes = {n.id: n for n in inputs.values()} | {n: graph.nodes[n] for n in held}
    return Graph(FrozenMap(nodes), tuple(links), _groups(graph, held), tuple(ends))


def _groups(graph: Graph, held: Sequence[str]) -> tuple[Group, ...]:
    """The groups that go along; the one that holds everything has become the graph."""
    found = cut_groups(graph, held)
    tree = Nesting(found)
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


def _input(id: str, tensor: Tensor | None, at: tuple[float, float]) -> Node:
    params: dict[str, object] = {"shape": list(tensor.shape) if tensor else [None]}
    if tensor is not None and tensor.dtype != "float32":
        params["dtype"] = tensor.dtype
    return replace(node(id, INPUT, **params), position=at)


def _tensor(reports: Reports, id: str, port: int) -> Tensor | None:
    report = reports.get(id)
    if report is None or port >= len(report.outputs):
        return None
    return report.outputs[port]


def _outer(
    project: Project, inside: str, held: Sequence[str], id: str, name: str
) -> Graph:
    """The graph with the new node in the others' place, without its wires yet."""
    graph = project.graph(inside)
    xs = [graph.nodes[n].position[0] for n in held]
    ys = [graph.nodes[n].position[1] for n in held]
    at = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    made = replace(node(id, NESTED, graph=name), position=at)
    outer = RemoveNodes(tuple(held), False, inside).apply(project).graph(inside)
    outer = outer.with_nodes([made])
    homes = Nesting(graph.groups).common(held)
    home = next((g for g in homes if any(g == each.id for each in outer.groups)), None)
    groups = tuple(
        replace(g, nodes=(*g.nodes, id)) if g.id == home else g for g in outer.groups
    )
    return replace(outer, groups=groups)


def _free_id(graph: Graph, name: str) -> str:
    legal = "".join(c if c.isalnum() or c in "_-" else "_" for c in name).lower()
    return legal if legal not in graph.nodes else graph.fresh_id(legal)


def _numbered(ends: Sequence[str], reports: Reports) -> dict[tuple[str, int], int]:
    """The outputs of a graph as ports of its node, in the order Keras gives them."""
    found: dict[tuple[str, int], int] = {}
    for end in ends:
        report = reports.get(end)
        for port in range(max(1, len(report.outputs) if report else 1)):
            found[end, port] = len(found)
    return found


def _around(
    graph: Graph, ids: tuple[str, ...], name: str, homes: Sequence[str]
) -> tuple[Group, ...]:
    """The groups with one more around the layers, where their node lay."""
    if not ids:
        return graph.groups
    id = fresh_group_id(group.id for group in graph.groups)
    there = {group.id for group in graph.groups}
    home = next((each for each in homes if each in there), None)
    return tuple(
        replace(group, parent=home) if group.id == id else group
        for group in gathered(graph.groups, id, name, ids)
    )


def _shift(old: Node, part: Graph) -> tuple[float, float]:
    """So that the layers begin where the node stood."""
    xs = [n.position[0] for n in part.nodes.values()] or [0.0]
    ys = [n.position[1] for n in part.nodes.values()] or [0.0]
    return (old.position[0] - (min(xs) + max(xs)) / 2, old.position[1] - min(ys))


def _with_room(graph: Graph, old: Node, part: Graph) -> Graph:
    """What stood below the node makes room for its layers."""
    ys = [n.position[1] for n in part.nodes.values()] or [0.0]
    more = max(ys) - min(ys)
    below = [
        replace(n, position=(n.position[0], n.position[1] + more))
        for n in graph.nodes.values()
        if n.position[1] > old.position[1] + HEIGHT / 2
    ]
    return graph.with_nodes(below)
