"""The analysis results of one graph, prepared for display. Independent of Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.document.analysis import Analysis, NodeReport, TensorInfo
from dlstudio.document.problems import Problem, Severity

ORDER: tuple[Severity, ...] = ("error", "warning", "hint")


@dataclass(frozen=True, slots=True)
class GraphReports:
    """Node reports and problems by node id.

    Attributes:
        multiply_adds: Multiply-adds of the whole graph.
    """

    nodes: Mapping[str, NodeReport] = field(default_factory=dict)
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    multiply_adds: int = 0

    @classmethod
    def of(cls, analysis: Analysis, graph: str) -> GraphReports:
        """Extract the results of one graph from an analysis."""
        problems: dict[str, tuple[Problem, ...]] = {}
        for each in analysis.problems:
            if each.graph == graph and each.node:
                problems[each.node] = (*problems.get(each.node, ()), each)
        severity = {
            id: min((p.severity for p in ps), key=ORDER.index)
            for id, ps in problems.items()
        }
        return cls(
            analysis.nodes.get(graph, {}),
            problems,
            severity,
            analysis.multiply_adds(graph),
        )

    def share(self, id: str) -> float:
        """Return a node's share of the graph's multiply-adds, 0..1."""
        report = self.nodes.get(id)
        if report is None or not report.multiply_adds or not self.multiply_adds:
            return 0.0
        return report.multiply_adds / self.multiply_adds

    def shape(self, id: str, port: int) -> str:
        """Return the shape at an output port, or "" if unknown."""
        tensor = self.tensor(id, port)
        return "" if tensor is None else str(tensor)

    def tensor(self, id: str, port: int) -> TensorInfo | None:
        """Return the tensor at an output port, or None if unknown."""
        report = self.nodes.get(id)
        if report is None or port >= len(report.outputs):
            return None
        return report.outputs[port]

    def has_failed(self, id: str) -> bool:
        """Return whether a node has no output because of an error."""
        report = self.nodes.get(id)
        if report is not None and report.error:
            return True
        gives = report is not None and bool(report.outputs)
        return self.severity.get(id) == "error" and not gives

    def differs(self, other: GraphReports, id: str) -> bool:
        """Return whether the reports about a node differ."""
        return (
            self.nodes.get(id) != other.nodes.get(id)
            or self.severity.get(id) != other.severity.get(id)
            or self.share(id) != other.share(id)
        )
