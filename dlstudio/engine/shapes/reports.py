"""Inferred shapes and costs as reports that views can show."""

from __future__ import annotations

from dlstudio.catalog.store import Catalog
from dlstudio.document.analysis import NodeReport, TensorInfo
from dlstudio.document.canvas.graph_reports import GraphReports
from dlstudio.document.project import Project
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.engine.shapes.layer_inference import TensorSpec
from dlstudio.engine.shapes.node_shape import NodeShape


def node_report(shape: NodeShape) -> NodeReport:
    """The report of one node."""
    return NodeReport(
        inputs=tuple(map(_tensor, shape.inputs)),
        outputs=tuple(map(_tensor, shape.outputs)),
        parameters=shape.cost.params,
        trainable=shape.cost.trainable,
        multiply_adds=shape.cost.multiply_adds,
        memory=shape.cost.memory,
        error=shape.error,
    )


def graph_reports(project: Project, graph: str, catalog: Catalog) -> GraphReports:
    """The reports of all nodes of a graph, without problems.

    Args:
        project: The project.
        graph: Name of one of its graphs.
        catalog: Describes the layers.
    """
    shapes = ShapeInference().infer(
        project.graph(graph), catalog, project.graphs, project.plan.precision
    )
    reports = {id: node_report(shape) for id, shape in shapes.items()}
    work = sum(report.multiply_adds or 0 for report in reports.values())
    return GraphReports(reports, multiply_adds=work)


def _tensor(form: TensorSpec) -> TensorInfo:
    return TensorInfo(form.shape[1:], form.dtype)
