"""Lets the user choose the project's data and sets it as the source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from dlstudio.catalog.source_queries import is_archive_name
from dlstudio.document.edits.project import SetData
from dlstudio.document.values import Spec
from dlstudio.i18n import _
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.data.drops import data_filters
from dlstudio.ui.forms.project_paths import relative_source
from dlstudio.ui.services.dataset.dataset_controller import DatasetController
from dlstudio.ui.services.dataset.dataset_text import source_title
from dlstudio.ui.session import Session
from dlstudio.ui.widgets.file_dialogs import FileDialogs


class SourceChooser:
    """Sets the source from dialogs, dropped files, and built-in samples.

    Args:
        session: The session with the open project.
        controller: Recognizes and opens the files.
        dataset_actions: Edits the project.
        unpack: Unpacks an archive and uses its contents.
        parent: Parent of the dialogs.
    """

    def __init__(
        self,
        session: Session,
        controller: DatasetController,
        dataset_actions: DatasetActions,
        unpack: Callable[[Path], None],
        parent: QWidget,
    ) -> None:
        self._session = session
        self._controller = controller
        self._actions = dataset_actions
        self._unpack = unpack
        self._dialogs = FileDialogs(parent)

    def take_files(self, paths: Sequence[Path]) -> None:
        """Use dropped or chosen files as the project's data."""
        archive = next((p for p in paths if is_archive_name(p.name)), None)
        if archive is None:
            self._controller.drop(paths)
        else:
            self._unpack(archive)

    def choose_folder(self) -> None:
        """Open a dialog to choose a folder of images."""
        self._dialogs.folder(_("Choose the image folder"), self.take_files)

    def choose_files(self) -> None:
        """Open a dialog to choose data files."""
        filters = data_filters(self._session.catalog.family("sources"))
        title = _("Choose a table, archive or data file")
        self._dialogs.files(title, self.take_files, filters)

    def find(self) -> None:
        """Open a dialog to locate the project's data."""
        title = _("Find the project's data")
        found = self._session.catalog.get(self._controller.recipe.source.kind)
        if found is not None and not found.source.file_patterns:
            self._dialogs.folder(title, self._move)
        else:
            self._dialogs.files(title, self._move)

    def use(self, source: Spec) -> None:
        """Set the project's source, or change its parameters."""
        name = source_title(source, self._session.catalog)
        text = _("Use data from {name}").format(name=name)
        self._actions.do(SetData("source", source), text)

    def use_sample(self, kind: str) -> None:
        """Use a source that needs neither files nor a download."""
        self.use(Spec(kind))

    def _move(self, paths: Sequence[Path]) -> None:
        """Use the same data at another location."""
        source = self._controller.recipe.source
        path = relative_source(paths[0], self._session.folder)
        moved = Spec(source.kind, source.params.set("path", path))
        self._actions.do(SetData("source", moved), _("Find data"))
