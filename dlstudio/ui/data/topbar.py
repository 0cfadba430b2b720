"""The top bar of the Data room: dataset summary and long data jobs."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from dlstudio.catalog.source_queries import samples_of
from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.services.dataset.dataset_text import (
    dataset_summary,
    source_title,
    table_summary,
    title_of,
)
from dlstudio.ui.services.dataset.dataset_view import DatasetView
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import ElidedLabel, label
from dlstudio.workers.progress import Progress
from dlstudio.workers.table_dataset import TableSnapshot

MIN_ESTIMATE_SECONDS = 2.0  # seconds before the remaining time is estimated


class TopBar(QWidget):
    """Title and summary of the dataset, with the actions for all of it.

    Signals:
        folder_requested, file_requested, reload_requested: Emitted by the menu.
        sample_requested: Emitted by the menu, with the kind of source.
        examine_requested, prepare_requested, model_requested: Emitted by the buttons.
    """

    folder_requested = Signal()
    file_requested = Signal()
    sample_requested = Signal(str)
    reload_requested = Signal()
    examine_requested = Signal()
    prepare_requested = Signal()
    model_requested = Signal()

    def __init__(
        self, theme: Theme, catalog: Catalog, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self.title = ElidedLabel("", "title")
        self.facts = ElidedLabel("", "muted")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.facts)
        self.model = button(theme, _("Create model"), "primary")
        self.examine = button(
            theme, _("Check images"), "", "mdi6.clipboard-search-outline"
        )
        self.examine.setToolTip(_("Check all images for problems."))
        self.prepare = button(theme, _("Prepare"), "", "mdi6.tray-arrow-down")
        self.prepare.setToolTip(
            _("Decode and resize all images once, so that training starts immediately.")
        )
        self.other = button(theme, _("Change source"), "", "mdi6.folder-outline")
        self.other.setMenu(self._menu())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for each in (self.model, self.examine, self.prepare, self.other):
            row.addWidget(each)
        self.model.clicked.connect(self.model_requested)
        self.examine.clicked.connect(self.examine_requested)
        self.prepare.clicked.connect(self.prepare_requested)

    def show_data(
        self, view: DatasetView | None, project: Project, to_examine: bool
    ) -> None:
        """Show another dataset, or an updated summary.

        Args:
            view: The dataset; None if there is none.
            project: Says what the images are for.
            to_examine: Whether the images are neither examined nor being examined.
        """
        self.setVisible(view is not None)
        if view is None:
            return
        dataset = view.dataset
        self.title.set_text(source_title(dataset.source, self._catalog))
        excluded = int(view.excluded.sum())
        counting = "" if dataset.complete else _("counting…") + "  "
        classes = len(view.classes)
        facts = dataset_summary(dataset, self._catalog, excluded, project.head, classes)
        needs_model = not project.model.nodes
        self.model.setText(_("Create model") if classes else _("Create autoencoder"))
        self.facts.set_text(counting + facts)
        self.model.setVisible(needs_model and dataset.complete)
        self.examine.setVisible(to_examine and dataset.complete)
        self.prepare.show()

    def show_table(
        self, snapshot: TableSnapshot, project: Project, needs_model: bool
    ) -> None:
        """Show the summary of a table.

        Args:
            snapshot: The table with its recipe applied.
            project: Says what is predicted.
            needs_model: Whether the project has no model for these columns.
        """
        self.show()
        self.title.set_text(source_title(project.data.source, self._catalog))
        self.facts.set_text(table_summary(snapshot, project))
        self.model.setText(_("Create model"))
        self.model.setVisible(needs_model)
        self.examine.hide()
        self.prepare.hide()

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(_("Folder…"), self.folder_requested.emit)
        menu.addAction(_("File or archive…"), self.file_requested.emit)
        for each in samples_of(self._catalog.family("sources")):
            menu.addAction(title_of(each), partial(self._request_sample, each.kind))
        menu.addSeparator()
        menu.addAction(_("Reload"), self.reload_requested.emit)
        return menu

    def _request_sample(self, kind: str) -> None:
        self.sample_requested.emit(kind)


class JobProgressBar(QFrame):
    """Progress and remaining time of a long job, with a cancel button.

    Signals:
        cancelled: Emitted by the button.
    """

    cancelled = Signal()

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._began = 0.0
        self._first = 0
        self.text = label(text)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(text)
        self.left = label("", "muted")
        self.cancel = button(theme, _("Cancel"))
        self.cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(12)
        row.addWidget(self.text)
        row.addWidget(self.bar, 1)
        row.addWidget(self.left)
        row.addWidget(self.cancel)
        self.hide()

    def show_progress(self, progress: Progress | None) -> None:
        """Show the progress; None hides the bar."""
        if progress is None:
            self.hide()
            self._began = 0.0
            return
        now = time.monotonic()
        if not self._began:
            self._began, self._first = now, progress.done
        total = max(1, progress.total)
        self.bar.setRange(0, 0 if not progress.total else 1000)
        self.bar.setValue(round(1000 * progress.done / total))
        self.left.setText(self._left(progress, now))
        self.show()

    def _left(self, progress: Progress, now: float) -> str:
        done, seconds = progress.done - self._first, now - self._began
        share = percent(progress.done / max(1, progress.total), 0)
        if done <= 0 or seconds < MIN_ESTIMATE_SECONDS:
            return share if progress.total else ""
        left = seconds / done * (progress.total - progress.done)
        return f"{share} · " + _("{time} left").format(time=_clock(left))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
