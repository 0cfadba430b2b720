"""Creates a starter model for the data if the project has none."""

from __future__ import annotations

from PySide6.QtCore import QObject

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.project import (
    SetBindings,
    SetFeatures,
    SetGraph,
    SetPlan,
)
from dlstudio.document.project import MODEL, Project, reconstructs_images
from dlstudio.document.starter_edits import FITTED, use_model
from dlstudio.i18n import _
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.services.dataset.dataset_controller import DatasetController
from dlstudio.ui.studio import Studio
from dlstudio.workers.dataset_opener import fit_model
from dlstudio.workers.table_jobs import fit_table_model


class StarterModel(QObject):
    """Requests a model sized to the data and adds it to the project.

    Args:
        studio: The window's services, theme and navigation.
        controller: State of the open dataset.
        dataset_actions: Edits of samples.
    """

    def __init__(
        self,
        studio: Studio,
        controller: DatasetController,
        dataset_actions: DatasetActions,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._controller = controller
        self._actions = dataset_actions

    def start_autoencoder(self) -> None:
        """Request an autoencoder, even if there are classes."""
        self._start(autoencoder=True)

    def start(self) -> None:
        """Request the model that fits the data."""
        self._start(autoencoder=False)

    def _start(self, *, autoencoder: bool) -> None:
        dataset, session = self._controller.dataset, self._studio.session
        table = self._controller.tables.dataset
        if table is not None:
            made = self._controller.files.job(
                fit_table_model, session.catalog, table, session.project
            )
            made.on_success(self._apply_to_table)
            made.on_failure(self._studio.notices.error).start()
        if dataset is None:
            return
        name = session.project.name
        job = self._controller.files.job(
            fit_model, session.catalog, dataset, name, autoencoder
        )
        job.on_success(self._apply).on_failure(self._studio.notices.error).start()

    def _apply_to_table(self, made: Project) -> None:
        edits: list[Edit] = [SetPlan(name, getattr(made.plan, name)) for name in FITTED]
        edits.append(SetGraph(made.model, MODEL))
        edits.append(SetFeatures(made.data.features))
        edits.append(SetBindings(made.inputs, made.outputs))
        self._actions.do_all(edits, _("Create a model for the table"))
        self._studio.notices.good(
            _("A small network that fits your table is ready in the Model room.")
        )

    def _apply(self, made: Project) -> None:
        edits = use_model(made, self._studio.session.catalog)
        self._actions.do_all(edits, _("Create a model for the images"))
        text = _("A small network that fits your images is ready in the Model room.")
        if reconstructs_images(made):
            text = _("An autoencoder that fits your images is ready in the Model room.")
        self._studio.notices.good(text)
        if not reconstructs_images(made):
            project = self._studio.session.project
            self._studio.services.pretrained_weights.propose(project)


def has_fitting_model(project: Project) -> bool:
    """Whether each input of a project's model is entered by a feature of a table."""
    nodes = project.model.nodes
    entered = {each.input for each in project.inputs}
    return bool(nodes) and (len(project.inputs) == 1 or entered <= set(nodes))
