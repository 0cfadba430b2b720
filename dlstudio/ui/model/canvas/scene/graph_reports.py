"""What the engine found out about one graph, ready to be shown. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dlstudio.document.analysis import Analysis, NodeReport, TensorInfo
from dlstudio.document.problems import Problem, Severity

ORDER: tuple[Severity, ...] = ("error", "warning", "hint")


@dataclass(frozen=True, slots=True)
class GraphReports:
    """Reports and problems by node id.

    Attributes:
        multiply_adds: Multiply-adds of the whole graph.
    """

    nodes: Mapping[str, NodeReport] = field(default_factory=dict)
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    multiply_adds: int = 0

    @classmethod
    def of(cls, analysis: Analysis, graph: str) -> GraphReports:
        """The part of an analysis that is about one graph."""
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
        """A node's part of the graph's multiply-adds, 0..1."""
        report = self.nodes.get(id)
        if report is None or not report.multiply_adds or not self.multiply_adds:
            return 0.0
        return report.multiply_adds / self.multiply_adds

    def shape(self, id: str, port: int) -> str:
        """The shape at an output, or "" while unknown."""
        tensor = self.tensor(id, port)
        return "" if tensor is None else str(tensor)

    def tensor(self, id: str, port: int) -> TensorInfo | None:
        """What comes out of an output, or None while unknown."""
        report = self.nodes.get(id)
        if report is None or port >= len(report.outputs):
            return None
        return report.outputs[port]

    def has_failed(self, id: str) -> bool:
        """Whether nothing comes out of a node, because of an error."""
        report = self.nodes.get(id)
        if report is not None and report.error:
            return True
        gives = report is not None and bool(report.outputs)
        return self.severity.get(id) == "error" and not gives

    def differs(self, other: GraphReports, id: str) -> bool:
        """Whether another report says something else about a node."""
        return (
            self.nodes.get(id) != other.nodes.get(id)
            or self.severity.get(id) != other.severity.get(id)
            or self.share(id) != other.share(id)
        )
