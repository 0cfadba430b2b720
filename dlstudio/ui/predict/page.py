"""What the pages of the Predict room have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QWidget

from dlstudio.ui.runs.run_picker import RunPicker
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.dropped_files import Drop


class PredictPage(QWidget):
    """A page for models with the same kind of inputs.

    Args:
        studio: The window's services, theme and navigation.
        picker: Selects the run.

    Attributes:
        tools: Shown at the top of the room while the page is.

    Signals:
        changed: Emitted when `is_filled` may have changed.
        files_chosen: Emitted with the paths of files and folders to predict.
        paste_requested: Emitted to predict what is on the clipboard.
    """

    changed = Signal()
    files_chosen = Signal(object)
    paste_requested = Signal()

    def __init__(
        self, studio: Studio, picker: RunPicker, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._picker = picker
        self.tools = QWidget()

    # Qt has a metaclass of its own, so that mypy alone sees to it that none is missing.
    @property
    @abstractmethod
    def is_filled(self) -> bool:
        """Whether there are predictions, or a job that makes some."""

    @property
    @abstractmethod
    def nothing_pasted(self) -> str:
        """What is said if the clipboard has nothing for this page."""

    @abstractmethod
    def recognize(self, mime: QMimeData) -> Drop | None:
        """The meaning of a drop on this page; None leaves it to the window."""

    @abstractmethod
    def files_in(self, mime: QMimeData) -> list[Path]:
        """The files and folders to predict of a drop or a clipboard."""

    def take_text(self, text: str) -> bool:
        """Take a text that is pasted; whether the page has a use for it.

        Args:
            text: Not empty.
        """
        del text
        return False

    @abstractmethod
    def predict(self, run: str, inputs: Sequence[Path]) -> None:
        """Predict files and folders.

        Args:
            run: Id of the run whose model predicts.
            inputs: At least one.
        """

    @abstractmethod
    def opened(self) -> None:
        """Another project, or another run, may have been opened."""
