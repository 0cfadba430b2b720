"""Nodes as text for copy and paste. Independent of Qt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dlstudio.document import storage
from dlstudio.document.graph import Graph, Node
from dlstudio.document.groups import copy_groups, paste_groups
from dlstudio.document.migrations import VERSION
from dlstudio.document.nested_graphs import graphs_in
from dlstudio.document.new_node import unique_id
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError
from dlstudio.i18n import _

FORMAT = "dlstudio-layers"
MAX_TEXT_LENGTH = 16 * 2**20
NO_GRAPHS: Mapping[str, Graph] = FrozenMap()


def subgraph(graph: Graph, ids: Iterable[str]) -> Graph:
    """Return the subgraph of these nodes: their edges and complete groups."""
    inside = {id for id in ids if id in graph.nodes}
    return Graph(
        FrozenMap((id, n) for id, n in graph.nodes.items() if id in inside),
        tuple(x for x in graph.edges if x.source in inside and x.target in inside),
        copy_groups(graph, inside),
    )


def to_text(
    graph: Graph, ids: Iterable[str], graphs: Mapping[str, Graph] = NO_GRAPHS
) -> str:
    """Serialize nodes as JSON, marked with a type tag.

    Weight sharing with nodes outside the selection is dropped.

    Args:
        graph: The graph of the nodes.
        ids: Ids of the nodes.
        graphs: All graphs of the project; the nested models among the nodes come along.
    """
    fragment = subgraph(graph, ids)
    own = FrozenMap(
        (id, n if n.shares in fragment.nodes else replace(n, shares=None))
        for id, n in fragment.nodes.items()
    )
    nested = _nested(fragment, graphs)
    project = Project(graphs=FrozenMap({**nested, MODEL: replace(fragment, nodes=own)}))
    written = storage.project_to_json(project)["graphs"]
    assert isinstance(written, dict)
    item = {"format": FORMAT, "version": VERSION, "graph": written.pop(MODEL)}
    if written:
        item["graphs"] = written
    return json.dumps(item, ensure_ascii=False, indent=1)


def _nested(fragment: Graph, graphs: Mapping[str, Graph]) -> dict[str, Graph]:
    """The graphs that the nodes use, directly or indirectly."""
    found: dict[str, Graph] = {}
    waiting = [fragment]
    while waiting:
        for node in waiting.pop().nodes.values():
            for name in graphs_in(node):
                if name in graphs and name not in found and name != MODEL:
                    found[name] = graphs[name]
                    waiting.append(graphs[name])
    return found


def is_layers_text(text: str) -> bool:
    """Return whether a text looks like copied nodes, without parsing it."""
    return len(text) <= MAX_TEXT_LENGTH and f'"format": "{FORMAT}"' in text[:200]


def from_text(text: str) -> Graph:
    """Parse copied nodes, validated like a project file.

    Raises:
        UserError: The text contains no nodes, is damaged or is too large.
    """
    return _project(text).model


def nested_in_text(text: str) -> Mapping[str, Graph]:
    """Parse the nested models that came along with copied nodes.

    Raises:
        UserError: As for `from_text`.
    """
    return _project(text).graphs.without([MODEL])


def _project(text: str) -> Project:
    if len(text) > MAX_TEXT_LENGTH:
        raise UserError(_("The copied text is too large."))
    item: Any = None
    if text.lstrip().startswith("{"):
        item = storage.parse_json(text.encode("utf-8", "surrogatepass"))
    if not isinstance(item, dict) or item.get("format") != FORMAT:
        raise UserError(
            _("There are no layers to paste."),
            _("Copy some layers on a canvas first."),
        )
    nested = item.get("graphs")
    whole = {
        "format": storage.FORMAT,
        "version": item.get("version"),
        "graphs": {
            **(nested if isinstance(nested, dict) else {}),
            MODEL: item.get("graph"),
        },
    }
    return storage.project_from_json(whole)


@dataclass(frozen=True, slots=True)
class PasteResult:
    """A graph after pasting, and the ids of the pasted nodes."""

    graph: Graph
    ids: tuple[str, ...]


def paste_into(
    graph: Graph, fragment: Graph, shift: tuple[float, float] = (0.0, 0.0)
) -> PasteResult:
    """Return `graph` with the nodes of `fragment` added under unused ids and names.

    Args:
        graph: The graph to paste into.
        fragment: The nodes to paste.
        shift: Added to every position, in pixels at 100 %.
    """
    taken = graph
    ids: dict[str, str] = {}
    for id, node in fragment.nodes.items():
        keep = id not in taken.nodes
        ids[id] = id if keep else unique_id(node.kind, taken)
        taken = taken.with_nodes([Node(ids[id], node.kind)])
    names = {node.name for node in graph.nodes.values()}
    nodes = [_renamed_node(node, ids, names, shift) for node in fragment.nodes.values()]
    edges = (
        replace(x, source=ids[x.source], target=ids[x.target]) for x in fragment.edges
    )
    groups = paste_groups(graph.groups, fragment.groups, ids)
    return PasteResult(
        Graph(
            graph.nodes.merge({node.id: node for node in nodes}),
            (*graph.edges, *edges),
            groups,
            graph.outputs,
        ),
        tuple(ids.values()),
    )


def _renamed_node(
    node: Node, ids: dict[str, str], names: set[str], shift: tuple[float, float]
) -> Node:
    params = node.params
    if node.params.get("name") in names:
        params = params.without(["name"])
    x, y = node.position
    return replace(
        node,
        id=ids[node.id],
        params=params,
        position=(x + shift[0], y + shift[1]),
        shares=ids.get(node.shares) if node.shares else None,
    )
