"""A bar above the rooms about changes to the project's file, with actions."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from dlstudio.document.edit_lock import LockHolder
from dlstudio.document.storage import project_file
from dlstudio.i18n import _
from dlstudio.ui.shell.project_controller import ProjectController
from dlstudio.ui.shell.project_file import CHANGED, DELETED, MOVED, SAME
from dlstudio.ui.shell.project_file_actions import ProjectFileActions
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.notice_bar import NoticeBar

BarAction = tuple[str, Callable[[], None]]


class ProjectBar(QWidget):
    """Shown while another window holds the project or its file has changed on disk."""

    def __init__(
        self, theme: Theme, controller: ProjectController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._controller = controller
        self.file_actions = ProjectFileActions(controller)
        self.bar: NoticeBar | None = None
        self.buttons: dict[str, QPushButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 8, 16, 8)
        controller.file.state_changed.connect(self.refresh)
        controller.session.saved_changed.connect(self._saved_changed)
        self._unsaved = controller.session.unsaved
        self.refresh()

    def refresh(self) -> None:
        """Show the current state."""
        if self.bar is not None:
            self._column.removeWidget(self.bar)
            self.bar.hide()
            self.bar.deleteLater()
            self.bar = None
        self.buttons = {}
        if self._controller.file.state != SAME:
            text, actions = self._message()
            for name, work in actions:
                made = button(self._theme, name)
                made.clicked.connect(work)
                self.buttons[name] = made
            buttons = tuple(self.buttons.values())
            self.bar = NoticeBar(
                self._theme, text, "warning", buttons=buttons, closable=False
            )
            self._column.addWidget(self.bar)
        self.setVisible(self.bar is not None)

    def _saved_changed(self) -> None:
        unsaved = self._controller.session.unsaved
        if unsaved != self._unsaved:
            self._unsaved = unsaved
            self.refresh()

    def _message(self) -> tuple[str, tuple[BarAction, ...]]:
        controller, file = self._controller, self._controller.file
        folder = controller.session.folder
        assert folder is not None, "only a project on disk has a state there"
        save_as: BarAction = (_("Save as…"), controller.save_as)
        find: BarAction = (_("Find folder…"), self.file_actions.choose_moved_folder)
        mine: BarAction = (_("Keep mine"), self.file_actions.keep_mine)
        reload: BarAction = (_("Reload"), self.file_actions.reload)
        if file.state == CHANGED:
            text = _("{file} was changed by another program.")
            if controller.session.unsaved:
                text = _(
                    "{file} was changed by another program, and you have "
                    "unsaved changes here."
                )
            actions = (reload, save_as) if file.holder else (reload, mine, save_as)
            return text.format(file=project_file(folder)), actions
        if file.state == DELETED:
            text = _("{file} was deleted.").format(file=project_file(folder))
            return text, ((_("Keep mine"), self.file_actions.keep_mine), find, save_as)
        if file.state == MOVED:
            text = _("The project folder is no longer at {folder}.")
            return text.format(folder=folder), (find, save_as)
        take: BarAction = (_("Take over"), self.file_actions.take_over)
        return _held_text(file.holder or LockHolder.unknown(), file.displaced), (
            take,
            save_as,
        )


def _held_text(holder: LockHolder, displaced: bool) -> str:
    who = holder.text()
    if not who:
        return _(
            "The project is open in another dlstudio window or process and is "
            "read-only here."
        )
    text = (
        _("The project was taken over ({holder}) and is now read-only here.")
        if displaced
        else _("The project is already open ({holder}) and is read-only here.")
    )
    return text.format(holder=who)
