"""The table model of the runs, with sorting and filtering; scales to thousands."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from dlstudio.document.canvas.number_format import thousands_text
from dlstudio.i18n import _, marked
from dlstudio.mixed_scripts import spaced
from dlstudio.ui.run_text import metric_name, metric_text, outcome_text, when_text
from dlstudio.ui.services.training.run_monitor import RunMonitor
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.train.metric_cards import duration_text
from dlstudio.value_text import metric_number
from dlstudio.workers.run_entry import RunEntry

Index = QModelIndex | QPersistentModelIndex
SORT = Qt.ItemDataRole.UserRole
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TITLES = (
    marked("Run"),
    marked("Changes"),
    marked("Best"),
    marked("Epochs"),
    marked("Time"),
    marked("Parameters"),
    marked("Outcome"),
)
RUN, CHANGE, BEST, EPOCHS, TIME, PARAMETERS, OUTCOME = range(len(TITLES))
NUMBERS = (BEST, EPOCHS, TIME, PARAMETERS)
TONES = {"failed": "bad", "interrupted": "warning", "running": "accent"}


class RunsModel(QAbstractTableModel):
    """A table model of the runs of `RunMonitor`."""

    def __init__(
        self, theme: Theme, run_monitor: RunMonitor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._run_monitor = run_monitor
        self._entries: tuple[RunEntry, ...] = run_monitor.entries
        self._metric = run_monitor.runs.metric
        self._dots: dict[str, QIcon] = {}
        run_monitor.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Update the list; remaining runs keep their selection."""
        self._show_metric(self._run_monitor.runs.metric)
        old, new = self._entries, self._run_monitor.entries
        if [each.id for each in old] == [each.id for each in new]:
            self._entries = new
            for row, (was, now) in enumerate(zip(old, new, strict=True)):
                if was != now:
                    last = self.columnCount() - 1
                    self.dataChanged.emit(self.index(row, 0), self.index(row, last))
            return
        added = len(new) - len(old)
        if added > 0 and [e.id for e in new[added:]] == [e.id for e in old]:
            self.beginInsertRows(QModelIndex(), 0, added - 1)
            self._entries = new
            self.endInsertRows()
            return
        self.beginResetModel()
        self._entries = new
        self.endResetModel()

    def entry(self, row: int) -> RunEntry:
        """The run in a row."""
        return self._entries[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(TITLES)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Column titles, aligned with their values."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._title(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section in NUMBERS else LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, colour and sort key of a cell."""
        entry, column = self._entries[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(entry, column)
        if role == SORT:
            return self._sorted_by(entry, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in NUMBERS:
            return RIGHT
        if role == Qt.ItemDataRole.DecorationRole and column == RUN:
            return self._dot(entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(entry, self._metric)
        if role == Qt.ItemDataRole.ForegroundRole and column == OUTCOME:
            tone = TONES.get(entry.outcome, "text_muted")
            return QColor(getattr(self._theme.colors, tone))
        return None

    def _title(self, section: int) -> str:
        if section == BEST and self._metric:
            text = _("Best {metric}").format(metric=metric_name(self._metric))
            return spaced(text)
        return _(TITLES[section])

    def _show_metric(self, metric: str) -> None:
        if metric == self._metric:
            return
        self._metric = metric
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, BEST, BEST)
        if self._entries:
            last = len(self._entries) - 1
            self.dataChanged.emit(self.index(0, BEST), self.index(last, BEST))

    def _text(self, entry: RunEntry, column: int) -> str:
        if column == BEST:
            return best_text(entry, self._metric)
        return _SHOWN[column](entry)

    def _sorted_by(self, entry: RunEntry, column: int) -> Any:
        if column == BEST:
            found = entry.best.get(self._metric)
            return -math.inf if found is None else found.value
        return _SORTED[column](entry)

    def _dot(self, entry: RunEntry) -> QIcon:
        color = self._theme.run_color(entry.number)
        if color not in self._dots:
            self._dots[color] = dot(color)
        return self._dots[color]


class RunsFilter(QSortFilterProxyModel):
    """Filters runs by words; archived ones are included on request."""

    def __init__(self, model: RunsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._words: tuple[str, ...] = ()
        self._archived = False
        self.setSortRole(SORT)
        self.setSourceModel(model)

    def narrow(self, text: str, archived: bool) -> None:
        """Keep only the runs that contain all words."""
        self._words, self._archived = tuple(text.lower().split()), archived
        self.invalidate()

    def filterAcceptsRow(self, row: int, _parent: Index) -> bool:
        entry = self._model.entry(row)
        if entry.archived and not self._archived:
            return False
        if not self._words:
            return True
        text = " ".join(
            [
                entry.id,
                entry.name,
                entry.note,
                entry.change,
                outcome_text(entry.outcome),
                *entry.tags,
            ]
        ).lower()
        return all(word in text for word in self._words)

    def entry_at(self, index: Index) -> RunEntry:
        """The run at an index of the filtered model."""
        return self._model.entry(self.mapToSource(index).row())


def run_label(entry: RunEntry) -> str:
    """ "7 · my name"."""
    tags = "".join(f" #{tag}" for tag in entry.tags)
    name = f" · {entry.name}" if entry.name else ""
    return f"{entry.number}{name}{tags}"


def best_text(entry: RunEntry, metric: str) -> str:
    """The best value of a metric, or a dash."""
    found = entry.best.get(metric)
    return "–" if found is None else metric_number(found.value)


def _epochs(entry: RunEntry) -> str:
    if entry.outcome == "succeeded" or entry.planned <= entry.epochs:
        return str(entry.epochs)
    return f"{entry.epochs} / {entry.planned}"


def _tip(entry: RunEntry, metric: str) -> str:
    parts = [entry.id, when_text(entry.created)]
    best = entry.best.get(metric)
    if best is not None:
        star = _("★ best: epoch {epoch}").format(epoch=best.epoch)
        parts.append(f"{metric_text(metric, best.value)} · {star}")
    if entry.elapsed:
        text = _("{time}, of which {training} in training steps")
        parts.append(
            text.format(
                time=duration_text(entry.elapsed), training=duration_text(entry.seconds)
            )
        )
    words = [*parts, entry.message, entry.change, entry.note]
    return "\n".join(word for word in words if word)


_SHOWN: tuple[Callable[[RunEntry], str], ...] = (
    run_label,
    lambda entry: entry.change,
    lambda entry: "",  # depends on the metric
    _epochs,
    lambda entry: duration_text(entry.elapsed),
    lambda entry: thousands_text(entry.parameters) if entry.parameters else "–",
    lambda entry: outcome_text(entry.outcome),
)
_SORTED: tuple[Callable[[RunEntry], Any], ...] = (
    lambda entry: entry.number,
    lambda entry: entry.change.lower(),
    lambda entry: 0,  # depends on the metric
    lambda entry: entry.epochs,
    lambda entry: entry.elapsed,
    lambda entry: entry.parameters,
    lambda entry: entry.outcome,
)


def dot(color: str, size: int = 12) -> QIcon:
    """A filled circle."""
    pixmap = QPixmap(size * 2, size * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawEllipse(2, 2, size - 4, size - 4)
    painter.end()
    return QIcon(pixmap)


def ids_of(entries: Sequence[RunEntry]) -> tuple[str, ...]:
    """The ids of runs."""
    return tuple(entry.id for entry in entries)
