"""The project's other graphs as kinds of nested layers. Independent of Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dlstudio.catalog.schema import Description, Ports
from dlstudio.catalog.store import Catalog
from dlstudio.document.analysis import TensorInfo
from dlstudio.document.graph import INPUT, NESTED, Graph, Node, node
from dlstudio.document.nested_graphs import graphs_in
from dlstudio.document.project import MODEL, Project
from dlstudio.i18n import _

KIND_PREFIX = f"{NESTED}:"  # followed by the name of a graph, or "" for a new one
COLOR = "#334155"


def graph_name_of(kind: str) -> str | None:
    """Return the graph's name in a nested kind; None for any other kind."""
    return kind[len(KIND_PREFIX) :] if kind.startswith(KIND_PREFIX) else None


def nested_kinds(
    project: Project, inside: str, catalog: Catalog
) -> tuple[Description, ...]:
    """Return the graphs that can be nested in the graph `inside`, and a new one.

    Args:
        project: Its graphs can be nested.
        inside: Name of the containing graph; a graph cannot contain itself.
        catalog: Describes nested graphs in general.
    """
    graphs = project.graphs
    names = [
        name
        for name in graphs
        if name not in (MODEL, inside) and inside not in used_by(graphs, name)
    ]
    found = (
        describe(kind, project, catalog) for kind in map(KIND_PREFIX.__add__, names)
    )
    new = describe(KIND_PREFIX, project, catalog)
    return tuple(each for each in (*found, new) if each is not None)


def describe(kind: str, project: Project, catalog: Catalog) -> Description | None:
    """Return the description of a catalog kind or of a graph of the project.

    Args:
        kind: A kind of the catalog, or `KIND_PREFIX` with a graph's name.
        project: The project that contains the nested graphs.
        catalog: Describes all other kinds.

    Returns:
        None for a kind or a graph that does not exist.
    """
    name, own = graph_name_of(kind), catalog.get(NESTED)
    if name is None or own is None:
        return catalog.get(kind)
    inner = project.graphs.get(name)
    if name and inner is None:
        return None
    count = len(inner.inputs) if inner is not None else 1
    summary = _("A separate model, used as one layer here.")
    return replace(
        own,
        kind=kind,
        color=COLOR,
        example={"graph": name or free_graph_name(project.graphs, "block")},
        inputs=Ports(count, count, as_list=count > 1),
        summary=summary
        if name
        else _("Creates a separate model that is used as one layer."),
    )


def used_by(graphs: Mapping[str, Graph], name: str) -> frozenset[str]:
    """Return the graphs that a graph uses, directly or indirectly."""
    seen: set[str] = set()
    pending = [name]
    while pending:
        graph = graphs.get(pending.pop(), Graph())
        for each in graph.nodes.values():
            new = [inner for inner in graphs_in(each) if inner not in seen]
            seen.update(new)
            pending += new
    return frozenset(seen)


def graph_of(node: Node) -> str:
    """Return the name of the graph that a node references, or ""."""
    return str(node.params.get("graph", "")) if node.kind == NESTED else ""


def free_graph_name(graphs: Mapping[str, Graph], stem: str) -> str:
    """Return the first unused name of `stem`, `stem_2`, …"""
    number, name = 2, stem
    while name in graphs or name == MODEL:
        name = f"{stem}_{number}"
        number += 1
    return name


def new_graph(tensor: TensorInfo | None) -> Graph:
    """Return a new graph: an input of the expected shape and an identity layer."""
    shape = tensor.shape if tensor is not None else (28, 28, 1)
    params: dict[str, object] = {"shape": list(shape)}
    if tensor is not None and tensor.dtype != "float32":
        params["dtype"] = tensor.dtype
    return Graph.chain(
        [node("input_1", INPUT, **params), node("identity", "keras.layers.Identity")]
    ).with_nodes(
        [replace(node("identity", "keras.layers.Identity"), position=(0.0, 96.0))]
    )
