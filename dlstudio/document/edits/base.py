"""Base classes of edits: frozen values that take a project and return the next one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from dlstudio.document.graph import Graph, Node
from dlstudio.document.project import Project
from dlstudio.errors import UserError
from dlstudio.i18n import _


@runtime_checkable
class Edit(Protocol):
    """A frozen value; `apply` returns a new project and never changes the old one."""

    def apply(self, project: Project) -> Project:
        """The project after the edit.

        Raises:
            UserError: The edit does not fit this project.
        """
        ...


class GraphEdit(ABC):
    """An edit of one of the project's graphs.

    A subclass is a frozen dataclass with `graph` as its last field.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def graph(self) -> str:
        """The name of the graph that changes."""

    @abstractmethod
    def change(self, graph: Graph) -> Graph:
        """The graph after the edit.

        Raises:
            UserError: The edit does not fit this graph.
        """

    def apply(self, project: Project) -> Project:
        """The project with the changed graph; see `Edit.apply`."""
        return project.with_graph(self.graph, self.change(project.graph(self.graph)))


@dataclass(frozen=True, slots=True)
class CompositeEdit:
    """Several edits as one undo step with one name."""

    edits: tuple[Edit, ...] = ()
    name: str = ""

    def apply(self, project: Project) -> Project:
        for edit in self.edits:
            project = edit.apply(project)
        return project


def find_node(graph: Graph, id: str) -> Node:
    """The node with this id.

    Raises:
        UserError: No node has this id.
    """
    found = graph.nodes.get(id)
    if found is None:
        raise UserError(_("There is no layer called “{name}”.").format(name=id))
    return found
