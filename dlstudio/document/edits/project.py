"""Edits of a project's graphs, plan, data, name and task."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from dlstudio.document.dotted_fields import set_field
from dlstudio.document.graph import Graph
from dlstudio.document.project import MODEL, Project
from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True, slots=True)
class SetGraph:
    """Add a graph or replace an existing one."""

    value: Graph
    graph: str = MODEL

    def apply(self, project: Project) -> Project:
        return project.with_graph(self.graph, self.value)


@dataclass(frozen=True, slots=True)
class RemoveGraph:
    """Remove a graph; the trained one cannot be removed."""

    graph: str

    def apply(self, project: Project) -> Project:
        project.graph(self.graph)
        if self.graph == MODEL:
            raise UserError(_("The graph to train cannot be removed."))
        return replace(project, graphs=project.graphs.without([self.graph]))


@dataclass(frozen=True, slots=True)
class SetPlan:
    """Set one field of the training plan: "epochs", "optimizer.learning_rate"."""

    path: str
    value: Any

    def apply(self, project: Project) -> Project:
        return replace(project, plan=set_field(project.plan, self.path, self.value))


@dataclass(frozen=True, slots=True)
class SetData:
    """Set one field of the data recipe: "split.seed", "source"."""

    path: str
    value: Any

    def apply(self, project: Project) -> Project:
        return replace(project, data=set_field(project.data, self.path, self.value))


@dataclass(frozen=True, slots=True)
class SetName:
    """Rename the project."""

    name: str

    def apply(self, project: Project) -> Project:
        return replace(project, name=self.name)


@dataclass(frozen=True, slots=True)
class SetTask:
    """Set the task, a kind of the family "tasks"."""

    task: str

    def apply(self, project: Project) -> Project:
        return replace(project, task=self.task)
