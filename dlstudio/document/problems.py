"""Problems found while editing, with their messages and fixes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import InsertOnEdge
from dlstudio.document.edits.nodes import RemoveNodes, ReplaceNode
from dlstudio.document.edits.params import ResetParam, SetParam
from dlstudio.document.edits.project import SetData, SetPlan
from dlstudio.document.edits.serialization import edit_to_json
from dlstudio.document.graph import Node
from dlstudio.document.name_lists import list_names
from dlstudio.document.project import MODEL
from dlstudio.document.values import Value
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject
from dlstudio.labelled_text import labelled

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Fix:
    """A fix: a button's text and the edits that it applies."""

    label: str
    edits: tuple[Edit, ...]

    @classmethod
    def remove(cls, *nodes: Node, join: bool = True, graph: str = MODEL) -> Fix:
        """Remove nodes; with `join`, connect their inputs to their targets.

        Args:
            *nodes: Ids of the nodes to remove.
            join: Whether to connect a removed node's source with its target.
            graph: Name of their graph.
        """
        names = list_names(node.name for node in nodes)
        edit = RemoveNodes(tuple(node.id for node in nodes), join, graph)
        return cls(_("Remove {nodes}").format(nodes=names), (edit,))

    @classmethod
    def insert_after(cls, source: str, edit: InsertOnEdge) -> Fix:
        """Insert a layer after the one named `source`."""
        kind = edit.node.kind.rpartition(".")[2]
        label = _("Insert {kind} after {source}").format(kind=kind, source=source)
        return cls(label, (edit,))

    @classmethod
    def replace_node(cls, label: str, node: Node, graph: str = MODEL) -> Fix:
        """Replace the node with the same id by another.

        Args:
            label: The button's text, translated.
            node: The new node.
            graph: Name of the node's graph.
        """
        return cls(label, (ReplaceNode(node, graph),))

    @classmethod
    def set_param(
        cls, label: str, node: Node, name: str, value: Value, graph: str = MODEL
    ) -> Fix:
        """Set one parameter of a node.

        Args:
            label: The button's text, translated.
            node: The current node.
            name: Name of the parameter.
            value: The new value.
            graph: Name of the node's graph.
        """
        return cls(label, (SetParam(node.id, name, value, graph),))

    @classmethod
    def reset_param(cls, label: str, node: Node, name: str, graph: str = MODEL) -> Fix:
        """Reset one parameter of a node to its default.

        Args:
            label: The button's text, translated.
            node: The current node.
            name: Name of the parameter.
            graph: Name of the node's graph.
        """
        return cls(label, (ResetParam(node.id, name, graph),))

    @classmethod
    def set_plan(cls, label: str, path: str, value: object) -> Fix:
        """Set one field of the training plan; see `SetPlan`.

        Args:
            label: The button's text, translated.
            path: Field names joined by dots.
            value: The new value.
        """
        return cls(label, (SetPlan(path, value),))

    @classmethod
    def set_data(cls, label: str, path: str, value: object) -> Fix:
        """Set one field of the data recipe; see `SetData`.

        Args:
            label: The button's text, translated.
            path: Field names joined by dots.
            value: The new value.
        """
        return cls(label, (SetData(path, value),))

    def to_json(self) -> JsonObject:
        """The form that `--json` prints."""
        return {"label": self.label, "edits": [edit_to_json(e) for e in self.edits]}


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a project.

    Attributes:
        severity: An "error" prevents training; a "warning" will probably harm it; a
            "hint" is advice.
        code: Stable name of the kind of problem, such as "shape-mismatch".
        message: What happened, what was expected, how to fix it.
        node: Id of the affected node, or "" for the data or the plan.
        graph: Name of that node's graph.
        fixes: Fixes, the most likely first.
    """

    severity: Severity
    code: str
    message: str
    node: str = ""
    graph: str = "model"
    fixes: tuple[Fix, ...] = ()

    @property
    def place(self) -> str:
        """The node, prefixed with the graph's name unless it is the trained one."""
        inside = self.graph if self.graph != MODEL else ""
        return " › ".join(part for part in (inside, self.node) if part)

    def placed(self, before: str = "") -> str:
        """The message behind its place, with which some messages begin themselves.

        Args:
            before: Stands before both.
        """
        message = self.message.removeprefix(f"{self.node}: ")
        name = f"{before} {self.place}".strip()
        return labelled(name, message) if name else message

    def to_json(self) -> JsonObject:
        """The form `dlstudio check --json` prints."""
        return {
            "severity": self.severity,
            "code": self.code,
            "node": self.node,
            "graph": self.graph,
            "message": self.message,
            "fixes": [fix.to_json() for fix in self.fixes],
        }


def error_of(problems: Iterable[Problem]) -> UserError | None:
    """The first problem that prevents training, as an error."""
    for problem in problems:
        if problem.severity == "error":
            text = problem.placed()
            return UserError(text, " ".join(f"→ {fix.label}." for fix in problem.fixes))
    return None
