"""Modeless dialogs: keyboard shortcuts, doctor and about."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio import __version__
from dlstudio.i18n import _
from dlstudio.ui.actions import FOCUS_CONTEXTS, Context
from dlstudio.ui.shell.actions import MENUS, strip_mnemonic
from dlstudio.ui.shell.menus import Commands
from dlstudio.ui.shell.shortcuts import shortcut_text
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import heading, label
from dlstudio.workers.jobs import WorkerThread
from dlstudio.workers.project_files import examine

ShortcutLine = tuple[str, str]  # description and keys
SHORTCUT_COLUMNS: Sequence[tuple[Sequence[str], Sequence[Context]]] = (
    (("file", "edit", "help"), ()),
    (("view", "run"), ("gallery", "table")),
    ((), ("canvas",)),
)
"""Menus and contexts whose shortcuts share a column of the dialog."""


class ModelessDialog(QDialog):
    """A modeless dialog: a column for the content above a row of buttons."""

    def __init__(self, theme: Theme, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(label(title, "title"))
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column.addLayout(self.body, 1)
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        close = button(theme, _("Close"))
        close.clicked.connect(self.close)
        self._buttons.addWidget(close)
        column.addLayout(self._buttons)

    def add_button(self, made: QPushButton) -> None:
        """Add a button on the left."""
        self._buttons.insertWidget(0, made)


class ShortcutsDialog(ModelessDialog):
    """All shortcuts: those of the menus, the canvas and the image gallery."""

    def __init__(self, theme: Theme, commands: Commands, parent: QWidget) -> None:
        super().__init__(theme, _("Keyboard shortcuts"), parent)
        inside = QWidget()
        inside.setProperty("role", "clear")
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(0, 0, 8, 0)
        columns.setSpacing(40)
        sections = {menu: _menu_shortcuts(commands, menu) for menu in MENUS}
        focused = {
            context: (_(title), _focus_shortcuts(commands, context))
            for context, title in FOCUS_CONTEXTS.items()
        }
        for menus, contexts in SHORTCUT_COLUMNS:
            shown = [(strip_mnemonic(_(MENUS[menu])), sections[menu]) for menu in menus]
            shown += [focused[context] for context in contexts]
            columns.addLayout(self._column(shown))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        self.body.addWidget(area)
        self.resize(940, 640)

    def _column(
        self, sections: Sequence[tuple[str, Sequence[ShortcutLine]]]
    ) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        for title, lines in sections:
            row = grid.rowCount()
            words = heading(self.theme, title)
            words.setContentsMargins(0, 0 if row <= 1 else 10, 0, 0)
            grid.addWidget(words, row, 0, 1, 2)
            for text, keys in lines:
                row += 1
                grid.addWidget(label(text), row, 0)
                shown = label(keys, "muted")
                shown.setFont(mono_font(self.theme))
                grid.addWidget(shown, row, 1, Qt.AlignmentFlag.AlignRight)
        grid.setRowStretch(grid.rowCount(), 1)
        grid.setColumnStretch(0, 1)
        return grid


def _menu_shortcuts(commands: Commands, menu: str) -> list[ShortcutLine]:
    return [
        (action.plain_text(), shortcut_text(action))
        for action in commands.actions
        if action.menu == menu and action.shortcuts
    ]


def _focus_shortcuts(commands: Commands, context: Context) -> list[ShortcutLine]:
    """The shortcuts that work only while a canvas or gallery has the focus."""
    return [
        (action.plain_text(), shortcut_text(action, context))
        for action in commands.actions
        if context in action.focus_contexts()
    ]


class DoctorDialog(ModelessDialog):
    """The machine's hardware and software, determined in the background."""

    def __init__(
        self, theme: Theme, file_thread: WorkerThread, parent: QWidget
    ) -> None:
        super().__init__(theme, _("Check system"), parent)
        self.summary = label(_("Checking the system…"), "muted", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(mono_font(theme))
        self.text.setAccessibleName(_("Details"))
        self.body.addWidget(self.summary)
        self.body.addWidget(self.text, 1)
        self.copy = button(theme, _("Copy"), "", "mdi6.content-copy")
        self.copy.setEnabled(False)
        self.copy.clicked.connect(self._copy)
        self.add_button(self.copy)
        self.resize(640, 480)
        file_thread.job(examine).on_success(self._found).on_failure(
            self._failed
        ).start()

    def _found(self, answer: tuple[str, str]) -> None:
        problem, details = answer
        self.summary.setText(problem or _("dlstudio has everything it needs."))
        self.text.setPlainText(details)
        self.copy.setEnabled(True)

    def _failed(self, error: BaseException) -> None:
        self.summary.setText(str(error))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())


class AboutDialog(ModelessDialog):
    """Version, library versions and licence."""

    def __init__(self, theme: Theme, versions: dict[str, str], parent: QWidget) -> None:
        from PySide6.QtCore import qVersion

        super().__init__(theme, "dlstudio", parent)
        lines = [
            _("Design, train, understand and export neural networks."),
            _("Version {version}").format(version=__version__),
        ]
        for text in lines:
            self.body.addWidget(label(text, wrap=True))
        known = {**versions, "Qt": qVersion()}
        shown = " · ".join(f"{name} {value}" for name, value in known.items())
        self.body.addWidget(label(shown, "muted", wrap=True))
        self.body.addWidget(label(_("Apache License 2.0"), "muted"))
        self.body.addStretch(1)
        self.setMinimumWidth(420)
