"""The context of a check: what it reads, and how it creates and tries fixes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dlstudio.catalog.schema import Description, Ports
from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import InsertOnEdge
from dlstudio.document.graph import Edge, Graph, Node
from dlstudio.document.problems import Fix, Problem, Severity
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import freeze_map
from dlstudio.engine.heads.base import HeadType
from dlstudio.engine.model.call_arguments import CallArguments, ports_of
from dlstudio.engine.model.opaque_weights import WeightsFiles
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.problems.node_queries import LAYERS
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.engine.shapes.layer_inference import TensorSpec
from dlstudio.engine.shapes.node_shape import NodeShape
from dlstudio.errors import UserError
from dlstudio.i18n import _

MOST_TRIALS = 12


@dataclass(frozen=True, slots=True)
class CheckContext:
    """One graph of a project with all known facts about it.

    Attributes:
        name: The graph's.
        dataset: Statistics of the data, if there is any.
        head_type: What the output means, if it is a known head.
        shapes: By node id.
        trying: Only the problems matter, not their fixes.
        files: Beside the project, if it has a folder.
        graph: The graph of that name.
    """

    project: Project
    catalog: Catalog
    memo: ShapeInference
    name: str = MODEL
    dataset: DatasetStatistics | None = None
    head_type: HeadType | None = None
    shapes: Mapping[str, NodeShape] = field(default_factory=dict)
    trying: bool = False
    files: WeightsFiles | None = None
    graph: Graph = field(init=False)
    _calls: CallArguments = field(init=False, repr=False)

    def __post_init__(self) -> None:
        graph = self.project.graphs[self.name]
        object.__setattr__(self, "graph", graph)
        object.__setattr__(self, "_calls", CallArguments(graph))

    @property
    def main(self) -> bool:
        """Whether this is the graph that is trained."""
        return self.name == MODEL

    def problem(
        self,
        severity: Severity,
        code: str,
        message: str,
        node: str = "",
        fixes: Iterable[Fix | None] = (),
    ) -> Problem:
        """A problem of this graph; fixes that are None are dropped.

        Args:
            severity: Only an "error" prevents training.
            code: Identifies the check, such as "shape-mismatch".
            message: What happened, what was expected and what to do, for the user.
            node: Id of the node it is shown at; "" for the whole graph.
            fixes: Fixes, the most likely first.
        """
        kept = tuple(fix for fix in fixes if fix is not None)
        return Problem(severity, code, message, node, self.name, kept)

    def into(self, id: str) -> tuple[Edge, ...]:
        """The edges into a node, by port."""
        return self._calls.into(id)

    def out_of(self, id: str) -> tuple[Edge, ...]:
        """The edges out of a node."""
        return self._calls.out_of(id)

    def describe(self, node: Node) -> Description | None:
        """The description of a node's kind, if there is one."""
        return self.catalog.get(node.kind)

    def ports(self, node: Node) -> Ports:
        """The input ports of a node."""
        described = self.describe(node)
        given = described.inputs if described else Ports(0, None)
        return ports_of(node, given, self.project.graphs)

    def takes_numbers(self, node: Node) -> bool:
        """Whether a constant may replace an edge: an operation with several inputs."""
        described = self.describe(node)
        return described is not None and any(
            described.param(name) is not None for name in described.inputs.names
        )

    def param(self, node: Node, name: str) -> Any:
        """The value of a parameter, else its default, else None."""
        if name in node.params:
            return node.params[name]
        described = self.describe(node)
        found = described.param(name) if described else None
        return found.default if found else None

    def has(self, node: Node, name: str) -> bool:
        """Whether the node's kind has such a parameter."""
        described = self.describe(node)
        return described is not None and described.param(name) is not None

    def called(self, id: str) -> str:
        """The name of a node; the id if it does not exist."""
        node = self.graph.nodes.get(id)
        return node.name if node else id

    def output(self, id: str) -> TensorSpec | None:
        """The output of a node, if it is a single known tensor."""
        shape = self.shapes.get(id)
        return shape.outputs[0] if shape and len(shape.outputs) == 1 else None

    def before(self, id: str) -> tuple[Node, ...]:
        """The nodes that feed a node, by port; missing ones are skipped."""
        edges = self.into(id)
        found = (self.graph.nodes.get(edge.source) for edge in edges)
        return tuple(node for node in found if node is not None)

    def after(self, id: str) -> tuple[Node, ...]:
        """The nodes a node feeds."""
        edges = self.out_of(id)
        found = (self.graph.nodes.get(edge.target) for edge in edges)
        return tuple(node for node in found if node is not None)

    def new(
        self, kind: str, stem: str, at: Edge | None = None, **params: object
    ) -> Node:
        """A node with an unused id, in the middle of `at` if given.

        Args:
            kind: The layer's class in `keras.layers`.
            stem: Prefix of its id.
            at: The edge it is placed on; None places it at the origin.
            **params: Parameters that differ from their defaults.
        """
        id = self.graph.unique_id(stem)
        return Node(id, LAYERS + kind, freeze_map(params), self._middle(at))

    def insert(
        self, kind: str, stem: str, edge: Edge, **params: object
    ) -> InsertOnEdge:
        """The edit that inserts a new layer into an edge.

        Args:
            kind: The layer's class in `keras.layers`.
            stem: Prefix of its id.
            edge: The edge it is inserted into.
            **params: Parameters that differ from their defaults.
        """
        return InsertOnEdge(self.new(kind, stem, edge, **params), edge, self.name)

    def _middle(self, edge: Edge | None) -> tuple[float, float]:
        ends = (
            [self.graph.nodes.get(id) for id in (edge.source, edge.target)]
            if edge
            else []
        )
        places = [node.position for node in ends if node is not None]
        if not places:
            return (0.0, 0.0)
        count = len(places)
        return sum(x / count for x, y in places), sum(y / count for x, y in places)

    def apply(self, edits: Iterable[Edit]) -> Project | None:
        """The project after some edits; None if they cannot be applied."""
        project = self.project
        try:
            for edit in edits:
                project = edit.apply(project)
        except UserError:
            return None
        return project

    def shapes_after(self, edits: Iterable[Edit]) -> Mapping[str, NodeShape] | None:
        """Shapes of this graph after some edits; None if they cannot be applied."""
        project = self.apply(edits)
        if project is None:
            return None
        return self.memo.infer(
            project.graphs[self.name],
            self.catalog,
            project.graphs,
            project.plan.precision,
        )

    def working_fixes(
        self, node: str, fixes: Iterable[Fix], most: int = 3
    ) -> tuple[Fix, ...]:
        """The fixes after which `node` has a shape (or is removed), best first.

        Each fix is tried on the graph. A fix after which every node has a shape and the
        output is a vector comes first; fixes that leave errors after `node` are kept
        only if there is nothing better, and fixes that break valid nodes never.

        Args:
            node: Id of the node with the problem.
            fixes: Candidates, the most likely first; only the first `MOST_TRIALS` are
                tried.
            most: Maximum number of fixes returned.
        """
        if self.trying:
            return ()
        fine = {id for id, shape in self.shapes.items() if not shape.cause}
        ranked: list[tuple[int, Fix]] = []
        tried: list[tuple[Edit, ...]] = []
        for fix in _first(fixes, MOST_TRIALS):
            if fix.edits in tried:
                continue
            tried.append(fix.edits)
            project = self.apply(fix.edits)
            shapes = self.shapes_after(fix.edits)
            if project is None or shapes is None:
                continue
            wrong = _wrong(shapes)
            added = shapes.keys() - self.shapes.keys()
            if node in wrong or wrong & (fine | added):
                continue
            if node in shapes and shapes[node].cause:
                continue
            row = _ends_in_row(project.graphs[self.name], shapes)
            ranked.append((2 if wrong else int(not row), fix))
        best = sorted(ranked, key=lambda pair: pair[0])
        kept = [fix for rank, fix in best if rank < 2] or [fix for _rank, fix in best]
        return tuple(kept[:most])

    def keeps_shapes(self, edits: Iterable[Edit]) -> bool:
        """Whether every node that has a shape now still has one afterwards."""
        if self.trying:
            return False
        shapes = self.shapes_after(edits)
        return shapes is not None and _wrong(shapes) <= _wrong(self.shapes)


def _wrong(shapes: Mapping[str, NodeShape]) -> set[str]:
    """Nodes that are wrong themselves, not because of earlier nodes."""
    return {id for id, shape in shapes.items() if shape.cause not in ("", "upstream")}


def _ends_in_row(graph: Graph, shapes: Mapping[str, NodeShape]) -> bool:
    """Whether every output is a vector, as scores are."""
    ends = [shapes[id] for id in graph.output_ids() if id in shapes]
    return all(len(form.shape) == 2 for shape in ends for form in shape.outputs)


def _first(fixes: Iterable[Fix], most: int) -> Iterator[Fix]:
    for number, fix in enumerate(fixes):
        if number == most:
            return
        yield fix


def remove_edge(context: CheckContext, edge: Edge) -> str:
    """The label of a fix that removes an edge."""
    return _("Remove the connection from {source} to {target}").format(
        source=context.called(edge.source), target=context.called(edge.target)
    )


def usual_shape(context: CheckContext) -> tuple[int, int, int]:
    """Height, width and channels of the data's samples, or a common size."""
    dataset = context.dataset
    height = (dataset.height if dataset else None) or 64
    width = (dataset.width if dataset else None) or 64
    return height, width, (dataset.channels if dataset else None) or 3
