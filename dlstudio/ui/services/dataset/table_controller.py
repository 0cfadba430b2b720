"""The open table of a session: what its recipe makes of it, kept up to date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from dlstudio.document.plan import Split
from dlstudio.document.project import Project
from dlstudio.document.values import Params
from dlstudio.i18n import translator
from dlstudio.ui.services.dataset.latest_job import LatestJob
from dlstudio.ui.session import ProjectChange, Session
from dlstudio.workers.dataset import Mask
from dlstudio.workers.jobs import WorkerThread
from dlstudio.workers.table import TableFilter
from dlstudio.workers.table_dataset import TableDataset, TableFinding, TableSnapshot
from dlstudio.workers.table_findings import table_findings
from dlstudio.workers.table_jobs import (
    column_params,
    matching_rows,
    table_snapshot,
)


class TableController(QObject):
    """Applies the session's recipe to a table, and finds what is wrong with it.

    Args:
        session: With the open project.
        opening: Thread on which data is opened.
        examining: Thread for work that takes longer.

    Signals:
        changed: Emitted when there is another table, or a newer `snapshot`.
        found_changed: Emitted when `findings` changed, or are being looked for.
        rows_found: Emitted with the rows that match the latest filter, or None for all.
    """

    changed = Signal()
    found_changed = Signal()
    rows_found = Signal(object)

    def __init__(
        self,
        session: Session,
        opening: WorkerThread,
        examining: WorkerThread,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._opening = opening
        self.dataset: TableDataset | None = None
        self.snapshot: TableSnapshot | None = None
        self._found: tuple[TableFinding, ...] | None = None
        self._filter = TableFilter()
        self._split: Split | None = None
        self._language = translator.language
        self._snapshots = LatestJob(opening, table_snapshot, self)
        self._findings = LatestJob(examining, table_findings, self)
        self._filtering = LatestJob(opening, matching_rows, self)
        session.changed.connect(self._session_changed)

    @property
    def is_examined(self) -> bool:
        """Whether the findings are known."""
        return self._found is not None

    @property
    def is_translated(self) -> bool:
        """Whether the texts about the table are in the current language."""
        return self.dataset is None or self._language == translator.language

    @property
    def findings(self) -> dict[str, list[TableFinding]]:
        """Unchecked findings by kind."""
        checked = frozenset(self._session.project.data.checked)
        kinds: dict[str, list[TableFinding]] = {}
        for each in self._found or ():
            if each.key not in checked:
                kinds.setdefault(each.kind, []).append(each)
        return kinds

    def show(self, dataset: TableDataset | None) -> None:
        """Use another table; None for none."""
        if dataset is None and self.dataset is None:
            return
        for job in (self._snapshots, self._findings, self._filtering):
            job.forget()
        self.dataset, self.snapshot, self._found = dataset, None, None
        self._split = None
        self._filter = TableFilter()
        self.changed.emit()
        self.refresh()

    def refresh(self) -> None:
        """Apply the recipe anew, and look for what is wrong with it."""
        dataset = self.dataset
        if dataset is None:
            return
        catalog, project = self._session.catalog, self._session.project
        self._language = translator.language
        self._take_snapshot()
        self._findings.request(self._take_findings, catalog, dataset, project)

    def preview_split(self, split: Split | None) -> None:
        """Preview another split without changing the project; None ends the preview."""
        self._split = split
        self._take_snapshot()

    def filter(self, wanted: TableFilter) -> None:
        """Find the rows that match a filter; emits `rows_found`."""
        self._filter = wanted
        if not wanted:
            self._filtering.forget()
            self.rows_found.emit(None)
        elif self.snapshot is not None:
            rows = self.snapshot.content.rows
            found = self._rows_of(wanted.finding)
            self._filtering.request(self.rows_found.emit, rows, wanted, found)

    def infer_params(
        self, name: str, kind: str, then: Callable[[Params], None]
    ) -> None:
        """Find the settings with which a type reads a column.

        Args:
            name: Of the feature, or of a column that is ignored.
            kind: The type.
            then: Called with the settings.
        """
        dataset = self.dataset
        if dataset is None:
            return
        own = self._session.project.data.features.get(name)
        column = (own.column if own is not None else "") or name
        catalog = self._session.catalog
        job = self._opening.job(column_params, catalog, dataset, column, kind)
        job.on_success(then).start()

    def _take_snapshot(self) -> None:
        dataset, project = self.dataset, self._session.project
        if dataset is None:
            return
        if self._split is not None:
            project = _with_split(project, self._split)
        self._snapshots.request(self._show, self._session.catalog, dataset, project)

    def _show(self, snapshot: TableSnapshot) -> None:
        self.snapshot = snapshot
        self.changed.emit()
        if self._filter:
            self.filter(self._filter)

    def _take_findings(self, found: tuple[TableFinding, ...]) -> None:
        self._found = found
        self.found_changed.emit()
        if self._filter.finding:
            self.filter(self._filter)

    def _rows_of(self, kind: str) -> Mask | None:
        if not kind or self.dataset is None:
            return None
        mask = np.zeros(len(self.dataset), np.bool_)
        for each in self.findings.get(kind, []):
            mask[np.array(each.rows, np.int64)] = True
        return mask

    def _session_changed(self, change: ProjectChange) -> None:
        before, after = change.before, change.after
        if self.dataset is None or after.data.source != self.dataset.source:
            return
        parts = before.data != after.data, before.inputs != after.inputs
        if any(parts) or before.outputs != after.outputs:
            self._split = None
            self.refresh()
            self.found_changed.emit()


def _with_split(project: Project, split: Split) -> Project:
    return replace(project, data=replace(project.data, split=split))
