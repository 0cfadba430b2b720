"""The model as a Keras script: highlighted, live, with copy and save."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QShowEvent, QTextCursor, QTextFormat
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from dlstudio import paths
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.model.panels.python_highlighter import PythonHighlighter
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.scripts import ScriptWriter, WrittenScript

REST_MS = 200
MAX_MARKS = 300  # highlighted lines; more would not be helpful


class PythonPanel(QWidget):
    """Shows the script, which is generated only while the panel is visible.

    Signals:
        chosen: Id of the node whose lines contain the cursor.
    """

    chosen = Signal(str)

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._graph = graph
        self._script = WrittenScript("", {})
        self._selected: tuple[str, ...] = ()
        self._writer: ScriptWriter | None = None
        self._stale = True
        self._save_as: Path | None = None  # to be saved once the script is up to date
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._write)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setFont(mono_font(studio.theme))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(_("Python script of the model"))
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.cursorPositionChanged.connect(self._cursor_moved)
        self._highlighter = PythonHighlighter(self.text.document(), studio.theme)
        self._note = label("", "bad", wrap=True)
        self._note.hide()
        self.copy = QPushButton(_("Copy"), self)
        self.copy.clicked.connect(self._copy)
        self.save = QPushButton(_("Save…"), self)
        self.save.clicked.connect(self.open_save_dialog)
        self.edit = QPushButton(_("Edit as Python…"), self)
        self.edit.setToolTip(
            _("Write model.py beside the project; saving it changes the canvas.")
        )
        self._watcher = studio.services.script_watcher
        self.edit.clicked.connect(self._watcher.edit)
        self.copy.setEnabled(False)
        self._build()
        studio.session.changed.connect(self._changed)

    def mark(self, ids: Sequence[str]) -> None:
        """Highlight the lines of nodes and scroll to the first one."""
        self._selected = tuple(ids)
        if self.isVisible():
            self._mark_lines(scroll=True)

    def refresh(self) -> None:
        """Regenerate the script if it is visible and the project has changed."""
        if self._stale and self.isVisible():
            self._rest.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Update the script and its highlighted lines."""
        super().showEvent(event)
        self._mark_lines(scroll=True)
        self.refresh()

    def _build(self) -> None:
        buttons = QVBoxLayout()
        buttons.setContentsMargins(8, 4, 16, 8)
        for button in (self.copy, self.save, self.edit):
            buttons.addWidget(button)
        buttons.addStretch(1)
        left = QVBoxLayout()
        left.setContentsMargins(16, 4, 0, 4)
        left.addWidget(self._note)
        left.addWidget(self.text, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addLayout(left, 1)
        line.addLayout(buttons)

    def _changed(self, _change: ProjectChange) -> None:
        self._stale = True
        self.refresh()

    def _write(self) -> None:
        if self._save_as is None and not self.isVisible():
            return  # no longer visible; generated when it is shown again
        self._stale = False
        session, engine = self._studio.session, self._studio.engine
        if self._writer is None:
            self._writer = ScriptWriter(session.catalog)
        job = engine.text_job(self._writer.write, session.project, session.folder)
        job.on_success(self._show).on_failure(self._failed).start()

    def _show(self, script: WrittenScript) -> None:
        self._script = script
        self._note.hide()
        place = self.text.verticalScrollBar().value()
        with QSignalBlocker(self.text):
            self.text.setPlainText(script.text)
        self.text.verticalScrollBar().setValue(place)
        self.copy.setEnabled(True)
        self._mark_lines(scroll=False)
        if self._save_as is not None and not self._stale:
            path, self._save_as = self._save_as, None
            self._save(path)

    def _failed(self, error: BaseException) -> None:
        text = (
            _("The script is out of date: {reason}")
            if self._script.text
            else (_("No script yet: {reason}"))
        )
        self._note.setText(text.format(reason=error))
        self._note.show()
        if self._save_as is not None:
            self._save_as = None
            self._studio.notices.error(error)

    def _mark_lines(self, scroll: bool) -> None:
        marks = []
        for id in self._selected:
            span = self._script.lines.get(self._graph, {}).get(id)
            if span:
                marks += [self._marked(line) for line in range(span[0], span[1] + 1)]
            if len(marks) > MAX_MARKS:
                break
        self.text.setExtraSelections(marks)
        if marks and scroll:
            with QSignalBlocker(self.text):
                self.text.setTextCursor(marks[0].cursor)
            self.text.ensureCursorVisible()

    def _marked(self, line: int) -> QTextEdit.ExtraSelection:
        """Return a highlighted line, counted from 1."""
        mark = QTextEdit.ExtraSelection()
        mark.cursor = QTextCursor(self.text.document().findBlockByNumber(line - 1))
        soft = QColor(self._studio.theme.colors.accent_soft)
        mark.format.setBackground(soft)
        mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        return mark

    def _cursor_moved(self) -> None:
        if not self.text.hasFocus():
            return
        line = self.text.textCursor().blockNumber() + 1
        for id, (first, last) in self._script.lines.get(self._graph, {}).items():
            if first <= line <= last:
                self.chosen.emit(id)
                return

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._script.text)
        self._studio.notices.good(_("Script copied to the clipboard."))

    def open_save_dialog(self) -> None:
        """Open a non-blocking file dialog and save the script to the chosen file."""
        folder = self._studio.session.folder or Path.home()
        dialog = QFileDialog(
            self, _("Save script"), str(folder / "model.py"), "Python (*.py)"
        )
        dialog.setObjectName("save-script")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("py")
        dialog.fileSelected.connect(self._chosen_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _chosen_file(self, name: str) -> None:
        self.save_to(Path(name))

    def save_to(self, path: Path) -> None:
        """Save the script of the current project to a file."""
        if self._stale:
            self._save_as = path
            self._write()
        else:
            self._save(path)

    def _save(self, path: Path) -> None:
        try:
            paths.write_text(path, self._script.text, below=self._studio.session.folder)
        except UserError as error:
            self._studio.notices.error(error)
        else:
            self._studio.notices.good(_("Saved to {path}.").format(path=path))
