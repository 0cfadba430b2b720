"""Dialogs for the user's own data, from which a project is created."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from dlstudio.catalog.schema import Description
from dlstudio.catalog.source_queries import reads_text
from dlstudio.catalog.store import Catalog
from dlstudio.i18n import _
from dlstudio.ui.widgets.file_dialogs import table_filters, text_filters

TABLES = "tables"
"""Category of the templates for tables."""

ThenPaths = Callable[[Sequence[Path]], None]


class DataDialogs:
    """A folder of images or texts, or a file of texts or of a table.

    Args:
        catalog: Describes what files hold tables.
        make_dialog: Makes a dialog with a title, above the window.
    """

    def __init__(
        self, catalog: Catalog, make_dialog: Callable[[str], QFileDialog]
    ) -> None:
        self._catalog = catalog
        self._make_dialog = make_dialog

    def choose_for(self, template: Description, then: ThenPaths) -> None:
        """Choose data of the kind that a template is for."""
        if reads_text(template):
            self.choose_text_file(then)
        elif template.category == TABLES:
            self.choose_table(then)
        elif template.extra.get("reconstructs"):
            self.choose_images(then)
        else:
            title = _("Choose a folder with one subfolder of images per class")
            self._choose_folder(title, then)

    def choose_images(self, then: ThenPaths) -> None:
        """Choose a folder of images, with or without classes."""
        self._choose_folder(_("Choose a folder of images"), then)

    def choose_text_folder(self, then: ThenPaths) -> None:
        """Choose a folder of files with texts."""
        self._choose_folder(_("Choose a folder of texts"), then)

    def choose_text_file(self, then: ThenPaths) -> None:
        """Choose a file that holds texts: a table, tagged tokens or a long text."""
        self._choose_file(
            _("Choose a file of texts"), text_filters(self._catalog), then
        )

    def _choose_folder(self, title: str, then: ThenPaths) -> None:
        dialog = self._make_dialog(title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        self._open(dialog, then)

    def choose_table(self, then: ThenPaths) -> None:
        """Choose a file that holds a table."""
        self._choose_file(_("Choose a table"), table_filters(self._catalog), then)

    def _choose_file(self, title: str, kinds: Sequence[str], then: ThenPaths) -> None:
        dialog = self._make_dialog(title)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(kinds)
        self._open(dialog, then)

    def _open(self, dialog: QFileDialog, then: ThenPaths) -> None:
        dialog.fileSelected.connect(lambda chosen: then((Path(chosen),)))
        dialog.open()
