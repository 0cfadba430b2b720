"""The view state of the Train room, preserved while it is recreated."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.workers.training import TrainingRequest


class TrainViewState(QObject):
    """The history of the latest training and how it is displayed.

    Attributes:
        folder: Folder of the project that the history belongs to.
        selected: Ids of the selected runs, the last clicked one first.
        metric: The metric selected next to the loss; "" for the default.
        heights: Heights of the charts and of the tabs below, if the user set them.
        dismissed: Interrupted runs that the user dismissed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.history = RunHistory()
        self.folder: Path | None = None
        self.selected: tuple[str, ...] = ()
        self.dismissed: set[str] = set()
        self.smoothing = 90
        self.metric = ""
        self.heights: list[int] = []
        self.logarithmic = False
        self.tab = "runs"

    def begin(self, request: TrainingRequest, _failed: bool = False) -> None:
        """Start a new history, unless the training resumes this run."""
        own = self.history
        resumes = request.resume and own.run == request.resume
        self.clear(request.folder, own if resumes else RunHistory())

    def clear(self, folder: Path | None, history: RunHistory | None = None) -> None:
        """Start a new history, or use that of a resumed run."""
        self.folder = folder
        self.history = history or RunHistory()
        self.selected = ()
