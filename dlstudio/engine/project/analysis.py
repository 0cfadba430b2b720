"""Analyses a project for the window: shapes, costs and problems."""

from __future__ import annotations

import platform
from pathlib import Path

import keras
import tensorflow as tf

from dlstudio.catalog.store import Catalog
from dlstudio.document.analysis import (
    Analysis,
    ImageExamination,
)
from dlstudio.document.plan import DataRecipe
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.custom_code.code_scope import project_code
from dlstudio.engine.model.opaque_weights import WeightsFiles
from dlstudio.engine.prediction.activations import ActivationReader
from dlstudio.engine.problems.check import check
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.project.check import data_problem, is_missing
from dlstudio.engine.project.data import dataset_statistics
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.engine.shapes.reports import node_report
from dlstudio.errors import UserError
from dlstudio.i18n import translator


class Analyser:
    """Analyses project revisions, and caches results per layer."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.shapes = ShapeInference()
        self.activation_reader = ActivationReader(catalog)
        self._known: tuple[DataRecipe, Path, bool, ImageExamination | None] | None = (
            None
        )
        self._dataset: DatasetStatistics | None = None
        self._data_problem: Problem | None = None
        self._language = ""
        self._files: WeightsFiles | None = None

    def analyse(
        self,
        project: Project,
        revision: int,
        folder: Path | None = None,
        examined: ImageExamination | None = None,
    ) -> Analysis:
        """Analyse one revision; never raises for any content of a graph.

        Args:
            folder: The project's folder, for relative data paths; None if unsaved.
            examined: Results of the window's data examination.
        """
        with project_code(project, folder):
            return self._analysed(project, revision, folder, examined)

    def _analysed(
        self,
        project: Project,
        revision: int,
        folder: Path | None,
        examined: ImageExamination | None,
    ) -> Analysis:
        dataset = self._statistics(project, folder, examined)
        nodes = {
            name: FrozenMap(
                (id, node_report(shape))
                for id, shape in self.shapes.infer(
                    graph, self.catalog, project.graphs, project.plan.precision
                ).items()
            )
            for name, graph in project.graphs.items()
        }
        if folder is None or self._files is None or self._files.folder != folder:
            self._files = WeightsFiles(folder) if folder else None
        problems = check(project, self.catalog, self.shapes, dataset, self._files)
        data = (self._data_problem,) if self._data_problem else ()
        return Analysis(revision, FrozenMap(nodes), (*data, *problems))

    def _statistics(
        self, project: Project, folder: Path | None, examined: ImageExamination | None
    ) -> DatasetStatistics | None:
        """The cached statistics; recomputed only if the recipe or the data changed.

        Computing them is slow for large data sets.
        """
        if folder is None or not project.data.source.kind:
            self._known, self._dataset, self._data_problem = None, None, None
            return None
        missing = is_missing(project.data.source, folder)
        here = project.data.source, folder
        if examined is not None and (examined.source, examined.folder) != here:
            examined = None
        known = (project.data, folder, missing, examined)
        spoken, self._language = self._language, translator.language
        reworded = self._data_problem is not None and spoken != self._language
        if self._known != known or reworded:
            self._known = known
            self._dataset, self._data_problem = None, None
            try:
                self._dataset = dataset_statistics(
                    project, folder, self.catalog, examined
                )
            except UserError as error:
                self._data_problem = data_problem(project, folder, error)
        return self._dataset


def versions() -> dict[str, str]:
    """Versions of the libraries that models are made with."""
    return {
        "TensorFlow": tf.__version__,
        "Keras": keras.__version__,
        "Python": platform.python_version(),
    }
