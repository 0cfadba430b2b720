"""Results of analyzing a project, as values that views can show."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dlstudio.document.problems import Problem
from dlstudio.document.values import FrozenMap, Spec


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """A tensor on an edge: dtype, and shape without the batch (None if open)."""

    shape: tuple[int | None, ...]
    dtype: str = "float32"

    def __str__(self) -> str:
        if not self.shape:
            return "1"
        return "×".join("?" if size is None else str(size) for size in self.shape)


@dataclass(frozen=True, slots=True)
class NodeReport:
    """The analysis of one node.

    Attributes:
        inputs, outputs: Tensors by port; empty while unknown.
        parameters, trainable: Weight counts (0 for a node that shares another's).
        multiply_adds: Multiply-adds for one sample; None where there is no formula.
        memory: Bytes of the outputs for one sample; None where a size is open or the
            values are strings.
        error: Keras' error message, or "".
    """

    inputs: tuple[TensorInfo, ...] = ()
    outputs: tuple[TensorInfo, ...] = ()
    parameters: int = 0
    trainable: int = 0
    multiply_adds: int | None = 0
    memory: int | None = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class ImageExamination:
    """Findings from examining every sample.

    Attributes:
        source: Source of the samples.
        folder: The project's folder, to which paths are relative.
        unreadable: Ids of unreadable samples, each with the reason.
        mirrored: For each transformation that turns one class into another, two such
            classes; see `DataFacts`.
    """

    source: Spec
    folder: Path | None
    unreadable: tuple[tuple[str, str], ...] = ()
    mirrored: FrozenMap[str, tuple[str, str]] = field(default_factory=FrozenMap)


@dataclass(frozen=True, slots=True)
class Analysis:
    """The complete analysis of one revision of a project.

    Attributes:
        nodes: Reports by graph name, then node id.
        problems: Errors first.
    """

    revision: int
    nodes: FrozenMap[str, FrozenMap[str, NodeReport]] = field(default_factory=FrozenMap)
    problems: tuple[Problem, ...] = ()

    def node(self, graph: str, id: str) -> NodeReport | None:
        """The report of one node, or None while unknown."""
        return self.nodes.get(graph, FrozenMap()).get(id)

    def parameters(self, graph: str) -> int:
        """Number of weights of a graph."""
        return sum(r.parameters for r in self.nodes.get(graph, FrozenMap()).values())

    def costs_known(self, graph: str) -> bool:
        """Whether the multiply-adds of all layers of a graph are known."""
        reports = self.nodes.get(graph, FrozenMap()).values()
        return all(report.multiply_adds is not None for report in reports)

    def multiply_adds(self, graph: str) -> int:
        """Multiply-adds of a graph for one sample, where known."""
        reports = self.nodes.get(graph, FrozenMap()).values()
        return sum(report.multiply_adds or 0 for report in reports)
