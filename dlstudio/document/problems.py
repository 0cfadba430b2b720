"""A mistake found while editing, told in a sentence, with its fixes."""

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

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Fix:
    """One fix: a button's text and what it does to the project."""

    label: str
    edits: tuple[Edit, ...]

    @classmethod
    def remove(cls, *nodes: Node, join: bool = True, graph: str = MODEL) -> Fix:
        """Remove nodes; with `join`, what fed one feeds what it fed.

        Args:
            *nodes: Those to be removed.
            join: Connect what fed a removed node with what it fed.
            graph: Name of their graph.
        """
        names = list_names(node.name for node in nodes)
        edit = RemoveNodes(tuple(node.id for node in nodes), join, graph)
        return cls(_("Remove {nodes}").format(nodes=names), (edit,))

    @classmethod
    def insert_after(cls, source: str, edit: InsertOnEdge) -> Fix:
        """Insert a layer; `source` is the name of the one before it."""
        kind = edit.node.kind.rpartition(".")[2]
        label = _("Insert {kind} after {source}").format(kind=kind, source=source)
        return cls(label, (edit,))

    @classmethod
    def replace_node(cls, label: str, node: Node, graph: str = MODEL) -> Fix:
        """Replace the node with the same id by another.

        Args:
            label: What the button says, translated.
            node: The new one.
            graph: Name of its graph.
        """
        return cls(label, (ReplaceNode(node, graph),))

    @classmethod
    def set_param(
        cls, label: str, node: Node, name: str, value: Value, graph: str = MODEL
    ) -> Fix:
        """Set one parameter of a node.

        Args:
            label: What the button says, translated.
            node: The node as it is now.
            name: The parameter's.
            value: The new value.
            graph: Name of the node's graph.
        """
        return cls(label, (SetParam(node.id, name, value, graph),))

    @classmethod
    def reset_param(cls, label: str, node: Node, name: str, graph: str = MODEL) -> Fix:
        """Give one parameter of a node its default again.

        Args:
            label: What the button says, translated.
            node: The node as it is now.
            name: The parameter's.
            graph: Name of the node's graph.
        """
        return cls(label, (ResetParam(node.id, name, graph),))

    @classmethod
    def set_plan(cls, label: str, path: str, value: object) -> Fix:
        """Set one field of the training plan; see `SetPlan`.

        Args:
            label: What the button says, translated.
            path: Names of fields, joined by dots.
            value: The new value.
        """
        return cls(label, (SetPlan(path, value),))

    @classmethod
    def set_data(cls, label: str, path: str, value: object) -> Fix:
        """Set one field of the data recipe; see `SetData`.

        Args:
            label: What the button says, translated.
            path: Names of fields, joined by dots.
            value: The new value.
        """
        return cls(label, (SetData(path, value),))

    def to_json(self) -> JsonObject:
        """The form that `--json` prints."""
        return {"label": self.label, "edits": [edit_to_json(e) for e in self.edits]}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong.

    Attributes:
        severity: An "error" keeps from training; a "warning" will probably hurt;
            a "hint" is advice.
        code: Stable name of the kind of problem, such as "shape-mismatch".
        message: What happened, what was expected, how to mend it.
        node: Id of the node it belongs to, or "" for the data or the plan.
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
        """The node, after the name of the graph where it is not the one trained."""
        inside = self.graph if self.graph != MODEL else ""
        return " › ".join(part for part in (inside, self.node) if part)

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
    """The first problem that keeps a project from training, as an error."""
    for problem in problems:
        if problem.severity == "error":
            place = problem.place
            text = f"{place}: {problem.message}" if place else problem.message
            return UserError(text, " ".join(f"→ {fix.label}." for fix in problem.fixes))
    return None
