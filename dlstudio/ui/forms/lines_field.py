"""A list of texts, typed or read from a file with one of them on each line."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPushButton, QWidget

from dlstudio.catalog.schema import Param
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.forms.text_fields import TextField
from dlstudio.ui.widgets.file_dialogs import FileDialogs
from dlstudio.workers.text_file import read_lines


class LinesField(TextField):
    """A text field with a button that replaces the list by the lines of a file."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.choice = FileDialogs(self)
        self.load = QPushButton(_("From file…"), self)
        self.load.setToolTip(_("Replace the list by the lines of a text file."))
        self.load.setAccessibleDescription(self.load.toolTip())
        self.load.clicked.connect(self._choose)
        self.add_widget(self.load)

    def _choose(self) -> None:
        self.choice.files(_("Choose a file"), self._chosen)

    def _chosen(self, paths: list[Path]) -> None:
        try:
            lines = read_lines(paths[0])
        except UserError as error:
            self.wrong.emit(str(error))
            return
        self.wrong.emit("")
        self.edited.emit(lines)
