"""A predicted table: its rows, how far it is, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QProgressBar,
    QTableView,
    QWidget,
)

from dlstudio.i18n import _, ngettext
from dlstudio.ui.features.cell_thumbnails import CellThumbnails
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.predict.image_delegate import ImageDelegate
from dlstudio.ui.predict.result_model import ResultModel
from dlstudio.ui.services.table_predictions import TablePredictions
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import ElidedLabel, label
from dlstudio.workers.image_cells import CellImages
from dlstudio.workers.progress import Progress
from dlstudio.workers.table_prediction import PredictedTable

ROW_HEIGHT, IMAGE_ROW_HEIGHT = 32, 48
WIDEST = 260
STYLE = """
QTableView::item { padding: 0 5px; }
QHeaderView::section:vertical { border: none; }
QTableCornerButton::section { background: transparent; border: none; }
"""
"""Cells begin where the headings of their columns do."""


class ResultCard(Card):
    """Shows the latest table of a service, also while it is being predicted.

    Args:
        theme: Colours and sizes.
        views: Show the values of each feature type.
        predictions: Predicts tables.

    Signals:
        save_requested: Emitted when the user wants to save the table.
    """

    save_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        views: FeatureViews,
        predictions: TablePredictions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._predictions = predictions
        self._names: tuple[str, ...] = ()
        self.table = ResultModel(theme, views, self)
        self.view = QTableView(self)
        self._images = CellThumbnails(predictions.thumbnails, self.view.viewport())
        self._shown_images: CellImages | None = None
        self._set_up_view()
        self.view.setItemDelegate(
            ImageDelegate(theme, self.table, self._images, self.view)
        )
        self.title = ElidedLabel("", "strong")
        self.about = ElidedLabel("", "muted")
        self.note = label("", "bad", wrap=True)
        self.bar = QProgressBar(self)
        self.stop = button(theme, _("Stop"), "danger", "mdi6.stop")
        self.clear = button(theme, _("Clear"))
        self.save = button(theme, _("Save as…"), "", "mdi6.tray-arrow-down")
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.title)
        top.addWidget(self.about, 1)
        for each in (self.stop, self.clear, self.save):
            top.addWidget(each)
        self.body.addLayout(top)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.note)
        self.body.addWidget(self.view, 1)
        self.stop.clicked.connect(predictions.stop)
        self.clear.clicked.connect(predictions.clear)
        self.save.clicked.connect(self.save_requested)
        predictions.changed.connect(self._refresh)
        predictions.found_changed.connect(self._show_table)
        predictions.progressed.connect(self._show_progress)
        self._show_table()
        self._refresh()

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.table)
        view.setStyleSheet(STYLE)
        view.setAccessibleName(_("Predictions"))
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        per_pixel = QAbstractItemView.ScrollMode.ScrollPerPixel
        view.setVerticalScrollMode(per_pixel)
        view.setHorizontalScrollMode(per_pixel)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setCornerButtonEnabled(False)
        lines = view.verticalHeader()
        lines.setSectionResizeMode(lines.ResizeMode.Fixed)
        lines.setDefaultSectionSize(ROW_HEIGHT)
        lines.setDefaultAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        view.horizontalHeader().setHighlightSections(False)

    def _show_table(self) -> None:
        found = self._predictions.found
        images = found.thumbnails if found else None
        if images is not None and images is not self._shown_images:
            self._images.show_images(images)
        self._shown_images = images
        lines = self.view.verticalHeader()
        lines.setDefaultSectionSize(
            IMAGE_ROW_HEIGHT if images is not None else ROW_HEIGHT
        )
        self.table.show_table(found)
        names = tuple(each.name for each in found.columns) if found else ()
        if names != self._names:
            self._names = names
            self._fit_columns()
        self._show_texts()

    def _fit_columns(self) -> None:
        """Columns as wide as what is in the first rows."""
        header = self.view.horizontalHeader()
        header.setResizeContentsPrecision(50)
        self.view.resizeColumnsToContents()
        for column in range(self.table.columnCount()):
            width = min(header.sectionSize(column) + 28, WIDEST)
            header.resizeSection(column, width)

    def _refresh(self) -> None:
        running, found = self._predictions.running, self._predictions.found
        self.stop.setVisible(running)
        for each in (self.clear, self.save):
            each.setVisible(found is not None)
            each.setEnabled(not running and not self._predictions.saving)
        self.bar.setVisible(running)
        if running and self._predictions.progress is None:
            self.bar.setRange(0, 0)
        self._show_texts()

    def _show_progress(self, progress: Progress) -> None:
        self.bar.setRange(0, max(progress.total, 1))
        self.bar.setValue(progress.done)
        self._show_texts()

    def _show_texts(self) -> None:
        found, path = self._predictions.found, self._predictions.path
        running = self._predictions.running
        shown = path if running or found is None else found.path
        self.title.set_text("" if shown is None else shown.name)
        self.about.set_text(self._about())
        note = self._predictions.note
        if found is not None and found.errors and not running and not note:
            note = errors_text(found)
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _about(self) -> str:
        progress = self._predictions.progress
        if self._predictions.running:
            if progress is None:
                return _("Reading…")
            return _("Row {done} of {total}").format(
                done=f"{progress.done:,}", total=f"{progress.total:,}"
            )
        found = self._predictions.found
        if found is None:
            return ""
        if not found.is_complete:
            return _("Stopped at row {done} of {total}").format(
                done=f"{len(found.rows):,}", total=f"{found.total:,}"
            )
        text = ngettext("{count} row", "{count} rows", found.total)
        return text.format(count=f"{found.total:,}")


def errors_text(found: PredictedTable) -> str:
    """How many rows could not be predicted, and why."""
    count = sum(found.errors.values())
    text = ngettext(
        "{count} row could not be predicted: {reason}",
        "{count} rows could not be predicted, most often: {reason}",
        count,
    )
    return text.format(count=f"{count:,}", reason=next(iter(found.errors)))
