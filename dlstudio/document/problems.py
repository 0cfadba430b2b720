"""A mistake found while editing, told in a sentence, with its fixes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.serialization import edit_to_json
from dlstudio.document.project import MODEL
from dlstudio.errors import UserError

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Fix:
    """One fix: a button's text and what it does to the project."""

    label: str
    edits: tuple[Edit, ...]

    def to_json(self) -> dict[str, Any]:
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

    def to_json(self) -> dict[str, Any]:
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
