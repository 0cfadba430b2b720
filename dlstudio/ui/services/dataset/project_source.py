"""Tracks and replaces the data source of the open project."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.document.edits.base import CompositeEdit, Edit
from dlstudio.document.edits.project import SetBindings, SetData, SetFeatures
from dlstudio.document.project import IMAGE_TYPE, Project
from dlstudio.document.source_edits import fitting_head, use_source
from dlstudio.document.values import Spec
from dlstudio.i18n import _
from dlstudio.ui.services.dataset.dataset_text import source_title
from dlstudio.ui.session import Session
from dlstudio.workers.dataset import Dataset
from dlstudio.workers.table_dataset import TableDataset


class ProjectSource(QObject):
    """Compares the session's source with the previous one, and replaces it.

    Signals:
        removed: Emitted when the project has no source any more.
        changed: Emitted when the project has another source to open.
        opened: Emitted with the `Dataset` or `TableDataset` of another source that is
            open already.
    """

    removed = Signal()
    changed = Signal()
    opened = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._last: tuple[Spec, Path | None] | None = None
        self._dataset: Dataset | TableDataset | None = None

    def forget(self) -> None:
        """Forget the previous source: another project is open."""
        self._last = self._dataset = None

    def update(self) -> None:
        """Emit a signal if the source, or the folder it is relative to, changed."""
        source = self._session.project.data.source
        now = (source, self._session.folder)
        if now == self._last:
            return
        before, self._last = self._last, now
        dataset, self._dataset = self._dataset, None
        if not source.kind:
            self.removed.emit()
        elif dataset is not None and dataset.source == source:
            self.opened.emit(dataset)
        elif before is None or before[0] != source or not _is_absolute(source):
            self.changed.emit()  # otherwise saved elsewhere: the same files

    def use(self, dataset: Dataset | TableDataset) -> None:
        """Set the source of an open dataset as the project's source.

        A table brings its columns along, images the features that they consist of.

        Raises:
            UserError: The project cannot be changed.
        """
        self._dataset = dataset
        if isinstance(dataset, TableDataset):
            self._set(_use_table(dataset, self._session.project), dataset.source)
            return
        edits: list[Edit] = []
        session = self._session
        project, head = session.project, session.project.head
        if not is_of_images(project):
            edits.append(SetFeatures(IMAGES.data.features))
            edits.append(SetBindings(IMAGES.inputs, IMAGES.outputs))
            head = IMAGES.head
        other = fitting_head(session.catalog, head, dataset.has_several_labels)
        edits.append(use_source(dataset.source, dataset.has_splits, other))
        self._set(CompositeEdit(tuple(edits)), dataset.source)

    def use_incomplete(self, source: Spec) -> None:
        """Set an incomplete source; its other parameters are set in the room."""
        self._set(use_source(source, False), source)

    def _set(self, edit: Edit, source: Spec) -> None:
        name = source_title(source, self._session.catalog)
        text = _("Use data from {name}").format(name=name)
        self._session.do(edit, text)


IMAGES = Project()
"""A new project is one of images."""


def is_of_images(project: Project) -> bool:
    """Whether a project has a feature of images."""
    kinds = {each.kind for each in project.data.features.values()}
    return not kinds or IMAGE_TYPE in kinds


def _use_table(dataset: TableDataset, project: Project) -> Edit:
    """Use a table; with the columns of the project so far if it has them."""
    before, after = project.data.source, dataset.source
    edit = use_source(after, dataset.has_splits)
    features = project.data.features.items()
    if all((each.column or name) in dataset.names for name, each in features):
        if before.params.get("path") != after.params.get("path"):
            return edit
        own: list[Edit] = [SetData("source", after)]
        column = "split_column"
        if before.params.get(column) != after.params.get(column):
            mode = "folders" if dataset.has_splits else "random"
            own.append(SetData("split.mode", mode))
        return CompositeEdit(tuple(own))
    choice = dataset.choice
    if choice is None:
        return edit
    bindings = SetBindings(choice.inputs, choice.outputs)
    return CompositeEdit((edit, SetFeatures(choice.features), bindings))


def _is_absolute(source: Spec) -> bool:
    path = source.params.get("path")
    return not isinstance(path, str) or Path(path).is_absolute()
