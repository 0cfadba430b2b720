"""Shapes, costs and problems of a project in one answer, for the window."""

from __future__ import annotations

import platform

import keras
import tensorflow as tf

from dlstudio.catalog.store import Catalog
from dlstudio.document.analysis import Analysis, NodeReport, Tensor
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.check import check
from dlstudio.engine.facts import DataFacts
from dlstudio.engine.probing import Form
from dlstudio.engine.shapes import NodeShape, Shapes


class Analyser:
    """Answers again and again, and remembers what it knows of each layer."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.shapes = Shapes()

    def analyse(
        self, project: Project, revision: int, facts: DataFacts | None = None
    ) -> Analysis:
        """Everything about one revision; never raises because of what a graph says."""
        nodes = {
            name: FrozenMap(
                (id, _report(shape))
                for id, shape in self.shapes.infer(
                    graph, self.catalog, project.graphs, project.plan.precision
                ).items()
            )
            for name, graph in project.graphs.items()
        }
        problems = check(project, self.catalog, self.shapes, facts)
        return Analysis(revision, FrozenMap(nodes), tuple(problems))


def _report(shape: NodeShape) -> NodeReport:
    return NodeReport(
        inputs=tuple(map(_tensor, shape.inputs)),
        outputs=tuple(map(_tensor, shape.outputs)),
        parameters=shape.cost.params,
        trainable=shape.cost.trainable,
        multiply_adds=shape.cost.multiply_adds,
        memory=shape.cost.memory or 0,
        error=shape.error,
    )


def _tensor(form: Form) -> Tensor:
    return Tensor(form.shape[1:], form.dtype)


def versions() -> dict[str, str]:
    """Versions of what models are made with."""
    return {
        "TensorFlow": tf.__version__,
        "Keras": keras.__version__,
        "Python": platform.python_version(),
    }
