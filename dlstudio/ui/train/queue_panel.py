"""The training queue: waiting trainings, their order, and why one is held."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from dlstudio.document.change_descriptions import describe_change
from dlstudio.document.project import Project
from dlstudio.i18n import _, ngettext
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.widgets.buttons import IconButton, button
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import heading
from dlstudio.workers.queue import QueuedTraining, TrainingQueue
from dlstudio.workers.training import TrainingController

ROWS = 4
"""Maximum number of visible rows."""
ICON = 14
NARROW = 34
ID = Qt.ItemDataRole.UserRole


class QueuePanel(Card):
    """Visible while trainings are waiting; `add` is the button to add another.

    Args:
        studio: The window's services, theme and navigation.
        queue: The training queue.
        trainings: Controls the running training.
    """

    def __init__(
        self,
        studio: Studio,
        queue: TrainingQueue,
        trainings: TrainingController,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, margin=12, spacing=6)
        self._studio = studio
        self._names = studio.services.run_names
        self._queue = queue
        self._trainings = trainings
        theme = studio.theme
        self.add = IconButton(theme, "mdi6.playlist-plus", _("Add to queue"))
        self.title = heading(theme, "")
        self.begin = button(theme, _("Start queue"), "", "mdi6.play")
        self.up = IconButton(theme, "mdi6.arrow-up", _("Move up (Alt+Up)"))
        self.down = IconButton(theme, "mdi6.arrow-down", _("Move down (Alt+Down)"))
        self.drop = IconButton(theme, "mdi6.close", _("Remove from queue (Del)"))
        self.clear = button(theme, _("Clear queue"), "link")
        self.list = QueueList(self)
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.title, 1)
        for each in (self.up, self.down, self.drop):
            each.setFixedWidth(NARROW)
            head.addWidget(each)
        feet = QHBoxLayout()
        feet.addWidget(self.begin)
        feet.addStretch(1)
        feet.addWidget(self.clear)
        self.body.addLayout(head)
        self.body.addWidget(self.list)
        self.body.addLayout(feet)
        self._connect()
        self._show()

    def _connect(self) -> None:
        queue = self._queue
        self.begin.clicked.connect(queue.begin)
        self.clear.clicked.connect(queue.clear)
        self.up.clicked.connect(lambda: self.list.request_move(-1))
        self.down.clicked.connect(lambda: self.list.request_move(1))
        self.drop.clicked.connect(self.list.request_remove)
        self.list.moved.connect(queue.move)
        self.list.removed.connect(queue.remove)
        self.list.itemSelectionChanged.connect(self._enable)
        queue.changed.connect(self._show)
        self._trainings.state_changed.connect(self._show)

    def _show(self, _state: str = "") -> None:
        entries = self._queue.entries
        self.setVisible(bool(entries))
        count = len(entries)
        text = ngettext("Queue: {count} run", "Queue: {count} runs", count)
        self.title.setText(text.format(count=count))
        self.begin.setVisible(self._queue.ready)
        request = self._trainings.request
        before = request.project if request else None
        rows = []
        for number, entry in enumerate(entries, 1):
            words = f"{number}. {self._words(entry, before)}"
            rows.append((entry.id, words, bool(entry.held)))
            before = entry.request.project
        faint, warning = self._studio.theme.colors.text_muted, "mdi6.pause-circle"
        self.list.fill(rows, icon(warning, faint))
        self._enable()

    def _words(self, entry: QueuedTraining, before: Project | None) -> str:
        """Description of a training by its differences from the previous one."""
        request = entry.request
        epochs = request.more or request.project.plan.epochs
        long = ngettext("{count} epoch", "{count} epochs", epochs)
        words = [long.format(count=epochs)]
        if request.resume:
            words = [_("resume run {run}").format(run=self._names.name(request.resume))]
        elif before is not None:
            words = [describe_change(before, request.project) or words[0]]
        if request.folder != self._studio.session.folder or before is None:
            words.insert(0, request.project.name)
        if entry.held:
            words.append(entry.held)
        return " · ".join(words)

    def _enable(self) -> None:
        row, count = self.list.currentRow(), self.list.count()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < count - 1)
        self.drop.setEnabled(row >= 0)


class QueueList(QListWidget):
    """Rows can be dragged; Alt with an arrow moves one, Del removes it.

    Signals:
        moved: Emitted with a row's id and the number of places.
        removed: Emitted with a row's id.
    """

    moved = Signal(int, int)
    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Training queue"))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIconSize(QSize(ICON, ICON))
        # Queued: the list is refilled, which must not happen during a drag.
        queued = Qt.ConnectionType.QueuedConnection
        self.model().rowsMoved.connect(self._dragged, queued)
        self._ids: list[int] = []

    def fill(self, rows: list[tuple[int, str, bool]], held: QIcon) -> None:
        """Set the rows as (id, text, held); the selection is preserved."""
        chosen, place = self._chosen(), self.currentRow()
        self.blockSignals(True)
        self.clear()
        for id, text, waits in rows:
            item = QListWidgetItem(text)
            item.setData(ID, id)
            item.setToolTip(text)
            if waits:
                item.setIcon(held)
            self.addItem(item)
        self._ids = [id for id, _text, _waits in rows]
        if chosen in self._ids:
            self.setCurrentRow(self._ids.index(chosen))
        elif place >= 0:
            self.setCurrentRow(min(place, len(rows) - 1))
        self.blockSignals(False)
        heights = [self.sizeHintForRow(row) for row in range(min(len(rows), ROWS))]
        self.setFixedHeight(sum(heights) + 2)

    def request_move(self, by: int) -> None:
        """Request to move the selected row."""
        chosen = self._chosen()
        if chosen is not None:
            self.moved.emit(chosen, by)

    def request_remove(self) -> None:
        """Request to remove the selected row."""
        chosen = self._chosen()
        if chosen is not None:
            self.removed.emit(chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with an arrow moves, Del removes."""
        arrows = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        key = Qt.Key(event.key())
        if key in arrows and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.request_move(arrows[key])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.request_remove()
        else:
            super().keyPressEvent(event)

    def _chosen(self) -> int | None:
        row = self.currentRow()
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def _dragged(
        self, _from: QModelIndex, first: int, _last: int, _to: QModelIndex, row: int
    ) -> None:
        """`row` is the row before which it was dropped."""
        if 0 <= first < len(self._ids):
            by = row - first - (1 if row > first else 0)
            self.moved.emit(self._ids[first], by)
