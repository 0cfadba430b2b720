"""Tracks and replaces the data source of the open project."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from dlstudio.catalog.schema import Description
from dlstudio.document.source_edits import fitting_head, use_source
from dlstudio.document.values import Spec
from dlstudio.i18n import _
from dlstudio.ui.services.dataset.dataset_text import source_title
from dlstudio.ui.session import Session
from dlstudio.workers.dataset import Dataset


class ProjectSource(QObject):
    """Compares the session's source with the previous one, and replaces it.

    Signals:
        removed: Emitted when the project has no source any more.
        changed: Emitted when the project has another source to open.
        opened: Emitted with the `Dataset` of another source that is open already.
    """

    removed = Signal()
    changed = Signal()
    opened = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._last: tuple[Spec, Path | None] | None = None
        self._dataset: Dataset | None = None

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

    def use(self, dataset: Dataset) -> None:
        """Set the source of an open dataset as the project's source.

        Raises:
            UserError: The project cannot be changed.
        """
        self._dataset = dataset
        session = self._session
        head = fitting_head(session.catalog, session.project.head, dataset.multi_label)
        self._set(dataset.source, dataset.has_splits, head)

    def use_incomplete(self, source: Spec) -> None:
        """Set an incomplete source; its other parameters are set in the room."""
        self._set(source, False)

    def _set(
        self, source: Spec, has_splits: bool, head: Description | None = None
    ) -> None:
        name = source_title(source, self._session.catalog)
        text = _("Use data from {name}").format(name=name)
        self._session.do(use_source(source, has_splits, head), text)


def _is_absolute(source: Spec) -> bool:
    path = source.params.get("path")
    return not isinstance(path, str) or Path(path).is_absolute()
