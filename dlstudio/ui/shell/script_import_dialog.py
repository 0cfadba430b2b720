"""The dialog that shows what a script says before a project is made of it."""

from __future__ import annotations

import re

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.script_preview import ScriptPreview, ScriptQuestion
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.dialog_height import fit_height
from dlstudio.ui.widgets.labels import ElidedLabel, label

WIDTH = 560
REST_MS = 350
"""How long nothing is typed before the script is read again."""
SHOWN = 6
"""Problems and notes that are listed."""


class ScriptImportDialog(QDialog):
    """Shows a script's model, and asks for what its data would say.

    Args:
        theme: Colours and sizes.
        name: Of the file.
        parent: The window.

    Signals:
        asked: The script is to be read, with a `ScriptQuestion`.
        chosen: The project is to be made, with the same.
    """

    asked = Signal(object)
    chosen = Signal(object)

    def __init__(self, theme: Theme, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("script-import")
        self.setWindowTitle(_("Import a Keras script"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._line: int | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask)
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.state = label("", "muted")
        self.lines = QComboBox()
        self.lines.activated.connect(self._choose_line)
        self.layers, self.inputs = label(""), label("")
        self.shapes = _field(self._rest, "28x28x1")
        self.names = _field(self._rest, "num_classes=10, width=64")
        self.problems = label("", "bad", wrap=True)
        self.notes = label("", "warning", wrap=True)
        self.create_button = button(theme, _("Create project"), "primary")
        self.create_button.setDefault(True)
        self.create_button.clicked.connect(self._create)
        self.cancel_button = button(theme, _("Cancel"))
        self.cancel_button.clicked.connect(self.reject)
        self._rows: dict[QWidget, QWidget] = {}
        self._arrange(name)
        self._wait(_("Reading the script…"))
        for each in (self.lines, self.layers, self.inputs, self.shapes, self.names):
            self._show_row(each, shown=False)
        fit_height(self, WIDTH)

    @property
    def question(self) -> ScriptQuestion:
        """What is typed and chosen."""
        return ScriptQuestion(
            _parts(self.names.text()), _parts(self.shapes.text(), ";"), self._line
        )

    def show_preview(self, preview: ScriptPreview) -> None:
        """Show the model, or why there is none."""
        known = not preview.problems
        self.progress.hide()
        self.state.hide()
        self._fill_lines(preview)
        self.layers.setText(f"{preview.layers:,}")
        self.inputs.setText(", ".join(preview.inputs))
        self._show_row(self.layers, shown=known)
        self._show_row(self.inputs, shown=known and bool(preview.inputs))
        for field in (self.shapes, self.names):
            self._show_row(field, shown=not known or bool(field.text()))
        self._list(self.problems, preview.problems)
        self._list(self.notes, preview.notes if known else ())
        self.create_button.setEnabled(known)
        if known and not (self.shapes.hasFocus() or self.names.hasFocus()):
            self.create_button.setFocus()
        fit_height(self, WIDTH)

    def show_error(self, error: BaseException) -> None:
        """Show why the script cannot be read, or no project be made."""
        text = error.message if isinstance(error, UserError) else str(error)
        hint = error.hint if isinstance(error, UserError) else ""
        self.progress.hide()
        self.state.hide()
        self._list(self.problems, (text, hint) if hint else (text,))
        self._list(self.notes, ())
        self.create_button.setEnabled(False)
        fit_height(self, WIDTH)

    def _ask(self) -> None:
        self.create_button.setEnabled(False)
        self.asked.emit(self.question)

    def _choose_line(self) -> None:
        line: int | None = self.lines.currentData()
        self._line = line
        self._ask()

    def _create(self) -> None:
        self._rest.stop()
        self._wait(_("Creating the project…"))
        fit_height(self, WIDTH)
        self.chosen.emit(self.question)

    def _wait(self, text: str) -> None:
        self.state.setText(text)
        self.progress.show()
        self.state.show()
        self.create_button.setEnabled(False)

    def _fill_lines(self, preview: ScriptPreview) -> None:
        """The models to choose from, if there are several."""
        found = sorted({*preview.lines, *((preview.line,) if preview.line else ())})
        with QSignalBlocker(self.lines):
            self.lines.clear()
            if not preview.line:
                self.lines.addItem(_("Choose a model"), None)
            for line in found:
                self.lines.addItem(_("Line {line}").format(line=line), line)
            self.lines.setCurrentIndex(
                max(self.lines.findData(preview.line or None), 0)
            )
        several = len(found) > 1 or (bool(found) and not preview.line)
        self._show_row(self.lines, shown=several)

    def _list(self, target: QLabel, lines: tuple[str, ...]) -> None:
        shown = list(lines[:SHOWN])
        if len(lines) > SHOWN:
            shown.append("…")
        target.setText("\n".join(shown))
        target.setVisible(bool(shown))

    def _show_row(self, field: QWidget, *, shown: bool) -> None:
        field.setVisible(shown)
        self._rows[field].setVisible(shown)

    def _arrange(self, name: str) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        rows = (
            (_("Model"), self.lines),
            (_("Layers"), self.layers),
            (_("Inputs"), self.inputs),
            (_("Shape of the input"), self.shapes),
            (_("Variables"), self.names),
        )
        for row, (title, field) in enumerate(rows):
            self._rows[field] = label(title, "muted")
            field.setAccessibleName(title)
            grid.addWidget(self._rows[field], row, 0)
            grid.addWidget(field, row, 1)
        self.shapes.setToolTip(
            _("Sides of one sample; ? for any length. Several inputs: 28x28x1; 10")
        )
        self.names.setToolTip(_("What the script takes from its data or from a file."))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.create_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(ElidedLabel(name, "title", Qt.TextElideMode.ElideMiddle))
        column.addWidget(
            label(_("The script is only read: nothing of it is run."), "muted")
        )
        column.addWidget(self.problems)
        column.addLayout(grid)
        for each in (self.notes, self.progress, self.state):
            column.addWidget(each)
        self.problems.hide()
        self.notes.hide()
        column.addSpacing(4)
        column.addLayout(foot)
        self.setFixedWidth(WIDTH)


def _field(rest: QTimer, example: str) -> QLineEdit:
    made = QLineEdit()
    made.setPlaceholderText(example)
    made.textEdited.connect(lambda: rest.start())
    return made


def _parts(text: str, between: str = "[,;\n]") -> tuple[str, ...]:
    return tuple(each.strip() for each in re.split(between, text) if each.strip())
