"""What the Train room remembers while it is made anew."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.workers.training import TrainingRequest


class TrainViewState(QObject):
    """The series of the run that was trained here, and how it is looked at.

    Attributes:
        folder: Of the project that the series belongs to.
        selected: Ids of the runs that are selected, the last clicked first.
        metric: The figure beside the loss that was chosen; "" for the usual one.
        heights: Of the curves and of what is under them, where somebody moved them.
        dismissed: Interrupted runs that nobody wants to hear of.
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
        """Another training begins: an empty one, unless it goes on with this run."""
        own = self.history
        resumes = request.resume and own.run == request.resume
        self.clear(request.folder, own if resumes else RunHistory())

    def clear(self, folder: Path | None, history: RunHistory | None = None) -> None:
        """Begin with an empty one, or with that of a run of a project that goes on."""
        self.folder = folder
        self.history = history or RunHistory()
        self.selected = ()
