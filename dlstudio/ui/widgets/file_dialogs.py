"""File dialogs that do not block the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from dlstudio.catalog.store import Catalog
from dlstudio.i18n import _

PathsCallback = Callable[[list[Path]], None]
PathCallback = Callable[[Path], None]


def table_filters(catalog: Catalog) -> tuple[str, ...]:
    """Name filters for files of tables, and for all files."""
    sources = (each for each in catalog.family("sources") if each.name == "table")
    patterns = next((each.source.file_patterns for each in sources), ("*.csv",))
    tables = _("Tables ({patterns})").format(patterns=" ".join(patterns))
    return (tables, _("All files (*)"))


def text_filters(catalog: Catalog) -> tuple[str, ...]:
    """Name filters for files of texts, be it rows of a table, and for all files."""
    sources = (e for e in catalog.family("sources") if e.category == "tables")
    patterns = (each for found in sources for each in found.source.file_patterns)
    listed = " ".join(dict.fromkeys(patterns))
    return (_("Texts ({patterns})").format(patterns=listed), _("All files (*)"))


class FileDialogs(QObject):
    """The system's dialogs above a widget; cancelling calls nothing."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over

    def folder(self, title: str, then: PathsCallback) -> None:
        """Choose a folder."""
        self._open(self._dialog(title, QFileDialog.FileMode.Directory), then)

    def files(self, title: str, then: PathsCallback, kinds: Sequence[str] = ()) -> None:
        """Choose one or more files.

        Args:
            title: Title of the dialog.
            then: Called with the chosen paths.
            kinds: Name filters, such as "Tables (*.csv *.tsv)", the first one selected;
                empty for all files.
        """
        dialog = self._dialog(title, QFileDialog.FileMode.ExistingFiles)
        if kinds:
            dialog.setNameFilters(kinds)
        self._open(dialog, then)

    def place(
        self, title: str, suggested: Path, then: PathCallback, kinds: str = ""
    ) -> None:
        """Choose where to save a file or folder.

        Args:
            kinds: A name filter such as "CSV (*.csv)"; with it, the system confirms
                overwriting an existing file.
        """
        dialog = self._dialog(title, QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, not kinds)
        if kinds:
            dialog.setNameFilter(kinds)
            dialog.setDefaultSuffix(suggested.suffix)
        if suggested.parent.is_dir():
            dialog.setDirectory(str(suggested.parent))
        dialog.selectFile(suggested.name)
        self._open(dialog, lambda chosen: then(chosen[0]))

    def _dialog(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        dialog = QFileDialog(self._over, title)
        dialog.setObjectName("ask-files")
        dialog.setFileMode(mode)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _open(self, dialog: QFileDialog, then: PathsCallback) -> None:
        dialog.filesSelected.connect(lambda names: then([Path(n) for n in names]))
        dialog.open()
