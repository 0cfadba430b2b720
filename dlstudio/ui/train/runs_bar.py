"""The bar above the table of runs: filter, metric, and unreadable runs."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _, ngettext
from dlstudio.ui.run_text import metric_name
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox
from dlstudio.ui.widgets.notice_bar import NoticeBar
from dlstudio.ui.widgets.search_field import SearchField
from dlstudio.workers.run_table import (
    DamagedEntry,
    RunList,
    choose_metric,
    move_damaged,
)


class RunsBar(QWidget):
    """The bar above the table of runs.

    Signals:
        narrowed: Emitted when the filter changes.
        changed: Emitted when the list of runs must be read again.
    """

    narrowed = Signal()
    changed = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._wanted = ""
        self._damaged: tuple[DamagedEntry, ...] = ()
        self.notice: NoticeBar | None = None
        self.away: QPushButton | None = None
        self.filter = SearchField(studio.theme, _("Filter runs"), self)
        self.filter.setMaximumWidth(180)
        self.archived = QCheckBox(_("Show archived"), self)
        self.compared = NoWheelComboBox(self)
        self.compared.setAccessibleName(_("Metric for comparing runs"))
        self.compared.setToolTip(_("Metric for comparing runs"))
        self.compared.setSizeAdjustPolicy(
            NoWheelComboBox.SizeAdjustPolicy.AdjustToContents
        )
        self.compared.setMaximumWidth(240)
        self.count = label("", "muted")
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.filter)
        line.addWidget(self.compared)
        line.addWidget(self.archived)
        line.addStretch(1)
        line.addWidget(self.count)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addLayout(line)
        self.filter.textChanged.connect(self.narrowed)
        self.archived.toggled.connect(self.narrowed)
        self.compared.activated.connect(self._choose)

    def show_list(self, runs: RunList) -> None:
        """Show the available metrics and the unreadable runs."""
        names = [self.compared.itemData(row) for row in range(self.compared.count())]
        if names != list(runs.metrics):
            self.compared.clear()
            for name in runs.metrics:
                self.compared.addItem(metric_name(name), name)
        if self._wanted in ("", runs.metric):  # otherwise it is not saved yet
            self._wanted = ""
            self.compared.setCurrentIndex(self.compared.findData(runs.metric))
        self.compared.setVisible(len(runs.metrics) > 1)
        if runs.damaged != self._damaged:
            self._damaged = runs.damaged
            self._show_damaged()

    def _choose(self, _index: int) -> None:
        folder = self._studio.session.folder
        assert folder is not None, "there are no runs without a project"
        self._wanted = self.compared.currentData()
        job = self._studio.engine.text_job(choose_metric, folder, self._wanted)
        job.on_failure(self._save_failed)
        job.on_end(lambda _outcome: self.changed.emit()).start()

    def _save_failed(self, error: BaseException) -> None:
        self._wanted = ""
        self._studio.notices.error(error)

    def _show_damaged(self) -> None:
        if self.notice is not None:
            self._column.removeWidget(self.notice)
            self.notice.hide()
            self.notice.deleteLater()
            self.notice = None
        if not self._damaged:
            return
        count = len(self._damaged)
        text = ngettext(
            "{count} run cannot be read.", "{count} runs cannot be read.", count
        ).format(count=count)
        details = "\n".join(f"{each.id}: {each.message}" for each in self._damaged)
        theme = self._studio.theme
        self.away = move = button(theme, _("Move away"))
        move.setToolTip(_("Moves them to runs/.damaged. Nothing is deleted."))
        move.clicked.connect(self._move)
        shown = (move,) if any(each.movable for each in self._damaged) else ()
        self.notice = NoticeBar(
            theme, text, "warning", details, shown, passing=False, closable=False
        )
        self._column.addWidget(self.notice)

    def _move(self) -> None:
        folder = self._studio.session.folder
        assert folder is not None, "there are no runs without a project"
        job = self._studio.engine.text_job(move_damaged, folder)
        job.on_failure(self._studio.notices.error)
        job.on_end(lambda _outcome: self.changed.emit()).start()
