"""A path, typed or chosen in a file dialog."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from dlstudio.catalog.schema import Param
from dlstudio.i18n import _
from dlstudio.ui.forms.text_fields import TextField
from dlstudio.ui.widgets.file_dialogs import FileDialogs


class PathField(TextField):
    """A text field with a browse button; chosen paths are emitted as absolute."""

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(param, parent)
        self.choice = FileDialogs(self)
        self.browse = QPushButton(_("Browse…"), self)
        self.browse.setAccessibleDescription(_(param.summary))
        menu = QMenu(self.browse)
        self.file = menu.addAction(_("File…"), self._choose_file)
        self.folder = menu.addAction(_("Folder…"), self._choose_folder)
        self.browse.setMenu(menu)
        self.add_widget(self.browse)

    def _choose_file(self) -> None:
        self.choice.files(_("Choose a file"), self._chosen)

    def _choose_folder(self) -> None:
        self.choice.folder(_("Choose a folder"), self._chosen)

    def _chosen(self, paths: list[Path]) -> None:
        self.edited.emit(paths[0].absolute().as_posix())
