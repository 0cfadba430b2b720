"""Edits of a graph's groups."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dlstudio.document.edits.base import GraphEdit, find_node
from dlstudio.document.graph import Graph, Group
from dlstudio.document.groups import group_nodes, insert_group, ungroup
from dlstudio.document.project import MODEL
from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True, slots=True)
class SetGroup(GraphEdit):
    """Add a group, or replace the one with the same id; its nodes leave other groups.

    With a `parent`, it is nested in that group. Groups that become empty are removed.
    """

    group: Group
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        for id in self.group.nodes:
            find_node(graph, id)
        return replace(graph, groups=insert_group(graph.groups, self.group))


@dataclass(frozen=True, slots=True)
class GroupNodes(GraphEdit):
    """Group nodes; groups that are completely selected are nested in the new one.

    The id must be unused; see `dlstudio.document.groups.group_nodes`.
    """

    id: str
    name: str
    nodes: tuple[str, ...]
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        for id in self.nodes:
            find_node(graph, id)
        if any(group.id == self.id for group in graph.groups):
            raise UserError(
                _("There are two groups called “{name}”.").format(name=self.id)
            )
        groups = group_nodes(graph.groups, self.id, self.name, self.nodes)
        return replace(graph, groups=groups)


@dataclass(frozen=True, slots=True)
class Ungroup(GraphEdit):
    """Dissolve a group; its nodes and nested groups move to its parent."""

    group: str
    graph: str = MODEL

    def change(self, graph: Graph) -> Graph:
        return replace(graph, groups=ungroup(graph.groups, self.group))
