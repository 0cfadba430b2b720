"""The main window: painting, closing, and drag and drop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QResizeEvent,
    QShowEvent,
    QWhatsThisClickedEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QMainWindow,
    QMessageBox,
    QWidget,
)

from dlstudio.catalog.keras_files import (
    CONVERTED_SUFFIXES,
    MODEL_SUFFIXES,
    SCRIPT_SUFFIXES,
    saved_model_folder,
)
from dlstudio.i18n import _
from dlstudio.ui.room_capabilities import DATA_FILES, PREDICT
from dlstudio.ui.shell.core import Core
from dlstudio.ui.shell.focus_order import move_focus, next_outside
from dlstudio.ui.shell.remembered_placement import RememberedPlacement
from dlstudio.ui.shell.rooms import ROOMS, RoomDescription
from dlstudio.ui.shell.shell import Shell
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.widgets.drop_hint import DropHint
from dlstudio.ui.widgets.dropped_files import Drop, recognize_drop
from dlstudio.ui.widgets.focus import nearest_focusable


class Window(QMainWindow):
    """The main window.

    Signals:
        painted: Emitted after the first paint.
        closed: Emitted when the window has closed; False if a thread still runs.
    """

    painted = Signal()
    closed = Signal(bool)

    def __init__(self, core: Core, rooms: Sequence[RoomDescription] = ROOMS) -> None:
        super().__init__()
        self.core = core
        self._painted = False
        self._close_dialog: QMessageBox | None = None
        self._button_actions: dict[QAbstractButton, Callable[[], None]] = {}
        self.is_closed = False
        self.setAcceptDrops(True)
        self.shell = Shell(core, rooms, self)
        self.setWindowIcon(
            icon("mdi6.hexagon-multiple", self.shell.theme.colors.accent)
        )
        self._placement = RememberedPlacement(core, self)
        self._placement.restore()
        if core.settings.warning:
            core.notices.system(core.settings.warning, "warning")

    def event(self, event: QEvent) -> bool:
        """Emit `painted` on the first paint; open the guide on a widget's request."""
        if isinstance(event, QWhatsThisClickedEvent):
            self.shell.show_guide(event.href())
            return True
        done = super().event(event)
        if not self._painted and event.type() == QEvent.Type.Paint:
            self._painted = True
            self.painted.emit()
        return done

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab moves through header, rail, room and status bar, in this order.

        Qt also calls this when the focused widget is hidden, disabled or deleted:
        then a nearby widget takes the focus, not the next one in the chain.
        """
        now = QApplication.focusWidget()
        if now is None:
            return super().focusNextPrevChild(forward)
        if not now.isVisible() or not now.isEnabled():
            beside = nearest_focusable(now, self) if self.isAncestorOf(now) else None
            if beside is None:
                return super().focusNextPrevChild(forward)
            beside.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return move_focus(self, self._focus_regions(), forward)

    def next_outside(self, room: QWidget, forward: bool) -> QWidget | None:
        """The widget that Tab reaches when leaving a room with its own order."""
        return next_outside(self, self._focus_regions(), room, forward)

    def _focus_regions(self) -> tuple[QWidget, ...]:
        content = self.shell.content
        return (content.header, content.rail, content.rooms, content.status)

    # Closing.

    def closeEvent(self, event: QCloseEvent) -> None:
        """Confirm if work is unsaved; then stop all threads and delete the autosave."""
        if self.is_closed:
            return
        question = self._question()
        if question is None:
            self._end()
            return
        event.ignore()
        if self._close_dialog is None:
            self._close_dialog = question
            question.finished.connect(self._close_answered)
            question.open()
        self._close_dialog.raise_()

    def _question(self) -> QMessageBox | None:
        """The confirmation needed before closing; None if nothing is lost."""
        session = self.core.session
        name = session.project.name or _("Untitled")
        if session.has_unsaved_work:
            text = _("Save changes to “{name}”?").format(name=name)
            return self._box(
                text,
                (_("Save"), self._save_and_close),
                (_("Don't save"), self.close_unsaved),
            )
        services = self.core.services
        if services.busy or services.quit_warnings:
            quits = _("Stop and quit") if services.busy else _("Quit")
            return self._box(
                " ".join(services.quit_warnings), (quits, self.close_unsaved)
            )
        return None

    def _box(self, text: str, *actions: tuple[str, Callable[[], None]]) -> QMessageBox:
        box = QMessageBox(self)
        box.setWindowTitle("dlstudio")
        box.setText(text)
        self._button_actions.clear()
        for number, (name, run) in enumerate(actions):
            role = QMessageBox.ButtonRole.DestructiveRole
            made = box.addButton(
                name, role if number else QMessageBox.ButtonRole.AcceptRole
            )
            self._button_actions[made] = run
        cancel = box.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setEscapeButton(cancel)
        return box

    def _close_answered(self) -> None:
        box, self._close_dialog = self._close_dialog, None
        if box is not None:
            box.deleteLater()
            run = self._button_actions.get(box.clickedButton())
            if run is not None:
                run()

    def _save_and_close(self) -> None:
        if self.shell.controller.save():
            self.close()

    def close_unsaved(self) -> None:
        """Close and discard unsaved changes."""
        self._end()
        self.close()

    def _end(self) -> None:
        self.is_closed = True
        self._placement.remember()
        self.hide()
        self.shell.controller.file.close()
        ended = self.core.close()
        self.shell.autosave.close()
        self.shell.qt_translations.remove()
        self.closed.emit(ended)

    def open_path(self, path: Path) -> None:
        """Open a project, import a model, or view a converted one."""
        suffix = path.suffix.lower()
        is_model = suffix in MODEL_SUFFIXES + SCRIPT_SUFFIXES
        if is_model or saved_model_folder(path) is not None:
            self.shell.model_import.take(path)
        elif suffix in CONVERTED_SUFFIXES:
            self.shell.model_viewer.start(path)
        else:
            self.shell.controller.open(path)

    # Drag and drop.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        found = self._recognize_drop(event)
        if found is not None:
            self.show_hint(found)
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.show_hint(None)

    def dropEvent(self, event: QDropEvent) -> None:
        self.show_hint(None)
        found = self._recognize_drop(event)
        if found is None:
            return
        event.acceptProposedAction()
        controller, paths = self.shell.controller, list(found.paths)
        if found.kind == "project":
            controller.open(found.path)
        elif found.kind == "data" and controller.wants_data:
            self.shell.visit(DATA_FILES, lambda room: room.take_files(paths))
        elif found.kind == "data":
            controller.from_data(paths)
        elif found.kind == "model":
            self.shell.model_import.take(found.path)
        elif found.kind == "viewed":
            self.shell.model_viewer.start(found.path)
        elif found.kind == "images":
            self.shell.visit(PREDICT, lambda room: room.predict(paths))
        else:
            self.core.notices.reported.emit(found.text, "warning", "")

    def _recognize_drop(self, event: QDropEvent) -> Drop | None:
        return recognize_drop(
            event.mimeData(),
            self.core.session.catalog,
            self.shell.controller.wants_data,
        )

    def show_hint(self, drop: Drop | None) -> None:
        """Show over the window what a drop would do; None hides the hint."""
        for old in self.findChildren(DropHint):
            old.hide()
            old.deleteLater()
        if drop is not None:
            DropHint(self.shell.theme, drop, self)

    def showEvent(self, event: QShowEvent) -> None:
        """Track screen changes of the window."""
        super().showEvent(event)
        self._placement.follow_screen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.shell.palette.dismiss()
